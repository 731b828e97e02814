package api_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

func TestAnAPIToken(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		made := s.do(t, call{
			as: admin, method: "POST", path: "/v1/manage/tokens", status: 201,
			body: object{"name": " Weather ", "scopes": []string{"taxonomy:write", "articles:read"}, "expires_at": "2026-03-06T11:00:00Z"},
		})
		plain, path := made.text("data.token"), made.header.Get("Location")
		if !strings.HasPrefix(plain, "nsh_") || len(plain) != 47 {
			t.Errorf("the token is %q", plain)
		}
		made.is("data.name", "Weather").is("data.scopes", "[taxonomy:write articles:read]").is("data.last_used_at", nil).is("data.created_by.name", "admin").
			is("data.expires_at", "2026-03-06T11:00:00Z").is("data.version", 1)
		if e := s.event(t, "token.created"); *e.ActorID != s.users[admin].ID || string(e.Data) != `{"name":"Weather","scopes":["taxonomy:write","articles:read"]}` {
			t.Errorf("the event is %s by %v", e.Data, e.ActorID)
		}
		list := call{path: "/v1/manage/articles", header: bearer(plain)}
		s.do(t, list)
		s.do(t, call{as: admin, path: path, hasNot: []string{plain}}).is("data.last_used_at", "2026-03-06T09:00:00Z").is("data.version", 1)
		s.clock.Advance(time.Minute - time.Millisecond)
		s.do(t, list)
		s.do(t, call{as: admin, path: path}).is("data.last_used_at", "2026-03-06T09:00:00Z")
		s.clock.Advance(time.Millisecond)
		s.do(t, list)

		changed := s.do(t, call{as: admin, method: "PATCH", path: path, body: object{"name": "Rain", "scopes": []string{"articles:read"}}, header: map[string]string{"If-Match": `"1"`}})
		changed.is("data.last_used_at", "2026-03-06T09:01:00Z").is("data.version", 2).is("data.expires_at", "2026-03-06T11:00:00Z").is("data.name", "Rain")
		s.event(t, "token.updated")
		s.do(t, call{as: admin, method: "PATCH", path: path, body: object{"name": "Rain"}, header: force}).is("data.version", 2)
		s.do(t, call{method: "POST", path: "/v1/manage/tags", body: object{"name": "Snow"}, header: bearer(plain), status: 403})

		s.clock.Advance(time.Hour + 59*time.Minute)
		list.status, list.code = 401, "unauthenticated"
		if got := s.do(t, list).header.Get("WWW-Authenticate"); got != `Bearer realm="nashr", error="invalid_token"` {
			t.Errorf("WWW-Authenticate is %q", got)
		}
		s.do(t, call{as: admin, method: "PATCH", path: path, body: object{"name": "Old rain"}, header: force}).is("data.version", 3)
		s.do(t, call{as: admin, method: "PATCH", path: path, body: object{"expires_at": nil}, header: force}).is("data.expires_at", nil)
		list.status, list.code = 200, ""
		s.do(t, list)
		s.do(t, call{as: admin, method: "DELETE", path: path, header: force, status: 204})
		s.event(t, "token.deleted")
		list.status = 401
		s.do(t, list)
		s.do(t, call{as: admin, path: path, status: 404, code: "not_found"})
		s.do(t, call{as: admin, method: "DELETE", path: path, header: force, status: 404, code: "not_found"})
	})
}

