package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// bulk sends operations as somebody.
func (s *server) bulk(t *testing.T, who string, status int, atomic any, operations ...object) answer {
	t.Helper()
	return s.do(t, call{
		as: who, method: "POST", path: "/v1/manage/articles/bulk", body: object{"atomic": atomic, "operations": operations}, status: status,
	})
}

// results gives the status of each result, with the code of its error.
func (a answer) results() string {
	a.t.Helper()
	out := ""
	for _, r := range a.at("data.results").([]any) {
		r := r.(object)
		out += fmt.Sprint(r["op"], " ", r["status"])
		if e, ok := r["error"].(object); ok {
			out += fmt.Sprint(" ", e["code"])
		}
		out += "\n"
	}
	return out
}

func (a answer) wantResults(want ...string) answer {
	a.t.Helper()
	if got := a.results(); got != strings.Join(want, "\n")+"\n" {
		a.t.Errorf("the results are\n%swant\n%s\n%s", got, strings.Join(want, "\n"), a.raw)
	}
	return a
}

// mix is one of each operation, on articles of the editor's that it writes.
func (s *server) mix(t *testing.T) (operations []object, ids []string) {
	t.Helper()
	for _, title := range []string{"Patched", "Published", "Scheduled", "Unpublished", "Deleted"} {
		ids = append(ids, s.write(t, editor, object{"title": title + " story"}))
	}
	s.publish(t, ids[3], object{})
	return []object{
		{"op": "create", "article": object{"title": "Created", "tags": []object{{"name": "Bulk"}}}},
		{"op": "patch", "id": ids[0], "if_match": `"1"`, "article": object{"subtitle": "New", "tags": []object{{"name": "bulk"}}}},
		{"op": "publish", "id": ids[1]},
		{"op": "publish", "id": ids[2], "if_match": `"1"`, "at": s.clock.Now().Add(time.Hour), "until": s.clock.Now().Add(2 * time.Hour)},
		{"op": "unpublish", "id": ids[3], "if_match": nil},
		{"op": "delete", "id": ids[4], "if_match": "*"},
	}, ids
}

func TestBulk(t *testing.T) {
	for _, atomic := range []any{true, false, nil} {
		t.Run(fmt.Sprint(atomic), func(t *testing.T) {
			eachDatabase(t, func(t *testing.T, s *server) {
				operations, ids := s.mix(t)
				a := s.bulk(t, editor, 200, atomic, operations...).wantResults(
					"create 201", "patch 200", "publish 200", "publish 200", "unpublish 200", "delete 204")
				a.is("data.atomic", atomic != false).is("data.applied", 6)
				a.is("data.results.0.version", 1).is("data.results.0.slug", "created").is("data.results.0.error", nil)
				a.is("data.results.1.version", 2).is("data.results.1.id", ids[0]).is("data.results.5.index", 5).is("data.results.5.version", nil)
				for i, status := range []string{"draft", "published", "scheduled", "unpublished", "trashed"} {
					s.do(t, call{as: editor, path: "/v1/manage/articles/" + ids[i]}).is("data.status", status)
				}
				s.do(t, call{as: editor, path: "/v1/manage/articles/" + ids[0]}).is("data.subtitle", "New").is("data.tags.0.name", "Bulk").is("data.title", "Patched story")
				s.do(t, call{as: editor, path: "/v1/manage/articles/" + a.text("data.results.0.id")}).is("data.title", "Created")
			})
		})
	}
}

