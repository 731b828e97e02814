package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/newsroom"
)

const better = "herons under the bridge"

// patchUser changes a user as the admin.
func (s *server) patchUser(t *testing.T, who string, change object) answer {
	t.Helper()
	return s.do(t, call{as: admin, method: "PATCH", path: s.userPath(who), body: change, header: force})
}

// setPassword uses a link.
func (s *server) setPassword(t *testing.T, token, password string, status int) answer {
	t.Helper()
	return s.do(t, call{method: "POST", path: "/v1/auth/set-password", body: object{"token": token, "password": password}, status: status})
}

func (s *server) resetPassword(t *testing.T, who string) string {
	t.Helper()
	return s.do(t, call{as: admin, method: "POST", path: s.userPath(who) + "/reset-password"}).text("data.token")
}

func TestInvitingAUser(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		made := s.do(t, call{
			as: admin, method: "POST", path: "/v1/manage/users", status: 201,
			body: object{"email": " Dilnoza@Nashr.Example ", "name": " Dilnoza ", "role": "author", "password": nil},
		})
		path, token := made.header.Get("Location"), made.text("data.invitation.token")
		made.is("data.email", "dilnoza@nashr.example").is("data.name", "Dilnoza").is("data.has_password", false).is("data.totp", false).
			is("data.last_seen_at", nil).is("data.invitation.expires_at", "2026-03-13T09:00:00Z")
		if made.header.Get("ETag") != `"1"` || made.header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(token, "npl_") || len(token) != 47 {
			t.Errorf("%v, token %q", made.header, token)
		}
		s.event(t, "user.password_link_created")
		s.login(t, "192.0.2.1", "dilnoza@nashr.example", "").is("status", 401)
		s.setPassword(t, token, "short", 422).is("errors.0.pointer", "/password")
		s.setPassword(t, token, "dilnoza@nashr.example", 422).is("errors.0.pointer", "/password")
		s.setPassword(t, token, better, 204)
		if e := s.event(t, "user.password_set"); e.ActorID == nil || *e.ActorID != e.SubjectID {
			t.Errorf("it was set by %v", e.ActorID)
		}
		s.login(t, "192.0.2.1", "dilnoza@nashr.example", better).text("data.access_token")
		s.do(t, call{as: admin, path: path}).is("data.has_password", true).is("data.version", 2).is("data.last_seen_at", "2026-03-06T09:00:00Z")
		s.setPassword(t, token, better, 422).is("errors.0.pointer", "/token")

		with := s.do(t, call{
			as: admin, method: "POST", path: "/v1/manage/users", status: 201,
			body: object{"email": "aziz@nashr.example", "name": "Aziz", "role": "admin", "password": better},
		})
		with.is("data.invitation", nil).is("data.has_password", true)
		if e := s.event(t, "user.created"); *e.ActorID != s.users[admin].ID || string(e.Data) != `{"role":"admin"}` {
			t.Errorf("%v: %s", e.ActorID, e.Data)
		}
		s.login(t, "192.0.2.1", "aziz@nashr.example", better).text("data.access_token")
		s.refused(t, call{
			as: admin, method: "POST", path: "/v1/manage/users", status: 409, code: "already_exists",
			body: object{"email": "AZIZ@nashr.example", "name": "Aziz", "role": "author"},
		})
		wrong := s.refused(t, call{
			as: admin, method: "POST", path: "/v1/manage/users", status: 422,
			body: object{"email": "x", "name": " ", "role": "boss", "password": "short", "disabled": true},
		})
		same(t, "wrong", sorted(strings.Split(strings.TrimSpace(wrong.errors()), "\n")), []string{
			"/disabled unknown_field", "/email invalid_value", "/name required", "/password too_short", "/role invalid_value",
		})
	})
}

func TestChangingAUser(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		access, refresh := s.signIn(t, author)
		s.clock.Advance(time.Minute)
		s.patchUser(t, author, object{"name": "Renamed", "email": "New@nashr.example", "role": "contributor"}).
			is("data.email", "new@nashr.example").is("data.version", 2).is("data.updated_at", "2026-03-06T09:01:00Z").is("data.disabled_at", nil)
		if e := s.event(t, "user.updated"); string(e.Data) != `{"changed":["email","name","role"]}` || *e.ActorID != s.users[admin].ID {
			t.Errorf("%s by %v", e.Data, e.ActorID)
		}
		s.me(t, access, 200).is("data.role", "contributor").is("data.email", "new@nashr.example")
		before := s.everyEvent(t)
		s.patchUser(t, author, object{"name": "Renamed"}).is("data.version", 2)
		if s.everyEvent(t) != before {
			t.Error("a change of nothing is an event")
		}
		patch := call{as: admin, method: "PATCH", path: s.userPath(author), header: force, status: 422}
		patch.body = object{"name": nil, "email": "x", "role": "boss", "disabled": "yes", "password": better}
		same(t, "wrong", sorted(strings.Split(strings.TrimSpace(s.refused(t, patch).errors()), "\n")), []string{
			"/disabled wrong_type", "/email invalid_value", "/name required", "/password unknown_field", "/role invalid_value",
		})
		patch.body, patch.status, patch.code = object{"email": s.users[other].Email}, 409, "already_exists"
		s.refused(t, patch)

		token := s.resetPassword(t, author)
		s.patchUser(t, author, object{"disabled": true}).is("data.disabled_at", "2026-03-06T09:01:00Z")
		s.event(t, "user.disabled")
		s.me(t, access, 401)
		s.refresh(t, refresh, 401)
		s.login(t, "192.0.2.1", "new@nashr.example", password).is("status", 401)
		s.setPassword(t, token, better, 422).is("errors.0.pointer", "/token")
		s.refused(t, call{as: admin, method: "POST", path: s.userPath(author) + "/reset-password", status: 409, code: "invalid_transition"})
		s.clock.Advance(time.Minute)
		s.patchUser(t, author, object{"disabled": true, "name": "Still"}).is("data.disabled_at", "2026-03-06T09:01:00Z")
		s.patchUser(t, author, object{"disabled": false}).is("data.disabled_at", nil)
		s.event(t, "user.enabled")
		s.me(t, access, 401)
		s.setPassword(t, token, better, 422)
		s.login(t, "192.0.2.1", "new@nashr.example", password).text("data.access_token")
	})
}

