package api_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// lists is every list there is.
var lists = []string{
	"/v1/content/articles", "/v1/content/sections", "/v1/content/authors", "/v1/content/tags",
	"/v1/content/collections",
	"/v1/manage/articles", "/v1/manage/sections", "/v1/manage/authors", "/v1/manage/tags", "/v1/auth/sessions",
	"/v1/manage/collections", "/v1/manage/widgets",
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// grow makes n articles and as many sections, authors, tags, collections, widgets and sessions of the editor, some of them alike.
func (s *server) grow(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		for _, kind := range []string{"sections", "authors", "tags"} {
			s.add(t, kind, object{"name": fmt.Sprintf("Name %d", i), "slug": fmt.Sprintf("n-%02d", i)})
		}
		slug := []string{fmt.Sprintf("n-%02d", i)}
		id := s.write(t, editor, object{"title": fmt.Sprintf("Title %d", i/3), "section": slug[0], "authors": slug, "tags": slug})
		s.publish(t, id, object{"at": s.clock.Now().Add(-time.Duration(i/2) * time.Hour)})
		s.add(t, "widgets", object{"key": slug[0], "value": i})
		s.add(t, "collections", object{"key": slug[0], "name": fmt.Sprintf("Name %d", i/3), "articles": s.do(t, call{path: "/v1/content/articles?limit=100"}).all("id"), "fill": object{"tag": slug}})
		if i%2 == 0 {
			s.signIn(t, editor)
		}
	}
}

// walk follows a list by its links and gives the ids it met.
func (s *server) walk(t *testing.T, path, direction string) []string {
	t.Helper()
	ids := []string{}
	for range 100 {
		a := s.do(t, call{as: editor, path: path})
		page := a.all("id")
		if direction == "prev" {
			slices.Reverse(page)
		}
		ids = append(ids, page...)
		next, ok := a.at("links." + direction).(string)
		header := strings.Join(a.header.Values("Link"), ", ")
		if ok != strings.Contains(header, `<`+next+`>; rel="`+direction+`"`) || !ok && strings.Contains(header, direction) {
			t.Errorf("%s: Link is %s, links.%s %q", path, header, direction, next)
		}
		if !ok {
			return ids
		}
		path = next
	}
	t.Fatalf("%s has no end", path)
	return nil
}

func TestPagesAndCursorsGiveTheWholeList(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.grow(t, 8)
		s.token(t, editor)
		sorts := map[string][]string{
			"/v1/content/articles": {"-published_at", "title", "title,-updated_at", "-title,published_at", "views,-title"},
			"/v1/manage/articles":  {"-updated_at", "title,-created_at", "published_at", "-published_at,title"},
			"/v1/content/authors":  {"name", "-slug"}, "/v1/content/tags": {"-name,slug"},
			"/v1/manage/sections": {"position", "position,-name"}, "/v1/manage/authors": {"-created_at"}, "/v1/manage/tags": {"updated_at,-slug"},
			"/v1/content/collections": {"-key", "name,-key"}, "/v1/manage/collections": {"name", "-updated_at,key"}, "/v1/manage/widgets": {"-key", "created_at"},
		}
		for _, path := range lists {
			for _, sort := range append(sorts[path], "") {
				query := url.Values{"limit": {"3"}}
				if sort != "" {
					query.Set("sort", sort)
				}
				all := s.do(t, call{as: editor, path: path + "?limit=100" + strings.TrimPrefix("&"+query.Encode(), "&limit=3")})
				want, first := all.all("id"), path+"?"+query.Encode()
				same(t, "pages of "+first, s.walk(t, first, "next"), want)
				a := s.do(t, call{as: editor, path: first})
				a.is("meta.limit", 3).is("meta.total", len(want)).is("meta.page", 1).is("links.prev", nil).is("links.self", first)
				got, last := a.all("id"), a
				for last.at("meta.next_cursor") != nil {
					last = s.do(t, call{as: editor, path: first + "&total=false&cursor=" + last.text("meta.next_cursor")})
					got = append(got, last.all("id")...)
					last.is("meta.page", nil).is("meta.total", nil).is("meta.limit", 3)
				}
				same(t, "cursors of "+first, got, want)
				back := last.all("id")
				slices.Reverse(back)
				back = append(back, s.walk(t, last.text("links.prev"), "prev")...)
				slices.Reverse(back)
				same(t, "way back of "+first, back, want)
			}
		}
		s.do(t, call{path: "/v1/content/articles?limit=3&page=2&lang=en&fields=id"}).is("links.next", "/v1/content/articles?fields=id&lang=en&limit=3&page=3").
			is("links.prev", "/v1/content/articles?fields=id&lang=en&limit=3&page=1").is("meta.page", 2)
		s.do(t, call{path: "/v1/content/articles?limit=3&page=9"}).is("data", []any{}).is("links.next", nil).is("meta.total", 8)
	})
}

