package editorial_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// Scheduling a story again moves it: readers see it at the second moment, be that later or earlier, and never at the
// first.
func TestSchedulingAgainMovesAStory(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		ctx, now := t.Context(), r.clock.Now()
		early, late := now.Add(time.Hour), now.Add(2*time.Hour)
		s, err := r.CreateArticle(ctx, r.editor, draftOf("Moved"))
		must(t, err)
		schedule := func(at time.Time, seen ...bool) {
			t.Helper()
			s, err = r.Publish(ctx, r.editor, s.Article.ID, anyVersion, &at, nil)
			must(t, err)
			if !s.PublishedAt.Equal(at) || !s.Scheduled.VisibleFrom.Equal(at) {
				t.Errorf("scheduled for %v: published at %v, visible from %v", at, s.PublishedAt, s.Scheduled.VisibleFrom)
			}
			for i, moment := range []time.Time{early.Add(-1), early, late} {
				if _, err := r.Store.Live().At(ctx, moment).Article("moved", "", []string{"en"}); (err == nil) != seen[i] {
					t.Errorf("scheduled for %v: at %v %v", at, moment, err)
				}
			}
		}
		schedule(early, false, true, true)
		schedule(late, false, false, true)
		schedule(early, false, true, true)
	})
}

// An update that is scheduled again later leaves no gap: the present text stays until then, or until its own end.
func TestSchedulingAnUpdateAgainLeavesNoGap(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		ctx, now := t.Context(), r.clock.Now()
		end := now.Add(5 * time.Hour)
		s, err := r.CreateArticle(ctx, r.editor, draftOf("Steady"))
		must(t, err)
		_, err = r.Publish(ctx, r.editor, s.Article.ID, anyVersion, nil, &end)
		must(t, err)
		for _, hours := range []time.Duration{1, 3, 9} {
			at := now.Add(hours * time.Hour)
			s, err = r.Publish(ctx, r.editor, s.Article.ID, anyVersion, &at, nil)
			must(t, err)
			want := at
			if end.Before(at) {
				want = end
			}
			if !s.Live.VisibleUntil.Equal(want) {
				t.Errorf("an update in %d hours ends the present text at %v, want %v", hours, s.Live.VisibleUntil, want)
			}
		}
	})
}

// step is a change and the events that it must leave.
type step struct {
	does   string
	events string
	do     func() error
	fails  newsroom.Code
}

func (r *room) take(t *testing.T, steps []step) {
	t.Helper()
	for _, s := range steps {
		last := r.lastEvent(t)
		err := s.do()
		if s.fails != "" && !newsroom.IsCode(err, s.fails) || s.fails == "" && err != nil {
			t.Fatalf("%s: %v, want %q", s.does, err, s.fails)
		}
		got := r.events(t, last)
		if names(got) != s.events {
			t.Errorf("%s: events %q, want %q", s.does, names(got), s.events)
		}
		for _, e := range got {
			if e.ActorID == nil || *e.ActorID != r.editor.ID || !e.At.Equal(r.clock.Now()) || !json.Valid(e.Data) {
				t.Errorf("%s: %+v", s.does, e)
			}
		}
	}
}