// failing is a mix in which some operations fail, each for a reason of its own.
func (s *server) failing(t *testing.T) (operations []object, ids []string) {
	t.Helper()
	mix, ids := s.mix(t)
	return []object{
		mix[0],
		{"op": "patch", "id": ids[0], "if_match": `"7"`, "article": object{"title": "Stale"}},
		mix[1],
		{"op": "patch", "id": ids[0], "if_match": `"1"`, "article": object{"title": "Stale by now"}},
		{"op": "create", "article": object{"title": "", "section": "nowhere", "unknown": 1, "seo": object{"title": 7}}},
		{"op": "create", "article": object{"title": "x", "slug": "created"}},
		{"op": "delete", "id": ids[4]},
		{"op": "publish", "id": ids[1], "at": s.clock.Now(), "until": s.clock.Now().Add(-time.Hour)},
		{"op": "unpublish", "id": ids[2]},
		{"op": "delete", "id": "01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42", "if_match": "*"},
		mix[5],
	}, ids
}

func TestBulkGoesOnAfterFailures(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		operations, ids := s.failing(t)
		a := s.bulk(t, editor, 200, false, operations...).wantResults(
			"create 201", "patch 412 stale_version", "patch 200", "patch 412 stale_version", "create 422 validation_failed",
			"create 409 slug_taken", "delete 428 precondition_required", "publish 422 validation_failed", "unpublish 409 invalid_transition",
			"delete 404 not_found", "delete 204")
		a.is("data.applied", 3).is("data.results.1.version", 1).is("data.results.3.version", 2).is("data.results.4.version", nil).is("data.results.4.id", nil)
		pointers := ""
		for _, e := range a.at("data.results.4.error.errors").([]any) {
			pointers += e.(object)["pointer"].(string) + "\n"
		}
		if want := "/operations/4/article/seo/title\n/operations/4/article/unknown\n/operations/4/article/title\n/operations/4/article/section\n"; pointers != want {
			t.Errorf("the errors are at\n%swant\n%s", pointers, want)
		}
		a.is("data.results.7.error.errors.0.pointer", "/operations/7/until")
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + ids[0]}).is("data.version", 2)
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + ids[4]}).is("data.status", "trashed")
	})
}

func TestBulkDoesAllOrNothing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		operations, ids := s.failing(t)
		before := s.events(t)
		a := s.bulk(t, editor, 412, true, operations...)
		a.is("code", "stale_version")
		if a.header.Get("ETag") != `"1"` {
			t.Errorf("the ETag is %s", a.header.Get("ETag"))
		}
		want := `/operations/1 stale_version
/operations/3 stale_version
/operations/4/article/seo/title wrong_type
/operations/4/article/unknown unknown_field
/operations/4/article/title required
/operations/4/article/section unknown_reference
/operations/5 slug_taken
/operations/6 precondition_required
/operations/7/until out_of_range
/operations/8 invalid_transition
/operations/9 not_found
`
		if got := a.errors(); got != want {
			t.Errorf("the errors are\n%swant\n%s", got, want)
		}
		if n := s.articles(t); n != 5 || s.events(t) != before {
			t.Errorf("there are %d articles, and %d events after %d", n, s.events(t), before)
		}
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + ids[0]}).is("data.version", 1)
		s.do(t, call{as: editor, path: "/v1/manage/tags?total=true"}).is("meta.total", 0)
	})
}

func (s *server) events(t *testing.T) int {
	t.Helper()
	all, err := s.store.Read(t.Context()).Events(0, 1000)
	must(t, err)
	return len(all)
}