func TestPagesEndTenThousandRowsDeep(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for query, ok := range map[string]bool{
			"page=500": true, "page=501": false, "page=100&limit=100": true, "page=101&limit=100": false, "page=10000&limit=1": true, "page=10001&limit=1": false,
		} {
			for _, path := range lists {
				c := call{as: editor, path: path + "?" + query}
				if !ok {
					c.status, c.code, c.has = 400, "invalid_parameter", []string{"page"}
				}
				s.do(t, c)
			}
		}
		s.do(t, call{path: "/v1/content/articles?page=501", status: 400, has: []string{"cursor"}})
	})
}

func TestCursorsOfAnotherKind(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.grow(t, 3)
		cursor := s.do(t, call{path: "/v1/content/articles?limit=1&sort=title"}).text("meta.next_cursor")
		s.do(t, call{path: "/v1/content/articles?limit=1&sort=title&cursor=" + cursor})
		for _, sort := range []string{"", "&sort=-title", "&sort=title,views", "&sort=updated_at"} {
			s.do(t, call{path: "/v1/content/articles?cursor=" + cursor + sort, status: 400, code: "invalid_parameter"}).is("errors.0.pointer", "cursor")
		}
		forge := func(sort string, values ...any) string {
			raw, err := json.Marshal(object{"s": sort, "v": values, "i": "01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42"})
			must(t, err)
			return base64.RawURLEncoding.EncodeToString(raw)
		}
		for _, forged := range []struct {
			sort   string
			cursor string
		}{
			{"published_at", forge("published_at", "yesterday")},
			{"published_at", forge("published_at", "2026-03-06")},
			{"published_at", forge("published_at", "")},
			{"published_at", forge("published_at")},
			{"published_at", forge("published_at", "a", "b")},
			{"published_at", forge("published_at", 5)},
			{"views", forge("views", "many")},
			{"views", forge("views", "1.5")},
			{"views", forge("views", "99999999999999999999")},
			{"title", forge("title", "a\u0000b")},
			{"title", "!"},
			{"title", "e30"},
			{"title", "bnVsbA"},
			{"title", strings.Repeat("A", 10_000)},
		} {
			for _, surface := range []string{"content", "manage"} {
				path := "/v1/" + surface + "/articles?sort=" + forged.sort + "&cursor=" + url.QueryEscape(forged.cursor)
				s.do(t, call{as: editor, path: path, status: 400, code: "invalid_parameter", has: []string{"cursor"}})
			}
		}
		for sort, value := range map[string]string{"published_at": "0000-01-01T00:00:00Z", "-published_at": "9999-12-31T23:59:59.999999999+14:00", "title": "\xff", "-title": strings.Repeat("я", 300), "views": "-9223372036854775808"} {
			s.do(t, call{path: "/v1/content/articles?sort=" + sort + "&cursor=" + forge(sort, value)}) // far off, and harmless
		}
		gone := s.do(t, call{path: "/v1/content/sections?limit=1"}).text("meta.next_cursor")
		s.patch(t, "articles/"+s.do(t, call{path: "/v1/content/articles?section=n-00"}).text("data.0.id"), object{"section": nil})
		s.publish(t, s.do(t, call{path: "/v1/content/articles?section=n-00"}).text("data.0.id"), object{})
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/sections/n-00", header: map[string]string{"If-Match": "*"}, status: 204})
		s.do(t, call{path: "/v1/content/sections?limit=1&cursor=" + gone, status: 400, code: "invalid_parameter"})
	})
}

