package api_test

import (
	"cmp"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// valid gives a request that r grants to whoever may make it. What it works on is owner's, and used once.
func (p place) valid(t *testing.T, r api.Route, who, owner string) call {
	t.Helper()
	c := call{method: r.Method, path: r.Path, foreign: r.Path == "/docs/:file", header: map[string]string{"If-Match": "*"}, status: 200}
	if owner == nobody {
		owner = editor
	}
	session, refresh := p.signIn(t, cmp.Or(who, owner))
	if who != nobody {
		c.header["Authorization"] = "Bearer " + session
	}
	unique := uuid.NewString()
	switch {
	case strings.HasPrefix(r.Path, "/v1/manage/articles/:id"):
		id := p.write(t, owner, object{"title": "Own"})
		path := "/v1/manage/articles/" + id
		switch step, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/v1/manage/articles/:id/"), "/"); step {
		case "unpublish", "kill", "corrections", "live":
			p.publish(t, id, object{})
		case "return":
			p.do(t, call{as: editor, method: "POST", path: path + "/submit"})
		case "restore":
			p.do(t, call{as: editor, method: "DELETE", path: path, header: map[string]string{"If-Match": "*"}, status: 204})
		}
		c.path = strings.NewReplacer(":id", id, ":revision", "1").Replace(r.Path)
		if strings.HasSuffix(r.Path, "/:correction") {
			note := p.do(t, call{as: editor, method: "POST", path: path + "/corrections", body: object{"text": "Wrong."}}).text("data.corrections.0.id")
			c.path = strings.Replace(c.path, ":correction", note, 1)
		}
		if strings.HasSuffix(r.Path, "/:link") {
			c.path = strings.Replace(c.path, ":link", p.preview(t, owner, id, object{}).text("data.id"), 1)
		}
	case strings.HasSuffix(r.Path, "/:token"):
		id := p.write(t, owner, object{"title": "Own"})
		c.path = strings.Replace(r.Path, ":token", p.preview(t, owner, id, object{}).text("data.token"), 1)
	case strings.HasPrefix(r.Path, "/v1/manage/collections/:ref"):
		c.path = strings.NewReplacer(":ref", p.add(t, "collections", object{"key": "k-" + unique, "name": "List", "articles": []string{p.article}}),
			":id", p.article).Replace(r.Path)
	case r.Path == "/v1/manage/widgets/:key":
		p.add(t, "widgets", object{"key": "k-" + unique, "value": 1})
		c.path = strings.Replace(r.Path, ":key", "k-"+unique, 1)
	case strings.HasSuffix(r.Path, "/:ref"):
		c.path = strings.Replace(r.Path, ":ref", p.add(t, strings.Split(r.Path, "/")[3], object{"name": unique}), 1)
	case strings.HasSuffix(r.Path, "/:ref/merge"):
		c.path = strings.Replace(r.Path, ":ref", p.add(t, "tags", object{"name": unique}), 1)
		c.body = object{"into": "rain"}
	case r.Path == "/v1/auth/sessions/:id":
		c.path = "/v1/auth/sessions/" + p.me(t, session, 200).text("data.session_id")
	case strings.HasPrefix(r.Path, "/v1/auth/totp"), r.Path == "/v1/auth/set-password",
		strings.HasPrefix(r.Path, "/v1/manage/users"), strings.HasPrefix(r.Path, "/v1/manage/tokens"):
		return p.validAccess(t, r, who, c)
	default:
		c.path = p.fill(r.Path)
	}
	switch r.Method + " " + r.Path {
	case "POST /v1/auth/login":
		c.body = object{"email": p.users[owner].Email, "password": password}
	case "POST /v1/auth/refresh":
		c.body = object{"refresh_token": refresh}
	case "PUT /v1/auth/password":
		c.body, c.status = object{"current_password": password, "new_password": password}, 204
	case "POST /v1/manage/articles":
		c.body, c.status = object{"title": "Own"}, 201
	case "POST /v1/manage/articles/:id/preview-links":
		c.status = 201
	case "POST /v1/manage/articles/bulk":
		c.body = object{"operations": []object{{"op": "create", "article": object{"title": "Own"}}}}
	case "POST /v1/manage/sections", "POST /v1/manage/authors", "POST /v1/manage/tags":
		c.body, c.status = object{"name": unique}, 201
	case "POST /v1/manage/collections":
		c.body, c.status = object{"key": "k-" + unique, "name": "List"}, 201
	case "POST /v1/manage/collections/:ref/articles":
		c.body = object{"article": p.article, "position": 0}
	case "POST /v1/manage/widgets":
		c.body, c.status = object{"key": "k-" + unique, "value": 1}, 201
	case "PUT /v1/manage/widgets/:key":
		c.body = object{"value": 2}
	case "POST /v1/manage/articles/:id/return":
		c.body = object{"note": "Too long."}
	case "POST /v1/manage/articles/:id/kill":
		c.body = object{"reason": "Forged."}
	case "POST /v1/manage/articles/:id/corrections":
		c.body = object{"text": "Wrong."}
	case "POST /v1/auth/logout":
		c.status = 204
	case "POST /v1/content/articles/:article/views":
		c.path, c.status = "/v1/content/articles/"+p.story(t, object{"title": unique})+"/views", 202
	}
	switch r.Method {
	case "PATCH":
		c.body = object{}
	case "DELETE":
		c.status = 204
	}
	return c
}

