package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"
)

// patch changes an article, or anything else below /v1/manage/, as the editor, whatever its version.
func (s *server) patch(t *testing.T, path string, changes object) answer {
	t.Helper()
	return s.do(t, call{as: editor, method: "PATCH", path: "/v1/manage/" + path, body: changes, header: map[string]string{"If-Match": "*"}})
}

// refusedPatch makes a patch that breaks rules, and gives these.
func (s *server) refusedPatch(t *testing.T, path string, changes object) string {
	t.Helper()
	return s.refused(t, call{
		as: editor, method: "PATCH", path: "/v1/manage/" + path, body: changes, header: map[string]string{"If-Match": "*"}, status: 422, code: "validation_failed",
	}).errors()
}

func TestMergePatch(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		newPlace(t, s)
		article := object{
			"title": "Full", "kicker": "Above", "subtitle": "Below", "summary": "In short", "body": object{"markdown": "Long."}, "section": "world",
			"authors": []string{"ann"}, "tags": []any{"rain", object{"name": "Snow"}}, "type": "opinion", "featured": true, "breaking": true,
			"seo":    object{"title": "SEO", "canonical": "https://a.example/1", "no_index": true},
			"custom": object{"map": object{"x": 1, "y": 2.50}, "list": []int{1, 2}, "gone": nil, "big": 12345678901234567},
		}
		id := s.write(t, editor, article)
		path := "articles/" + id
		kept := s.patch(t, path, object{"title": "Fuller"})
		kept.is("data.kicker", "Above").is("data.body.html", "<p>Long.</p>").is("data.section.slug", "world").is("data.authors.0.slug", "ann").
			is("data.tags.1.name", "Snow").is("data.type", "opinion").is("data.featured", true).is("data.seo.title", "SEO").is("data.slug", "full").
			is("data.revision", 2).is("data.custom.map.x", 1)
		if !strings.Contains(kept.raw, `"custom":{"big":12345678901234567,"gone":null,"list":[1,2],"map":{"x":1,"y":2.5}}`) {
			t.Errorf("custom fields have changed: %s", kept.raw)
		}
		s.patch(t, path, object{"seo": object{"title": nil, "description": "New"}, "custom": object{"map": object{"x": nil, "z": object{"a": nil}}, "list": []int{3}, "new": true}}).
			is("data.seo.title", nil).is("data.seo.description", "New").is("data.seo.canonical", "https://a.example/1").is("data.seo.no_index", true).
			is("data.custom.map", map[string]any{"y": 2.5, "z": map[string]any{}}).is("data.custom.list", []any{3}).is("data.custom.new", true)
		s.patch(t, path, object{"tags": []string{"snow"}, "authors": []string{}}).is("data.tags.0.slug", "snow").is("data.authors", []any{}).is("data.section.slug", "world")
		empty := s.patch(t, path, object{
			"kicker": nil, "subtitle": nil, "summary": nil, "body": nil, "section": nil, "authors": nil, "tags": nil, "type": nil, "featured": nil,
			"breaking": nil, "seo": nil, "custom": nil, "lead_image": nil, "translation_of": nil, "slug": nil, "lang": nil,
		})
		empty.is("data.kicker", nil).is("data.summary", nil).is("data.body.html", "").is("data.section", nil).is("data.tags", []any{}).
			is("data.type", "article").is("data.featured", false).is("data.seo.canonical", nil).is("data.custom", map[string]any{}).
			is("data.title", "Fuller").is("data.slug", "fuller").is("data.lang", "en")
		if got := s.refusedPatch(t, path, object{"title": nil}); got != "/title required\n" {
			t.Error(got)
		}
		for _, body := range []string{"null", "[]", `"x"`, "5", "true"} {
			for _, c := range []call{{method: "PATCH", path: "/v1/manage/" + path}, {method: "POST", path: "/v1/manage/articles"}} {
				c.as, c.body, c.header, c.status = editor, body, map[string]string{"If-Match": "*"}, 422
				if got := s.refused(t, c).errors(); got != " wrong_type\n" {
					t.Errorf("%s %s: %s", c.method, body, got)
				}
			}
		}
	})
}

