package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/api"
)

func TestConflicts(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		newPlace(t, s)
		s.write(t, editor, object{"title": "Second"})
		for _, kind := range []string{"sections", "authors", "tags"} {
			s.add(t, kind, object{"slug": "second", "name": "Second"})
		}
		second := s.do(t, call{as: editor, path: "/v1/manage/articles?ids=&sort=title", status: 400}) // an empty list of ids is a mistake
		second.is("errors.0.pointer", "ids")
		id := s.do(t, call{as: editor, path: "/v1/manage/articles?sort=-title&status=draft"}).text("data.0.id")
		for _, c := range []call{
			{method: "POST", path: "articles", body: object{"title": "New", "slug": "it-rains"}, code: "slug_taken"},
			{method: "PATCH", path: "articles/" + id, body: object{"slug": "it-rains"}, code: "slug_taken"},
			{method: "POST", path: "sections", body: object{"name": "New", "slug": "world"}, code: "slug_taken"},
			{method: "PATCH", path: "sections/second", body: object{"slug": "world"}, code: "slug_taken"},
			{method: "POST", path: "authors", body: object{"name": "New", "slug": "ann"}, code: "slug_taken"},
			{method: "PATCH", path: "authors/second", body: object{"slug": "ann"}, code: "slug_taken"},
			{method: "POST", path: "tags", body: object{"name": "New", "slug": "rain"}, code: "slug_taken"},
			{method: "PATCH", path: "tags/second", body: object{"slug": "rain"}, code: "slug_taken"},
			{method: "POST", path: "tags", body: object{"name": "  RAIN "}, code: "already_exists"},
			{method: "PATCH", path: "tags/second", body: object{"name": "rAin"}, code: "already_exists"},
			{method: "POST", path: "articles/" + id + "/unpublish", code: "invalid_transition"},
		} {
			c.as, c.status, c.path = editor, 409, "/v1/manage/"+c.path
			c.header = map[string]string{"If-Match": "*"}
			s.refused(t, c)
		}
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles", body: object{"title": "Another tongue", "slug": "it-rains", "lang": "ru"}, status: 201})
	})
}

func TestTheTrashIsTheEnd(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, editor, object{"title": "Rubbish"})
		path := "/v1/manage/articles/" + id
		force := map[string]string{"If-Match": "*"}
		s.do(t, call{as: editor, method: "DELETE", path: path, status: 204, header: force})
		for _, c := range []call{
			{method: "DELETE", path: path},
			{method: "PATCH", path: path, body: object{"title": "x"}},
			{method: "POST", path: path + "/publish"},
			{method: "POST", path: path + "/unpublish"},
		} {
			c.as, c.status, c.code, c.header = editor, 409, "invalid_transition", force
			s.refused(t, c)
		}
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles", body: object{"title": "x", "slug": "rubbish"}, status: 409, code: "slug_taken"})
	})
}

func TestWhatIsInUseStays(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		newPlace(t, s)
		force := map[string]string{"If-Match": "*"}
		s.add(t, "sections", object{"slug": "parent", "name": "Parent"})
		s.add(t, "sections", object{"slug": "child", "name": "Child", "parent": "parent"})
		draft := s.write(t, editor, object{"title": "Draft", "section": "child", "tags": []any{object{"name": "Draft only"}}, "authors": []string{s.add(t, "authors", object{"name": "Bob"})}})
		used := []string{"sections/world", "authors/ann", "tags/rain", "sections/parent", "sections/child", "authors/bob", "tags/draft-only"}
		for _, path := range used {
			s.refused(t, call{as: editor, method: "DELETE", path: "/v1/manage/" + path, header: force, status: 409, code: "in_use"})
		}
		// What is live counts although the working copy has let it go.
		s.do(t, call{
			as: editor, method: "PATCH", path: "/v1/manage/articles/" + s.do(t, call{path: "/v1/content/articles/it-rains"}).text("data.id"),
			body: object{"section": nil, "tags": []string{}, "authors": nil}, header: force,
		})
		for _, path := range used[:3] {
			s.refused(t, call{as: editor, method: "DELETE", path: "/v1/manage/" + path, header: force, status: 409, code: "in_use"})
		}
		s.do(t, call{as: editor, method: "PATCH", path: "/v1/manage/articles/" + draft, body: object{"section": nil, "tags": nil, "authors": nil}, header: force})
		for _, path := range []string{"sections/child", "sections/parent", "authors/bob", "tags/draft-only"} {
			s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/" + path, header: force, status: 204})
			s.do(t, call{as: editor, path: "/v1/manage/" + path, status: 404})
		}
	})
}

