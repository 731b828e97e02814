package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTrash(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		p := newPlace(t, s)
		path := "/v1/manage/articles/" + p.article
		a := s.do(t, call{as: editor, method: "DELETE", path: path, header: map[string]string{"If-Match": `"2"`}, status: 204})
		if a.raw != "" {
			t.Errorf("204 has a body: %s", a.raw)
		}
		s.do(t, call{path: "/v1/content/articles/it-rains", status: 404})
		s.do(t, call{path: "/v1/content/articles"}).is("meta.total", 0)
		s.do(t, call{path: "/v1/content/tags/rain"}).is("data.article_count", 0)
		s.do(t, call{path: "/v1/content/sections/world"}).is("data.article_count", 0)
		s.do(t, call{as: editor, path: path}).is("data.status", "trashed").is("data.live", nil).is("data.version", 3)
		for query, total := range map[string]int{"": 0, "mine=true": 0, "status=trashed": 1, "ids=" + p.article: 0, "tag=rain": 0, "status=trashed&tag=rain": 1, "status=draft,unpublished": 0} {
			s.do(t, call{as: editor, path: "/v1/manage/articles?" + query}).is("meta.total", total)
		}
		s.clock.Advance(time.Hour)
		s.do(t, call{path: "/v1/content/articles/it-rains", status: 404})
	})
}

func TestStatusFilters(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		hour := s.clock.Now().Add(time.Hour)
		s.write(t, author, object{"title": "draft"})
		s.publish(t, s.write(t, author, object{"title": "scheduled"}), object{"at": hour})
		s.publish(t, s.write(t, editor, object{"title": "published"}), object{})
		ahead := s.story(t, object{"title": "ahead"})
		s.patch(t, "articles/"+ahead, object{"kicker": "new"})
		planned := s.story(t, object{"title": "planned"})
		s.clock.Advance(time.Millisecond)
		s.patch(t, "articles/"+planned, object{"kicker": "new"})
		s.publish(t, planned, object{"at": hour})
		s.publish(t, s.write(t, author, object{"title": "expired"}), object{"until": s.clock.Now().Add(time.Second)})
		s.publish(t, s.write(t, author, object{"title": "again"}), object{"until": s.clock.Now().Add(time.Second)})
		back := s.story(t, object{"title": "unpublished"})
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + back + "/unpublish"})
		gone := s.write(t, editor, object{"title": "trashed"})
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/articles/" + gone, header: map[string]string{"If-Match": "*"}, status: 204})
		s.clock.Advance(time.Minute)
		id := s.do(t, call{as: author, path: "/v1/manage/articles?status=expired&sort=title"}).text("data.0.id")
		s.publish(t, id, object{"at": hour}) // expired once, and to come again

		for query, want := range map[string]string{
			"":                                       "[again ahead draft expired planned published scheduled unpublished]",
			"status=draft":                           "[draft]",
			"status=scheduled":                       "[again scheduled]",
			"status=published":                       "[ahead planned published]",
			"status=expired":                         "[expired]",
			"status=unpublished":                     "[unpublished]",
			"status=trashed":                         "[trashed]",
			"status=draft,trashed":                   "[draft trashed]",
			"status=draft,expired&mine=true":         "[]",
			"mine=true":                              "[ahead planned published unpublished]",
			"mine=false&status=draft":                "[draft]",
			"has_changes=true":                       "[ahead]",
			"has_changes=false&status=published":     "[planned published]",
			"has_changes=true&status=draft":          "[]",
			"has_changes=false&status=draft,expired": "[draft expired]",
		} {
			a := s.do(t, call{as: editor, path: "/v1/manage/articles?sort=title&" + query})
			if got := fmt.Sprint(a.all("title")); got != want {
				t.Errorf("%s: got %s, want %s", query, got, want)
			}
			a.is("meta.total", len(a.all("title")))
			for i, status := range a.all("status") { // what the query says, the answer says
				one := s.do(t, call{as: editor, path: "/v1/manage/articles/" + a.text(fmt.Sprintf("data.%d.id", i))})
				one.is("data.status", status).is("data.has_changes", a.at(fmt.Sprintf("data.%d.has_changes", i)))
			}
		}
		s.do(t, call{as: author, path: "/v1/manage/articles?mine=true&sort=title"}).is("meta.total", 4)
		for _, query := range []string{"status=live", "status=", "mine=1", "has_changes=no", "status=draft,-live"} {
			s.do(t, call{as: editor, path: "/v1/manage/articles?" + query, status: 400, code: "invalid_parameter"})
		}
	})
}

