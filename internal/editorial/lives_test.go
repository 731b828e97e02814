package editorial_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/testkit"
)

// TestTheDeskDoesWhatTheModelSays leads newsrooms of a few articles through random lives: everybody tries everything. After
// each step it compares with the model what was answered, what each user is told, and what readers see, saw and will see.
func TestTheDeskDoesWhatTheModelSays(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		users := []newsroom.Actor{
			r.user(t, "contributor", newsroom.RoleContributor), r.author, r.user(t, "another", newsroom.RoleAuthor), r.editor,
			r.user(t, "admin", newsroom.RoleAdmin),
		}
		rapid.Check(t, func(t *rapid.T) {
			l := &life{room: r, users: users, last: r.clear(t)}
			for range rapid.IntRange(6, 24).Draw(t, "steps") {
				l.step(t)
			}
		})
	})
}

// clear forgets all articles, so that no life sees another's, and gives the number of the last event.
func (r *room) clear(t *rapid.T) int64 {
	for _, statement := range []string{"DELETE FROM kills", "DELETE FROM articles"} {
		_, err := r.tables.ExecContext(context.Background(), statement)
		must(t, err)
	}
	var last int64
	must(t, r.tables.QueryRowContext(context.Background(), "SELECT coalesce(max(id), 0) FROM events").Scan(&last))
	return last
}

// life is a newsroom beside its model.
type life struct {
	*room
	model
	users []newsroom.Actor
	last  int64 // event
}

// move is something that a user tries.
type move struct {
	does  string
	who   newsroom.Actor
	story *story
	p     newsroom.Precondition
}

// effect is a move with all that was drawn for it: what the desk is asked, and what the model makes of it unless the rules
// refuse it: the code of an error, or what happened and whether readers can see that.
type effect struct {
	desk  func() error
	model func() (refused newsroom.Code, event string, public bool)
}

// kind is something that can be done to a story, how often it is tried beside the others, and the rule for it.
type kind struct {
	does   string
	weight int
	effect func(*life, *rapid.T, move) effect
	check  func(newsroom.Actor, newsroom.Standing) error
}

// kinds starts with what is seldom possible, since rapid prefers small numbers.
var kinds = []kind{
	{"return", 4, (*life).giveBack, newsroom.Actor.CheckReturn},
	{"drop correction", 1, (*life).dropCorrection, newsroom.Actor.CheckCorrect},
	{"correct", 2, (*life).correct, newsroom.Actor.CheckCorrect},
	{"restore", 3, (*life).restore, newsroom.Actor.CheckRestore},
	{"unpublish", 2, (*life).unpublish, newsroom.Actor.CheckUnpublish},
	{"publish", 8, (*life).publish, newsroom.Actor.CheckPublish},
	{"save", 3, (*life).save, newsroom.Actor.CheckSave},
	{"submit", 2, (*life).submit, newsroom.Actor.CheckSubmit},
	{"kill", 2, (*life).kill, newsroom.Actor.CheckKill},
	{"trash", 2, (*life).trash, newsroom.Actor.CheckTrash},
	{"purge", 1, (*life).purge, newsroom.Actor.CheckPurge},
}

func (l *life) step(t *rapid.T) {
	l.now = l.clock.Now().UnixMilli()
	switch chance := rapid.IntRange(0, 15).Draw(t, "step"); {
	case len(l.stories) == 0 || chance > 13 && len(l.stories) < 4:
		s := &story{submitted: never, published: never, killed: never}
		m := move{"create", l.someone(t, "who"), s, anyVersion}
		s.owner = m.who.ID
		l.stories = append(l.stories, s)
		l.try(t, m, l.create(t, m))
	case chance > 8:
		l.wait(t)
		l.checkAll(t, l.story(t), []ms{l.now})
	default:
		k, m := l.draw(t, l.story(t))
		l.try(t, m, k.effect(l, t, m))
	}
}

// someone draws one of the users.
func (l *life) someone(t *rapid.T, label string) newsroom.Actor {
	return l.users[rapid.IntRange(0, len(l.users)-1).Draw(t, label)]
}

// story draws one of the stories.
func (l *life) story(t *rapid.T) *story {
	return l.stories[rapid.IntRange(0, len(l.stories)-1).Draw(t, "story")]
}

