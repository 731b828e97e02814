package api_test

import (
	"fmt"
	"testing"
	"time"
)

func TestAnArticleGoesFromDraftToReader(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "sections", object{"slug": "world", "name": "World", "translations": object{"ru": object{"name": "Мир"}}})
		s.add(t, "authors", object{"slug": "dilnoza", "name": "Dilnoza Yusupova", "job_title": "reporter", "email": "secret@nashr.example"})
		id := s.write(t, editor, object{
			"title": "A bridge opens", "section": "world", "authors": []string{"dilnoza"},
			"tags": []any{object{"name": "Bridges"}}, "custom": object{"map": "bridge-1"},
			"body": object{"html": "<p>The old <b>canal</b> has a new bridge.</p><h2>What it cost</h2><script>alert(1)</script><p>Nothing.</p>"},
		})
		s.do(t, call{path: "/v1/content/articles/" + id, status: 404, code: "not_found"})
		s.do(t, call{path: "/v1/content/articles", has: []string{`"total":0`}, hasNot: []string{"bridge"}})
		s.do(t, call{path: "/v1/content/tags", hasNot: []string{"ridges"}})

		s.publish(t, id, object{}).is("data.status", "published").is("data.has_changes", false).is("data.live.revision", 1)

		a := s.do(t, call{path: "/v1/content/articles/a-bridge-opens", hasNot: []string{"secret@", "alert"}})
		a.is("data.id", id).is("data.title", "A bridge opens").is("data.lang", "en").is("data.type", "article").
			is("data.url", "https://news.example/en/a-bridge-opens").
			is("data.section.path", "world").is("data.authors.0.name", "Dilnoza Yusupova").is("data.authors.0.job_title", "reporter").
			is("data.tags.0.slug", "bridges").is("data.custom.map", "bridge-1").
			is("data.summary", "The old canal has a new bridge. Nothing.").
			is("data.published_at", "2026-03-06T09:00:00Z").is("data.updated_at", "2026-03-06T09:00:00Z").
			is("data.body.html", "<p>The old <strong>canal</strong> has a new bridge.</p>\n<h2>What it cost</h2>\n<p>Nothing.</p>").
			is("data.views", 0).is("data.reading_minutes", 1).is("data.kicker", nil).is("data.lead_image", nil)
		s.do(t, call{path: "/v1/content/tags/bridges"}).is("data.article_count", 1)
		s.do(t, call{path: "/v1/content/authors/dilnoza", hasNot: []string{"secret@"}}).is("data.article_count", 1)
	})
}

func TestTimeAloneDecidesWhatIsLive(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, editor, object{"title": "At noon"})
		path := "/v1/content/articles/" + id
		noon := s.clock.Now().Add(3 * time.Hour)
		s.publish(t, id, object{"at": noon, "until": noon.Add(time.Hour)}).
			is("data.status", "scheduled").is("data.live", nil).is("data.scheduled.visible_from", "2026-03-06T12:00:00Z")

		s.clock.Set(noon.Add(-time.Millisecond))
		s.do(t, call{path: path, status: 404})
		s.do(t, call{path: "/v1/content/articles"}).is("meta.total", 0)
		s.clock.Set(noon)
		s.do(t, call{path: path}).is("data.published_at", "2026-03-06T12:00:00Z")
		s.do(t, call{path: "/v1/content/articles"}).is("meta.total", 1)
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + id}).is("data.status", "published")
		s.clock.Set(noon.Add(time.Hour - time.Millisecond))
		s.do(t, call{path: path})
		s.clock.Set(noon.Add(time.Hour))
		s.do(t, call{path: path, status: 404})
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + id}).is("data.status", "expired")
	})
}

func TestAScheduledUpdateLeavesTheOldTextUntilItsMoment(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"title": "First words", "slug": "words"})
		s.do(t, call{
			as: editor, method: "PATCH", path: "/v1/manage/articles/" + id, body: object{"title": "Second words", "slug": "new-words"},
			header: map[string]string{"If-Match": "*"},
		}).is("data.has_changes", true).is("data.live.slug", "words")
		later := s.clock.Now().Add(time.Hour)
		s.publish(t, id, object{"at": later}).is("data.status", "published").is("data.scheduled.slug", "new-words")

		s.do(t, call{path: "/v1/content/articles/words"}).is("data.title", "First words")
		s.do(t, call{path: "/v1/content/articles/new-words", status: 404})
		s.clock.Set(later)
		s.do(t, call{path: "/v1/content/articles/new-words"}).is("data.title", "Second words").
			is("data.published_at", "2026-03-06T09:00:00Z").is("data.updated_at", "2026-03-06T10:00:00Z")
		moved := s.do(t, call{path: "/v1/content/articles/words?format=text", status: 308})
		if got := moved.header.Get("Location"); got != "/v1/content/articles/new-words?format=text&lang=en" {
			t.Errorf("Location is %q", got)
		}
	})
}

