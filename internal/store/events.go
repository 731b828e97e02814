package store

import "github.com/nashr-cms/nashr/internal/newsroom"

// AppendEvent adds an event and sets its number. Because one transaction writes at a time, numbers are given in the
// order of the commits.
func (tx *Tx) AppendEvent(e *newsroom.Event) error { return tx.db.Create(e).Error }

// Events gives up to limit events after the one of that number, in order.
func (q Queries) Events(after int64, limit int) ([]newsroom.Event, error) {
	var rows []newsroom.Event
	err := q.db.Where("id > ?", after).Order("id").Limit(limit).Find(&rows).Error
	return rows, err
}
