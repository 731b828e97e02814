package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// titles gives the titles of the cards at a path.
func (a answer) titles(path string) string {
	a.t.Helper()
	out := []string{}
	for _, item := range a.at(path).([]any) {
		out = append(out, item.(map[string]any)["title"].(string))
	}
	return strings.Join(out, ", ")
}

func (a answer) lists(path, want string) answer {
	a.t.Helper()
	if got := a.titles(path); got != want {
		a.t.Errorf("%s is %q, want %q", path, got, want)
	}
	return a
}

func TestSimilarNews(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "sections", object{"slug": "world", "name": "World"})
		s.add(t, "sections", object{"slug": "sport", "name": "Sport"})
		for i := range 6 { // so that the tag is common
			s.story(t, object{"title": fmt.Sprintf("Filler number %d", i), "tags": []any{object{"name": "common"}}, "lang": "ru"})
		}
		tags := func(names ...string) (out []any) {
			for _, n := range names {
				out = append(out, object{"name": n})
			}
			return out
		}
		story := func(title, section string, tags []any) string {
			s.clock.Advance(time.Minute)
			return s.story(t, object{"title": title, "section": section, "tags": tags})
		}
		story("Storks come back", "sport", tags("rare", "common"))
		story("Mills grind", "sport", tags("common"))
		story("Elections near", "world", nil)
		story("Bridge of sighs repaired", "world", nil)
		story("Nothing alike", "sport", nil)
		s.write(t, editor, object{"title": "A draft", "section": "world", "tags": tags("rare")})
		id := story("A bridge for storks", "world", tags("rare", "common"))
		path := "/v1/content/articles/" + id + "/related"
		s.do(t, call{path: path}).lists("data", "Storks come back, Bridge of sighs repaired, Mills grind, Elections near").is("meta.total", 4)
		s.do(t, call{path: "/v1/content/articles/a-bridge-for-storks/related?limit=2&fields=title"}).lists("data", "Storks come back, Bridge of sighs repaired").
			is("links.next", "/v1/content/articles/a-bridge-for-storks/related?fields=title&limit=2&page=2")

		s.clock.Advance(time.Minute)
		featured := s.story(t, object{"title": "Mills at night", "tags": tags("common"), "featured": true})
		s.do(t, call{path: path}).is("data.0.id", featured)
		pick := s.do(t, call{path: "/v1/content/articles/mills-grind"}).text("data.id")
		stranger := s.do(t, call{path: "/v1/content/articles/nothing-alike"}).text("data.id")
		s.do(t, call{
			as: editor, method: "POST", path: "/v1/manage/collections", status: 201,
			body: object{"key": "editors-picks", "name": "Picks", "articles": []string{stranger, pick}},
		})
		s.do(t, call{path: path, hasNot: []string{stranger}}).is("data.0.id", featured).is("data.1.id", pick)
		s.patch(t, "articles/"+id, object{"slug": "storks"})
		s.publish(t, id, object{})
		moved := s.do(t, call{path: "/v1/content/articles/a-bridge-for-storks/related", status: 308})
		if to := moved.header.Get("Location"); to != "/v1/content/articles/storks/related?lang=en" {
			t.Errorf("moved to %q", to)
		}
		s.do(t, call{path: "/v1/content/articles/no-such/related", status: 404, code: "not_found"})
		alone := s.story(t, object{"title": "Alone"})
		s.do(t, call{path: "/v1/content/articles/" + alone + "/related"}).is("data", []any{}).is("meta.total", 0)
	})
}

func TestOneCallRebuildsAPage(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "sections", object{"slug": "world", "name": "World", "translations": object{"ru": object{"name": "Мир"}}})
		for i := range 4 {
			s.clock.Advance(time.Minute)
			id := s.story(t, object{"title": fmt.Sprintf("Story %d", i), "section": "world"})
			s.view(t, id, fmt.Sprint(firefox, i))
			s.story(t, object{"title": fmt.Sprintf("История %d", i), "lang": "ru"})
		}
		later := s.write(t, editor, object{"title": "Later", "section": "world"})
		s.publish(t, later, object{"at": s.clock.Now().Add(time.Hour)})
		page := s.do(t, call{path: "/v1/content/articles/story-1?include=related,latest,popular,site&include_limit=2", hasNot: []string{"Later"}})
		page.lists("latest", "Story 3, Story 2").is("data.title", "Story 1").is("site.name", "Nashr").is("site.navigation.0.title", "World")
		page.lists("related", "Story 3, Story 2")
		if n := len(page.at("popular").([]any)); n != 2 || slices.Contains(strings.Split(page.titles("popular"), ", "), "Story 1") {
			t.Errorf("popular is %s", page.titles("popular"))
		}
		s.do(t, call{path: "/v1/content/articles/istoriya-1?include=latest,popular,site&fields=title"}).
			lists("latest", "История 3, История 2, История 0").is("popular", []any{}).is("site.navigation.0.title", "Мир").is("data", object{"title": "История 1"})
		s.do(t, call{path: "/v1/content/articles?lang=en&limit=1&include=body&fields=title"}).is("data.0", object{"title": "Story 3", "body": object{"html": ""}})
		s.do(t, call{path: "/v1/content/popular?sort=title", status: 400, code: "invalid_parameter"}).is("errors.0.code", "unknown_field")
		s.do(t, call{path: "/v1/content/articles?section=world&lang=en&limit=1&include=body,latest,popular,site"}).lists("data", "Story 3").
			lists("latest", "Story 3, Story 2, Story 1, Story 0").is("site.default_language", "en").is("meta.total", 4)
		plain := s.do(t, call{path: "/v1/content/articles/story-1"})
		for _, word := range []string{"related", "latest", "popular", "site"} {
			if _, there := plain.json.(object)[word]; there {
				t.Errorf("%s is there unasked", word)
			}
		}
		for _, query := range []string{"include=related", "include=everything", "include_limit=0", "include_limit=51"} {
			s.do(t, call{path: "/v1/content/articles?" + query, status: 400, code: "invalid_parameter"})
		}
	})
}

