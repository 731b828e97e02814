package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// AppendEvent adds an event and sets its number. Because one transaction writes at a time, numbers are given in the
// order of the commits.
func (tx *Tx) AppendEvent(e *newsroom.Event) error {
	err := tx.db.Create(e).Error
	tx.lastEvent = e.ID
	return err
}

// AppendEvents is AppendEvent for many at once, in order.
func (tx *Tx) AppendEvents(events []newsroom.Event) error {
	err := tx.db.Create(&events).Error
	for _, e := range events {
		tx.lastEvent = max(tx.lastEvent, e.ID)
	}
	return err
}

// EventAppended gives a channel that is closed once the next event is committed, by this process at once, and by another
// while somebody is in WaitForEvent. Whoever takes it before reading misses nothing by waiting for it after reading.
func (s *Store) EventAppended() <-chan struct{} { return s.events.next() }

// lookEvery is how often the events of other processes are looked for, while somebody waits.
const lookEvery = time.Second

// WaitForEvent returns when the channel that EventAppended gave is closed, or ctx is done. However many wait, one of them
// looks for what other processes have committed, for all.
func (s *Store) WaitForEvent(ctx context.Context, appended <-chan struct{}) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	looking := false
	defer func() {
		if looking {
			s.looking.Unlock()
		}
	}()
	for {
		select {
		case <-appended:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
			if looking = looking || s.looking.TryLock(); looking {
				s.lookForEvents(ctx)
			}
		}
	}
}

func (s *Store) lookForEvents(ctx context.Context) {
	// When the database is away there is no event to tell of, and the next look may find one.
	if last, err := s.Read(ctx).lastEvent(EventFilter{Accounts: true}); err == nil {
		s.events.ring(last)
	}
}

// Events gives up to limit events after the one of that number, in order.
func (q Queries) Events(after int64, limit int) ([]newsroom.Event, error) {
	var rows []newsroom.Event
	err := q.db.Where("id > ?", after).Order("id").Limit(limit).Find(&rows).Error
	return rows, err
}

// EventFilter narrows the feed of events; the zero value keeps all but those about accounts.
type EventFilter struct {
	Types     Match      // "article.published", or "article.*" for all of that subject
	ArticleID *uuid.UUID // only what happened to this article
	Accounts  bool       // also what is for admins only: newsroom.Event.AboutAccounts
}

// EventFeed is a part of the feed of events.
type EventFeed struct {
	Events []newsroom.Event
	Last   int64 // the number up to which Events are all there is: go on after it
	More   bool  // there is more already
}

// EventFeed gives up to limit events that f keeps and that come after the one of that number, in order. An after beyond
// the last event gives none, and Last is where the feed ends.
func (q Queries) EventFeed(f EventFilter, after int64, limit int) (EventFeed, error) {
	end, err := q.lastEvent(EventFilter{Accounts: f.Accounts})
	feed := EventFeed{Last: end}
	if err != nil || end <= after {
		return feed, err
	}
	// What is committed after that look at the end is left to the next one, so Last is right without a snapshot.
	err = q.db.Where(clause.And(append(f.conditions(after), expr("id <= ?", end))...)).
		Order("id").Limit(limit + 1).Find(&feed.Events).Error
	if feed.More = len(feed.Events) > limit; feed.More {
		feed.Events = feed.Events[:limit]
		feed.Last = feed.Events[limit-1].ID
	}
	return feed, err
}

// lastEvent gives the number of the last event that f keeps, or 0.
func (q Queries) lastEvent(f EventFilter) (int64, error) {
	var rows []newsroom.Event
	err := q.db.Select("id").Where(clause.And(f.conditions(0)...)).Order("id DESC").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return rows[0].ID, nil
}

// conditions gives f as conditions on the events after the one of that number, all of which must hold.
func (f EventFilter) conditions(after int64) []clause.Expression {
	types := f.Types
	if !f.Accounts {
		for _, subject := range newsroom.AccountSubjects() {
			types.None = append(slices.Clip(types.None), subject+".*")
		}
	}
	c := append(types.conditions(ofTypes), expr("id > ?", after))
	if f.ArticleID != nil {
		c = append(c, expr("subject_id = ?", *f.ArticleID), ofTypes([]string{"article.*"}))
	}
	return c
}

// ofTypes gives the condition that an event is of one of the types, some of which may be like "article.*".
func ofTypes(types []string) clause.Expression {
	var is []string
	var vars []any
	for _, t := range types {
		if prefix, all := strings.CutSuffix(t, "*"); all { // SQLite's LIKE would not tell cases apart, and take _ for any letter
			is, vars = append(is, "substr(type, 1, ?) = ?"), append(vars, len(prefix), prefix)
		} else {
			is, vars = append(is, "type = ?"), append(vars, t)
		}
	}
	return expr("("+strings.Join(is, " OR ")+")", vars...)
}
