package editorial_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/testkit"
)

// TestTagsAreWhereTheModelSays puts random tags on random articles, merges tags and deletes them with a replacement, and
// asks after each step for everything by which tags are found.
func TestTagsAreWhereTheModelSays(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		if r.Store.Embedded() {
			must(t, r.Store.ForgoDurability(t.Context()))
		}
		number := 0
		rapid.Check(t, func(t *rapid.T) {
			number++
			newTagging(t, r, number).run(t)
		})
	})
}

// tagged is an article of the model. Tags are numbered in the order in which they were made.
type tagged struct {
	id                uuid.UUID
	copy, live, later []int // tags in order; nil: there is no such text
	laterFrom         time.Time
}

// sighting is what readers saw of an article at a moment.
type sighting struct {
	article uuid.UUID
	at      time.Time
	tags    string // JSON
}

// tagging is a newsroom of some articles and tags, with the simplest model of merging: each tag leads to another, or to
// itself, and an article has what its tags lead to, each once.
type tagging struct {
	*room
	name     string
	tags     []newsroom.Tag
	leads    []int
	articles []*tagged
	seen     []sighting
}

func newTagging(t *rapid.T, r *room, number int) *tagging {
	g := &tagging{room: r, name: fmt.Sprintf("t%d", number)}
	for i := range 4 {
		tag, err := r.Tags().Create(context.Background(), r.editor, editorial.TermDraft[newsroom.Tag]{Value: newsroom.Tag{
			Term: newsroom.Term{Name: fmt.Sprintf("%s n%d", g.name, i), Slug: fmt.Sprintf("%s-s%d", g.name, i), Translations: newsroom.Translations{}},
		}})
		must(t, err)
		g.tags, g.leads = append(g.tags, tag), append(g.leads, i)
	}
	for range 2 {
		tags := g.draw(t)
		s, err := r.CreateArticle(context.Background(), r.editor, g.draft(t, tags))
		must(t, err)
		g.articles = append(g.articles, &tagged{id: s.Article.ID, copy: tags})
	}
	return g
}

func (g *tagging) run(t *rapid.T) {
	steps := map[string]func(*rapid.T){"save": g.save, "publish": g.publish, "schedule": g.schedule, "merge": g.merge, "delete": g.delete, "wait": g.wait}
	names := []string{"save", "publish", "publish", "schedule", "merge", "delete", "wait"}
	for range rapid.IntRange(3, 10).Draw(t, "steps") {
		steps[rapid.SampledFrom(names).Draw(t, "step")](t)
		g.look()
		g.check(t)
		must(t, testkit.CheckLinks(context.Background(), g.tables))
	}
	g.checkPast(t)
}

// draw gives some tags that are there.
func (g *tagging) draw(t *rapid.T) []int {
	present := g.present()
	return rapid.Permutation(present).Draw(t, "tags")[:rapid.IntRange(0, len(present)).Draw(t, "how many")]
}

func (g *tagging) present() []int {
	var all []int
	for i, to := range g.leads {
		if i == to {
			all = append(all, i)
		}
	}
	return all
}

// draft names each tag in one of the ways in which it can be named, by what led to it too.
func (g *tagging) draft(t *rapid.T, tags []int) editorial.Draft {
	d := draftOf(g.name)
	d.Text.Summary = rapid.StringMatching("[a-z]{3}").Draw(t, "summary")
	for _, tag := range tags {
		var names []int
		for i := range g.leads {
			if g.leads[i] == tag {
				names = append(names, i)
			}
		}
		named := g.tags[rapid.SampledFrom(names).Draw(t, "named after")]
		refs := []editorial.TagRef{{Ref: named.Slug}, {Ref: named.ID.String()}, {Name: strings.ToUpper(named.Name)}}
		d.Tags = append(d.Tags, rapid.SampledFrom(refs).Draw(t, "named by"))
	}
	return d
}

func (g *tagging) article(t *rapid.T) *tagged {
	return rapid.SampledFrom(g.articles).Draw(t, "article")
}

func (g *tagging) save(t *rapid.T) {
	a, tags := g.article(t), g.draw(t)
	_, err := g.SaveArticle(context.Background(), g.editor, a.id, anyVersion, func(newsroom.Article) (editorial.Draft, error) { return g.draft(t, tags), nil })
	must(t, err)
	a.copy = tags
}

func (g *tagging) publish(t *rapid.T) {
	a := g.article(t)
	_, err := g.Publish(context.Background(), g.editor, a.id, anyVersion, nil, nil)
	must(t, err)
	a.live, a.later = append([]int{}, a.copy...), nil
}

func (g *tagging) schedule(t *rapid.T) {
	a := g.article(t)
	at := g.clock.Now().Add(time.Minute)
	_, err := g.Publish(context.Background(), g.editor, a.id, anyVersion, &at, nil)
	must(t, err)
	a.later, a.laterFrom = append([]int{}, a.copy...), at
}