// draw chooses what is tried with a story: mostly something that may be done.
func (l *life) draw(t *rapid.T, s *story) (kind, move) {
	anything := rapid.IntRange(0, 7).Draw(t, "anything") == 6 || s.purged
	able := map[string][]newsroom.Actor{}
	var possible []kind
	for _, k := range kinds {
		for _, u := range l.users {
			if anything || l.refuses(u.User, k.does, s) == "" {
				able[k.does] = append(able[k.does], u)
			}
		}
		if len(able[k.does]) > 0 {
			possible = append(possible, slices.Repeat([]kind{k}, k.weight)...)
		}
	}
	k := possible[rapid.IntRange(0, len(possible)-1).Draw(t, "kind")]
	who := able[k.does]
	versions := []newsroom.Precondition{anyVersion, anyVersion, {Versions: []int{s.version}}, {Versions: []int{-1, s.version}}, {Versions: []int{s.version - 1}}}
	p := rapid.SampledFrom(versions).Draw(t, "if match")
	return k, move{k.does, who[rapid.IntRange(0, len(who)-1).Draw(t, "who")], s, p}
}

// try lets the desk and the model do the same, and compares.
func (l *life) try(t *rapid.T, m move, e effect) {
	t.Helper()
	what := fmt.Sprintf("%s: %s story %d, %s", m.who.Name, m.does, slices.Index(l.stories, m.story), m.story.status(l.now))
	t.Log(what)
	err := e.desk()
	want, event, public := newsroom.Code(""), "", false
	if m.does != "create" {
		want = l.refuses(m.who.User, m.does, m.story)
	}
	if want == "" && !m.p.Any && !slices.Contains(m.p.Versions, m.story.version) {
		want = newsroom.CodeStaleVersion
	}
	if want == "" {
		want, event, public = e.model()
	}
	l.checkError(t, what, err, want, m.story.version)
	if event != "" {
		m.story.version++
	}
	l.checkEvents(t, what, m, event, public)
	switch {
	case public:
		l.checkKept(t, m.story)
		l.checkAll(t, m.story, l.moments(m.story))
	case event != "":
		l.checkKept(t, m.story)
		l.checkAll(t, m.story, []ms{l.now})
	case m.does != "create":
		l.checkSights(t, m.story)
	case want != "":
		l.stories = l.stories[:len(l.stories)-1]
	}
}

func (l *life) checkError(t *rapid.T, what string, err error, want newsroom.Code, version int) {
	t.Helper()
	var e *newsroom.Error
	switch {
	case want == "" && err != nil, want != "" && !newsroom.IsCode(err, want):
		t.Fatalf("%s: %v, want %q", what, err, want)
	case errors.As(err, &e) && want == newsroom.CodeStaleVersion && e.Version != version:
		t.Fatalf("%s: told of version %d, want %d", what, e.Version, version)
	}
}

// checkEvents looks for one event of a change, and for none of what changes nothing or is refused.
func (l *life) checkEvents(t *rapid.T, what string, m move, event string, public bool) {
	t.Helper()
	got := l.events(t, l.last)
	if names(got) != event {
		t.Fatalf("%s: events %q, want %q", what, names(got), event)
	}
	for _, e := range got {
		if l.last = e.ID; e.Public != public || e.SubjectID != m.story.id || *e.ActorID != m.who.ID || e.At.UnixMilli() != l.now {
			t.Fatalf("%s: %+v, want public %v", what, e, public)
		}
	}
}

var titles = []string{"Storks", "Storks return", "Storks at last"}

// draftFor draws a text whose slug is often taken.
func (l *life) draftFor(t *rapid.T) (draft, editorial.Draft) {
	d := draft{text: text{
		lang:  rapid.SampledFrom([]string{"en", "en", "ru"}).Draw(t, "lang"),
		title: rapid.SampledFrom(titles).Draw(t, "title"),
		slug:  rapid.SampledFrom([]string{"", "", "", "storks", "storks-return"}).Draw(t, "slug"),
	}}
	if rapid.IntRange(0, 15).Draw(t, "blank") == 13 {
		d.title = ""
	}
	sent := draftOf(d.title)
	sent.Text.Lang, sent.Text.Slug = d.lang, d.slug
	if i := rapid.IntRange(0, 7).Draw(t, "translation of") - 3; i >= 0 && i < len(l.stories) && l.stories[i].id != uuid.Nil {
		d.of = l.stories[i]
		of := d.of.id.String()
		sent.TranslationOf = &of
	}
	return d, sent
}