// TestReadersWhoWalkMissNothing has two readers go through the list in steps, each in an order of its own, while an
// editor publishes and takes back other articles between any two steps.
func TestReadersWhoWalkMissNothing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.grow(t, 10)
		stay := s.do(t, call{path: "/v1/content/articles?limit=100&sort=title"}).all("id")
		var come []string
		for i := range 10 {
			s.clock.Advance(time.Millisecond)
			come = append(come, s.write(t, editor, object{"title": fmt.Sprintf("Title %d", i/3)}))
		}
		dice := rand.New(rand.NewPCG(7, 11))
		for _, sorts := range [][2]string{{"-published_at", "title,-published_at"}, {"-title,updated_at", "views"}, {"updated_at", "-views,title"}} {
			cursors := [2]string{}
			var met [2][]string
			for reader := 0; cursors[0] != "end" || cursors[1] != "end"; reader = 1 - reader {
				if cursors[reader] == "end" {
					continue
				}
				path := "/v1/content/articles?limit=3&sort=" + sorts[reader]
				if cursors[reader] != "" {
					path += "&cursor=" + cursors[reader]
				}
				a := s.do(t, call{path: path})
				met[reader] = append(met[reader], a.all("id")...)
				if cursors[reader] = "end"; a.at("meta.next_cursor") != nil {
					cursors[reader] = a.text("meta.next_cursor")
				}
				s.toggle(t, come[dice.IntN(len(come))])
				s.toggle(t, come[dice.IntN(len(come))])
			}
			for reader := range met {
				kept := slices.DeleteFunc(met[reader], func(id string) bool { return !slices.Contains(stay, id) })
				if !slices.Equal(sorted(kept), sorted(stay)) {
					t.Errorf("sort=%s: met %v, want %v", sorts[reader], sorted(kept), sorted(stay))
				}
			}
		}
	})
}

// toggle publishes an article, or takes it back.
func (s *server) toggle(t *testing.T, id string) {
	t.Helper()
	s.clock.Advance(time.Millisecond)
	path := "/v1/manage/articles/" + id
	if s.do(t, call{as: editor, path: path}).text("data.status") == "published" {
		s.do(t, call{as: editor, method: "POST", path: path + "/unpublish"})
		return
	}
	s.publish(t, id, object{"at": s.clock.Now().Add(-time.Hour)})
}

// TestQueries: a list takes as many statements for a hundred entries as for one.
func TestQueries(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.grow(t, 30)
		s.clock.Advance(time.Second)
		for _, who := range []string{editor, author} {
			count := func(path string) int64 {
				r := s.request(t, call{as: who, path: path})
				before := s.queries.Load()
				if a := s.send(t, r); a.status != 200 {
					t.Fatalf("%s: %s", path, a.raw)
				}
				return s.queries.Load() - before
			}
			signIn := count("/v1/auth/me")
			for _, path := range append(lists, "/v1/content/articles?include=body", "/feeds/rss.xml", "/feeds/atom.xml?full=true",
				"/v1/manage/articles?sort=title&tag=-n-01", "/v1/content/collections/n-29", "/v1/content/collections/n-29?lang=en") {
				first := "?"
				if strings.Contains(path, "?") {
					first = "&"
				}
				one, many := count(path+first+"limit=1"), count(path+first+"limit=100")
				if one != many {
					t.Errorf("%s: %d statements for one entry, %d for many", path, one, many)
				}
				if strings.HasPrefix(path, "/v1/manage") || strings.HasPrefix(path, "/v1/auth") {
					many -= signIn
				}
				if many > 9 {
					t.Errorf("%s: %d statements", path, many)
				}
			}
		}
	})
}