func TestAPITokensThatCannotBe(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id, _ := s.apiToken(t, newsroom.ScopeArticlesRead)
		for _, c := range []call{{method: "POST", path: "/v1/manage/tokens"}, {method: "PATCH", path: "/v1/manage/tokens/" + id}} {
			c.as, c.header, c.status, c.code = admin, force, 422, "validation_failed"
			c.body = object{"name": " ", "scopes": []any{"articles:read", "articles:read", "everything", 7}, "expires_at": "2026-03-06T09:00:00Z", "token": "nsh_mine"}
			want := "/expires_at out_of_range\n/name required\n/scopes/1 duplicate\n/scopes/2 invalid_value\n/scopes/3 wrong_type\n/token unknown_field"
			if got := sorted(strings.Fields(strings.ReplaceAll(strings.TrimSpace(s.refused(t, c).errors()), " ", "_"))); strings.Join(got, "\n") != strings.ReplaceAll(want, " ", "_") {
				t.Errorf("%s: got %v", c.method, got)
			}
			for _, scopes := range []any{[]string{}, nil} {
				c.body = object{"name": "x", "scopes": scopes}
				if got := s.refused(t, c).errors(); got != "/scopes required\n" {
					t.Errorf("%s: scopes %v: %s", c.method, scopes, got)
				}
			}
		}
	})
}

func TestListsOfTokensAndUsers(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for range 3 {
			s.apiToken(t, newsroom.ScopeArticlesRead) // of one name, at one moment
		}
		s.clock.Advance(time.Second)
		must(t, s.accounts.Disable(t.Context(), s.users[other].Email))
		for path, n := range map[string]int{
			"tokens?": 3, "tokens?sort=-created_at,name": 3, "users?": 5, "users?sort=-email": 5, "users?sort=created_at,-name": 5,
			"users?role=author": 2, "users?role=author,admin": 3, "users?role=-author": 3, "users?disabled=true": 1, "users?disabled=false&role=author": 1,
		} {
			path = "/v1/manage/" + path
			all := s.do(t, call{as: admin, path: path, hasNot: []string{"argon2", "hash"}}).is("meta.total", n).all("id")
			var read []string
			for next := any(path + "&limit=1"); next != nil; {
				page := s.do(t, call{as: admin, path: next.(string)})
				read = append(read, page.all("id")...)
				if cursor := page.at("meta.next_cursor"); cursor != nil {
					next = path + "&limit=1&cursor=" + cursor.(string)
				} else {
					next = nil
				}
			}
			same(t, path, read, all)
			if len(all) != n {
				t.Errorf("%s: %d, want %d", path, len(all), n)
			}
		}
		same(t, "by name", s.do(t, call{as: admin, path: "/v1/manage/users?sort=-name"}).all("name"), []string{other, editor, contributor, author, admin})
		for query, name := range map[string]string{"users?role=boss": "role", "users?disabled=1": "disabled", "users?sort=password_hash": "sort", "tokens?sort=hash": "sort", "tokens?limit=0": "limit"} {
			s.do(t, call{as: admin, path: "/v1/manage/" + query, status: 400, code: "invalid_parameter"}).is("errors.0.pointer", name)
		}
	})
}

// Every route that an API token may use asks for its scope, and no token may use any other that is not everyone's.
func TestEachScopeOnEachRoute(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		p := newPlace(t, s)
		_, all := s.apiToken(t, newsroom.Scopes()...)
		_, media := s.apiToken(t, newsroom.ScopeMediaWrite)
		for _, r := range api.Routes() {
			if r.Least == "" {
				continue
			}
			c := p.valid(t, r, editor, editor)
			if r.Scope == "" {
				c.header["Authorization"], c.status, c.code = "Bearer "+all, 403, "forbidden"
				p.refused(t, c)
				continue
			}
			if r.Scope == "*" {
				c.header["Authorization"] = "Bearer " + media
				p.do(t, c)
				continue
			}
			others := slices.DeleteFunc(newsroom.Scopes(), func(scope newsroom.Scope) bool { return scope == r.Scope })
			_, without := s.apiToken(t, others...)
			_, just := s.apiToken(t, r.Scope)
			refused := c
			refused.header = map[string]string{"If-Match": "*", "Authorization": "Bearer " + without}
			refused.status, refused.code, refused.has = 403, "forbidden", []string{string(r.Scope)}
			p.refused(t, refused)
			c.header["Authorization"] = "Bearer " + just
			p.do(t, c)
		}
	})
}