func TestPublishingAgain(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, editor, object{"title": "Imported"})
		s.publish(t, id, object{"at": "2019-05-01T07:30:00+05:00"}).is("data.published_at", "2019-05-01T02:30:00Z").
			is("data.live.visible_from", "2026-03-06T09:00:00Z").is("data.live.updated_at", "2019-05-01T02:30:00Z")
		s.clock.Advance(time.Minute)
		s.publish(t, id, object{}).is("data.published_at", "2019-05-01T02:30:00Z").is("data.live.updated_at", "2026-03-06T09:01:00Z")

		soon := s.clock.Now().Add(time.Hour)
		s.publish(t, id, object{"at": soon})
		s.publish(t, id, object{"at": soon.Add(time.Hour)})
		s.publish(t, id, object{"at": soon}).is("data.scheduled.visible_from", "2026-03-06T10:01:00Z")
		s.clock.Set(soon.Add(2 * time.Hour))
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + id}).is("data.live.visible_from", "2026-03-06T10:01:00Z").is("data.scheduled", nil)
		s.do(t, call{path: "/v1/content/articles"}).is("meta.total", 1)
	})
}

func TestUnpublish(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"title": "Too early"})
		path := "/v1/manage/articles/" + id
		s.clock.Advance(time.Minute)
		s.do(t, call{as: editor, method: "POST", path: path + "/unpublish"}).is("data.status", "unpublished").is("data.live", nil)
		s.do(t, call{path: "/v1/content/articles/" + id, status: 404})
		s.do(t, call{as: editor, method: "POST", path: path + "/unpublish", status: 409, code: "invalid_transition"})
		s.publish(t, id, object{}).is("data.status", "published").is("data.published_at", "2026-03-06T09:00:00Z")

		draft := s.write(t, editor, object{"title": "Not yet"})
		s.publish(t, draft, object{"at": s.clock.Now().Add(time.Hour)})
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + draft + "/unpublish"}).
			is("data.status", "draft").is("data.published_at", nil)
		s.clock.Advance(2 * time.Hour)
		s.do(t, call{path: "/v1/content/articles/" + draft, status: 404})
	})
}

func TestFilters(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "sections", object{"slug": "news", "name": "News"})
		s.add(t, "sections", object{"slug": "world", "name": "World", "parent": "news"})
		s.add(t, "sections", object{"slug": "sports", "name": "Sports"})
		for _, tag := range []string{"Russia", "Alliances", "Football"} {
			s.add(t, "tags", object{"name": tag})
		}
		s.add(t, "authors", object{"slug": "ann", "name": "Ann"})
		ids := map[string]string{}
		for i, a := range []object{
			{"title": "A", "section": "world", "tags": []string{"russia", "alliances"}, "authors": []string{"ann"}},
			{"title": "B", "section": "world", "tags": []string{"russia"}, "type": "opinion", "featured": true},
			{"title": "C", "section": "sports", "tags": []string{"football"}, "breaking": true},
			{"title": "D", "section": "news", "lang": "ru", "slug": "d"},
			{"title": "E"},
		} {
			id := s.write(t, editor, a)
			s.publish(t, id, object{"at": time.Date(2026, 3, 1+i, 20, 0, 0, 0, time.UTC)})
			ids[a["title"].(string)] = id
		}
		s.clock.Set(time.Date(2026, 3, 7, 0, 0, 0, 0, time.UTC))
		for query, want := range map[string]string{
			"":                                 "[E D C B A]",
			"sort=title":                       "[A B C D E]",
			"sort=-title":                      "[E D C B A]",
			"sort=views,title":                 "[A B C D E]",
			"sort=updated_at":                  "[A B C D E]",
			"section=news":                     "[D B A]",
			"section=world,sports":             "[C B A]",
			"section=-news":                    "[E C]",
			"section=-world,-sports":           "[E D]",
			"tag=russia":                       "[B A]",
			"tag=russia&tag=alliances":         "[A]",
			"tag=russia,football":              "[C B A]",
			"tag=russia&tag=-alliances":        "[B]",
			"tag=-football":                    "[E D B A]",
			"tag=no-such-tag":                  "[]",
			"author=ann":                       "[A]",
			"author=-ann":                      "[E D C B]",
			"type=opinion":                     "[B]",
			"type=-opinion,-article":           "[]",
			"lang=ru":                          "[D]",
			"lang=ru,EN&sort=title":            "[A B C D E]",
			"lang=-ru":                         "[E C B A]",
			"featured=true":                    "[B]",
			"featured=false&breaking=true":     "[C]",
			"from=2026-03-03T20:00:00Z":        "[E D C]",
			"to=2026-03-03T20:00:00Z":          "[C B A]",
			"from=2026-03-04&to=2026-03-05":    "[D C]", // days of Tashkent, five hours ahead
			"ids=" + ids["A"] + "," + ids["C"]: "[C A]",
			"section=" + "news&tag=russia&author=ann&type=article&lang=en&featured=false": "[A]",
		} {
			got := s.do(t, call{path: "/v1/content/articles?" + query})
			if titles := fmt.Sprint(got.all("title")); titles != want {
				t.Errorf("%s: got %s, want %s", query, titles, want)
			}
			got.is("meta.total", len(got.all("title")))
			managed := s.do(t, call{as: editor, path: "/v1/manage/articles?sort=-published_at&" + query, status: managedStatus(query)})
			if managed.status == 200 && fmt.Sprint(managed.all("title")) != want {
				t.Errorf("managed %s: got %v, want %s", query, managed.all("title"), want)
			}
		}
		s.do(t, call{path: "/v1/content/articles?tag=" + s.do(t, call{path: "/v1/content/tags/football"}).text("data.id")}).is("data.0.title", "C")
	})
}

