package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// keyLifetime is how long a request with the same Idempotency-Key gets the first answer.
const keyLifetime = 24 * time.Hour

// Once runs a request with an Idempotency-Key and keeps the answer that run gives, under k as of k.CreatedAt. What run
// writes with its context is one transaction, from its first write on, and the answer is part of that: there is never
// one without the other. An error of run keeps nothing and undoes all of it.
//
// A request that was answered before gets that answer, and replayed is true; idempotency_key_reused when that was
// another request, idempotency_in_progress while the first is under way, here or at another node.
func (s *Store) Once(ctx context.Context, k newsroom.IdempotencyKey, run func(context.Context) ([]byte, error)) (answer []byte, replayed bool, err error) {
	if _, busy := s.underway.LoadOrStore(string(k.Key), true); busy {
		return nil, false, keyBusy()
	}
	defer s.underway.Delete(string(k.Key))
	if answer, err = s.Read(ctx).answered(k); answer != nil || err != nil {
		return answer, answer != nil, err
	}
	a := &attempt{store: s, key: k}
	a.begin = func() (*gorm.DB, error) { return a.open(ctx) }
	defer a.undo()
	answer, err = run(s.join(ctx, &a.shared))
	if err == nil && a.err == nil {
		err = a.keep(ctx, answer)
	}
	switch {
	case a.answered != nil:
		return a.answered, true, nil
	case a.err != nil:
		return nil, false, a.err
	case err != nil:
		return nil, false, err
	}
	return answer, false, nil
}

// attempt is a request with a key while it runs.
type attempt struct {
	shared
	store    *Store
	key      newsroom.IdempotencyKey
	answered []byte // what another node has answered meanwhile
}

// open begins the transaction, in which nobody else has this key.
func (a *attempt) open(ctx context.Context) (*gorm.DB, error) {
	db := a.store.writer.WithContext(ctx).Begin()
	if db.Error != nil {
		return nil, translate(ctx, db.Error)
	}
	err := a.hold(db)
	if err == nil {
		a.answered, err = Queries{db}.answered(a.key)
	}
	if err == nil && a.answered != nil {
		err = keyBusy() // until Once gives the answer
	}
	if err != nil {
		db.Rollback()
		return nil, err
	}
	return db, nil
}

// hold keeps other nodes from the key until the transaction ends.
func (a *attempt) hold(db *gorm.DB) error {
	if a.store.dialect.tryLock == "" {
		return nil
	}
	var held bool
	if err := db.Raw(a.store.dialect.tryLock, int64(binary.BigEndian.Uint64(a.key.Key))).Scan(&held).Error; err != nil {
		return err
	}
	if !held {
		return keyBusy()
	}
	return nil
}

// keep commits the answer together with what the request has written.
func (a *attempt) keep(ctx context.Context, answer []byte) error {
	db, err := a.begun()
	if err != nil {
		return err
	}
	a.key.Answer = answer
	instead := clause.OnConflict{ // of an answer that is over a day old
		Columns: []clause.Column{{Name: "key"}}, DoUpdates: clause.AssignmentColumns([]string{"fingerprint", "answer", "created_at"}),
	}
	if err := db.Clauses(instead).Create(&a.key).Error; err != nil {
		return err
	}
	if err := db.Commit().Error; err != nil {
		return translate(ctx, errors.Join(ctx.Err(), err))
	}
	if a.last > 0 {
		a.store.events.ring(a.last)
	}
	return nil
}

// undo ends the transaction, unless it has been committed.
func (a *attempt) undo() {
	if a.db != nil {
		a.db.Rollback()
	}
}

// answered gives the answer that the request got when it came before; nil when it did not.
func (q Queries) answered(k newsroom.IdempotencyKey) ([]byte, error) {
	var known newsroom.IdempotencyKey
	err := q.db.Where("key = ? AND created_at > ?", k.Key, k.CreatedAt.Add(-keyLifetime)).Take(&known).Error
	switch {
	case newsroom.IsCode(err, newsroom.CodeNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case !bytes.Equal(known.Fingerprint, k.Fingerprint):
		return nil, newsroom.Errorf(newsroom.CodeIdempotencyReused, "The Idempotency-Key was used for another request. Make a new key for a new request.")
	}
	return known.Answer, nil
}

func keyBusy() error {
	return &newsroom.Error{
		Code: newsroom.CodeIdempotencyBusy, Detail: "The first request with this Idempotency-Key is still under way. Try again.", RetryAfter: time.Second,
	}
}

// SweepIdempotencyKeys deletes the answers that no request gets any more at now.
func (s *Store) SweepIdempotencyKeys(ctx context.Context, now time.Time) error {
	return s.WriteSignIn(ctx, func(tx *Tx) error {
		return tx.db.Where("created_at <= ?", now.Add(-keyLifetime)).Delete(&newsroom.IdempotencyKey{}).Error
	})
}