func TestVersions(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		p := newPlace(t, s)
		s.do(t, call{as: admin, method: "PATCH", path: "/v1/manage/site", body: object{"name": "Courier"}, header: map[string]string{"If-Match": `"1"`}})
		for _, r := range api.Routes() {
			if r.Method != "PATCH" && (r.Method != "DELETE" || !strings.HasPrefix(r.Path, "/v1/manage")) {
				continue
			}
			if strings.HasSuffix(r.Path, "/:link") || strings.HasSuffix(r.Path, "/editing") {
				continue // which have no versions
			}
			path := p.fill(r.Path)
			whole, _, _ := strings.Cut(strings.TrimSuffix(path, "/totp"), "/corrections/")
			whole = strings.Replace(whole, "/front/articles/"+p.article, "/front", 1)
			tag := s.do(t, call{as: admin, path: whole}).header.Get("ETag")
			c := call{as: admin, method: r.Method, path: path, body: object{}, status: 428, code: "precondition_required"}
			s.refused(t, c)
			empty := s.request(t, c)
			empty.Header["If-Match"] = []string{""}
			if a := s.send(t, empty); a.status != 428 {
				t.Errorf("%s %s with an empty If-Match: %d", r.Method, path, a.status)
			}
			c.status, c.code = 412, "stale_version"
			for _, old := range []string{`"99"`, "W/" + tag, `1`, `"01"`, `"-1"`, `""`, `"x"`, `"0", "99"`, `"99999999999999999999"`, "**", ","} {
				c.header = map[string]string{"If-Match": old}
				if got := s.refused(t, c).header.Get("ETag"); got != tag {
					t.Errorf("%s %s: the ETag is %s, want %s", r.Method, path, got, tag)
				}
			}
			if r.Method == "PATCH" {
				for _, good := range []string{tag, `"99", ` + tag, "*"} {
					s.do(t, call{as: admin, method: "PATCH", path: path, body: object{}, header: map[string]string{"If-Match": good}})
				}
			}
		}
		s.refused(t, call{
			as: editor, method: "POST", path: "/v1/manage/articles/" + p.article + "/publish", header: map[string]string{"If-Match": `"1"`},
			status: 412, code: "stale_version",
		})
	})
}

func TestAllThatIsWrongIsToldAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		p := newPlace(t, s)
		body := object{
			"title": strings.Repeat("x", 301), "colour": "red", "a/b~c": 1, "featured": "yes", "kicker": 5, "slug": "Not A Slug", "type": "Big Word",
			"section": "nowhere", "authors": []any{"nobody", "ann", 7}, "tags": []any{"rain", object{"name": "Never made"}, "no-such-tag", object{"name": ""}, object{"label": "x"}, nil},
			"seo": object{"canonical": "ftp://x", "colour": 1}, "custom": []int{1}, "lang": "de", "lead_image": "p1", "translation_of": "no-such-article",
			"body": object{"blocks": []any{object{"type": "heading", "text": "x", "level": 9}, object{"type": 5}}},
		}
		want := []string{
			"/a~1b~0c unknown_field", "/authors/0 unknown_reference", "/authors/2 wrong_type", "/body/blocks/1/type wrong_type", "/colour unknown_field",
			"/custom wrong_type", "/featured wrong_type", "/kicker wrong_type", "/lang invalid_value", "/lead_image unknown_reference",
			"/section unknown_reference", "/seo/canonical invalid_value", "/seo/colour unknown_field", "/slug invalid_value",
			"/tags/2 unknown_reference", "/tags/3/name required", "/tags/4/label unknown_field", "/tags/4/name required", "/tags/5 wrong_type",
			"/title too_long", "/translation_of unknown_reference", "/type invalid_value",
		}
		path := "/v1/manage/articles"
		for _, c := range []call{{method: "POST", path: path}, {method: "PATCH", path: path + "/" + p.article}} {
			c.as, c.body, c.status, c.code, c.header = editor, body, 422, "validation_failed", map[string]string{"If-Match": "*"}
			got := s.refused(t, c).errors()
			for _, w := range want {
				if !strings.Contains(got, w+"\n") {
					t.Errorf("%s: %q is missing in\n%s", c.method, w, got)
				}
			}
		}
		s.do(t, call{as: editor, path: "/v1/manage/tags?limit=100", hasNot: []string{"Never made"}})
	})
}