func TestAPatchThatChangesNothingIsNothing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		p := newPlace(t, s)
		s.patch(t, "articles/"+p.article, object{"custom": object{"b": object{"x": []any{1, "<&>"}}, "a": 1}, "body": object{"html": "<p>A <b>b</b></p><ul><li>c</li></ul>"}})
		before := s.do(t, call{as: editor, path: "/v1/manage/articles/" + p.article})
		s.clock.Advance(time.Hour)
		all := s.everything(t)
		for _, changes := range []object{
			{},
			{"title": "It rains"},
			{"slug": "it-rains"},
			{"tags": []string{"rain"}},
			{"tags": []any{object{"name": "rAIN"}}},
			{"section": p.section},
			{"authors": []string{p.author}},
			{"seo": object{}},
			{"seo": nil},
			{"kicker": nil},
			{"type": "article"},
			{"lang": "EN"},
			{"featured": false},
			{"custom": object{"a": 1}},
			{"custom": object{"b": object{"x": []any{1, "<&>"}}}},
			{"body": object{"html": "<p>A <strong>b</strong></p><ul><li>c</li></ul>"}},
			{"summary": nil},
			{"translation_of": nil},
			{"lead_image": nil},
		} {
			after := s.patch(t, "articles/"+p.article, changes)
			if tag := after.header.Get("ETag"); tag != before.header.Get("ETag") || after.raw != before.raw {
				t.Errorf("%v: %s\nafter  %s\nbefore %s", changes, tag, after.raw, before.raw)
			}
		}
		if s.everything(t) != all {
			t.Error("something has changed")
		}
	})
}

func TestTheSummaryFollowsTheBodyUntilOneIsGiven(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		path := "articles/" + s.write(t, editor, object{"title": "x", "body": object{"markdown": "One."}})
		s.patch(t, path, object{"body": object{"html": "<p>Two.</p>"}}).is("data.summary", "Two.")
		s.patch(t, path, object{"title": "y"}).is("data.summary", "Two.")
		s.patch(t, path, object{"summary": "Given."}).is("data.summary", "Given.")
		s.patch(t, path, object{"body": object{"markdown": "Three."}}).is("data.summary", "Given.")
		s.patch(t, path, object{"summary": nil}).is("data.summary", "Three.")
		s.patch(t, path, object{"body": object{"markdown": "Four."}}).is("data.summary", "Four.")
		long := s.patch(t, path, object{"body": object{"markdown": strings.Repeat("A sentence of words. ", 100)}}).text("data.summary")
		if n := utf8.RuneCountInString(long); n > 200 || n < 100 {
			t.Errorf("the summary has %d characters: %s", n, long)
		}
	})
}

func TestSlugs(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		slug := func(article object) string {
			id := s.write(t, editor, article)
			a := s.patch(t, "articles/"+id, object{"kicker": "saved again"}) // what was made is good enough to keep
			s.publish(t, id, object{})
			s.do(t, call{path: "/v1/content/articles/" + a.text("data.slug") + "?lang=" + a.text("data.lang")}).is("data.id", id)
			return a.text("data.slug")
		}
		for _, c := range []struct {
			article object
			want    string
		}{
			{object{"title": "A bridge"}, "a-bridge"},
			{object{"title": "A BRIDGE!"}, "a-bridge-2"},
			{object{"title": "A  bridge"}, "a-bridge-3"},
			{object{"title": "A bridge", "lang": "ru"}, "a-bridge"},
			{object{"title": "Новый мост — 2026", "lang": "ru"}, "novyy-most-2026"},
			{object{"title": "Oʻzbekiston gʻalabasi", "lang": "uz-Latn"}, "ozbekiston-galabasi"},
			{object{"title": "Ўзбекистон ғалабаси", "lang": "uz-Cyrl"}, "ozbekiston-galabasi"},
			{object{"title": "x", "slug": "given-slug"}, "given-slug"},
		} {
			if got := slug(c.article); got != c.want {
				t.Errorf("%v: got %s, want %s", c.article, got, c.want)
			}
		}
		for _, kind := range []string{"article", "press_release", "a-", "x--y", "abcdabcd-abcd-abcd-abcd"} {
			if got := slug(object{"title": "🎉🎊", "type": kind}); !strings.HasPrefix(got, "article-") || len(got) != 20 {
				t.Errorf("%s: got %s", kind, got)
			}
		}
		for _, bad := range []string{"A", "a b", "-a", "a-", "a--b", "ё", "a/b", strings.Repeat("a", 101), "01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42", "01985e7a2a107c3e9d556f0c8a7b1e42"} {
			a := s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles", body: object{"title": "x", "slug": bad}, status: 422})
			if got := a.errors(); got != "/slug invalid_value\n" {
				t.Errorf("%s: %s", bad, got)
			}
		}
	})
}