func TestATokenActsForItsMaker(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id, plain := s.apiToken(t, newsroom.Scopes()...)
		auth := bearer(plain)
		s.do(t, call{method: "POST", path: "/v1/manage/tags", body: object{"name": "Snow"}, header: auth, status: 201})
		if e := s.lastEvent(t); e.Type != "tag.created" || *e.ActorID != s.users[admin].ID || e.TokenID == nil || e.TokenID.String() != id {
			t.Errorf("it was %v by %v", e.ActorID, e.TokenID)
		}
		s.hireAs(t, "boss", newsroom.RoleAdmin)
		role := func(role string) {
			s.do(t, call{as: "boss", method: "PATCH", path: s.userPath(admin), body: object{"role": role}, header: force})
		}
		tag := call{method: "PATCH", path: "/v1/manage/tags/snow", body: object{"name": "Sleet"}, header: map[string]string{"If-Match": "*", "Authorization": "Bearer " + plain}}
		s.do(t, tag)
		role("author")
		tag.status, tag.code = 403, "forbidden"
		s.do(t, tag)
		s.do(t, call{path: "/v1/manage/articles", header: auth})
		s.do(t, call{as: "boss", method: "PATCH", path: s.userPath(admin), body: object{"disabled": true}, header: force})
		s.do(t, call{path: "/v1/manage/articles", header: auth, status: 401, code: "unauthenticated"})
		s.do(t, call{as: "boss", method: "PATCH", path: s.userPath(admin), body: object{"disabled": false}, header: force})
		s.do(t, call{path: "/v1/manage/articles", header: auth})
		for _, bad := range []string{"nsh_", plain[:46], plain + "x", strings.ToUpper(plain), "nsh_" + strings.Repeat("x", 5000)} {
			s.do(t, call{path: "/v1/manage/articles", header: bearer(bad), status: 401, code: "unauthenticated"})
		}
	})
}

// A database that is busy with another write makes no request by a token wait for long, nor fail.
func TestATokenNeedsNoWriting(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id, plain := s.apiToken(t, newsroom.ScopeArticlesRead)
		must(t, s.store.WriteSignIn(t.Context(), func(*store.Tx) error {
			s.do(t, call{path: "/v1/manage/articles", header: bearer(plain)})
			return nil
		}))
		s.do(t, call{as: admin, path: "/v1/manage/tokens/" + id}).is("data.last_used_at", nil)
		for range 3 {
			s.do(t, call{path: "/v1/manage/articles", header: bearer(plain)})
		}
		s.do(t, call{as: admin, path: "/v1/manage/tokens/" + id}).is("data.last_used_at", "2026-03-06T09:00:00Z")
	})
}

// A token that is revoked while it is in use stops at the next request.
func TestRevokingATokenInUse(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		_, plain := s.apiToken(t, newsroom.ScopeArticlesRead)
		who, err := s.accounts.Authenticate(t.Context(), plain)
		must(t, err)
		use := func() {
			if _, err := s.accounts.Authenticate(context.WithoutCancel(t.Context()), plain); err != nil && !newsroom.IsCode(err, newsroom.CodeUnauthenticated) {
				t.Error(err)
			}
			s.clock.Advance(time.Second) // so that it is written when it was used, now and then
		}
		while(use, func() {
			must(t, s.accounts.DeleteToken(t.Context(), newsroom.Actor{User: s.users[admin]}, who.Token.ID, newsroom.Precondition{Any: true}))
			if _, err := s.accounts.Authenticate(t.Context(), plain); !newsroom.IsCode(err, newsroom.CodeUnauthenticated) {
				t.Errorf("a revoked token gives %v", err)
			}
		})
	})
}

// hireAs is hire under a name.
func (s *server) hireAs(t *testing.T, name string, role newsroom.Role) {
	t.Helper()
	s.users[name] = s.users[s.hire(t, role)]
}

// everyEvent is all that events say.
func (s *server) everyEvent(t *testing.T) string {
	t.Helper()
	all, err := s.store.Read(t.Context()).Events(0, 1_000_000)
	must(t, err)
	var out strings.Builder
	for _, e := range all {
		fmt.Fprintf(&out, "%s %s %s\n", e.Type, e.SubjectID, e.Data)
	}
	return out.String()
}