func TestBulkShapes(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, author, object{"title": "Own"})
		many := make([]object, 101)
		for i := range many {
			many[i] = object{"op": "create", "article": object{"title": fmt.Sprint(i)}}
		}
		for want, body := range map[string]any{
			"/operations too_long\n":                               object{"operations": many},
			"/operations required\n":                               object{"operations": []object{}},
			"/operations required\n/x unknown_field\n":             object{"x": 1},
			"/atomic wrong_type\n/operations wrong_type\n":         object{"atomic": "yes", "operations": object{}},
			"/operations/0 wrong_type\n/operations/1 wrong_type\n": object{"operations": []any{nil, 7}},
			"/operations/1/op invalid_value\n/operations/2/op required\n/operations/3/op invalid_value\n/operations/4/op wrong_type\n": object{"operations": []object{
				many[0], {"op": "purge"}, {}, {"op": ""}, {"op": 1},
			}},
			"/operations/0/x unknown_field\n/operations/0/id not_allowed\n/operations/0/if_match not_allowed\n/operations/0/article required\n" +
				"/operations/1/article wrong_type\n/operations/1/id required\n/operations/2/id wrong_type\n/operations/3/id required\n" +
				"/operations/4/article not_allowed\n/operations/4/at not_allowed\n": object{"operations": []object{
				{"op": "create", "id": id, "if_match": "*", "x": 1},
				{"op": "patch", "article": []int{1}, "id": nil},
				{"op": "publish", "id": 7},
				{"op": "unpublish"},
				{"op": "delete", "id": id, "article": object{}, "at": s.clock.Now(), "if_match": "*"},
			}},
		} {
			a := s.do(t, call{as: author, method: "POST", path: "/v1/manage/articles/bulk", body: body, status: 422, code: "validation_failed"})
			if got := a.errors(); got != want {
				t.Errorf("the errors are\n%swant\n%s", got, want)
			}
		}
		s.do(t, call{as: author, method: "POST", path: "/v1/manage/articles/bulk?x=1", body: object{}, status: 400})
		if n := s.articles(t); n != 1 {
			t.Errorf("there are %d articles", n)
		}
		for i := range many {
			many[i] = object{"op": "delete", "id": id}
		}
		s.bulk(t, author, 200, false, many[:100]...).is("data.results.99.status", 428)
	})
}

func TestBulkRights(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		operations := func(owner string) []object {
			id, draft := s.write(t, owner, object{"title": "Story"}), s.write(t, owner, object{"title": "Draft"})
			return []object{
				{"op": "create", "article": object{"title": "New"}},
				{"op": "patch", "id": id, "if_match": "*", "article": object{"title": "Changed"}},
				{"op": "publish", "id": id},
				{"op": "unpublish", "id": id},
				{"op": "delete", "id": draft, "if_match": "*"},
			}
		}
		all := []string{"create 201", "patch 200", "publish 200", "unpublish 200", "delete 204"}
		noPublishing := []string{"create 201", "patch 200", "publish 403 forbidden", "unpublish 403 forbidden", "delete 204"}
		s.bulk(t, contributor, 200, false, operations(contributor)...).wantResults(noPublishing...)
		s.bulk(t, author, 200, false, operations(author)...).wantResults(all...)
		s.bulk(t, author, 200, false, operations(other)...).wantResults(
			"create 201", "patch 404 not_found", "publish 404 not_found", "unpublish 404 not_found", "delete 404 not_found")
		s.bulk(t, editor, 200, false, operations(author)...).wantResults(all...)
		s.bulk(t, contributor, 403, true, operations(contributor)...).is("errors.0.pointer", "/operations/2")

		_, token := s.apiToken(t, newsroom.ScopeArticlesWrite)
		s.do(t, call{
			method: "POST", path: "/v1/manage/articles/bulk", header: bearer(token), body: object{"atomic": false, "operations": operations(author)},
		}).wantResults(noPublishing...)
	})
}

func TestBulkWithAKey(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for i, atomic := range []bool{true, false} {
			operations, ids := s.mix(t)
			c := call{as: editor, method: "POST", path: "/v1/manage/articles/bulk", header: keyed(fmt.Sprint(atomic)), body: object{"atomic": atomic, "operations": operations}}
			s.again(t, c, s.do(t, c))
			if n := s.articles(t); n != 5*(i+1) { // the trash is not counted
				t.Errorf("there are %d articles", n)
			}
			c.header = keyed(fmt.Sprint("again", atomic))
			if atomic {
				c.status, c.code = 412, "stale_version"
			}
			s.again(t, c, s.do(t, c))
			s.do(t, call{as: editor, path: "/v1/manage/articles/" + ids[0]}).is("data.version", 2)
		}
	})
}
