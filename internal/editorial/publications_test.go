package editorial_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// TestReadersSeeWhatTheModelSays drives one article after the other through random lives, and asks after each step
// what readers see, saw and will see.
func TestReadersSeeWhatTheModelSays(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		number := 0
		rapid.Check(t, func(t *rapid.T) {
			number++
			newLife(t, r, number).live(t)
		})
		r.checkFilters(t)
	})
}

// life is an article with its model.
type life struct {
	*room
	id      uuid.UUID
	model   model
	saves   int
	slugs   []string // all that it ever had
	name    string
	version int // that was last seen
}

func newLife(t *rapid.T, r *room, number int) *life {
	l := &life{room: r, name: fmt.Sprintf("Life %d", number)}
	s, err := r.CreateArticle(context.Background(), r.editor, draftOf(l.name))
	must(t, err)
	l.id, l.version = s.Article.ID, s.Version
	l.saved(s.Article)
	return l
}

func (l *life) saved(a newsroom.Article) {
	l.model.revision, l.model.title, l.model.slug = a.Revision, a.Title, a.Slug
	l.slugs = append(l.slugs, a.Slug)
}

func (l *life) live(t *rapid.T) {
	steps := map[string]func(*rapid.T){"publish": l.publish, "publish again": l.publish, "unpublish": l.unpublish, "save": l.save, "wait": l.wait}
	names := []string{"publish", "publish again", "wait", "wait", "save", "unpublish"}
	for range rapid.IntRange(3, 18).Draw(t, "steps") {
		last := l.lastID(t)
		step := rapid.SampledFrom(names).Draw(t, "step")
		steps[step](t)
		l.checkEvents(t, step, last)
		l.check(t)
	}
	if rapid.Bool().Draw(t, "trash") {
		l.trash(t)
		l.check(t)
	}
}

// lastID is the number of the last event; all of them are this life's, one after the other.
func (l *life) lastID(t *rapid.T) int64 {
	var last int64
	must(t, l.tables.QueryRowContext(context.Background(), "SELECT max(id) FROM events").Scan(&last))
	return last
}

// checkEvents looks for one event of a change, and for none of what changes nothing or is refused.
func (l *life) checkEvents(t *rapid.T, step string, after int64) {
	s, err := l.Store.Read(context.Background()).Standing(l.id, l.clock.Now())
	must(t, err)
	changes := s.Version - l.version
	l.version = s.Version
	if events := l.events(t, after); len(events) != changes || changes > 1 {
		t.Fatalf("%s: %d changes, events: %s", step, changes, names(events))
	}
}

// moment draws a moment not far from now: few enough that they often coincide.
func (l *life) moment(t *rapid.T, label string, percent int) *time.Time {
	if rapid.IntRange(1, 100).Draw(t, label+" given") <= percent {
		at := l.clock.Now().Add(time.Duration(rapid.IntRange(-3, 6).Draw(t, label)) * time.Minute)
		return &at
	}
	return nil
}

func (l *life) publish(t *rapid.T) {
	now, at, until := l.clock.Now(), l.moment(t, "at", 70), l.moment(t, "until", 25)
	from := now
	if at != nil && at.After(now) {
		from = *at
	}
	_, err := l.Publish(context.Background(), l.editor, l.id, anyVersion, at, until)
	if until != nil && !until.After(from) {
		if !newsroom.IsCode(err, newsroom.CodeValidationFailed) {
			t.Fatalf("it ends before it begins: %v", err)
		}
		return
	}
	must(t, err)
	l.model.publish(at, until, now)
}

func (l *life) unpublish(t *rapid.T) {
	now := l.clock.Now()
	_, err := l.Unpublish(context.Background(), l.editor, l.id, anyVersion)
	if l.model.ahead(now) == nil {
		if !newsroom.IsCode(err, newsroom.CodeInvalidTransition) {
			t.Fatalf("there is nothing to take back: %v", err)
		}
		return
	}
	must(t, err)
	l.model.withdraw(now)
}

func (l *life) save(t *rapid.T) {
	l.saves += rapid.IntRange(0, 1).Draw(t, "change")
	title := l.name
	if l.saves%3 > 0 { // comes back to earlier slugs
		title = fmt.Sprintf("%s, take %d", l.name, l.saves%3)
	}
	s, err := l.SaveArticle(context.Background(), l.editor, l.id, anyVersion, retitled(title))
	must(t, err)
	l.saved(s.Article)
}