func (g *tagging) merge(t *rapid.T) {
	g.replace(t, func(old, by newsroom.Tag) error {
		target, err := g.MergeTag(context.Background(), g.editor, old.Slug, anyVersion, by.ID.String())
		if err == nil && (target.ID != by.ID || target.Version != 1 || !target.UpdatedAt.Equal(by.UpdatedAt)) {
			t.Fatalf("merging gave %+v, want %+v", target, by)
		}
		return err
	})
}

func (g *tagging) delete(t *rapid.T) {
	g.replace(t, func(old, by newsroom.Tag) error {
		return g.Tags().Replace(context.Background(), g.editor, old.ID.String(), anyVersion, by.Slug)
	})
}

func (g *tagging) replace(t *rapid.T, do func(old, by newsroom.Tag) error) {
	present := g.present()
	if len(present) < 2 {
		return
	}
	two := rapid.Permutation(present).Draw(t, "tags")
	must(t, do(g.tags[two[0]], g.tags[two[1]]))
	for i := range g.leads {
		if g.leads[i] == two[0] {
			g.leads[i] = two[1]
		}
	}
	for _, a := range g.articles {
		for _, tags := range []*[]int{&a.copy, &a.live, &a.later} {
			*tags = g.follow(*tags)
		}
	}
}

// follow gives what tags lead to, each once.
func (g *tagging) follow(tags []int) []int {
	if tags == nil {
		return nil
	}
	out := []int{}
	for _, tag := range tags {
		if !slices.Contains(out, g.leads[tag]) {
			out = append(out, g.leads[tag])
		}
	}
	return out
}

func (g *tagging) wait(t *rapid.T) {
	g.clock.Advance(time.Duration(rapid.IntRange(1, 90).Draw(t, "seconds")) * time.Second)
	for _, a := range g.articles {
		if a.later != nil && !a.laterFrom.After(g.clock.Now()) {
			a.live, a.later = a.later, nil
		}
	}
}

// look notes what readers see now, to ask for it again when it is past.
func (g *tagging) look() {
	now := g.clock.Now()
	for _, a := range g.articles {
		g.seen = slices.DeleteFunc(g.seen, func(s sighting) bool { return s.article == a.id && s.at.Equal(now) })
		if a.live != nil {
			g.seen = append(g.seen, sighting{a.id, now, g.list(a.live)})
		}
	}
}

func (g *tagging) list(tags []int) string {
	ids := []uuid.UUID{}
	for _, tag := range tags {
		ids = append(ids, g.tags[tag].ID)
	}
	data, _ := json.Marshal(ids)
	return string(data)
}

func (g *tagging) check(t *rapid.T) {
	t.Helper()
	q, view := g.Store.Read(context.Background()), g.Store.Live().At(context.Background(), g.clock.Now())
	ids := store.Match{}
	ids.AnyOf = [][]string{{}}
	for _, a := range g.articles {
		ids.AnyOf[0] = append(ids.AnyOf[0], a.id.String())
		s, err := q.Standing(a.id, g.clock.Now())
		must(t, err)
		g.same(t, "the working copy", s.TagIDs, a.copy)
		if s.Live != nil || a.live != nil {
			g.same(t, "what is live", s.Live.TagIDs, a.live)
		}
		if s.Scheduled != nil || a.later != nil {
			g.same(t, "what is scheduled", s.Scheduled.TagIDs, a.later)
		}
	}
	for i, tag := range g.tags {
		g.checkFilter(t, i, store.ArticleFilter{IDs: ids, Tags: store.Match{AnyOf: [][]string{{tag.Slug}}}}, true)
		g.checkFilter(t, i, store.ArticleFilter{IDs: ids, Tags: store.Match{None: []string{tag.ID.String()}}}, false)
		counted, err := view.Tag(tag.Slug)
		if (err == nil) != (g.leads[i] == i) {
			t.Fatalf("%s leads to %d, readers get %v", tag.Slug, g.leads[i], err)
		}
		if _, n := g.having(i, true); err == nil && counted.Articles != int64(n) {
			t.Fatalf("%s counts %d live articles, want %d", tag.Slug, counted.Articles, n)
		}
		if moved, err := view.MergedInto(tag.Slug); (err == nil) != (g.leads[i] != i) || err == nil && moved.ID != g.tags[g.leads[i]].ID {
			t.Fatalf("%s leads to %s (%v), want %d", tag.Slug, moved.Slug, err, g.leads[i])
		}
	}
}

func (g *tagging) same(t *rapid.T, what string, got []uuid.UUID, want []int) {
	t.Helper()
	data, err := json.Marshal(got)
	must(t, err)
	if string(data) != g.list(want) {
		t.Fatalf("%s has %s, want %s", what, data, g.list(want))
	}
}

