package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/search"
)

// publishText publishes an article of that text.
func (w world) publishText(t *testing.T, text newsroom.Text, at time.Time) newsroom.Publication {
	t.Helper()
	a, r := w.newArticle(text.Slug)
	a.Lang, a.Title, a.Summary, a.Body = text.Lang, text.Title, text.Summary, append([]newsroom.Block{}, text.Body...)
	r.Text = a.Text
	w.article = a
	p := w.newPublication(noon, nil)
	p.Text, p.PublishedAt = a.Text, at
	must(t, w.store.Write(t.Context(), func(tx *Tx) error {
		if err := tx.CreateArticle(&a, &r); err != nil {
			return err
		}
		return tx.CreatePublication(&p)
	}))
	return p
}

func paragraph(text string) []newsroom.Block {
	return []newsroom.Block{{Type: newsroom.BlockParagraph, Text: text}}
}

// found gives the slugs of what q finds, page by page, with how many there are.
func (w world) found(t *testing.T, q string, f ArticleFilter, limit int) (slugs []string, total int64) {
	t.Helper()
	query, err := search.Parse(q)
	must(t, err)
	page := Page{Limit: limit, Sort: ByRelevance, Total: true}
	for {
		l, err := w.store.Live().At(t.Context(), noon.Add(time.Hour)).Search(query, f, page, false)
		must(t, err)
		for _, a := range l.Items {
			slugs = append(slugs, a.Slug)
		}
		if l.Next == nil {
			return slugs, *l.Total
		}
		page.Cursor = l.Next
	}
}

var searchWords = []string{
	"stork", "storks", "nest", "nesting", "the", "of", "oʻt", "o'tlar", "ўтлар", "аист", "аисты", "ёлка", "covid-19", "3.5", "a", "b", "中文", "e\u0301te\u0301", "laylak", "Laylaklarning", "лайлак",
}

// Both databases find the same texts in the same order, whatever the texts and whatever is looked for; pages of any
// size give the same list; and a text is found just when it has the words, as a naive reader of terms says.
func TestBothDatabasesFindTheSame(t *testing.T) {
	t.Parallel()
	worlds := []world{newWorld(t, migrated(t, sqliteURL(t)))}
	if url := postgresURL(t); url != "" {
		worlds = append(worlds, newWorld(t, openAt(t, url)))
	}
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		words := func(label string, least, most int) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(searchWords), least, most).Draw(r, label), " ")
		}
		for range rapid.IntRange(0, 3).Draw(r, "articles") {
			n++
			text := newsroom.Text{
				Slug: fmt.Sprintf("text-%d", n), Lang: rapid.SampledFrom([]string{"en", "ru", "uz-Latn", "uz-Cyrl", "fr"}).Draw(r, "lang"),
				Title: words("title", 1, 4), Summary: words("summary", 0, 4), Body: paragraph(words("body", 0, 12)),
			}
			at := noon.Add(-time.Duration(rapid.IntRange(0, 5).Draw(r, "age")) * 700 * time.Millisecond)
			for _, w := range worlds {
				w.publishText(t, text, at)
			}
		}
		var parts []string
		for range rapid.IntRange(1, 4).Draw(r, "parts") {
			part := words("part", 1, 2)
			switch rapid.IntRange(0, 5).Draw(r, "kind") {
			case 0:
				part = `"` + part + `"`
			case 1:
				part = "-" + part
			case 2:
				part = `-"` + part + `"`
			case 3:
				part = cutShort(part, rapid.IntRange(1, 6).Draw(r, "letters"))
			}
			parts = append(parts, part)
		}
		q := strings.Join(parts, " ") + rapid.SampledFrom([]string{"", " "}).Draw(r, "end")
		limit := rapid.IntRange(1, 50).Draw(r, "limit")
		want, total := worlds[0].found(t, q, ArticleFilter{}, 1000)
		if int(total) != len(want) {
			r.Fatalf("%q: %d of %d", q, len(want), total)
		}
		for _, w := range worlds {
			if got, n := w.found(t, q, ArticleFilter{}, limit); !slices.Equal(got, want) || n != total {
				r.Fatalf("%q in pages of %d on %s: %v of %d, want %v", q, limit, w.store.dialect.name, got, n, want)
			}
		}
	})
}

func cutShort(s string, n int) string { return string([]rune(s)[:min(n, len([]rune(s)))]) }

// terms counts what is kept for searching.
func (w world) terms(t *testing.T) (documents, spellings int64) {
	t.Helper()
	must(t, w.store.reader.Table("search_documents").Count(&documents).Error)
	must(t, w.store.reader.Table("search_spellings").Count(&spellings).Error)
	if w.store.Embedded() {
		var n int64
		must(t, w.store.reader.Table("search_terms").Count(&n).Error)
		if n != documents {
			t.Errorf("%d rows of terms, of %d documents", n, documents)
		}
	}
	return documents, spellings
}

func TestReindexingChangesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		w := newWorld(t, s)
		for i := range reindexBatch + 7 {
			w.publishText(t, newsroom.Text{Slug: fmt.Sprintf("text-%d", i), Lang: "en", Title: "Storks " + strings.Repeat("x", i%7+4), Body: paragraph("They nest.")}, noon)
		}
		before, _ := w.found(t, "storks nest", ArticleFilter{}, 10)
		documents, spellings := w.terms(t)
		check := func(what string) {
			t.Helper()
			if after, _ := w.found(t, "storks nest", ArticleFilter{}, 10); !slices.Equal(after, before) {
				t.Errorf("%s: %v, want %v", what, after, before)
			}
			if d, n := w.terms(t); d != documents || n != spellings {
				t.Errorf("%s: %d documents and %d spellings, want %d and %d", what, d, n, documents, spellings)
			}
		}
		calls := 0
		must(t, s.Reindex(t.Context(), func(done, total int64) {
			if calls++; total != documents || done > total {
				t.Errorf("%d of %d", done, total)
			}
		}))
		check("again")
		if calls != 2 {
			t.Errorf("told %d times how far it is", calls)
		}
		must(t, s.IndexMissing(t.Context(), func(int64, int64) { t.Error("nothing is missing") }))

		must(t, s.writer.Exec("DELETE FROM search_documents WHERE publication_id <> ?", w.publication.ID).Error)
		must(t, s.writer.Exec("UPDATE search_documents SET version = ?", search.Version-1).Error)
		must(t, s.writer.Exec("INSERT INTO search_spellings (word, skeleton) VALUES ('left', 'left')").Error)
		must(t, s.IndexMissing(t.Context(), func(int64, int64) {}))
		must(t, s.writer.Exec("DELETE FROM search_spellings WHERE word = 'left'").Error)
		check("what was missing")
		must(t, s.writer.Exec("DELETE FROM search_documents").Error)
		must(t, s.writer.Exec("INSERT INTO search_spellings (word, skeleton) VALUES ('left', 'left')").Error)
		must(t, s.Reindex(t.Context(), func(int64, int64) {}))
		check("all of it")
	})
}

func TestWhatIsKeptForSearchingGoesWithItsPublication(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		w := newWorld(t, s)
		gone := map[string]func(*Tx, newsroom.Publication) error{
			"dropped": (*Tx).DropPublication,
			"retired": func(tx *Tx, p newsroom.Publication) error {
				end := noon.Add(time.Minute)
				p.VisibleUntil = &end
				return tx.RetirePublication(p)
			},
			"purged": func(tx *Tx, p newsroom.Publication) error { return tx.DeleteArticle(p.ArticleID) },
		}
		for what, end := range gone {
			p := w.publishText(t, newsroom.Text{Slug: what, Lang: "en", Title: "Egrets"}, noon)
			must(t, s.Write(t.Context(), func(tx *Tx) error { return end(tx, p) }))
			if n, _ := w.terms(t); n != 1 {
				t.Errorf("%s: %d documents are left", what, n)
			}
		}
	})
}

// Many publications of one second are in order, also long ago.
func TestASecondOfPublications(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		w := newWorld(t, s)
		var want []newsroom.Publication
		for i := range 12 {
			for _, year := range []int{1, 1969, 2026, 9999} {
				at := time.Date(year, 1, 1, 0, 0, 0, i%3*300*int(time.Millisecond), time.UTC)
				want = append(want, w.publishText(t, newsroom.Text{Slug: fmt.Sprintf("y%d-%d", year, i), Lang: "en", Title: "Egrets"}, at))
			}
		}
		slices.SortFunc(want, func(a, b newsroom.Publication) int {
			if c := b.PublishedAt.Compare(a.PublishedAt); c != 0 {
				return c
			}
			return strings.Compare(b.ArticleID.String(), a.ArticleID.String())
		})
		for _, limit := range []int{1, 5, 100} {
			got, _ := w.found(t, "egrets", ArticleFilter{}, limit)
			for i, p := range want {
				if len(got) != len(want) || got[i] != p.Slug {
					t.Fatalf("pages of %d: %v", limit, got)
				}
			}
		}
	})
}

// However many hits there are, those of a page are found.
func TestACommonWord(t *testing.T) {
	t.Parallel()
	url := postgresURL(t)
	if url == "" {
		return
	}
	w := newWorld(t, openAt(t, url))
	for i := range 9 {
		w.publishText(t, newsroom.Text{Slug: fmt.Sprintf("t%d", i), Lang: "en", Title: "Egrets", Summary: "nest"}, noon.Add(-time.Duration(i/2)*time.Second))
	}
	q, err := search.Parse("nest egrets -stork")
	must(t, err)
	few, many := w.seeking(t, q), w.seeking(t, q)
	few.engine, many.engine = postgresSearch{many: 100}, postgresSearch{many: 1}
	all, err := few.page(Page{Limit: 100})
	must(t, err)
	for _, page := range []Page{{Limit: 100}, {Limit: 2}, {Limit: 2, Offset: 3}, {Limit: 3, Offset: 8}, {Limit: 3, Offset: 9}} {
		got, err := many.page(page)
		must(t, err)
		from := min(page.Offset, len(all))
		if want := all[from:min(from+page.Limit+1, len(all))]; len(all) != 9 || !slices.Equal(got, want) {
			t.Errorf("%+v: %v, want %v", page, got, want)
		}
	}
}

func (w world) seeking(t *testing.T, q search.Query) seeker {
	t.Helper()
	return w.store.Live().At(t.Context(), noon.Add(time.Hour)).seeking(q, ArticleFilter{})
}