// wait moves the clock: to a border of the line, or by some minutes.
func (l *life) wait(t *rapid.T) {
	borders := slices.DeleteFunc(l.model.moments(l.clock.Now()), func(m time.Time) bool { return m.Before(l.clock.Now()) })
	if rapid.Bool().Draw(t, "to a border") {
		l.clock.Set(rapid.SampledFrom(borders[:max(1, len(borders))]).Draw(t, "border"))
		return
	}
	l.clock.Advance(time.Duration(rapid.IntRange(1, 5).Draw(t, "minutes")) * time.Minute)
}

func (l *life) trash(t *rapid.T) {
	now := l.clock.Now()
	must(t, l.TrashArticle(context.Background(), l.editor, l.id, anyVersion))
	if l.model.ahead(now) != nil {
		l.model.withdraw(now)
	}
	l.model.trashed = true
	_, published := l.Publish(context.Background(), l.editor, l.id, anyVersion, nil, nil)
	_, unpublished := l.Unpublish(context.Background(), l.editor, l.id, anyVersion)
	_, saved := l.SaveArticle(context.Background(), l.editor, l.id, anyVersion, retitled("From the trash"))
	trashed := l.TrashArticle(context.Background(), l.editor, l.id, anyVersion)
	for _, err := range []error{published, unpublished, saved, trashed} {
		if !newsroom.IsCode(err, newsroom.CodeInvalidTransition) {
			t.Fatalf("out of the trash: %v", err)
		}
	}
}

func (l *life) check(t *rapid.T) {
	t.Helper()
	now := l.clock.Now()
	past := l.past(t)
	for _, at := range l.model.moments(now) {
		l.checkMoment(t, at, now, past)
	}
	l.checkStanding(t, now)
	for _, slug := range l.slugs {
		l.checkSlug(t, slug, now)
	}
}

// past gives all that is kept of what readers see, saw or will see.
func (l *life) past(t *rapid.T) []span {
	rows, err := l.tables.QueryContext(context.Background(), fmt.Sprintf(`
		SELECT visible_from, visible_until, revision, title, slug, updated_at FROM publications WHERE article_id = '%[1]s'
		UNION ALL SELECT visible_from, visible_until, revision, title, slug, updated_at FROM publication_history WHERE article_id = '%[1]s'`, l.id))
	must(t, err)
	defer rows.Close()
	var spans []span
	for rows.Next() {
		var s span
		must(t, rows.Scan(&s.from, &s.until, &s.revision, &s.title, &s.slug, &s.updatedAt))
		spans = append(spans, s)
	}
	must(t, rows.Err())
	return spans
}

// checkMoment asks what readers see at a moment: of what is kept, and of what they are really given or are said to have seen.
func (l *life) checkMoment(t *rapid.T, at, now time.Time, past []span) {
	t.Helper()
	want := l.model.at(at)
	var kept []span
	for _, s := range past {
		if s.covers(at) {
			kept = append(kept, s)
		}
	}
	if len(kept) > 1 {
		t.Fatalf("at %v two texts are visible: %+v", at, kept)
	}
	if (want != nil) != (len(kept) == 1) || want != nil && !same(*want, kept[0]) {
		t.Fatalf("now %v, at %v: %+v was kept, want %+v", now, at, kept, want)
	}
	view := l.Store.Live().At(context.Background(), at)
	if at.Before(now) {
		view = l.Store.Read(context.Background()).Past(at)
	}
	got, err := view.Article(l.id.String(), "", []string{"en"})
	if want == nil {
		if !newsroom.IsCode(err, newsroom.CodeNotFound) {
			t.Fatalf("at %v readers see %q (%v), and should see nothing", at, got.Title, err)
		}
		return
	}
	must(t, err)
	if !same(*want, span{from: got.VisibleFrom, until: got.VisibleUntil, revision: got.Revision, title: got.Title, slug: got.Slug, updatedAt: got.UpdatedAt}) || !got.PublishedAt.Equal(*l.model.published) ||
		len(got.Body) != 1 || got.Body[0].Text != want.title {
		t.Fatalf("at %v readers see %+v, want %+v published at %v", at, got.Publication, *want, *l.model.published)
	}
}