// having counts the working copies and the live articles that have the tag, or have it not.
func (g *tagging) having(tag int, has bool) (copies, live int) {
	for _, a := range g.articles {
		if slices.Contains(a.copy, g.leads[tag]) == has {
			copies++
		}
		if a.live != nil && slices.Contains(a.live, g.leads[tag]) == has {
			live++
		}
	}
	return copies, live
}

func (g *tagging) checkFilter(t *rapid.T, tag int, f store.ArticleFilter, has bool) {
	t.Helper()
	now, page := g.clock.Now(), store.Page{Limit: 10}
	copies, live := g.having(tag, has)
	cards, err := g.Store.Live().At(context.Background(), now).Articles(f, page, false)
	must(t, err)
	standings, err := g.Store.Read(context.Background()).Standings(g.editor.User, store.StandingFilter{ArticleFilter: f}, page, now)
	must(t, err)
	if len(cards.Items) != live || len(standings.Items) != copies {
		t.Fatalf("%+v finds %d cards and %d articles, want %d and %d", f.Tags, len(cards.Items), len(standings.Items), live, copies)
	}
}

// checkPast asks for each sighting: one text was visible at its moment, with the tags that it had then.
func (g *tagging) checkPast(t *rapid.T) {
	for _, s := range g.seen {
		var n int
		var tags string
		must(t, g.tables.QueryRowContext(context.Background(), `SELECT count(*), coalesce(max(tags), '') FROM (
			SELECT article_id, visible_from, visible_until, CAST(tag_ids AS text) AS tags FROM publications
			UNION ALL SELECT article_id, visible_from, visible_until, CAST(tag_ids AS text) FROM publication_history
			) AS p WHERE article_id = $1 AND visible_from <= $2 AND (visible_until IS NULL OR visible_until > $2)`,
			s.article, s.at).Scan(&n, &tags))
		if n != 1 || tags != s.tags {
			t.Fatalf("at %v readers saw %s; kept are %d texts, with %s", s.at, s.tags, n, tags)
		}
	}
}

// A merge that fails at its very end leaves all as it was.
func TestAMergeThatFailsIsUndone(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		d := draftOf("Kept")
		d.Tags = []editorial.TagRef{{Name: "Old"}, {Name: "New"}}
		s, err := r.CreateArticle(ctx, r.editor, d)
		must(t, err)
		s, err = r.Publish(ctx, r.editor, s.Article.ID, anyVersion, nil, nil)
		must(t, err)
		r.clock.Advance(time.Minute)
		exec := func(query string) {
			t.Helper()
			_, err := r.tables.ExecContext(ctx, query)
			must(t, err)
		}
		exec("ALTER TABLE events RENAME TO events_elsewhere")
		if _, err := r.MergeTag(ctx, r.editor, "old", anyVersion, "new"); err == nil {
			t.Fatal("a merge without an event")
		}
		if err := r.Tags().Replace(ctx, r.editor, "old", anyVersion, "new"); err == nil {
			t.Fatal("a deletion without an event")
		}
		exec("ALTER TABLE events_elsewhere RENAME TO events")
		after, err := r.Store.Read(ctx).Standing(s.Article.ID, r.clock.Now())
		must(t, err)
		if after.Version != s.Version || !slices.Equal(after.TagIDs, s.TagIDs) || !slices.Equal(after.Live.TagIDs, s.TagIDs) || !after.Live.VisibleFrom.Equal(s.Live.VisibleFrom) {
			t.Errorf("%+v", after)
		}
		var rows int
		must(t, r.tables.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM publication_history) + (SELECT count(*) FROM merged_tags)").Scan(&rows))
		if _, err := r.Store.Read(ctx).Tag("old"); err != nil || rows != 0 {
			t.Errorf("%v, %d rows too many", err, rows)
		}
	})
}

// Two merges that would lead in a circle together do not: to the second, both tags are the same one.
func TestMergesThatMeet(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		for round := range 5 {
			d := draftOf("Meeting")
			names := []string{fmt.Sprintf("one %d", round), fmt.Sprintf("two %d", round)}
			d.Tags = []editorial.TagRef{{Name: names[0]}, {Name: names[1]}}
			s, err := r.CreateArticle(t.Context(), r.editor, d)
			must(t, err)
			errs := r.atOnce(2, func(i int) error {
				_, err := r.MergeTag(t.Context(), r.editor, s.TagIDs[i].String(), anyVersion, s.TagIDs[1-i].String())
				return err
			})
			won := slices.Index(errs, nil)
			if won < 0 || !newsroom.IsCode(errs[1-won], newsroom.CodeValidationFailed) {
				t.Fatalf("%v", errs)
			}
			s, err = r.Store.Read(t.Context()).Standing(s.Article.ID, r.clock.Now())
			must(t, err)
			if len(s.TagIDs) != 1 {
				t.Errorf("%v", s.TagIDs)
			}
		}
	})
}
