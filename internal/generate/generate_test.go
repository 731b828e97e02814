package generate

import (
	"context"
	"errors"
	"log/slog"
	"reflect"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/richtext"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/testkit/testdb"
)

var (
	until = time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC)
	four  = lang.Set{"uz-Latn", "uz-Cyrl", "ru", "en"}
)

// newGenerator gives a generator whose terms need no database.
func newGenerator(p Plan) generator {
	g := generator{Plan: p}
	for i, ids := range []*[]uuid.UUID{&g.terms.sections, &g.terms.authors, &g.terms.tags} {
		for n := range []int{len(sections), Authors, Tags}[i] {
			*ids = append(*ids, id(newRand(0, byte(i), n), epoch))
		}
	}
	return g
}

func TestTheSeedDecidesEverything(t *testing.T) {
	t.Parallel()
	few, many := newGenerator(Plan{Articles: 50, Seed: 1, Until: until, Languages: four}), newGenerator(Plan{Articles: 500, Seed: 1, Until: until, Languages: four})
	other := newGenerator(Plan{Articles: 50, Seed: 2, Until: until, Languages: four})
	for n := range 50 {
		if !reflect.DeepEqual(few.story(n), many.story(n)) {
			t.Errorf("article %d is %+v and %+v", n, few.story(n), many.story(n))
		}
		if a, b := few.story(n), other.story(n); a.ID == b.ID || reflect.DeepEqual(a.Text.Body, b.Text.Body) {
			t.Errorf("article %d is the same with another seed", n)
		}
	}
	later := few
	later.Until = until.AddDate(0, 0, 1)
	if a, b := few.story(7), later.story(7); a.ID != b.ID || !reflect.DeepEqual(a.Text, b.Text) || b.At.Sub(a.At) != 24*time.Hour {
		t.Errorf("a day later article 7 is %+v, was %+v", b, a)
	}
}

func TestTextsAreAsLongAsRealOnes(t *testing.T) {
	t.Parallel()
	for _, language := range append(four, "de") {
		g := newGenerator(Plan{Articles: 200, Seed: 3, Until: until, Languages: lang.Set{language}})
		var title, summary, body int
		for n := range g.Articles {
			text := g.story(n).Text
			title += utf8.RuneCountInString(text.Title)
			summary += utf8.RuneCountInString(text.Summary)
			body += len(richtext.HTML(text.Body))
			if normal, broken := richtext.Normalize(text.Body); len(broken) > 0 || !reflect.DeepEqual(normal, text.Body) {
				t.Fatalf("the body %+v is not in its canonical form (%v), which is %+v", text.Body, broken, normal)
			}
		}
		for what, got := range map[string][3]int{"titles": {title, 50, 70}, "summaries": {summary, 160, 240}, "bodies": {body, 4500, 5500}} {
			if mean := got[0] / g.Articles; mean < got[1] || mean > got[2] {
				t.Errorf("%s: %s are %d long", language, what, mean)
			}
		}
	}
}

func TestSharesAreSensible(t *testing.T) {
	t.Parallel()
	g := newGenerator(Plan{Articles: 2000, Seed: 4, Until: until, Languages: four})
	languages, tags, groups := map[string]int{}, map[uuid.UUID]int{}, map[uuid.UUID]map[string]bool{}
	oldest, newest, featured, breaking := until, until.Add(-span), 0, 0
	for n := range g.Articles {
		s := g.story(n)
		languages[s.Text.Lang]++
		for _, id := range s.Text.TagIDs {
			tags[id]++
		}
		if oldest.After(s.At) {
			oldest = s.At
		}
		if newest.Before(s.At) {
			newest = s.At
		}
		if s.Text.Featured {
			featured++
		}
		if s.Text.Breaking {
			breaking++
		}
		group := groups[s.Text.TranslationGroup]
		if group == nil {
			group = map[string]bool{}
			groups[s.Text.TranslationGroup] = group
		}
		if group[s.Text.Lang] {
			t.Fatalf("two texts in %s translate each other", s.Text.Lang)
		}
		group[s.Text.Lang] = true
	}
	for i, want := range []int{1000, 500, 250, 250} {
		if got := languages[four[i]]; got < want*7/10 || got > want*13/10 {
			t.Errorf("%d articles in %s, want about %d", got, four[i], want)
		}
	}
	first, last := tags[g.terms.tags[0]], tags[g.terms.tags[Tags-1]]
	if first < 300 || last > 30 || len(tags) < Tags*9/10 {
		t.Errorf("%d tags are used, the first %d times and the last %d", len(tags), first, last)
	}
	if want := 2000 - 2000/8; len(groups) != want {
		t.Errorf("%d translation groups, want %d", len(groups), want)
	}
	if until.Sub(oldest) < span-span/100 || until.Sub(newest) > span/100 || newest.After(until) {
		t.Errorf("dates from %s to %s, until %s", oldest, newest, until)
	}
	if featured < 50 || featured > 150 || breaking < 15 || breaking > 80 {
		t.Errorf("%d featured, %d breaking", featured, breaking)
	}
}