// managedStatus is 400 for queries that sort, because the managed list is given its own order already.
func managedStatus(query string) int {
	if len(query) >= 5 && (query[:5] == "sort=" || query == "lang=ru,EN&sort=title") {
		return 400
	}
	return 200
}

func TestParametersThatCannotBe(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for query, name := range map[string]string{
			"colour=red":             "colour",
			"limit=0":                "limit",
			"limit=101":              "limit",
			"limit=ten":              "limit",
			"page=0":                 "page",
			"page=502":               "page",
			"page=1&cursor=abc":      "cursor",
			"cursor=abc":             "cursor",
			"sort=password":          "sort",
			"sort=title,-title":      "sort",
			"sort=":                  "sort",
			"fields=title,email":     "fields",
			"include=secrets":        "include",
			"lang=de":                "lang",
			"lang=uz-Arab":           "lang",
			"section=Not+A+Slug":     "section",
			"tag=%00":                "tag",
			"tag=%ff":                "tag",
			"tag=a,,b":               "tag",
			"type=" + long(33):       "type",
			"from=yesterday":         "from",
			"to=2026-02-30":          "to",
			"featured=yes":           "featured",
			"total=0":                "total",
			"ids=1,2":                "ids",
			"limit=5&limit=6":        "limit",
			"status=draft":           "status",
			"title=x":                "title",
			"search=%3Bdrop%20table": "search",
		} {
			a := s.do(t, call{path: "/v1/content/articles?" + query, status: 400, code: "invalid_parameter"})
			a.is("errors.0.pointer", name)
		}
		s.do(t, call{path: "/v1/content/articles?limit=x&colour=y&tag=&page=-1", status: 400, has: []string{`"limit"`, `"colour"`, `"tag"`, `"page"`}})
		s.do(t, call{path: "/v1/content/articles/x?format=pdf", status: 400, code: "invalid_parameter"})
		s.do(t, call{path: "/v1/content/site?x=1", status: 400, code: "invalid_parameter"})
	})
}

func long(n int) string { return fmt.Sprintf("%0*d", n, 0) }

func TestFieldsAndInclude(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"title": "Short", "body": object{"markdown": "Some *text*."}})
		s.do(t, call{path: "/v1/content/articles?fields=title,slug", has: []string{`"data":[{"slug":"short","title":"Short"}]`}})
		s.do(t, call{path: "/v1/content/articles?include=body"}).is("data.0.body.html", "<p>Some <em>text</em>.</p>")
		s.do(t, call{path: "/v1/content/articles?total=false"}).is("meta.total", nil)
		s.do(t, call{path: "/v1/content/articles/" + id + "?fields=title", has: []string{`{"data":{"title":"Short"}}`}})
		a := s.do(t, call{path: "/v1/content/articles/" + id + "?format=blocks,text,markdown"})
		a.is("data.body.blocks.0.type", "paragraph").is("data.body.text", "Some text.").is("data.body.markdown", "Some *text*.\n")
	})
}

func TestConditionalRequests(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"title": "Once"})
		for _, path := range []string{"/v1/content/articles", "/v1/content/articles/" + id, "/v1/content/sections", "/v1/content/tags", "/v1/content/site"} {
			a := s.do(t, call{path: path})
			tag := a.header.Get("ETag")
			s.do(t, call{path: path, status: 304, header: map[string]string{"If-None-Match": `"x", W/` + tag}})
			s.do(t, call{path: path, header: map[string]string{"If-None-Match": `"x"`}})
			head := s.do(t, call{method: "HEAD", path: path})
			if head.raw != "" || head.header.Get("ETag") != tag || head.header.Get("Content-Length") != fmt.Sprint(len(a.raw)) {
				t.Errorf("HEAD %s: %v %q", path, head.header, head.raw)
			}
		}
	})
}

func TestTheDefaultLanguageWinsAmongEqualSlugs(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		ru := s.story(t, object{"title": "Новый мост", "slug": "bridge", "lang": "ru"})
		s.do(t, call{path: "/v1/content/articles/bridge"}).is("data.lang", "ru")
		en := s.write(t, editor, object{"title": "New bridge", "slug": "bridge", "translation_of": ru})
		s.do(t, call{path: "/v1/content/articles/bridge"}).is("data.lang", "ru").is("data.translations", []any{})
		s.publish(t, en, object{})
		s.do(t, call{path: "/v1/content/articles/bridge"}).is("data.lang", "en").is("data.translations.0.lang", "ru")
		s.do(t, call{path: "/v1/content/articles/bridge?lang=ru"}).is("data.lang", "ru").is("data.translations.0.slug", "bridge")
		s.do(t, call{path: "/v1/content/articles/bridge?lang=uz-Latn", status: 404})
	})
}