func (l *life) create(t *rapid.T, m move) effect {
	d, sent := l.draftFor(t)
	return effect{func() error {
		s, err := l.CreateArticle(context.Background(), m.who, sent)
		m.story.id = s.Article.ID
		return err
	}, func() (newsroom.Code, string, bool) {
		l.groups++
		m.story.group = l.groups
		refused, changed := l.write(m.who.User, m.story, d)
		return refused, wrote("article.created", changed), false
	}}
}

func (l *life) save(t *rapid.T, m move) effect {
	d, sent := l.draftFor(t)
	return effect{func() error {
		_, err := l.SaveArticle(context.Background(), m.who, m.story.id, m.p, func(newsroom.Article) (editorial.Draft, error) { return sent, nil })
		return err
	}, func() (newsroom.Code, string, bool) {
		refused, changed := l.write(m.who.User, m.story, d)
		return refused, wrote("article.updated", changed), false
	}}
}

// wrote gives the event of a text that was written, or none.
func wrote(event string, changed bool) string {
	if !changed {
		return ""
	}
	return event
}

func (l *life) submit(_ *rapid.T, m move) effect {
	return effect{func() error {
		_, err := l.Submit(context.Background(), m.who, m.story.id, m.p)
		return err
	}, func() (newsroom.Code, string, bool) {
		m.story.submitted, m.story.note = l.now, ""
		return "", "article.submitted", false
	}}
}

// word draws what somebody writes to go with a move.
func word(t *rapid.T) string {
	return rapid.SampledFrom([]string{"Too long.", "Wrong year.", "Forged.", "Late.", " "}).Draw(t, "word")
}

// saying is an effect that says something, which must not be blank.
func saying(word, event string, public bool, desk func() error, model func()) effect {
	return effect{desk, func() (newsroom.Code, string, bool) {
		if word == " " {
			return newsroom.CodeValidationFailed, "", false
		}
		model()
		return "", event, public
	}}
}

func (l *life) giveBack(t *rapid.T, m move) effect {
	note := word(t)
	return saying(note, "article.returned", false, func() error {
		_, err := l.Return(context.Background(), m.who, m.story.id, m.p, note)
		return err
	}, func() { m.story.submitted, m.story.note = never, note })
}

// moment draws a moment by which from is passed by some minutes: few enough that they often coincide.
func moment(t *rapid.T, label string, from time.Time, least int) *time.Time {
	at := from.Add(time.Duration(rapid.IntRange(least, 6).Draw(t, label)) * time.Minute)
	return rapid.SampledFrom([]*time.Time{&at, &at, nil}).Draw(t, label+" given")
}

func (l *life) publish(t *rapid.T, m move) effect {
	at, until := moment(t, "at", l.clock.Now(), -3), (*time.Time)(nil)
	if rapid.Bool().Draw(t, "for some time") {
		from := l.clock.Now()
		if at != nil && at.After(from) {
			from = *at
		}
		until = moment(t, "until", from, 0)
	}
	return effect{func() error {
		_, err := l.Publish(context.Background(), m.who, m.story.id, m.p, at, until)
		return err
	}, func() (newsroom.Code, string, bool) {
		from := l.now
		if at != nil {
			from = at.UnixMilli()
		}
		if refused := m.story.publish(from, millis(until), l.now); refused != "" {
			return refused, "", false
		}
		return "", "article.published", true
	}}
}

func (l *life) unpublish(_ *rapid.T, m move) effect {
	return effect{func() error {
		_, err := l.Unpublish(context.Background(), m.who, m.story.id, m.p)
		return err
	}, func() (newsroom.Code, string, bool) {
		m.story.withdraw(l.now)
		return "", "article.unpublished", true
	}}
}

func (l *life) trash(_ *rapid.T, m move) effect {
	return effect{
		func() error { return l.TrashArticle(context.Background(), m.who, m.story.id, m.p) },
		func() (newsroom.Code, string, bool) { return "", "article.trashed", m.story.trash(l.now) },
	}
}

