package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestTermsComeAndGo(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for kind, term := range map[string]object{
			"sections": {"name": "World News", "description": "All of it", "position": 3, "translations": object{"RU": object{"name": "Мир", "description": "Всё"}}},
			"authors": {
				"name": "Dilnoza Yusupova", "job_title": "reporter", "bio": "Writes.", "avatar": "https://a.example/d.jpg", "email": "d@nashr.example", "description": "x",
				"links": []object{{"label": "Blog", "url": "https://blog.example"}}, "translations": object{"ru": object{"name": "Дилноза", "job_title": "репортёр", "bio": "Пишет."}},
			},
			"tags": {"name": "Football", "description": "Goals", "translations": object{"ru": object{"name": "Футбол"}}},
		} {
			path := "/v1/manage/" + kind
			made := s.do(t, call{as: editor, method: "POST", path: path, body: term, status: 201})
			id := made.text("data.id")
			if got := made.header.Get("Location"); got != path+"/"+id || made.header.Get("ETag") != `"1"` {
				t.Errorf("%s: Location %s, ETag %s", kind, got, made.header.Get("ETag"))
			}
			slug := made.text("data.slug")
			read := s.do(t, call{as: contributor, path: path + "/" + slug})
			if read.raw != made.raw || s.do(t, call{as: contributor, path: path + "/" + id}).raw != made.raw {
				t.Errorf("%s: made %s\nread %s", kind, made.raw, read.raw)
			}
			made.is("data.description", term["description"]).at("data.translations.ru.name")

			s.clock.Advance(time.Minute)
			all := s.everything(t)
			s.patch(t, kind+"/"+slug, object{"name": term["name"], "slug": slug, "description": term["description"]})
			s.patch(t, kind+"/"+slug, object{})
			if s.everything(t) != all {
				t.Errorf("%s: a change of nothing changed something", kind)
			}
			changed := s.patch(t, kind+"/"+slug, object{"description": nil, "name": "Renamed", "translations": object{"ru": nil, "uz-Latn": object{"name": "Yangi"}}})
			changed.is("data.version", 2).is("data.slug", slug).is("data.name", "Renamed").is("data.description", nil).is("data.updated_at", "2026-03-06T09:01:00Z").
				is("data.created_at", "2026-03-06T09:00:00Z").is("data.translations.uz-Latn.name", "Yangi")
			if _, there := changed.at("data.translations").(object)["ru"]; there {
				t.Errorf("%s: the translation is still there", kind)
			}
			s.patch(t, kind+"/"+slug, object{"slug": nil}).is("data.slug", "renamed")
			s.do(t, call{as: editor, path: path + "/" + slug, status: 404, code: "not_found"})
			s.do(t, call{as: editor, method: "DELETE", path: path + "/" + id, header: map[string]string{"If-Match": `"3"`}, status: 204})
			s.do(t, call{as: editor, method: "DELETE", path: path + "/" + id, header: map[string]string{"If-Match": "*"}, status: 404})
			s.do(t, call{path: "/v1/content/" + kind + "/renamed", status: 404})
			s.clock.Advance(-time.Minute)
		}
	})
}

func TestRulesOfTerms(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		long := func(n int) string { return strings.Repeat("ў", n) }
		many := make([]object, 51)
		for i := range many {
			many[i] = object{"url": "https://a.example"}
		}
		for _, c := range []struct {
			kind string
			body object
			want string
		}{
			{"tags", object{}, "/name required"},
			{"tags", object{"name": "  "}, "/name required"},
			{"tags", object{"name": long(201), "slug": "Bad Slug", "description": long(2001), "colour": 1}, "/colour unknown_field/name too_long/description too_long/slug invalid_value"},
			{"tags", object{"name": "x", "listed": true}, "/listed unknown_field"},
			{"tags", object{"name": "x", "translations": object{"zz-": object{}, "ru": object{"name": long(201)}}}, "/translations/zz- invalid_value/translations/ru/name too_long"},
			{"tags", object{"name": "x", "translations": object{"RU": object{}, "ru": object{}}}, "/translations/ru duplicate"},
			{"tags", object{"name": "x", "translations": object{"ru": object{"bio": "x"}}}, "/translations/ru/bio unknown_field"},
			{"tags", object{"name": "x", "translations": object{"a/b": object{}}}, "/translations/a~1b invalid_value"},
			{"sections", object{"name": "x", "position": -1, "parent": "nowhere"}, "/position out_of_range/parent unknown_reference"},
			{"sections", object{"name": "x", "position": 1.5}, "/position wrong_type"},
			{"sections", object{"name": "x", "position": 1_000_001}, "/position out_of_range"},
			{"authors", object{"name": "x", "email": "not an address", "avatar": "/x.jpg", "job_title": long(201), "bio": long(5001)}, "/job_title too_long/bio too_long/avatar invalid_value/email invalid_value"},
			{"authors", object{"name": "x", "links": []object{{"label": long(201), "url": "javascript:x"}, {"label": "x"}}}, "/links/1/url required/links/0/label too_long/links/0/url invalid_value"},
			{"authors", object{"name": "x", "links": many}, "/links too_long"},
		} {
			a := s.refused(t, call{as: editor, method: "POST", path: "/v1/manage/" + c.kind, body: c.body, status: 422, code: "validation_failed"})
			if got := strings.ReplaceAll(a.errors(), "\n", ""); got != c.want {
				t.Errorf("%s %.100s: got %q, want %q", c.kind, fmt.Sprint(c.body), got, c.want)
			}
		}
		for kind, want := range map[string]string{"sections": "section-", "authors": "author-", "tags": "tag-"} {
			a := s.do(t, call{as: editor, method: "POST", path: "/v1/manage/" + kind, body: object{"name": "🎉"}, status: 201})
			if got := a.text("data.slug"); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s", kind, got)
			}
		}
		s.add(t, "authors", object{"name": "Same Name"})
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/authors", body: object{"name": "Same Name"}, status: 201}).is("data.slug", "same-name-2")
	})
}

