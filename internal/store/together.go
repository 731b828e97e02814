package store

import (
	"context"

	"gorm.io/gorm"
)

// joint is the key under which a context holds the transaction that the calls of a store join.
type joint struct{ *Store }

// shared is a transaction of several calls, which begins with the first of them that writes.
type shared struct {
	begin func() (*gorm.DB, error)
	db    *gorm.DB // nil: not begun
	err   error    // why it could not begin
	last  int64    // the number of the last event that it has appended, or 0
}

func (t *shared) begun() (*gorm.DB, error) {
	if t.db == nil && t.err == nil {
		t.db, t.err = t.begin()
	}
	return t.db, t.err
}

// Together runs do in one transaction like that of Write, which all calls of the store with the context that do is
// given join, one after the other: an error undoes the call that it came from, and one that do gives undoes them all.
// They read what was written.
func (s *Store) Together(ctx context.Context, do func(context.Context) error) error {
	return s.Write(ctx, func(tx *Tx) error {
		t := &shared{db: tx.db}
		err := do(s.join(ctx, t))
		tx.lastEvent = t.last
		return err
	})
}

// Apart gives a context whose calls do not join the transaction that ctx is in, for what must stay whatever comes of
// it. Such calls come before the first one that joins it and writes: that one holds the only writer of SQLite.
func (s *Store) Apart(ctx context.Context) context.Context { return s.join(ctx, nil) }

func (s *Store) join(ctx context.Context, t *shared) context.Context {
	return context.WithValue(ctx, joint{s}, t)
}

// joined gives the transaction that ctx is in, or nil.
func (s *Store) joined(ctx context.Context) *shared {
	t, _ := ctx.Value(joint{s}).(*shared)
	return t
}

// ring tells those who wait of events up to the one of that number, once the transaction that ctx is in is committed.
func (s *Store) ring(ctx context.Context, last int64) {
	if t := s.joined(ctx); t != nil {
		t.last = last
		return
	}
	s.events.ring(last)
}

// reading gives where a call with ctx reads: in the transaction that it is in, if that has begun.
func (s *Store) reading(ctx context.Context) *gorm.DB {
	if t := s.joined(ctx); t != nil && t.db != nil {
		return t.db.WithContext(ctx)
	}
	return s.reader.WithContext(ctx)
}

// writing gives where a call with ctx writes.
func (s *Store) writing(ctx context.Context) (*gorm.DB, error) {
	t := s.joined(ctx)
	if t == nil {
		return s.writer.WithContext(ctx), nil
	}
	db, err := t.begun()
	if err != nil {
		return nil, err
	}
	return db.WithContext(ctx), nil
}