func (l *life) restore(_ *rapid.T, m move) effect {
	return effect{func() error {
		_, err := l.RestoreArticle(context.Background(), m.who, m.story.id, m.p)
		return err
	}, func() (newsroom.Code, string, bool) {
		l.model.restore(m.story)
		return "", "article.restored", false
	}}
}

func (l *life) purge(_ *rapid.T, m move) effect {
	return effect{
		func() error { return l.PurgeArticle(context.Background(), m.who, m.story.id, m.p) },
		func() (newsroom.Code, string, bool) {
			m.story.purged, m.story.line, m.story.notes, m.story.revision = true, nil, nil, 0
			return "", "article.purged", false
		},
	}
}

func (l *life) kill(t *rapid.T, m move) effect {
	reason := word(t)
	return saying(reason, "article.killed", true, func() error {
		_, err := l.Kill(context.Background(), m.who, m.story.id, m.p, reason)
		return err
	}, func() {
		m.story.withdraw(l.now)
		m.story.reason, m.story.killed, m.story.submitted = reason, l.now, never
	})
}

func (l *life) correct(t *rapid.T, m move) effect {
	said := word(t)
	return saying(said, "article.corrected", true, func() error {
		_, err := l.Correct(context.Background(), m.who, m.story.id, m.p, said)
		return err
	}, func() {
		notes, err := l.Store.Live().At(context.Background(), l.clock.Now()).Corrections(m.story.id)
		must(t, err)
		m.story.notes = append(m.story.notes, note{notes[len(notes)-1].ID, said, l.now, never})
	})
}

func (l *life) dropCorrection(t *rapid.T, m move) effect {
	i, id := rapid.IntRange(0, len(m.story.notes)).Draw(t, "note"), uuid.Must(uuid.NewV7())
	if i < len(m.story.notes) {
		id = m.story.notes[i].id
	}
	return effect{
		func() error { return l.DropCorrection(context.Background(), m.who, m.story.id, m.p, id) },
		func() (newsroom.Code, string, bool) {
			if i == len(m.story.notes) || m.story.notes[i].until != never {
				return newsroom.CodeNotFound, "", false
			}
			m.story.notes[i].until = l.now
			return "", "article.correction_deleted", true
		},
	}
}

// wait moves the clock: to a border of a story, or by some minutes.
func (l *life) wait(t *rapid.T) {
	if s := l.story(t); rapid.Bool().Draw(t, "to a border") {
		ahead := l.moments(s)[1:]
		slices.Reverse(ahead[:len(ahead)-1])
		l.clock.Set(time.UnixMilli(rapid.SampledFrom(ahead).Draw(t, "border")))
	} else {
		l.clock.Advance(time.Duration(rapid.IntRange(1, 5).Draw(t, "minutes")) * time.Minute)
	}
	l.now = l.clock.Now().UnixMilli()
}

// checkAll compares what everybody is told, and what readers see at those moments.
func (l *life) checkAll(t *rapid.T, s *story, moments []ms) {
	t.Helper()
	l.checkSights(t, s)
	l.checkList(t)
	for _, at := range moments {
		l.checkReaders(t, at)
	}
	at := rapid.SampledFrom(moments).Draw(t, "moment")
	l.checkAddress(t, at)
	l.checkNotes(t, s, at)
}

// live gives what readers see at a moment.
func (l *life) live(at ms) store.LiveView {
	return l.Store.Live().At(context.Background(), time.UnixMilli(at).UTC())
}

func sightOf(s newsroom.Standing) sight {
	out := sight{
		status: s.Status(), text: text{s.Lang, s.Slug, s.Title}, version: s.Version, revision: s.Revision, changes: s.HasChanges(),
		saved: s.Article.UpdatedAt.UnixMilli(), submitted: millis(s.SubmittedAt), published: millis(s.PublishedAt),
	}
	if s.Note != nil {
		out.note = *s.Note
	}
	if s.Killed != nil {
		out.reason = s.Killed.Reason
	}
	return out
}