func TestBodies(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		path := "articles/" + s.write(t, editor, object{"title": "x"})
		for _, body := range []object{
			{"html": "<h2>Head</h2><p>One <i>two</i>.</p>"},
			{"markdown": "## Head\n\nOne *two*."},
			{"blocks": []object{{"type": "heading", "level": 2, "text": "Head"}, {"type": "paragraph", "text": "One <em>two</em>."}}},
		} {
			s.patch(t, path, object{"body": body}).is("data.body.html", "<h2>Head</h2>\n<p>One <em>two</em>.</p>").is("data.word_count", 3)
		}
		a := s.do(t, call{as: editor, path: "/v1/manage/" + path + "?format=blocks,markdown,text"})
		a.is("data.body.blocks.0.level", 2).is("data.body.text", "Head\n\nOne two.").is("data.body.markdown", "## Head\n\nOne *two*.\n")
		s.patch(t, path, object{"body": object{"blocks": []object{}}}).is("data.body.html", "").is("data.word_count", 0)
		for want, body := range map[string]any{
			"/body wrong_type":                   "text",
			"/body/rtf unknown_field":            object{"rtf": "x"},
			"/body/html wrong_type":              object{"html": 5},
			"/body invalid_value":                object{},
			"/body invalid_value\n":              object{"html": "x", "markdown": "x"},
			"/body/blocks wrong_type":            object{"blocks": "x"},
			"/body/blocks/0 wrong_type":          object{"blocks": []any{nil}},
			"/body/blocks/0/type":                object{"blocks": []object{{"type": "carousel"}}},
			"/body/blocks/1/level out_of_range":  object{"blocks": []object{{"type": "paragraph", "text": "x"}, {"type": "heading", "text": "x", "level": 1}}},
			"/body/blocks/0/colour":              object{"blocks": []object{{"type": "paragraph", "colour": "red"}}},
			"/body/blocks/0/url":                 object{"blocks": []object{{"type": "image", "url": "javascript:alert(1)"}}},
			"/body/blocks/0/items/0/text wrong_": object{"blocks": []object{{"type": "list", "items": []object{{"text": 5}}}}},
			"/body/blocks too_long":              object{"blocks": slices.Repeat([]object{{"type": "divider"}}, 2001)},
		} {
			if got := s.refusedPatch(t, path, object{"body": body}); !strings.Contains(got, want) {
				t.Errorf("%.80s: got %.300s, want %s", fmt.Sprint(body), got, want)
			}
		}
	})
}

func TestHTMLIsSanitised(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		nasty := `<p onclick="x()">Hi<script>alert(1)</script> <a href="javascript:alert(1)">link</a><img src=x onerror=alert(1)><iframe src="https://evil.example"></iframe></p>` +
			`<svg onload=alert(1)><style>*{}</style><form action="/x"><input></form>`
		for _, body := range []object{
			{"html": nasty}, {"markdown": nasty + "\n\n[x](javascript:alert(1))"}, {"blocks": []object{{"type": "paragraph", "text": nasty}, {"type": "quote", "text": nasty, "attribution": nasty}}},
		} {
			id := s.story(t, object{"title": "<b>Not</b> markup & <script>", "body": body})
			a := s.do(t, call{path: "/v1/content/articles/" + id + "?format=html,blocks,markdown"})
			a.is("data.title", "<b>Not</b> markup & <script>")
			for _, bad := range []string{"onclick", "onerror", "onload", "javascript:", "evil.example", "<svg", "<form", "<input", "<style", "<script>alert"} {
				if html := strings.ToLower(fmt.Sprint(a.at("data.body"))); strings.Contains(html, bad) {
					t.Errorf("%q is in %s", bad, html)
				}
			}
		}
	})
}