// desk opens a database.
func newDesk(t *testing.T, url string) *editorial.Desk {
	t.Helper()
	s, err := store.Open(t.Context(), url, slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	_, err = s.MigrateUp(t.Context())
	must(t, err)
	d := &editorial.Desk{Store: s, Languages: four, Now: func() time.Time { return until.Add(9 * time.Hour) }}
	must(t, d.OpenSite(t.Context()))
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// live gives what readers see, newest first.
func live(t *testing.T, d *editorial.Desk) store.Listing[store.LiveArticle] {
	t.Helper()
	page := store.Page{Limit: 100, Total: true, Sort: []store.SortKey{{Field: "published_at", Desc: true}}}
	l, err := d.Store.Live().At(t.Context(), d.Now()).Articles(store.ArticleFilter{}, page, true)
	must(t, err)
	return l
}

// checkCount compares how many articles readers see, and how many events tell of their publication.
func checkCount(t *testing.T, d *editorial.Desk, want int) {
	t.Helper()
	if l := live(t, d); *l.Total != int64(want) {
		t.Errorf("%d articles, want %d", *l.Total, want)
	}
	published := 0
	events, err := d.Store.Read(t.Context()).Events(0, 10_000)
	must(t, err)
	for _, e := range events {
		if e.Type == "article.published" && e.Public && e.At.Equal(d.Now()) {
			published++
		}
	}
	if published != want {
		t.Errorf("%d articles are told of, want %d", published, want)
	}
}

func TestFill(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		d := newDesk(t, url)
		fill := func(p Plan, want int) {
			t.Helper()
			last := 0
			added, err := p.Fill(t.Context(), d, func(done int) { last = done })
			must(t, err)
			if added != want || last != p.Articles {
				t.Errorf("added %d and reported %d, want %d of %d", added, last, want, p.Articles)
			}
		}
		p := Plan{Articles: 60, Seed: 1, Until: until, Languages: four}
		fill(p, 60)
		checkCount(t, d, 60)
		once := live(t, d)
		p.Articles = 80
		fill(p, 20)
		fill(p, 0)
		p.Seed = 2
		fill(p, 80)
		checkCount(t, d, 160)
		again := newDesk(t, "sqlite:"+t.TempDir()+"/again.db")
		_, err := Plan{Articles: 60, Seed: 1, Until: until, Languages: four}.Fill(t.Context(), again, func(int) {})
		must(t, err)
		for i, a := range live(t, again).Items {
			b := once.Items[i]
			a.Publication.ID = b.Publication.ID // which nobody is told
			if !reflect.DeepEqual(a, b) {
				t.Errorf("article %d is %+v and %+v", i, a, b)
			}
		}
	})
}

func TestStoppingKeepsWhatIsWritten(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		d := newDesk(t, url)
		ctx, cancel := context.WithCancel(t.Context())
		p := Plan{Articles: 3 * batchSize, Seed: 1, Until: until, Languages: four}
		added, err := p.Fill(ctx, d, func(int) { cancel() })
		if added != batchSize || !errors.Is(err, context.Canceled) {
			t.Errorf("stopped after %d: %v", added, err)
		}
		checkCount(t, d, batchSize)
	})
}

func TestWhatIsThereIsUsed(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		d := newDesk(t, url)
		actor, err := generatorUser(t.Context(), d)
		must(t, err)
		own := newsroom.Term{Slug: "our-town", Name: townName(5).en, Translations: newsroom.Translations{}}
		tag, err := d.Tags().Create(t.Context(), actor, editorial.TermDraft[newsroom.Tag]{Value: newsroom.Tag{Term: own}})
		must(t, err)
		plan := Plan{Articles: 1, Seed: 1, Until: until, Languages: four}
		title := newGenerator(plan).story(0).Text
		_, err = d.Import(t.Context(), actor, ready(t, title))
		if !newsroom.IsCode(err, newsroom.CodeInUse) { // its terms are not there
			t.Errorf("a story without its terms: %v", err)
		}
		terms, err := fillTerms(t.Context(), d, actor)
		must(t, err)
		if terms.tags[5] != tag.ID || len(terms.sections) != 12 || len(terms.authors) != Authors || len(terms.tags) != Tags {
			t.Errorf("terms %+v, want the tag %s among them", terms, tag.ID)
		}
		title.SectionID, title.AuthorIDs, title.TagIDs, title.TranslationGroup = nil, []uuid.UUID{}, []uuid.UUID{}, tag.ID
		_, err = d.Import(t.Context(), actor, ready(t, title))
		must(t, err)
		_, err = plan.Fill(t.Context(), d, func(int) {})
		must(t, err)
		checkCount(t, d, 2)
		if items := live(t, d).Items; items[0].Title != items[1].Title || items[0].Slug == items[1].Slug {
			t.Errorf("slugs %q and %q", items[0].Slug, items[1].Slug)
		}
	})
}

// ready gives a story of one text.
func ready(t *testing.T, text newsroom.Text) editorial.Ready {
	t.Helper()
	stories, err := editorial.Prepare([]editorial.Story{{ID: uuid.Must(uuid.NewV7()), Text: text, At: until}})
	must(t, err)
	return stories
}