func TestArchiveIsInTheZoneOfTheSite(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for at, lang := range map[string]string{
			"2025-12-31T18:59:59.999Z": "en", "2025-12-31T19:00:00Z": "en", "2026-03-05T20:27:00Z": "ru", "2026-03-06T08:00:00Z": "en",
		} {
			s.publish(t, s.write(t, editor, object{"title": "Of " + at, "lang": lang}), object{"at": at})
		}
		s.publish(t, s.write(t, editor, object{"title": "To come"}), object{"at": s.clock.Now().Add(time.Hour)})
		s.do(t, call{path: "/v1/content/archive"}).
			is("data.0.year", 2026).is("data.0.count", 3).is("data.0.months.0.month", 3).is("data.0.months.0.count", 2).
			is("data.0.months.0.days", []any{object{"day": 6, "date": "2026-03-06", "count": 2}}).
			is("data.0.months.1.days.0.date", "2026-01-01").is("data.1.months.0.days", []any{object{"day": 31, "date": "2025-12-31", "count": 1}})
		s.do(t, call{path: "/v1/content/archive?lang=ru&from=2026-03-06"}).is("data", []any{object{"year": 2026, "count": 1, "months": []any{
			object{"month": 3, "count": 1, "days": []any{object{"day": 6, "date": "2026-03-06", "count": 1}}},
		}}})
		s.do(t, call{path: "/v1/content/archive?tag=none"}).is("data", []any{})
		s.do(t, call{path: "/v1/content/archive?day=6", status: 400, code: "invalid_parameter"})
	})
}

func TestAPageInTheOtherScript(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		latin := s.story(t, object{"lang": "uz-Latn", "title": "Shahar yangiliklari", "tags": []any{object{"name": "shahar"}}})
		s.clock.Advance(time.Minute)
		main := s.story(t, object{"lang": "uz-Latn", "title": "Choʻl va suv", "tags": []any{object{"name": "shahar"}}})
		s.clock.Advance(time.Minute)
		own := s.story(t, object{"lang": "uz-Cyrl", "title": "Ўз таҳрири", "translation_of": latin})
		s.view(t, latin, firefox)
		s.do(t, call{
			as: editor, method: "POST", path: "/v1/manage/collections", status: 201,
			body: object{"key": "front", "name": "Front", "articles": []string{main, latin}},
		})
		page := s.do(t, call{path: "/v1/content/articles/" + main + "?lang=uz-Cyrl&include=related,latest,popular"})
		page.is("data.title", "Чўл ва сув").is("data.transliterated_from", "uz-Latn").lists("related", "Ўз таҳрири").
			lists("latest", "Ўз таҳрири").lists("popular", "Ўз таҳрири")
		s.do(t, call{path: "/v1/content/articles/" + main + "/related?lang=uz-Cyrl"}).is("data.0.id", own).is("meta.total", 1)
		s.do(t, call{path: "/v1/content/articles/" + main + "/related"}).is("data.0.id", latin).is("meta.total", 1)
		s.do(t, call{path: "/v1/content/collections/front?lang=uz-Cyrl"}).lists("data.articles", "Чўл ва сув, Ўз таҳрири").is("data.articles.1.id", own)
		s.do(t, call{path: "/v1/content/archive?lang=uz-Cyrl"}).is("data.0.count", 2)
		s.do(t, call{path: "/feeds/feed.json?lang=uz-Cyrl", has: []string{"Чўл ва сув", "Ўз таҳрири"}, hasNot: []string{"Shahar yangiliklari"}})
	})
}

func TestASearchInTheOtherScript(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"lang": "uz-Latn", "title": "Choʻl va suv", "body": object{"html": "<p>Daryo yoʻlini oʻzgartirdi.</p>"}})
		s.do(t, call{path: "/v1/content/articles?lang=uz-Cyrl&highlight=true&include=latest&q=" + url.QueryEscape("daryo yo'l")}).
			is("data.0.id", id).is("data.0.highlight.body", "<mark>Дарё</mark> <mark>йўлини</mark> ўзгартирди.").is("latest.0.title", "Чўл ва сув")
		s.do(t, call{path: "/v1/content/articles?lang=uz-Cyrl&q=" + url.QueryEscape("дарё")}).is("data.0.title", "Чўл ва сув").is("meta.total", 1)
	})
}