func TestLimitsOfArticles(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		path := "articles/" + s.write(t, editor, object{"title": "x"})
		long := func(n int) string { return strings.Repeat("ў", n) } // counted in characters, not bytes
		url := func(n int) string { return "https://a.example/" + strings.Repeat("a", n-18) }
		for field, most := range map[string]int{"title": 300, "kicker": 200, "subtitle": 500, "summary": 2000} {
			s.patch(t, path, object{field: long(most)})
			if got := s.refusedPatch(t, path, object{field: long(most + 1)}); got != "/"+field+" too_long\n" {
				t.Errorf("%s: %s", field, got)
			}
		}
		s.patch(t, path, object{"seo": object{"title": long(300), "description": long(2000), "canonical": url(2000)}, "type": strings.Repeat("a", 32), "slug": strings.Repeat("a", 100)})
		for want, changes := range map[string]object{
			"/seo/title too_long":         {"seo": object{"title": long(301)}},
			"/seo/description too_long":   {"seo": object{"description": long(2001)}},
			"/seo/canonical invalid_valu": {"seo": object{"canonical": url(2001)}},
			"/type invalid_value":         {"type": strings.Repeat("a", 33)},
			"/title required":             {"title": " \t\n"},
			"/custom too_long":            {"custom": object{"x": strings.Repeat("x", 64<<10)}},
			"/authors too_long":           {"authors": make([]string, 51)},
			"/tags too_long":              {"tags": make([]string, 101)},
			"/tags/0/name too_long":       {"tags": []object{{"name": long(201)}}},
			"/tags/1 duplicate":           {"tags": []object{{"name": "Twice"}, {"name": "tWICE"}}},
		} {
			if got := s.refusedPatch(t, path, changes); !strings.Contains(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		s.patch(t, path, object{"custom": object{"x": strings.Repeat("x", 64<<10-8)}, "tags": []object{{"name": long(200)}}})
		many := []object{}
		for i := range 100 {
			many = append(many, object{"name": fmt.Sprint("Tag ", i)})
		}
		s.patch(t, path, object{"tags": many}).is("data.tags.99.name", "Tag 99")
	})
}

func TestPublishingIsAskedForInTheRightWords(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, editor, object{"title": "x"})
		for want, body := range map[string]any{
			"/at invalid_value":     object{"at": "tomorrow"},
			"/at wrong_type":        object{"at": 5},
			"/at invalid_value\n":   object{"at": "2026-03-06"},
			"/until out_of_range":   object{"until": "2026-03-06T09:00:00Z"},
			"/until out_of_range\n": object{"at": "2026-03-07T09:00:00Z", "until": "2026-03-07T09:00:00Z"},
			"/when unknown_field":   object{"when": "now"},
			" wrong_type":           []int{},
		} {
			got := s.refused(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/publish", body: body, status: 422}).errors()
			if !strings.Contains(got, want) {
				t.Errorf("%v: got %q, want %q", body, got, want)
			}
		}
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/publish", header: map[string]string{"Content-Type": ""}}).is("data.status", "published")
		s.publish(t, id, object{"at": nil, "until": nil}).is("data.live.visible_until", nil)
		s.publish(t, id, object{"until": "9999-12-31T23:59:59.999Z"})
	})
}

func TestTitlesAreOneLine(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, editor, object{"title": " Storks\nreturn\tto the\u00a0mill ", "kicker": "Town\r\nlife"})
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + id}).is("data.title", "Storks return to the\u00a0mill").is("data.kicker", "Town  life")
	})
}