func TestWhoMayDoWhat(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		p := newPlace(t, s)
		for _, r := range api.Routes() {
			for _, who := range []string{nobody, contributor, author, editor, admin} {
				c := p.valid(t, r, who, who)
				switch {
				case r.Least == "" || roles[who].AtLeast(r.Least):
					p.do(t, c)
				case who == nobody:
					c.status, c.code = 401, "unauthenticated"
					if got := p.refused(t, c).header.Get("WWW-Authenticate"); got != `Bearer realm="nashr"` {
						t.Errorf("%s %s: WWW-Authenticate is %q", c.method, c.path, got)
					}
				default:
					c.status, c.code = 403, "forbidden"
					p.refused(t, c)
				}
			}
			if r.Path == "/v1/auth/password" { // which has ended sessions
				clear(s.tokens)
				must(t, s.store.Write(t.Context(), func(tx *store.Tx) (err error) {
					for _, u := range s.users { // whose passwords were cheap to check
						err = errors.Join(err, tx.UpdateUser(&u))
					}
					return err
				}))
			}
		}
	})
}

// TestOthersArticles asks for every route of an article, by every role, with an article of somebody else's: as readers
// see it when it is live, otherwise it is not there, but for editors.
func TestOthersArticles(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		p := newPlace(t, s)
		for _, r := range api.Routes() {
			if !strings.HasPrefix(r.Path, "/v1/manage/articles/:id") {
				continue
			}
			for _, who := range []string{contributor, author, editor, admin} {
				c := p.valid(t, r, who, other)
				live := p.do(t, call{as: admin, path: c.path[:len("/v1/manage/articles/")+36]}).at("data.live") != nil
				switch {
				case roles[who].AtLeast(newsroom.RoleEditor), live && slices.Contains(forReaders, r.Method+" "+r.Path):
					p.do(t, c)
					continue
				case !roles[who].AtLeast(r.Least), live:
					c.status, c.code = 403, "forbidden"
				default:
					c.status, c.code = 404, "not_found"
				}
				p.refused(t, c)
			}
		}
	})
}

// forReaders are the routes of an article that show anyone what readers see of it.
var forReaders = []string{"GET /v1/manage/articles/:id", "GET /v1/manage/articles/:id/live"}

func TestARouteThatForgetsWhoMayUseItIsClosed(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		tokens := map[string]string{}
		for who := range roles {
			tokens[who] = s.token(t, who)
		}
		s.handler = api.Forgetful(s.options)
		for who, token := range tokens {
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/forgotten", nil)
			s.send(t, r).is("status", 401)
			r.Header.Set("Authorization", "Bearer "+token)
			if a := s.send(t, r); a.status != 403 {
				t.Errorf("%s: %d", who, a.status)
			}
		}
	})
}