func TestDeletingAUser(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		access, refresh := s.signIn(t, other)
		s.resetPassword(t, other)
		s.enableTOTP(t, other)
		s.write(t, author, object{"title": "Mine"})
		for _, who := range []string{author, admin} {
			if who == admin {
				s.hireAs(t, "second", newsroom.RoleAdmin)
				s.apiToken(t, newsroom.ScopeArticlesRead)
			}
			refused := s.refused(t, call{as: admin, method: "DELETE", path: s.userPath(who), header: force, status: 409, code: "in_use"})
			if !strings.Contains(refused.text("detail"), "Disable") {
				t.Errorf("it says %s", refused.text("detail"))
			}
		}
		s.do(t, call{as: admin, method: "DELETE", path: s.userPath(other), header: force, status: 204})
		s.event(t, "user.deleted")
		s.me(t, access, 401)
		s.refresh(t, refresh, 401)
		s.login(t, "192.0.2.1", s.users[other].Email, password).is("status", 401)
		for _, c := range []call{
			{}, {method: "DELETE"}, {method: "PATCH", body: object{}}, {method: "POST", path: "/reset-password"}, {method: "DELETE", path: "/totp"},
		} {
			c.as, c.path, c.header, c.status, c.code = admin, s.userPath(other)+c.path, force, 404, "not_found"
			s.do(t, c)
		}
	})
}

func TestTheLastAdmin(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		invited := s.do(t, call{
			as: admin, method: "POST", path: "/v1/manage/users", status: 201, body: object{"email": "invited@nashr.example", "name": "Invited", "role": "admin"},
		})
		gone := s.hire(t, newsroom.RoleAdmin)
		s.patchUser(t, gone, object{"disabled": true})
		for _, c := range []call{
			{method: "DELETE"}, {method: "PATCH", body: object{"disabled": true}}, {method: "PATCH", body: object{"role": "editor"}},
		} {
			c.as, c.path, c.header, c.status, c.code = admin, s.userPath(admin), force, 409, "invalid_transition"
			s.refused(t, c)
		}
		if err := s.accounts.Disable(t.Context(), s.users[admin].Email); !newsroom.IsCode(err, newsroom.CodeInvalidTransition) {
			t.Errorf("a command gives %v", err)
		}
		s.patchUser(t, admin, object{"name": "Still admin"})
		s.setPassword(t, invited.text("data.invitation.token"), better, 204)
		s.patchUser(t, admin, object{"role": "editor"})
		s.do(t, call{as: admin, path: "/v1/manage/users", status: 403, code: "forbidden"})
	})
}

// Of admins who remove each other at the same moment, one is left.
func TestTheLastAdminsAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for _, change := range []call{
			{method: "PATCH", body: object{"disabled": true}}, {method: "PATCH", body: object{"role": "author"}}, {method: "DELETE"}, {},
		} {
			admins := []string{admin}
			for range 3 {
				admins = append(admins, s.hire(t, newsroom.RoleAdmin))
			}
			var done atomic.Int32
			var all sync.WaitGroup
			start := make(chan struct{})
			for i, who := range admins {
				c := change
				c.as, c.path, c.header = who, s.userPath(admins[(i+1)%len(admins)]), force
				if c.method == "" { // a command
					all.Go(func() {
						<-start
						if s.accounts.Disable(t.Context(), s.users[who].Email) == nil {
							done.Add(1)
						}
					})
					continue
				}
				r := s.request(t, c)
				all.Go(func() {
					<-start
					switch a := s.send(t, r); a.status {
					case http.StatusOK, http.StatusNoContent:
						done.Add(1)
					case http.StatusConflict, http.StatusUnauthorized, http.StatusForbidden:
					default:
						t.Errorf("status %d: %s", a.status, a.raw)
					}
				})
			}
			close(start)
			all.Wait()
			left, err := s.store.Read(t.Context()).Users()
			must(t, err)
			n := 0
			for _, u := range left {
				if u.CanAdminister() {
					n++
					s.users[admin] = u
				}
			}
			if n != len(admins)-int(done.Load()) || n == 0 {
				t.Fatalf("%d of %d were removed, %d are left", done.Load(), len(admins), n)
			}
			clear(s.tokens)
			for _, u := range left { // so that the next round begins with one
				if u.CanAdminister() && u.ID != s.users[admin].ID {
					must(t, s.accounts.Disable(t.Context(), u.Email))
				}
			}
		}
	})
}