// errors gives the errors of a problem, one a line.
func (a answer) errors() string {
	var lines strings.Builder
	for _, e := range a.at("errors").([]any) {
		f := e.(object)
		lines.WriteString(f["pointer"].(string) + " " + f["code"].(string) + "\n")
	}
	return lines.String()
}

func TestNoTextBreaksTheDatabase(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		p := newPlace(t, s)
		nul := "a\u0000b"
		for _, c := range []call{
			{path: "articles", body: object{"title": nul, "section": nul, "authors": []string{nul}, "tags": []any{nul, object{"name": nul}}, "translation_of": nul, "custom": object{nul: 1}}},
			{path: "articles", body: object{"title": "x", "seo": object{"title": nul}, "body": object{"html": nul}, "lang": nul, "slug": nul, "type": nul, "lead_image": nul}},
			{path: "sections", body: object{"name": nul, "parent": nul, "slug": nul, "translations": object{nul: object{}, "ru": object{"name": nul}}}},
			{path: "authors", body: object{"name": nul, "email": nul, "avatar": nul, "links": []object{{"url": nul}}}},
			{path: "tags", body: object{"name": nul}},
		} {
			c.as, c.method, c.path, c.status, c.code = editor, "POST", "/v1/manage/"+c.path, 422, "validation_failed"
			s.refused(t, c)
		}
		s.do(t, call{method: "POST", path: "/v1/auth/login", body: object{"email": nul, "password": nul}, status: 422})
		deep := strings.Repeat("<ul><li>x", 3000)
		for _, article := range []object{
			{"title": "Deep", "body": object{"html": deep}},
			{"title": "Deep", "body": object{"markdown": strings.Repeat("> ", 3000) + "x"}},
			{"title": "Deep", "body": object{"markdown": strings.Repeat("- ", 3000) + "x"}},
			{"title": "\u202e\ufeff\u200b 𝔘𝔫𝔦 \\u0000", "custom": object{"escaped": `\u0000`, "n": 1e300, "e": "\u2028<&>"}},
		} {
			id := s.story(t, article)
			s.do(t, call{path: "/v1/content/articles/" + id + "?format=html,text,markdown"})
		}
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + p.article, header: map[string]string{"User-Agent": "\xff"}})
	})
}

func TestWithoutADatabase(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		p := newPlace(t, s)
		s.token(t, admin)
		must(t, s.store.Close())
		for _, r := range api.Routes() {
			c := call{as: admin, method: r.Method, path: p.fill(r.Path), foreign: r.Path == "/docs/:file"}
			switch r.Path {
			case "/healthz", "/openapi.json", "/openapi.yaml", "/docs", "/docs/:file", "/.well-known/jwks.json", "/robots.txt":
				s.do(t, c)
				continue
			case "/v1/auth/login":
				c.body = object{"email": "admin@nashr.example", "password": password}
			case "/v1/auth/refresh":
				c.body = object{"refresh_token": "nrt_x"}
			case "/v1/auth/set-password":
				c.body = object{"token": "npl_x", "password": password}
			}
			c.status, c.code = 503, "unavailable"
			c.hasNot = []string{"sql", "closed", "SQL", "nashr.db", "postgres", "dial"}
			if s.do(t, c).header.Get("Retry-After") == "" {
				t.Errorf("%s %s: no Retry-After", r.Method, r.Path)
			}
		}
		s.clock.Advance(2 * time.Minute) // the keys have to be read again
		s.do(t, call{path: "/.well-known/jwks.json", status: 503, code: "unavailable"})
	})
}