func TestContributorsAndPublishing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		force := map[string]string{"If-Match": "*"}
		id := s.write(t, contributor, object{"title": "Mine"})
		path := "/v1/manage/articles/" + id
		s.do(t, call{as: contributor, method: "PATCH", path: path, body: object{"title": "Mine still"}, header: force}).is("data.revision", 2)
		s.refused(t, call{as: contributor, method: "POST", path: path + "/publish", status: 403, code: "forbidden"})
		for _, when := range []object{{"at": s.clock.Now().Add(time.Hour)}, {}} {
			s.publish(t, id, when)
			for _, method := range []string{"PATCH", "DELETE"} {
				s.refused(t, call{as: contributor, method: method, path: path, body: object{"title": "Changed"}, header: force, status: 403, code: "forbidden"})
			}
			s.refused(t, call{as: contributor, method: "POST", path: path + "/unpublish", status: 403, code: "forbidden"})
		}
		s.do(t, call{as: editor, method: "POST", path: path + "/unpublish"})
		s.refused(t, call{as: contributor, method: "PATCH", path: path, body: object{"title": "Changed"}, header: force, status: 403, code: "forbidden"})

		draft := s.write(t, contributor, object{"title": "Another"})
		s.do(t, call{as: contributor, method: "DELETE", path: "/v1/manage/articles/" + draft, header: force, status: 204})
		s.do(t, call{as: contributor, path: "/v1/manage/articles/" + draft}).is("data.status", "trashed")
	})
}

// secrets is a newsroom with articles of other's that the others may see in part, or not at all.
type secrets struct {
	*server
	live   string   // changed since it went live
	hidden []string // in every state that is not live
}

func newSecrets(t *testing.T, s *server) secrets {
	t.Helper()
	force := map[string]string{"If-Match": "*"}
	for _, slug := range []string{"open", "secret"} {
		s.add(t, "sections", object{"slug": slug, "name": slug})
		s.add(t, "tags", object{"slug": slug, "name": slug})
		s.add(t, "authors", object{"slug": slug, "name": slug})
	}
	text := func(word string) object {
		return object{"title": word, "slug": word, "section": word, "tags": []string{word}, "authors": []string{word}, "type": word}
	}
	x := secrets{server: s, live: s.write(t, other, text("open"))}
	s.publish(t, x.live, object{})
	s.clock.Advance(time.Minute)
	changed := text("secret")
	changed["featured"], changed["breaking"], changed["body"] = true, true, object{"markdown": "secret"}
	s.do(t, call{as: other, method: "PATCH", path: "/v1/manage/articles/" + x.live, body: changed, header: force})
	s.publish(t, x.live, object{"at": s.clock.Now().Add(24 * time.Hour)})
	must(t, s.store.Write(t.Context(), func(tx *store.Tx) error {
		found, err := tx.Standing(uuid.MustParse(x.live), s.clock.Now())
		if err != nil {
			return err
		}
		note := "secret note"
		found.Note = &note
		return tx.UpdateArticle(&found.Article, nil)
	}))
	for i, status := range []string{"draft", "in_review", "scheduled", "expired", "unpublished", "trashed"} {
		id := s.write(t, other, object{"title": fmt.Sprint("hidden ", i), "tags": []string{"open"}, "section": "open"})
		x.hidden = append(x.hidden, id)
		switch status {
		case "in_review":
			s.do(t, call{as: other, method: "POST", path: "/v1/manage/articles/" + id + "/submit"})
		case "scheduled":
			s.publish(t, id, object{"at": s.clock.Now().Add(24 * time.Hour)})
		case "expired":
			s.publish(t, id, object{"until": s.clock.Now().Add(time.Second)})
		case "unpublished":
			s.publish(t, id, object{})
			s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/unpublish"})
		case "trashed":
			s.publish(t, id, object{})
			s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/articles/" + id, header: force, status: 204})
		}
	}
	s.clock.Advance(time.Minute)
	return x
}