func TestEveryChangeOfAnArticleIsOneEvent(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		var s newsroom.Standing
		keep := func(after newsroom.Standing, err error) error {
			if err == nil {
				s = after
			}
			return err
		}
		save := func(edit func(newsroom.Article) (editorial.Draft, error)) error {
			return keep(r.SaveArticle(ctx, r.editor, s.Article.ID, anyVersion, edit))
		}
		tagged := draftOf("Storks")
		tagged.Tags = []editorial.TagRef{{Name: "Birds"}, {Name: "Spring"}}
		dangling := draftOf("Storks")
		dangling.Tags, dangling.Authors = []editorial.TagRef{{Name: "Never made"}}, []string{"nobody"}
		r.take(t, []step{
			{"creating", "article.created", func() error { return keep(r.CreateArticle(ctx, r.editor, draftOf("Storks"))) }, ""},
			{"creating without a title", "", func() error { return keep(r.CreateArticle(ctx, r.editor, draftOf(""))) }, newsroom.CodeValidationFailed},
			{"saving", "article.updated", func() error { return save(retitled("Storks return")) }, ""},
			{"saving the same", "", func() error { return save(retitled("Storks return")) }, ""},
			{"saving with new tags", "tag.created tag.created article.updated", func() error {
				return save(func(newsroom.Article) (editorial.Draft, error) { return tagged, nil })
			}, ""},
			{"saving what dangles", "", func() error {
				return save(func(newsroom.Article) (editorial.Draft, error) { return dangling, nil })
			}, newsroom.CodeValidationFailed},
			{"saving an old version", "", func() error {
				return keep(r.SaveArticle(ctx, r.editor, s.Article.ID, newsroom.Precondition{Versions: []int{1}}, retitled("Late")))
			}, newsroom.CodeStaleVersion},
			{"saving what is another's", "", func() error {
				return keep(r.SaveArticle(ctx, r.author, s.Article.ID, anyVersion, retitled("Mine")))
			}, newsroom.CodeNotFound},
			{"publishing", "article.published", func() error { return keep(r.Publish(ctx, r.editor, s.Article.ID, anyVersion, nil, nil)) }, ""},
			{"unpublishing", "article.unpublished", func() error { return keep(r.Unpublish(ctx, r.editor, s.Article.ID, anyVersion)) }, ""},
			{"unpublishing again", "", func() error { return keep(r.Unpublish(ctx, r.editor, s.Article.ID, anyVersion)) }, newsroom.CodeInvalidTransition},
			{"throwing away", "article.trashed", func() error { return r.TrashArticle(ctx, r.editor, s.Article.ID, anyVersion) }, ""},
			{"throwing away again", "", func() error { return r.TrashArticle(ctx, r.editor, s.Article.ID, anyVersion) }, newsroom.CodeInvalidTransition},
		})
		if _, err := r.Store.Read(ctx).TagByName("Never made"); !newsroom.IsCode(err, newsroom.CodeNotFound) {
			t.Errorf("a tag is left of a save that failed: %v", err)
		}
	})
}

func TestEveryChangeOfATermIsOneEvent(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		section := func(name, parent string) editorial.TermDraft[newsroom.Section] {
			return editorial.TermDraft[newsroom.Section]{
				Value: newsroom.Section{Term: newsroom.Term{Name: name, Translations: newsroom.Translations{}}}, Parent: parent,
			}
		}
		create := func(name, parent string) func() error {
			return func() error {
				_, err := r.Sections().Create(ctx, r.editor, section(name, parent))
				return err
			}
		}
		move := func(ref, parent string) func() error {
			return func() error {
				_, err := r.Sections().Change(ctx, r.editor, ref, anyVersion, func(s newsroom.Section) (editorial.TermDraft[newsroom.Section], error) {
					return editorial.TermDraft[newsroom.Section]{Value: s, Parent: parent}, nil
				})
				return err
			}
		}
		remove := func(ref string) func() error {
			return func() error { return r.Sections().Delete(ctx, r.editor, ref, anyVersion) }
		}
		r.take(t, []step{
			{"creating", "section.created", create("World", ""), ""},
			{"creating below", "section.created", create("Asia", "world"), ""},
			{"creating the same name", "section.created", create("World", ""), ""},
			{"creating below nothing", "", create("Moon", "space"), newsroom.CodeValidationFailed},
			{"changing nothing", "", move("asia", "world"), ""},
			{"moving", "section.updated", move("asia", "world-2"), ""},
			{"moving in a circle", "", move("world-2", "asia"), newsroom.CodeValidationFailed},
			{"deleting what has something below", "", remove("world-2"), newsroom.CodeInUse},
			{"deleting", "section.deleted", remove("asia"), ""},
			{"deleting again", "", remove("asia"), newsroom.CodeNotFound},
		})
	})
}

func TestEveryChangeOfTheSiteIsOneEvent(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		rename := func(name string) func() error {
			return func() error {
				_, err := r.ChangeSite(t.Context(), r.editor, anyVersion, func(s newsroom.Site) (newsroom.Site, []newsroom.FieldError, error) {
					s.Name = name
					return s, nil, nil
				})
				return err
			}
		}
		r.take(t, []step{
			{"naming", "site.updated", rename("Tong"), ""},
			{"naming the same", "", rename("Tong"), ""},
			{"naming nothing", "", rename(" "), newsroom.CodeValidationFailed},
		})
		must(t, r.OpenSite(t.Context()))
		if site, err := r.Store.Read(t.Context()).Site(); err != nil || site.Name != "Tong" || site.Version != 2 {
			t.Errorf("%+v, %v", site, err)
		}
	})
}