func TestResettingAPassword(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		access, refresh := s.signIn(t, author)
		first := s.resetPassword(t, author)
		second := s.do(t, call{as: admin, method: "POST", path: s.userPath(author) + "/reset-password"}).is("data.expires_at", "2026-03-07T09:00:00Z").text("data.token")
		s.me(t, access, 200)
		s.login(t, "192.0.2.1", s.users[author].Email, password).text("data.access_token")
		foreign := s.resetPassword(t, other)
		if err := s.accounts.Disable(t.Context(), s.users[other].Email); err != nil {
			t.Fatal(err)
		}
		var bodies []string
		for _, bad := range []string{first, foreign, "npl_x", "", second + "x", strings.Repeat("x", 9000)} {
			bodies = append(bodies, s.setPassword(t, bad, better, 422).without("request_id"))
		}
		s.setPassword(t, second, better, 204)
		bodies = append(bodies, s.setPassword(t, second, better, 422).without("request_id"))
		for _, b := range bodies {
			if b != bodies[0] || !strings.Contains(b, `"/token"`) {
				t.Errorf("%s\n%s", b, bodies[0])
			}
		}
		s.me(t, access, 401)
		s.refresh(t, refresh, 401)
		s.login(t, "192.0.2.1", s.users[author].Email, password).is("status", 401)
		s.login(t, "192.0.2.1", s.users[author].Email, better).text("data.access_token")

		late := s.resetPassword(t, author)
		s.clock.Advance(24*time.Hour - time.Millisecond)
		s.setPassword(t, late, "short", 422).is("errors.0.pointer", "/password")
		s.clock.Advance(time.Millisecond)
		s.setPassword(t, late, better, 422).is("errors.0.pointer", "/token")

		voided := s.resetPassword(t, author)
		must(t, s.accounts.SetPassword(t.Context(), s.users[author].Email, "otters in the old mill"))
		s.setPassword(t, voided, better, 422).is("errors.0.pointer", "/token")
	})
}

func TestALinkIsGoodOnceAlsoForTwoAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		token := s.resetPassword(t, author)
		var won atomic.Int32
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				if s.accounts.SetPasswordByLink(t.Context(), token, fmt.Sprintf("%s %d", better, i), "192.0.2.1") == nil {
					won.Add(1)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Errorf("%d won", won.Load())
		}
	})
}

func TestGuessingLinksSlowsTheAddressDown(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		token := s.resetPassword(t, author)
		try := func(address, token string) answer {
			r := s.request(t, call{method: "POST", path: "/v1/auth/set-password", body: object{"token": token, "password": better}})
			r.RemoteAddr = address + ":4711"
			a := s.send(t, r)
			checkAgainstDocument(t, r, a)
			return a
		}
		for i := range 21 {
			try("192.0.2.7", fmt.Sprint("npl_", i)).is("status", 422)
		}
		if a := try("192.0.2.7", token).is("status", 429); a.header.Get("Retry-After") != "1" {
			t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
		}
		if a := try("192.0.2.8", token); a.status != 204 {
			t.Errorf("another address gets %d", a.status)
		}
		s.login(t, "192.0.2.8", s.users[author].Email, better).text("data.access_token")
	})
}

// What an admin changes while the user signs in, with a code and without, is neither lost nor undone.
func TestChangesAndSignInsAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.hireAs(t, "busy", newsroom.RoleAuthor)
		f := s.enableTOTP(t, "busy")
		id := s.users["busy"].ID
		before, err := s.store.Read(t.Context()).User(id)
		must(t, err)
		used := before.TOTPStep
		signIns := func() {
			s.clock.Advance(30 * time.Second)
			if s.loginWith(t, "busy", s.code(t, f.secret)).status == 200 {
				used = s.clock.Now().Unix() / 30
			}
		}
		const changes = 20
		while(signIns, func() {
			for i := range changes {
				_, err := s.accounts.ChangeUser(t.Context(), newsroom.Actor{User: s.users[admin]}, id, newsroom.Precondition{Any: true}, func(u account.UserForm) (account.UserForm, []newsroom.FieldError) {
					u.Name = fmt.Sprint("Busy ", i)
					return u, nil
				})
				must(t, err)
			}
		})
		after, err := s.store.Read(t.Context()).User(id)
		must(t, err)
		if after.Version != before.Version+changes || after.TOTPSecret != before.TOTPSecret || after.TOTPStep != used || after.Name != "Busy 19" {
			t.Errorf("%+v has become %+v", before, after)
		}
	})
}
