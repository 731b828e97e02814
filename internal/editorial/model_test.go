package editorial_test

import (
	"slices"
	"time"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// span is a time during which readers are to see one text, as the model of this file has it.
type span struct {
	from        time.Time
	until       *time.Time // nil: for good
	asked       *time.Time // until when it was to be
	revision    int
	title, slug string
	updatedAt   time.Time
}

func (s span) covers(t time.Time) bool {
	return !t.Before(s.from) && (s.until == nil || t.Before(*s.until))
}

// model says in the fewest words what publishing means: a line of spans. Publishing drops the spans that have not begun
// and cuts the line where the new span begins, taking it back cuts it at now. What was before the cut stays as it was.
type model struct {
	line      []span
	revision  int
	title     string
	slug      string
	published *time.Time // published_at
	withdrawn bool
	trashed   bool
}

// cut ends the line at that moment, as seen from now.
func (m *model) cut(at, now time.Time) {
	m.line = slices.DeleteFunc(m.line, func(s span) bool { return s.from.After(now) || !s.from.Before(at) })
	n := len(m.line) - 1
	if n < 0 || m.line[n].until != nil && !m.line[n].until.After(now) {
		return
	}
	m.line[n].until = &at
	if asked := m.line[n].asked; asked != nil && asked.Before(at) {
		m.line[n].until = asked
	}
}

func (m *model) publish(at, until *time.Time, now time.Time) {
	date := now
	if at != nil {
		date = *at
	}
	s := span{from: date, until: until, asked: until, revision: m.revision, title: m.title, slug: m.slug, updatedAt: date}
	if date.Before(now) {
		s.from = now
	}
	seen := m.published != nil && !m.published.After(now)
	m.cut(s.from, now)
	if seen || len(m.line) > 0 {
		s.updatedAt = s.from
	} else {
		m.published = &date
	}
	m.line = append(m.line, s)
	m.withdrawn = false
}

func (m *model) withdraw(now time.Time) {
	m.cut(now, now)
	if m.withdrawn = !m.published.After(now); !m.withdrawn {
		m.published = nil
	}
}

func (m *model) at(t time.Time) *span {
	for i, s := range m.line {
		if s.covers(t) {
			return &m.line[i]
		}
	}
	return nil
}

// ahead gives the last span that is not over.
func (m *model) ahead(now time.Time) *span {
	if n := len(m.line) - 1; n >= 0 && (m.line[n].until == nil || m.line[n].until.After(now)) {
		return &m.line[n]
	}
	return nil
}

// next gives the first span that is still to come, else the one of now.
func (m *model) next(now time.Time) *span {
	for i, s := range m.line {
		if s.from.After(now) {
			return &m.line[i]
		}
	}
	return m.at(now)
}

func (m *model) status(now time.Time) newsroom.Status {
	switch {
	case m.trashed:
		return newsroom.StatusTrashed
	case m.at(now) != nil:
		return newsroom.StatusPublished
	case m.ahead(now) != nil:
		return newsroom.StatusScheduled
	case m.withdrawn:
		return newsroom.StatusUnpublished
	case len(m.line) > 0:
		return newsroom.StatusExpired
	}
	return newsroom.StatusDraft
}

// moments gives each border of the line with the milliseconds around it, and now.
func (m *model) moments(now time.Time) []time.Time {
	all := []time.Time{now, now.Add(time.Millisecond), now.Add(-time.Millisecond), now.Add(24 * time.Hour)}
	for _, s := range m.line {
		borders := []time.Time{s.from}
		if s.until != nil {
			borders = append(borders, *s.until)
		}
		for _, b := range borders {
			all = append(all, b.Add(-time.Millisecond), b, b.Add(time.Millisecond))
		}
	}
	return all
}