func TestOthersArticlesAreSeenAsReadersSeeThem(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		x := newSecrets(t, s)
		own := s.write(t, author, object{"title": "own", "tags": []string{"secret"}})
		path := "/v1/manage/articles"
		for _, who := range []string{author, contributor} {
			mine := []string{}
			if who == author {
				mine = append(mine, "own")
			}
			a := s.do(t, call{as: who, path: path + "/" + x.live + "?format=html,text", hasNot: []string{"secret"}})
			a.is("data.title", "open").is("data.slug", "open").is("data.section.slug", "open").is("data.tags.0.slug", "open").is("data.note", nil).
				is("data.status", "published").is("data.has_changes", false).is("data.revision", 1).is("data.scheduled", nil).is("data.featured", false).
				is("data.updated_at", "2026-03-06T09:00:00Z").is("data.body.html", "")
			for _, id := range x.hidden {
				s.do(t, call{as: who, path: path + "/" + id, status: 404, code: "not_found"})
			}
			for query, want := range map[string][]string{
				"":                                   append([]string{"open"}, mine...),
				"sort=-title":                        append(mine, "open"),
				"mine=false&status=published":        {"open"},
				"tag=open":                           {"open"},
				"tag=secret":                         mine,
				"tag=-secret":                        {"open"},
				"section=open":                       {"open"},
				"section=secret":                     {},
				"author=secret":                      {},
				"author=open":                        {"open"},
				"type=secret":                        {},
				"type=open":                          {"open"},
				"featured=true":                      {},
				"breaking=true":                      {},
				"featured=false&type=open":           {"open"},
				"has_changes=true":                   {},
				"has_changes=false&tag=open":         {"open"},
				"status=draft":                       mine,
				"status=scheduled":                   {},
				"status=in_review":                   {},
				"status=expired,unpublished":         {},
				"status=trashed":                     {},
				"status=published,trashed":           {"open"},
				"mine=true":                          mine,
				"ids=" + x.live:                      {"open"},
				"ids=" + strings.Join(x.hidden, ","): {},
				"from=2026-03-06T09:00:30Z":          {},
				"to=2026-03-06":                      {"open"},
			} {
				if !strings.Contains(query, "sort") {
					query += "&sort=title"
				}
				a := s.do(t, call{as: who, path: path + "?" + strings.TrimPrefix(query, "&"), hasNot: []string{"hidden", "secret note"}})
				if fmt.Sprint(sorted(a.all("title"))) != fmt.Sprint(sorted(want)) {
					t.Errorf("%s %s: got %v, want %v", who, query, a.all("title"), want)
				}
				a.is("meta.total", len(want))
			}
			s.do(t, call{as: who, path: path + "?sort=title&limit=1"}).is("data.0.title", "open")
			s.do(t, call{as: who, path: path + "?sort=updated_at&limit=1"}).is("data.0.updated_at", "2026-03-06T09:00:00Z")
		}
		s.do(t, call{as: editor, path: path + "/" + own}).is("data.title", "own")
		s.do(t, call{as: editor, path: path + "/" + x.live}).is("data.title", "secret").is("data.note", "secret note").is("data.scheduled.slug", "secret")
		s.do(t, call{as: editor, path: path + "?status=draft,in_review,scheduled,published,expired,unpublished,trashed"}).is("meta.total", 8)
	})
}

func TestOthersArticlesAreNotTouched(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		x := newSecrets(t, s)
		own := s.write(t, author, object{"title": "own", "lang": "ru"})
		for _, who := range []string{author, contributor} {
			calls := map[string]string{"PATCH": "", "DELETE": ""}
			if roles[who].AtLeast(newsroom.RoleAuthor) {
				calls["POST"] = "/publish"
			}
			for method, suffix := range calls {
				c := call{as: who, method: method, body: object{}, header: map[string]string{"If-Match": "*"}}
				c.path, c.status, c.code = "/v1/manage/articles/"+x.live+suffix, 403, "forbidden"
				s.refused(t, c)
				for _, id := range x.hidden {
					c.path, c.status, c.code = "/v1/manage/articles/"+id+suffix, 404, "not_found"
					s.refused(t, c)
					c.header = map[string]string{"If-Match": `"99"`} // whose version it does not tell either
					s.refused(t, c)
				}
			}
		}
		c := call{as: author, method: "PATCH", path: "/v1/manage/articles/" + own, header: map[string]string{"If-Match": "*"}}
		for _, ref := range append(x.hidden, "hidden-0") {
			c.body, c.status = object{"translation_of": ref}, 422
			if got := s.refused(t, c).errors(); got != "/translation_of unknown_reference\n" {
				t.Errorf("%s: %s", ref, got)
			}
		}
		c.body, c.status = object{"translation_of": x.live}, 200
		s.do(t, c)
	})
}

func sorted(words []string) []string { return slices.Sorted(slices.Values(words)) }