func TestFormerSlugs(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"title": "First"})
		other := s.write(t, editor, object{"title": "Other"})
		s.clock.Advance(time.Minute)
		s.patch(t, "articles/"+id, object{"slug": "second"})
		s.do(t, call{path: "/v1/content/articles/second", status: 404})
		s.publish(t, id, object{})
		s.do(t, call{path: "/v1/content/articles/first", status: 308})
		taken := call{as: editor, method: "PATCH", path: "/v1/manage/articles/" + other, header: map[string]string{"If-Match": "*"}, status: 409, code: "slug_taken"}
		for _, slug := range []string{"first", "second"} {
			taken.body = object{"slug": slug}
			s.refused(t, taken)
			s.refused(t, call{as: editor, method: "POST", path: "/v1/manage/articles", body: object{"title": "x", "slug": slug}, status: 409, code: "slug_taken"})
		}
		if got := s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles", body: object{"title": "First"}, status: 201}); got.text("data.slug") != "first-2" {
			t.Errorf("got %s", got.text("data.slug"))
		}
		s.clock.Advance(time.Minute)
		s.patch(t, "articles/"+id, object{"slug": "first"})
		s.publish(t, id, object{})
		s.do(t, call{path: "/v1/content/articles/first"})
		s.do(t, call{path: "/v1/content/articles/second", status: 308}).t.Helper()
		s.patch(t, "articles/"+other, object{"lang": "ru", "slug": "first"})
	})
}

func TestOfParallelPatchesOneWins(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		p := newPlace(t, s)
		for _, path := range []string{"articles/" + p.article, "tags/rain", "sections/world", "authors/ann"} {
			field := "name"
			if strings.HasPrefix(path, "articles") {
				field = "title"
			}
			tag := s.do(t, call{as: editor, path: "/v1/manage/" + path}).header.Get("ETag")
			var won atomic.Int32
			var all sync.WaitGroup
			for i := range 16 {
				r := s.request(t, call{
					as: editor, method: "PATCH", path: "/v1/manage/" + path, body: object{field: fmt.Sprint("Version ", i)}, header: map[string]string{"If-Match": tag},
				})
				all.Go(func() {
					switch a := s.send(t, r); a.status {
					case http.StatusOK:
						won.Add(1)
					case http.StatusPreconditionFailed:
					default:
						t.Errorf("%s: %d", path, a.status)
					}
				})
			}
			all.Wait()
			if won.Load() != 1 {
				t.Errorf("%s: %d of 16 won", path, won.Load())
			}
		}
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + p.article}).is("data.revision", 2)
	})
}

func TestTranslations(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		en := s.story(t, object{"title": "River"})
		ru := s.write(t, editor, object{"title": "Река", "lang": "ru", "translation_of": "river"})
		a := s.do(t, call{as: editor, path: "/v1/manage/articles/" + en})
		a.is("data.translations.0.slug", "reka").is("data.translations.0.lang", "ru").is("data.version", 2).is("data.has_changes", false)
		s.do(t, call{path: "/v1/content/articles/river"}).is("data.translations", []any{})
		s.publish(t, ru, object{})
		s.do(t, call{path: "/v1/content/articles/river"}).is("data.translations.0.url", "https://news.example/ru/reka")

		for _, ref := range []string{en, "river", ru, "reka"} { // whichever of the group is named
			s.refused(t, call{
				as: editor, method: "POST", path: "/v1/manage/articles", body: object{"title": "Вода", "lang": "ru", "translation_of": ref},
				status: 409, code: "already_exists",
			})
		}
		uz := s.write(t, editor, object{"title": "Daryo", "lang": "uz-Latn", "translation_of": ru})
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + uz}).is("data.translations.0.lang", "en").is("data.translations.1.lang", "ru")
		s.refused(t, call{
			as: editor, method: "PATCH", path: "/v1/manage/articles/" + uz, body: object{"lang": "ru"}, header: map[string]string{"If-Match": "*"},
			status: 409, code: "already_exists",
		})
		s.patch(t, "articles/"+uz, object{"translation_of": ru}).is("data.revision", 1).is("data.version", 1)
		s.patch(t, "articles/"+uz, object{"title": "Suv"}).is("data.translations.1.lang", "ru")
		s.patch(t, "articles/"+uz, object{"translation_of": nil}).is("data.translations", []any{}).is("data.revision", 3)
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + en}).is("data.translations.0.lang", "ru")
		// The first of a group can leave it too, and each can come back.
		s.patch(t, "articles/"+en, object{"translation_of": nil}).is("data.translations", []any{})
		s.patch(t, "articles/"+en, object{"translation_of": "reka"}).is("data.translations.0.lang", "ru")
		s.refused(t, call{
			as: editor, method: "POST", path: "/v1/manage/articles", body: object{"title": "x", "lang": "ru", "translation_of": "nowhere"}, status: 422,
		}).is("errors.0.code", "unknown_reference")
		if got := s.refusedPatch(t, "articles/"+ru, object{"lang": "uz-Cyrl"}); got != "/lang not_allowed\n" {
			t.Error(got)
		}
		if got := s.refusedPatch(t, "articles/"+ru, object{"lang": "de"}); got != "/lang invalid_value\n" {
			t.Error(got)
		}
	})
}