func TestTheTreeOfSections(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		parent := ""
		for level := range 8 {
			slug := fmt.Sprintf("level-%d", level+1)
			section := object{"name": slug}
			if parent != "" {
				section["parent"] = parent
			}
			s.add(t, "sections", section)
			parent = slug
		}
		deep := call{as: editor, method: "POST", path: "/v1/manage/sections", body: object{"name": "x", "parent": "level-8"}, status: 422}
		s.refused(t, deep).is("errors.0.code", "out_of_range").is("errors.0.pointer", "/parent")
		s.do(t, call{path: "/v1/content/sections/level-8"}).is("data.path", "level-1/level-2/level-3/level-4/level-5/level-6/level-7/level-8").is("data.parent", "level-7")
		for _, circle := range [][2]string{{"level-7", "level-7"}, {"level-7", "level-8"}, {"level-6", "level-8"}, {"level-1", "level-1"}, {"level-1", "level-8"}} {
			if got := s.refusedPatch(t, "sections/"+circle[0], object{"parent": circle[1]}); !strings.HasPrefix(got, "/parent ") {
				t.Errorf("%v: %s", circle, got)
			}
		}
		s.add(t, "sections", object{"name": "Top", "position": 1})
		if got := s.refusedPatch(t, "sections/level-1", object{"parent": "top"}); got != "/parent out_of_range\n" {
			t.Error(got)
		}
		s.story(t, object{"title": "Deep down", "section": "level-8"})
		s.do(t, call{path: "/v1/content/sections/level-3"}).is("data.article_count", 1)
		s.patch(t, "sections/level-5", object{"parent": "top"}).is("data.parent", "top")
		tree := s.do(t, call{path: "/v1/content/sections"})
		tree.is("meta.total", 2).is("data.0.slug", "level-1").is("data.0.article_count", 0).is("data.1.article_count", 1).
			is("data.1.children.0.path", "top/level-5").is("data.1.children.0.children.0.children.0.children.0.slug", "level-8")
		s.do(t, call{path: "/v1/content/articles/deep-down"}).is("data.section.path", "top/level-5/level-6/level-7/level-8")
		s.do(t, call{path: "/v1/content/articles?section=top"}).is("meta.total", 1)
		s.do(t, call{path: "/v1/content/articles?section=level-1"}).is("meta.total", 0)
		s.patch(t, "sections/level-5", object{"parent": nil, "position": 0}).is("data.parent", nil)
		s.do(t, call{path: "/v1/content/site"}).is("data.navigation.0.section", "level-1").is("data.navigation.1.section", "level-5").is("data.navigation.2.title", "Top")
		s.do(t, call{path: "/v1/content/sections?fields=slug&limit=1", has: []string{`"data":[{"slug":"level-1"}]`}})
	})
}

func TestANewNameIsSeenEverywhereAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		newPlace(t, s)
		pages := []string{"/v1/content/articles", "/v1/content/articles/it-rains", "/v1/content/sections", "/v1/content/authors/ann", "/v1/content/tags", "/v1/content/site"}
		tags := map[string]string{}
		for _, p := range pages {
			tags[p] = s.do(t, call{path: p}).header.Get("ETag")
		}
		s.patch(t, "sections/world", object{"name": "Globe", "translations": object{"ru": object{"name": "Шар"}}})
		s.patch(t, "authors/ann", object{"name": "Anna", "job_title": "editor", "email": "secret@nashr.example", "translations": object{"ru": object{"name": "Анна", "job_title": "редактор"}}})
		s.patch(t, "tags/rain", object{"name": "Rainfall", "translations": object{"uz-Latn": object{"name": "Yomgʻir"}, "ru": object{"name": "Дождь"}}})
		for _, p := range pages {
			a := s.do(t, call{path: p, header: map[string]string{"If-None-Match": tags[p]}, hasNot: []string{"secret@"}})
			if !strings.Contains(a.raw, "Globe") && !strings.Contains(a.raw, "Anna") && !strings.Contains(a.raw, "Rainfall") {
				t.Errorf("%s is old: %s", p, a.raw)
			}
		}
		s.do(t, call{path: "/v1/content/articles?lang=en"}).is("data.0.section.name", "Globe").is("data.0.authors.0.name", "Anna").
			is("data.0.authors.0.job_title", "editor").is("data.0.tags.0.name", "Rainfall")
		s.do(t, call{path: "/v1/content/tags/rain?lang=ru"}).is("data.name", "Дождь")
		s.do(t, call{path: "/v1/content/tags?lang=uz-Cyrl"}).is("data.0.name", "Ёмғир") // in the other script
		s.do(t, call{path: "/v1/content/authors/ann?lang=ru"}).is("data.name", "Анна").is("data.job_title", "редактор")
		s.do(t, call{path: "/v1/content/sections?lang=ru"}).is("data.0.name", "Шар")
		s.do(t, call{path: "/v1/content/site?lang=ru"}).is("data.navigation.0.title", "Шар")
		s.do(t, call{path: "/v1/content/authors?lang=de", status: 400}).is("errors.0.pointer", "lang")
		s.do(t, call{as: editor, path: "/v1/manage/authors/ann"}).is("data.email", "secret@nashr.example")
		s.do(t, call{path: "/v1/content/authors?fields=email", status: 400}).is("errors.0.pointer", "fields")
	})
}

func TestATagOfADraftIsNoNews(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, author, object{"title": "x", "tags": []object{{"name": "Scoop"}}})
		s.add(t, "tags", object{"name": "Ready"})
		s.do(t, call{path: "/v1/content/tags"}).is("meta.total", 1).is("data.0.article_count", 0)
		s.do(t, call{path: "/v1/content/tags/scoop", status: 404})
		s.do(t, call{as: author, path: "/v1/manage/tags/scoop"})
		s.publish(t, id, object{"at": s.clock.Now().Add(time.Hour), "until": s.clock.Now().Add(2 * time.Hour)})
		s.do(t, call{path: "/v1/content/tags/scoop", status: 404})
		s.clock.Advance(time.Hour)
		s.do(t, call{path: "/v1/content/tags/scoop"}).is("data.article_count", 1)
		s.do(t, call{path: "/v1/content/tags?sort=-name"}).is("meta.total", 2).is("data.0.name", "Scoop")
		s.clock.Advance(time.Hour)
		s.do(t, call{path: "/v1/content/tags/scoop", status: 404})
		s.patch(t, "tags/scoop", object{"description": "An editor has it now."})
		s.do(t, call{path: "/v1/content/tags/scoop"}).is("data.article_count", 0)
	})
}

func TestListsOfTerms(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for _, kind := range []string{"sections", "authors", "tags"} {
			for i, name := range []string{"Delta", "alpha", "Бета", "Charlie"} {
				s.clock.Advance(time.Second)
				s.add(t, kind, object{"name": name, "slug": fmt.Sprintf("%c", 'd'-i)})
			}
			path := "/v1/manage/" + kind
			for query, want := range map[string]string{
				"sort=slug": "a b c d", "sort=-slug": "d c b a", "sort=created_at": "d c b a", "sort=-created_at": "a b c d", "sort=name": "a d c b", "sort=-updated_at,slug": "a b c d",
			} {
				same(t, kind+" "+query, s.do(t, call{as: author, path: path + "?" + query}).all("slug"), strings.Fields(want))
			}
			s.do(t, call{as: author, path: path + "?sort=slug&fields=slug,name&limit=2&page=2", has: []string{`"data":[{"name":"alpha","slug":"c"},{"name":"Delta","slug":"d"}]`}}).
				is("meta.page", 2).is("meta.total", 4).is("links.next", nil)
			s.do(t, call{as: author, path: path + "?sort=views", status: 400}).is("errors.0.pointer", "sort")
			s.do(t, call{as: author, path: path + "?fields=password", status: 400}).is("errors.0.pointer", "fields")
			if kind != "sections" {
				same(t, kind, s.do(t, call{path: "/v1/content/" + kind + "?sort=-slug"}).all("slug"), strings.Fields("d c b a"))
				s.do(t, call{path: "/v1/content/" + kind + "?fields=slug,article_count&limit=1", has: []string{`"data":[{"article_count":0,"slug":"a"}]`}})
			}
			s.do(t, call{path: "/v1/content/" + kind + "?fields=version", status: 400})
		}
	})
}