// Of many who save what they read, one wins; the others are told.
func TestOneOfManySavesOfOneVersionWins(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		s, err := r.CreateArticle(t.Context(), r.editor, draftOf("Race"))
		must(t, err)
		errs := r.atOnce(6, func(i int) error {
			_, err := r.SaveArticle(t.Context(), r.editor, s.Article.ID, newsroom.Precondition{Versions: []int{s.Version}}, retitled(fmt.Sprintf("Race %d", i)))
			return err
		})
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case !newsroom.IsCode(err, newsroom.CodeStaleVersion):
				t.Error(err)
			}
		}
		s, err = r.Store.Read(t.Context()).Standing(s.Article.ID, r.clock.Now())
		must(t, err)
		if won != 1 || s.Version != 2 || s.Revision != 2 {
			t.Errorf("%d won; version %d, revision %d", won, s.Version, s.Revision)
		}
	})
}

// Slugs and tags that many make at once are made once each.
func TestManyWhoCreateTheSameAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		const many = 6
		var mu sync.Mutex
		slugs := map[string]bool{}
		errs := r.atOnce(many, func(int) error {
			d := draftOf("Breaking")
			d.Tags = []editorial.TagRef{{Name: "Flood"}}
			s, err := r.CreateArticle(t.Context(), r.editor, d)
			mu.Lock()
			defer mu.Unlock()
			slugs[s.Slug] = true
			return err
		})
		for _, err := range errs {
			must(t, err)
		}
		tags, err := r.Store.Read(t.Context()).ListTags(store.Page{Limit: 10})
		must(t, err)
		if len(slugs) != many || !slugs["breaking"] || !slugs["breaking-6"] || len(tags.Items) != 1 {
			t.Errorf("slugs %v, %d tags", slugs, len(tags.Items))
		}
	})
}

// Of many who publish at once, each is carried out, and readers see one text.
func TestManyWhoPublishAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		s, err := r.CreateArticle(t.Context(), r.editor, draftOf("Now"))
		must(t, err)
		for _, err := range r.atOnce(6, func(i int) error {
			at := r.clock.Now().Add(time.Duration(i%3) * time.Hour)
			_, err := r.Publish(t.Context(), r.editor, s.Article.ID, anyVersion, &at, nil)
			return err
		}) {
			must(t, err)
		}
		all, err := r.Store.Read(t.Context()).Publications(s.Article.ID)
		must(t, err)
		for i, p := range all {
			if last := i == len(all)-1; last != (p.VisibleUntil == nil) || !last && !p.VisibleUntil.Equal(all[i+1].VisibleFrom) {
				t.Errorf("from %v until %v", p.VisibleFrom, p.VisibleUntil)
			}
		}
		if s, err = r.Store.Read(t.Context()).Standing(s.Article.ID, r.clock.Now()); err != nil || s.Version != 7 {
			t.Errorf("version %d, %v", s.Version, err)
		}
	})
}

// atOnce runs do n times at the same time and gives what came of each.
func (r *room) atOnce(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = do(i) })
	}
	wg.Wait()
	return errs
}

func TestTranslationsFindEachOther(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		original, err := r.CreateArticle(ctx, r.editor, draftOf("Spring"))
		must(t, err)
		translation := func(of string, language string) (newsroom.Standing, error) {
			d := draftOf("Spring " + language)
			d.Text.Lang, d.TranslationOf = language, &of
			return r.CreateArticle(ctx, r.editor, d)
		}
		ru, err := translation("spring", "ru")
		must(t, err)
		if ru.TranslationGroup != original.TranslationGroup {
			t.Error("the translation is on its own")
		}
		if _, err := translation(ru.Article.ID.String(), "ru"); !newsroom.IsCode(err, newsroom.CodeAlreadyExists) {
			t.Errorf("a second translation: %v", err)
		}
		if _, err := translation(uuid.NewString(), "uz-Latn"); !newsroom.IsCode(err, newsroom.CodeValidationFailed) {
			t.Errorf("a translation of nothing: %v", err)
		}
		must(t, r.TrashArticle(ctx, r.editor, ru.Article.ID, anyVersion))
		_, err = translation("spring", "ru") // the place in the group is free again
		must(t, err)
		none := ""
		s, err := r.SaveArticle(ctx, r.editor, original.Article.ID, anyVersion, func(a newsroom.Article) (editorial.Draft, error) {
			return editorial.Draft{Text: a.Text, TranslationOf: &none}, nil
		})
		must(t, err)
		if left, err := r.Store.Read(ctx).Translations(s.TranslationGroup); err != nil || len(left) != 1 || s.Revision != 2 {
			t.Errorf("it is in a group with %d, at revision %d: %v", len(left), s.Revision, err)
		}
	})
}