// checkSights asks what each user is told of s, and what each may do.
func (l *life) checkSights(t *rapid.T, s *story) {
	t.Helper()
	standing, err := l.Store.Read(context.Background()).Standing(s.id, l.clock.Now())
	if (err == nil) == s.purged {
		t.Fatalf("purged is %v: %v", s.purged, err)
	}
	if s.purged {
		return
	}
	for _, u := range l.users {
		want, known := s.seenBy(u.User, l.now)
		seen, err := standing.SeenBy(u.User)
		switch {
		case !known && newsroom.IsCode(err, newsroom.CodeNotFound):
		case known != (err == nil) || sightOf(seen) != want:
			t.Fatalf("%s is told %+v (%v), want %+v", u.Name, sightOf(seen), err, want)
		}
		for _, k := range kinds {
			l.checkError(t, fmt.Sprintf("may %s %s what is %s", u.Name, k.does, s.status(l.now)), k.check(u, standing), l.refuses(u.User, k.does, s), 0)
		}
	}
}

// checkList asks for the stories as one of the users, by some of what a list can be narrowed by.
func (l *life) checkList(t *rapid.T) {
	t.Helper()
	u := l.someone(t, "who lists")
	f := store.StandingFilter{Mine: rapid.IntRange(0, 4).Draw(t, "mine") == 3}
	f.HasChanges = rapid.SampledFrom([]*bool{nil, nil, new(false), new(true)}).Draw(t, "has_changes")
	var words []string
	for _, s := range rapid.SliceOfNDistinct(rapid.SampledFrom(newsroom.Statuses()), 0, 4, rapid.ID).Draw(t, "statuses") {
		words = append(words, string(s))
	}
	only := len(words) > 0 && rapid.IntRange(0, 4).Draw(t, "without them") != 3
	if f.Status.None = words; only {
		f.Status = store.Match{AnyOf: [][]string{words}}
	}
	want := map[uuid.UUID]sight{}
	for _, s := range l.stories {
		got, known := s.seenBy(u.User, l.now)
		if known && slices.Contains(words, string(got.status)) == only && (only || !s.trashed) && (!f.Mine || s.owner == u.ID) &&
			(f.HasChanges == nil || *f.HasChanges == got.changes) {
			want[s.id] = got
		}
	}
	list, err := l.Store.Read(context.Background()).Standings(u.User, f, store.Page{Limit: 9, Total: true}, l.clock.Now())
	must(t, err)
	if len(list.Items) != len(want) || *list.Total != int64(len(want)) {
		t.Fatalf("%s lists %d of %d with status %+v, has_changes %v, mine %v; want %+v", u.Name, len(list.Items), *list.Total, f.Status, f.HasChanges != nil && *f.HasChanges, f.Mine, want)
	}
	for _, s := range list.Items {
		if sightOf(s) != want[s.Article.ID] {
			t.Fatalf("%s lists %+v, want %+v", u.Name, sightOf(s), want[s.Article.ID])
		}
	}
}

// checkKept compares all that is kept of what readers see, saw and will see of s, and counts its revisions.
func (l *life) checkKept(t *rapid.T, s *story) {
	t.Helper()
	must(t, testkit.CheckLinks(context.Background(), l.tables))
	const columns = `SELECT lang, slug, title, revision, visible_from, visible_until, until, updated_at FROM `
	rows, err := l.tables.QueryContext(context.Background(), columns+`publications WHERE article_id = $1 UNION ALL `+
		columns+`publication_history WHERE article_id = $1 ORDER BY visible_from`, s.id.String())
	must(t, err)
	defer rows.Close()
	kept := []span{}
	for rows.Next() {
		var p newsroom.Publication
		must(t, rows.Scan(&p.Lang, &p.Slug, &p.Title, &p.Revision, &p.VisibleFrom, &p.VisibleUntil, &p.Until, &p.UpdatedAt))
		kept = append(kept, spanOf(p))
	}
	must(t, rows.Err())
	if !slices.Equal(kept, s.line) {
		t.Fatalf("now %d: kept is %+v, want %+v", l.now, kept, s.line)
	}
	l.checkPast(t, s)
	revisions := 0
	must(t, l.tables.QueryRowContext(context.Background(), "SELECT count(*) FROM revisions WHERE article_id = $1", s.id.String()).Scan(&revisions))
	if revisions != s.revision {
		t.Fatalf("%d revisions are kept, want %d", revisions, s.revision)
	}
}

