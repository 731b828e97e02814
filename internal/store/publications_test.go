package store

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// count gives the number of rows of a table that belong to the publication or article.
func (w world) count(t *testing.T, table, column string, id uuid.UUID) int64 {
	t.Helper()
	var n int64
	must(t, w.store.reader.Table(table).Where(column+" = ?", id).Count(&n).Error)
	return n
}

func TestAPublicationKeepsItsLinksAndItsSlug(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		w := newWorld(t, s)
		view := s.Live().At(t.Context(), noon)
		got, err := view.Article("storks", "", []string{"en"})
		must(t, err)
		if got.ID != w.publication.ID || len(got.AuthorIDs) != 1 || got.AuthorIDs[0] != w.author.ID || len(got.TagIDs) != 1 || *got.SectionID != w.section.ID {
			t.Errorf("readers see %+v", got)
		}
		tag, err := view.Tag("tag")
		must(t, err)
		author, err := view.Author("author")
		must(t, err)
		sections, err := view.Sections()
		must(t, err)
		if tag.Articles != 1 || author.Articles != 1 || sections[w.section.ID].Articles != 1 {
			t.Errorf("counts: tag %d, author %d, section %d", tag.Articles, author.Articles, sections[w.section.ID].Articles)
		}
		must(t, s.Write(t.Context(), func(tx *Tx) error { return tx.DropPublication(w.publication) }))
		if n := w.count(t, "publication_tags", "publication_id", w.publication.ID) + w.count(t, "publication_authors", "publication_id", w.publication.ID); n != 0 {
			t.Errorf("%d links are left", n)
		}
		if w.count(t, "slug_history", "article_id", w.article.ID) != 0 {
			t.Error("what no reader saw keeps its slug")
		}
	})
}

func TestARetiredPublicationIsKeptAsItWas(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		w := newWorld(t, s)
		end := noon.Add(time.Hour)
		w.publication.VisibleUntil = &end
		must(t, s.Write(t.Context(), func(tx *Tx) error {
			must(t, tx.EndPublication(w.publication))
			return tx.RetirePublication(w.publication)
		}))
		var past newsroom.PastPublication
		must(t, s.Read(t.Context()).db.Where("article_id = ?", w.article.ID).Take(&past).Error)
		if past.ID != w.publication.ID || !past.VisibleFrom.Equal(noon) || !past.VisibleUntil.Equal(end) || past.Slug != "storks" ||
			past.AuthorIDs[0] != w.author.ID || past.Revision != 1 {
			t.Errorf("kept: %+v", past.Publication)
		}
		if w.count(t, "publications", "article_id", w.article.ID) != 0 || w.count(t, "slug_history", "article_id", w.article.ID) != 1 {
			t.Error("it is still a publication, or lost its slug")
		}
		if _, err := s.Live().At(t.Context(), noon).Article("storks", "", []string{"en"}); !newsroom.IsCode(err, newsroom.CodeNotFound) {
			t.Errorf("readers see it: %v", err)
		}
	})
}

func TestASlugOfTheFutureDoesNotRedirectYet(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		w := newWorld(t, s)
		change := noon.Add(time.Hour)
		w.publication.VisibleUntil = &change
		next := w.newPublication(change, nil)
		next.Slug = "storks-return"
		must(t, s.Write(t.Context(), func(tx *Tx) error {
			must(t, tx.EndPublication(w.publication))
			return tx.CreatePublication(&next)
		}))
		moved := func(slug string, at time.Time) string {
			got, err := s.Live().At(t.Context(), at).Moved(slug, "", []string{"en"})
			if newsroom.IsCode(err, newsroom.CodeNotFound) {
				return ""
			}
			must(t, err)
			return got.Slug
		}
		before := change.Add(-time.Millisecond)
		got := []string{moved("storks", before), moved("storks-return", before), moved("storks", change), moved("storks-return", change)}
		if want := []string{"storks", "", "storks-return", "storks-return"}; !slices.Equal(got, want) {
			t.Errorf("redirects: %q, want %q", got, want)
		}
		must(t, s.Write(t.Context(), func(tx *Tx) error {
			for _, slug := range []string{"storks", "storks-return"} {
				if taken, err := tx.ReservedSlugs("en", uuid.New(), slug); err != nil || !taken[slug] {
					t.Errorf("another article may take %s: %v", slug, err)
				}
				if taken, err := tx.ReservedSlugs("en", w.article.ID, slug); err != nil || taken[slug] {
					t.Errorf("the article itself may not take %s: %v", slug, err)
				}
				if taken, err := tx.ReservedSlugs("ru", uuid.New(), slug); err != nil || taken[slug] {
					t.Errorf("another language may not take %s: %v", slug, err)
				}
			}
			return nil
		}))
	})
}

// plan is a publication relative to the moment of the question: hours from and until; 0 for good.
type plan struct{ from, until, revision int }

