package api_test

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// place is a newsroom with one of everything, for tests of what any endpoint does.
type place struct {
	*server
	article, section, author, tag string // ids
	previewToken                  string
	user, token                   string // ids, of an API token too
}

func newPlace(t *testing.T, s *server) place {
	t.Helper()
	p := place{server: s}
	p.section = s.add(t, "sections", object{"slug": "world", "name": "World"})
	p.author = s.add(t, "authors", object{"slug": "ann", "name": "Ann"})
	p.tag = s.add(t, "tags", object{"slug": "rain", "name": "Rain"})
	p.article = s.story(t, object{"title": "It rains", "section": "world", "authors": []string{"ann"}, "tags": []string{"rain"}})
	p.previewToken = s.preview(t, editor, p.article, object{}).text("data.token")
	s.add(t, "collections", object{"key": "front", "name": "Front", "articles": []string{p.article}})
	s.add(t, "widgets", object{"key": "weather", "value": object{"degrees": 21}})
	p.user = s.users[other].ID.String()
	p.token, _ = s.apiToken(t, newsroom.ScopeArticlesRead)
	return p
}

// fill puts what exists into the parameters of a route's path.
func (p place) fill(path string) string {
	ref := map[string]string{"sections": "world", "authors": "ann", "tags": "rain", "collections": "front"}
	if parts := strings.Split(path, "/"); len(parts) > 3 {
		path = strings.Replace(path, ":ref", ref[parts[3]], 1)
	}
	path = strings.NewReplacer("/users/:id", "/users/"+p.user, "/tokens/:id", "/tokens/"+p.token, "/sitemaps/:file", "/sitemaps/articles-2026-03.xml",
		"/:article/views", "/"+p.article+"/views").Replace(path)
	return strings.NewReplacer(":article", "it-rains", ":section", "world", ":author", "ann", ":tag", "rain", ":collection", "front", ":key", "weather",
		":id", p.article, ":link", p.article, ":correction", p.article, ":token", p.previewToken, ":file", "index.html").Replace(path)
}

// everything is all that the newsroom holds.
func (s *server) everything(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, path := range []string{
		"articles?limit=20&status=draft,in_review,scheduled,published,expired,unpublished,trashed", "sections", "authors", "tags", "collections", "widgets", "site",
	} {
		all.WriteString(s.send(t, s.request(t, call{as: admin, path: "/v1/manage/" + path})).raw)
	}
	feed, err := s.store.Read(t.Context()).EventFeed(store.EventFilter{Accounts: true}, math.MaxInt64, 1)
	must(t, err)
	fmt.Fprintf(&all, "event %d was the last", feed.Last)
	return all.String()
}

// refused makes a call that must change nothing.
func (s *server) refused(t *testing.T, c call) answer {
	t.Helper()
	before := s.everything(t)
	a := s.do(t, c)
	if s.everything(t) != before {
		t.Errorf("%s %s was refused, and changed something", c.method, c.path)
	}
	return a
}

// writes is a call to each endpoint that takes a body.
func (p place) writes() []call {
	calls := []call{
		{method: "POST", path: "/v1/auth/login"},
		{method: "POST", path: "/v1/auth/refresh"},
		{as: author, method: "PUT", path: "/v1/auth/password"},
		{as: editor, method: "POST", path: "/v1/manage/articles"},
		{as: editor, method: "POST", path: "/v1/manage/articles/" + p.article + "/publish"},
		{as: editor, method: "PATCH", path: "/v1/manage/articles/" + p.article},
		{as: admin, method: "PATCH", path: "/v1/manage/site"},
		{method: "POST", path: "/v1/auth/set-password"},
		{as: author, method: "POST", path: "/v1/auth/totp"},
		{as: author, method: "POST", path: "/v1/auth/totp/confirm"},
		{as: author, method: "POST", path: "/v1/auth/totp/disable"},
		{as: author, method: "POST", path: "/v1/auth/totp/recovery-codes"},
		{as: admin, method: "POST", path: "/v1/manage/users"},
		{as: admin, method: "PATCH", path: "/v1/manage/users/" + p.user},
		{as: admin, method: "POST", path: "/v1/manage/tokens"},
		{as: admin, method: "PATCH", path: "/v1/manage/tokens/" + p.token},
		{as: editor, method: "PUT", path: "/v1/manage/widgets/weather"},
		{as: editor, method: "POST", path: "/v1/manage/collections/front/articles"},
	}
	for _, kind := range []string{"sections/world", "authors/ann", "tags/rain", "collections/front", "widgets/weather"} {
		list, _, _ := strings.Cut(kind, "/")
		calls = append(calls,
			call{as: editor, method: "POST", path: "/v1/manage/" + list},
			call{as: editor, method: "PATCH", path: "/v1/manage/" + kind})
	}
	return calls
}

func TestBodiesThatCannotBeRead(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		p := newPlace(t, s)
		for _, c := range p.writes() {
			c.header = map[string]string{"If-Match": "*"}
			c.status, c.code = 400, "malformed_json"
			for _, body := range []string{
				"{", `{"title":"x"} trailing`, `{"title":"x"}}`, `{"title":"x"}{}`, "{\"title\":\"\xff\"}", "\xef\xbb\xbf{}", `{title:1}`, `[1,]`,
				"null null", strings.Repeat("[", 20_000), "\x00", " ", `{"custom":` + strings.Repeat("[", 101) + strings.Repeat("]", 101) + "}",
			} {
				c.body = body
				s.do(t, c)
			}
			if !strings.HasSuffix(c.path, "/publish") { // whose body is optional
				c.body = ""
				s.refused(t, c)
			}
			c.body, c.status, c.code = `{"title":"`+strings.Repeat("x", 2<<20)+`"}`, 413, "too_large"
			s.refused(t, c)
		}
	})
}