// checkPast asks what readers are said to have seen of s around each moment at which that changed.
func (l *life) checkPast(t *rapid.T, s *story) {
	t.Helper()
	for _, span := range s.line {
		for _, at := range []ms{span.from - 1, span.from, span.until - 1, span.until} {
			if at >= l.now {
				continue
			}
			a, err := l.Store.Read(context.Background()).Past(time.UnixMilli(at).UTC()).Article(s.id.String(), "", []string{"en"})
			want := s.at(at)
			if want == nil && !newsroom.IsCode(err, newsroom.CodeNotFound) || want != nil && (err != nil || spanOf(a.Publication) != *want) {
				t.Fatalf("now %d, at %d readers are said to have seen %+v (%v), want %+v", l.now, at, a.Publication, err, want)
			}
		}
	}
}

func spanOf(p newsroom.Publication) span {
	return span{
		text{p.Lang, p.Slug, p.Title}, p.Revision, p.VisibleFrom.UnixMilli(), millis(p.VisibleUntil), millis(p.Until), p.UpdatedAt.UnixMilli(),
	}
}

// checkReaders asks what readers are given at a moment.
func (l *life) checkReaders(t *rapid.T, at ms) {
	t.Helper()
	list, err := l.live(at).Articles(store.ArticleFilter{}, store.Page{Limit: 9}, true)
	must(t, err)
	got := map[uuid.UUID]store.LiveArticle{}
	for _, a := range list.Items {
		got[a.ArticleID] = a
	}
	for _, s := range l.stories {
		a, seen := got[s.id]
		if want := s.at(at); seen != (want != nil) ||
			seen && (spanOf(a.Publication) != *want || a.PublishedAt.UnixMilli() != s.published || a.Body[0].Text != want.title) {
			t.Fatalf("now %d, at %d readers see %+v, want %+v published at %d", l.now, at, a, want, s.published)
		}
	}
}

// checkAddress asks as readers for one of the addresses that a story of this life may have.
func (l *life) checkAddress(t *rapid.T, at ms) {
	t.Helper()
	ref := rapid.SampledFrom([]string{"storks", "storks-return", "storks-at-last", "storks-2", "storks-return-2", ""}).Draw(t, "slug")
	if ref == "" {
		ref = l.story(t).id.String()
	}
	only := rapid.SampledFrom([]string{"", "", "en", "ru"}).Draw(t, "only")
	view, order := l.live(at), []string{"en", "ru"}
	same := func(what string, got uuid.UUID, err error, has func(*story) bool) {
		t.Helper()
		switch want := l.find(only, has); {
		case want == nil && !newsroom.IsCode(err, newsroom.CodeNotFound):
			t.Fatalf("now %d, at %d %s %q: %v (%v), want nothing", l.now, at, what, ref, got, err)
		case want != nil && (err != nil || got != want.id):
			t.Fatalf("now %d, at %d %s %q: %v (%v), want %+v", l.now, at, what, ref, got, err, want)
		}
	}
	a, err := view.Article(ref, only, order)
	same("readers find at", a.ArticleID, err, func(s *story) bool {
		live := s.at(at)
		return live != nil && (live.slug == ref || s.id.String() == ref)
	})
	a, err = view.Moved(ref, only, order)
	same("readers are sent on from", a.ArticleID, err, func(s *story) bool { return s.at(at) != nil && s.had(ref, at) })
	k, err := view.Killed(ref, only, order)
	same("readers are told why nothing is at", k.ArticleID, err, func(s *story) bool {
		return s.killed <= at && (s.had(ref, at) || s.id.String() == ref && len(s.line) > 0)
	})
}

// checkNotes asks for the corrections that readers see of s at a moment.
func (l *life) checkNotes(t *rapid.T, s *story, at ms) {
	t.Helper()
	got, err := l.live(at).Corrections(s.id)
	must(t, err)
	var said, want []string
	for _, c := range got {
		said = append(said, c.Text)
	}
	for _, n := range s.notes {
		if n.from <= at && at < n.until {
			want = append(want, n.text)
		}
	}
	if !slices.Equal(said, want) {
		t.Fatalf("at %d readers see the corrections %q, want %q", at, said, want)
	}
}