// Every way in which an article may stand is asked for by SQL and worked out in Go; both say the same.
func TestStatusInSQLIsStatusInGo(t *testing.T) {
	plans := map[string][]plan{
		"never published":             nil,
		"live":                        {{-2, 0, 1}},
		"live from now":               {{0, 0, 1}},
		"live and behind":             {{-2, 0, 0}},
		"live until later":            {{-2, 2, 1}},
		"over":                        {{-3, -1, 1}},
		"over twice":                  {{-5, -4, 1}, {-3, -1, 1}},
		"scheduled":                   {{1, 0, 1}},
		"scheduled and behind":        {{1, 0, 0}},
		"over and scheduled":          {{-3, -1, 1}, {1, 0, 1}},
		"live and scheduled":          {{-2, 1, 0}, {1, 0, 1}},
		"scheduled twice":             {{1, 2, 0}, {2, 0, 1}},
		"live and scheduled twice":    {{-2, 1, 1}, {1, 2, 0}, {2, 0, 1}},
		"live, a gap, scheduled":      {{-2, 1, 1}, {3, 0, 0}},
		"over, live and scheduled":    {{-4, -2, 0}, {-2, 1, 1}, {1, 0, 1}},
		"over and behind":             {{-3, -1, 0}},
		"over now":                    {{-3, 0, 1}, {0, 1, 1}},
		"scheduled, with an end, now": {{0, 1, 0}},
	}
	onBoth(t, func(t *testing.T, s *Store) {
		w := newWorld(t, s)
		for name, publications := range plans {
			for _, taken := range []string{"", "submitted", "unpublished", "trashed"} {
				must(t, s.Write(t.Context(), func(tx *Tx) error {
					return tx.stand(w, strings.ReplaceAll(name+" "+taken, " ", "-"), taken, publications)
				}))
			}
		}
		for _, now := range []time.Time{noon, noon.Add(-time.Millisecond), noon.Add(time.Hour), noon.Add(9 * time.Hour)} {
			checkStatuses(t, s, w.user, now)
		}
	})
}

// stand makes an article at its revision 2 with publications of revision 1, or of 2 where the plan says 1.
func (tx *Tx) stand(w world, slug, taken string, plans []plan) error {
	a, r := w.newArticle(slug)
	switch when := noon.Add(-time.Minute); taken {
	case "submitted":
		a.SubmittedAt = &when
	case "unpublished":
		a.UnpublishedAt = &when
	case "trashed":
		a.TrashedAt = &when
	}
	if err := tx.CreateArticle(&a, &r); err != nil {
		return err
	}
	a.Revision, r.Revision = 2, 2
	if err := tx.UpdateArticle(&a, &r); err != nil {
		return err
	}
	w.article = a
	for i, p := range plans {
		pub := w.newPublication(noon.Add(time.Duration(p.from)*time.Hour), nil)
		pub.Revision = p.revision + 1
		if until := noon.Add(time.Duration(p.until) * time.Hour); i < len(plans)-1 || p.until != 0 {
			pub.VisibleUntil = &until
		}
		if err := tx.CreatePublication(&pub); err != nil {
			return err
		}
	}
	return nil
}

// anyStatus keeps every article, what is in the trash too.
func anyStatus() Match {
	var all []string
	for _, s := range newsroom.Statuses() {
		all = append(all, string(s))
	}
	return Match{AnyOf: [][]string{all}}
}

func checkStatuses(t *testing.T, s *Store, viewer newsroom.User, now time.Time) {
	t.Helper()
	slugs := func(f StandingFilter) []string {
		rows, err := s.Read(t.Context()).Standings(viewer, f, Page{Limit: 1000, Sort: []SortKey{{Field: "title"}}}, now)
		must(t, err)
		var out []string
		for _, r := range rows.Items {
			out = append(out, r.Slug)
		}
		return out
	}
	all, err := s.Read(t.Context()).Standings(viewer, StandingFilter{Status: anyStatus()}, Page{Limit: 1000, Sort: []SortKey{{Field: "title"}}}, now)
	must(t, err)
	byStatus, byChanges := map[newsroom.Status][]string{}, map[bool][]string{}
	for _, st := range all.Items {
		byStatus[st.Status()] = append(byStatus[st.Status()], st.Slug)
		byChanges[st.HasChanges()] = append(byChanges[st.HasChanges()], st.Slug)
	}
	for _, status := range newsroom.Statuses() {
		if got := slugs(StandingFilter{Status: Match{AnyOf: [][]string{{string(status)}}}}); !slices.Equal(got, byStatus[status]) {
			t.Errorf("status=%s gives %v, want %v", status, got, byStatus[status])
		}
	}
	for _, has := range []bool{true, false} {
		if got := slugs(StandingFilter{Status: anyStatus(), HasChanges: &has}); !slices.Equal(got, byChanges[has]) {
			t.Errorf("has_changes=%v gives %v, want %v", has, got, byChanges[has])
		}
	}
}