// statusIn keeps what has one of the statuses.
func statusIn(statuses ...newsroom.Status) store.Match {
	var words []string
	for _, s := range statuses {
		words = append(words, string(s))
	}
	return store.Match{AnyOf: [][]string{words}}
}

func same(a, b span) bool {
	return a.from.Equal(b.from) && sameTime(a.until, b.until) && a.revision == b.revision && a.title == b.title && a.slug == b.slug &&
		a.updatedAt.Equal(b.updatedAt)
}

func sameTime(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}

// checkStanding asks what editors are told.
func (l *life) checkStanding(t *rapid.T, now time.Time) {
	t.Helper()
	s, err := l.Store.Read(context.Background()).Standing(l.id, now)
	must(t, err)
	if s.Status() != l.model.status(now) {
		t.Fatalf("at %v it is %s, want %s: %+v", now, s.Status(), l.model.status(now), l.model.line)
	}
	next := l.model.next(now)
	if ahead := next != nil && next.revision < l.model.revision; s.HasChanges() != ahead {
		t.Fatalf("at %v has_changes is %v at revision %d of %+v", now, s.HasChanges(), l.model.revision, l.model.line)
	}
	if !sameTime(s.PublishedAt, l.model.published) {
		t.Fatalf("at %v it was published at %v, want %v", now, s.PublishedAt, l.model.published)
	}
	l.checkFilter(t, s, now)
}

// checkFilter asks for the article by its status, and by each other one.
func (r *room) checkFilter(t fataler, s newsroom.Standing, now time.Time) {
	t.Helper()
	only := store.ArticleFilter{IDs: store.Match{AnyOf: [][]string{{s.Article.ID.String()}}}}
	found := func(f store.StandingFilter) bool {
		f.ArticleFilter = only
		rows, err := r.Store.Read(context.Background()).Standings(r.editor.User, f, store.Page{Limit: 2}, now)
		must(t, err)
		return len(rows.Items) == 1
	}
	for _, status := range newsroom.Statuses() {
		if found(store.StandingFilter{Status: statusIn(status)}) != (s.Status() == status) {
			t.Fatalf("at %v an article that is %s, asked for by status=%s", now, s.Status(), status)
		}
	}
	for _, has := range []bool{true, false} {
		filter := store.StandingFilter{Status: statusIn(newsroom.Statuses()...), HasChanges: &has}
		if found(filter) != (s.HasChanges() == has) {
			t.Fatalf("at %v has_changes is %v, asked for by %v", now, s.HasChanges(), has)
		}
	}
}

// checkFilters asks for all articles by status, at moments when many of them change it.
func (r *room) checkFilters(t *testing.T) {
	t.Helper()
	for _, ago := range []time.Duration{0, time.Minute, 10 * time.Minute, time.Hour} {
		now := r.clock.Now().Add(-ago)
		all, err := r.Store.Read(t.Context()).Standings(r.editor.User, store.StandingFilter{Status: statusIn(newsroom.Statuses()...)}, store.Page{Limit: 10_000}, now)
		must(t, err)
		for _, status := range newsroom.Statuses() {
			want := 0
			for _, s := range all.Items {
				if s.Status() == status {
					want++
				}
			}
			got, err := r.Store.Read(t.Context()).Standings(r.editor.User, store.StandingFilter{Status: statusIn(status)}, store.Page{Limit: 10_000}, now)
			must(t, err)
			if len(got.Items) != want {
				t.Errorf("%d articles are %s, want %d", len(got.Items), status, want)
			}
		}
	}
}

// checkSlug asks for the article by a slug that it has or had.
func (l *life) checkSlug(t *rapid.T, slug string, now time.Time) {
	t.Helper()
	live := l.model.at(now)
	seen := slices.ContainsFunc(l.model.line, func(s span) bool { return s.slug == slug && !now.Before(s.from) })
	view := l.Store.Live().At(context.Background(), now)
	if _, err := view.Article(slug, "", []string{"en"}); (err == nil) != (live != nil && live.slug == slug) {
		t.Fatalf("at %v by slug %q: %v, live: %+v", now, slug, err, live)
	}
	if got, err := view.Moved(slug, "", []string{"en"}); (err == nil) != (live != nil && seen) {
		t.Fatalf("at %v by former slug %q: %q, %v; live: %+v", now, slug, got.Slug, err, live)
	}
}