func TestContentTypes(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		p := newPlace(t, s)
		for _, c := range p.writes() {
			c.body, c.status, c.code = "{}", 415, "unsupported_media_type"
			kinds := []string{"", "text/plain", "text/json", "application/json; charset=latin1", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense"}
			if c.method != "PATCH" {
				kinds = append(kinds, "application/merge-patch+json")
			}
			for _, kind := range kinds {
				c.header = map[string]string{"If-Match": "*", "Content-Type": kind}
				s.do(t, c)
			}
		}
		for _, kind := range []string{"application/json", "APPLICATION/JSON; charset=UTF-8", `application/json;charset="utf-8"`, "application/merge-patch+json"} {
			s.do(t, call{
				as: editor, method: "PATCH", path: "/v1/manage/tags/rain", body: "{}",
				header: map[string]string{"If-Match": "*", "Content-Type": kind},
			})
		}
	})
}

func TestUnknownParametersAreRefusedEverywhere(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		p := newPlace(t, s)
		for _, r := range api.Routes() {
			c := call{
				as: admin, method: r.Method, path: p.fill(r.Path), body: "{}", header: map[string]string{"If-Match": "*"},
				status: 400, code: "invalid_parameter", foreign: r.Path == "/docs/:file",
			}
			for _, query := range []string{"colour=red", "colour", "colour=a&colour=b", "=", "LIMIT=5"} {
				name, _, _ := strings.Cut(query, "=")
				bad := c
				bad.path += "?" + query
				s.do(t, bad).is("errors.0.pointer", name).is("errors.0.code", "unknown_field")
			}
			for _, query := range []string{"a=%zz", "a;b", "%00=1"} {
				bad := c
				bad.path += "?" + query
				s.do(t, bad)
			}
		}
	})
}

func TestPagingParametersAreCheckedInEveryList(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		newPlace(t, s)
		for _, path := range lists {
			for query, name := range map[string]string{
				"limit=0": "limit", "limit=101": "limit", "limit=-1": "limit", "limit=1e1": "limit", "limit=": "limit", "limit=1&limit=2": "limit",
				"page=0": "page", "page=501": "page", "page=99999999999999999999": "page", "page=1&cursor=x": "cursor",
				"cursor=%20": "cursor", "cursor=e30": "cursor", "total=yes": "total", "sort=password_hash": "sort", "sort=": "sort",
			} {
				a := s.do(t, call{as: editor, path: path + "?" + query, status: 400, code: "invalid_parameter"})
				a.is("errors.0.pointer", name)
			}
		}
	})
}

func TestWhatIsNotThere(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		newPlace(t, s)
		refs := []string{
			"no-such-thing", "01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42", "%00", "a%00b", "a%2Fb", "..%2f..%2fsite", "%ff", "%F0%9F%8E%89", "a%20b",
			"%27%20OR%201=1--", "A-B", "-", "a--b", strings.Repeat("a", 101), strings.Repeat("a", 20_000), "world/", "{01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42}",
			"urn:uuid:01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42", "%D0%BC%D0%BE%D1%81%D1%82", "",
		}
		for _, kind := range []string{"articles", "sections", "authors", "tags", "collections", "widgets"} {
			for _, ref := range refs {
				s.do(t, call{path: "/v1/content/" + kind + "/" + ref, status: 404, code: "not_found", foreign: true})
				for _, method := range []string{"GET", "PATCH", "DELETE"} {
					s.do(t, call{
						as: editor, method: method, path: "/v1/manage/" + kind + "/" + ref, body: "{}", status: 404, code: "not_found",
						header: map[string]string{"If-Match": "*"}, foreign: true,
					})
				}
			}
		}
		for _, ref := range refs[:len(refs)-1] {
			for _, verb := range []string{"publish", "unpublish"} {
				s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + ref + "/" + verb, body: "{}", status: 404, code: "not_found", foreign: true})
			}
			s.do(t, call{as: editor, method: "DELETE", path: "/v1/auth/sessions/" + ref, status: 404, code: "not_found", foreign: true})
		}
		for _, path := range []string{
			"/", "/v1", "/v1/", "/v2/content/articles", "/v1/content", "/v1/content/nothing", "/v1/content/articles/it-rains/x", "/v1/manage",
			"/v1/manage/articles/x/y", "/docs/", "/docs/no.js", "/docs/..%2fembed.go", "/docs/%2e%2e", "/v1//content/articles", "/V1/content/articles",
			"//v1/content/articles", "/%00", "/\xff", "/" + strings.Repeat("a/", 2000),
		} {
			s.do(t, call{as: admin, path: path, status: 404, code: "not_found", foreign: true})
		}
	})
}

func TestWrongMethods(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		p := newPlace(t, s)
		known := map[string][]string{}
		for _, r := range api.Routes() {
			known[r.Path] = append(known[r.Path], r.Method)
			if r.Method == http.MethodGet {
				known[r.Path] = append(known[r.Path], http.MethodHead)
			}
		}
		delete(known, "/v1/manage/articles/bulk") // to other methods, an article that is not there
		for path, methods := range known {
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"} {
				if slices.Contains(methods, method) {
					continue
				}
				a := s.do(t, call{as: admin, method: method, path: p.fill(path), status: 405, foreign: true})
				allow := strings.Split(a.header.Get("Allow"), ", ")
				allow = slices.DeleteFunc(allow, func(m string) bool { return m == http.MethodOptions })
				slices.Sort(allow)
				slices.Sort(methods)
				if !slices.Equal(allow, methods) {
					t.Errorf("%s %s: Allow is %v, want %v", method, path, allow, methods)
				}
			}
		}
	})
}
