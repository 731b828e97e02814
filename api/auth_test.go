package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/auth"
)

// login is a try to sign in from an address.
func (s *server) login(t *testing.T, address, email, password string) answer {
	t.Helper()
	c := call{method: "POST", path: "/v1/auth/login", body: object{"email": email, "password": password}}
	r := s.request(t, c)
	r.RemoteAddr = address + ":4711"
	if address[0] != '1' {
		r.RemoteAddr = "[" + address + "]:4711"
	}
	a := s.send(t, r)
	checkAgainstDocument(t, r, a)
	return a
}

// signIn gives the tokens of a new session.
func (s *server) signIn(t *testing.T, who string) (access, refresh string) {
	t.Helper()
	a := s.do(t, call{method: "POST", path: "/v1/auth/login", body: object{"email": s.users[who].Email, "password": password}})
	a.is("data.token_type", "Bearer").is("data.expires_in", 900)
	return a.text("data.access_token"), a.text("data.refresh_token")
}

// me asks who a token belongs to.
func (s *server) me(t *testing.T, token string, status int) answer {
	t.Helper()
	return s.do(t, call{path: "/v1/auth/me", header: map[string]string{"Authorization": "Bearer " + token}, status: status})
}

func (s *server) refresh(t *testing.T, token string, status int) answer {
	t.Helper()
	return s.do(t, call{method: "POST", path: "/v1/auth/refresh", body: object{"refresh_token": token}, status: status})
}

func TestSigningIn(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		a := s.do(t, call{
			method: "POST", path: "/v1/auth/login", body: object{"email": "  EDITOR@nashr.example", "password": password},
			header: map[string]string{"User-Agent": "Desk/\xff1"},
		})
		if a.header.Get("Cache-Control") != "no-store" {
			t.Error("tokens may be cached")
		}
		access := a.text("data.access_token")
		s.me(t, access, 200).is("data.email", "editor@nashr.example").is("data.role", "editor").is("data.id", s.users[editor].ID)
		bearer := map[string]string{"Authorization": "bearer " + access} // schemes have no case
		s.do(t, call{path: "/v1/auth/sessions", header: bearer}).is("data.0.current", true).is("data.0.user_agent", "Desk/1").
			is("data.0.address", "192.0.2.1").is("data.0.expires_at", "2026-04-05T09:00:00Z").is("meta.total", 1)

		s.clock.Advance(time.Minute)
		second := s.refresh(t, a.text("data.refresh_token"), 200)
		session := s.me(t, second.text("data.access_token"), 200).text("data.session_id")
		s.me(t, access, 200).is("data.session_id", session)
		s.do(t, call{path: "/v1/auth/sessions", header: bearer}).is("data.0.expires_at", "2026-04-05T09:01:00Z")

		s.do(t, call{method: "POST", path: "/v1/auth/logout", header: bearer, status: 204})
		s.me(t, access, 401)
		s.me(t, second.text("data.access_token"), 401)
		s.refresh(t, second.text("data.refresh_token"), 401)
	})
}

func TestUsingARefreshTokenTwiceEndsTheSession(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		access, refresh := s.signIn(t, author)
		otherAccess, _ := s.signIn(t, author)
		next := s.refresh(t, refresh, 200)
		s.refresh(t, refresh, 401).is("code", "unauthenticated")
		s.me(t, access, 401)
		s.me(t, next.text("data.access_token"), 401)
		s.refresh(t, next.text("data.refresh_token"), 401)
		s.me(t, otherAccess, 200)
		for _, token := range []string{"", "x", "nrt_", refresh[:len(refresh)-1], access} {
			s.refresh(t, token, 401)
		}

		// Of many who use one at the same moment, one at most gets through, and the session ends.
		_, refresh = s.signIn(t, author)
		var won atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				r := s.request(t, call{method: "POST", path: "/v1/auth/refresh", body: object{"refresh_token": refresh}})
				if a := s.send(t, r); a.status == 200 {
					won.Add(1)
				} else if a.status != 401 {
					t.Errorf("status %d", a.status)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Errorf("%d of 8 got through", won.Load())
		}
	})
}

func TestASessionThatIsNotUsedEnds(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		access, refresh := s.signIn(t, author)
		s.clock.Advance(15*time.Minute - time.Second)
		s.me(t, access, 200)
		s.clock.Advance(time.Second)
		s.me(t, access, 401).is("detail", "The access token has expired.")
		s.clock.Advance(30*24*time.Hour - 16*time.Minute)
		refresh = s.refresh(t, refresh, 200).text("data.refresh_token")
		s.clock.Advance(30 * 24 * time.Hour)
		s.refresh(t, refresh, 401)
	})
}

func TestSessionsEndAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		first, _ := s.signIn(t, author)
		second, secondRefresh := s.signIn(t, author)
		foreign, _ := s.signIn(t, other)
		id := s.me(t, second, 200).text("data.session_id")
		end := call{method: "DELETE", path: "/v1/auth/sessions/" + id, header: map[string]string{"Authorization": "Bearer " + foreign}, status: 404}
		s.do(t, end)
		s.me(t, second, 200)
		end.header, end.status = map[string]string{"Authorization": "Bearer " + first}, 204
		s.do(t, end)
		s.me(t, second, 401)
		s.refresh(t, secondRefresh, 401)
		end.status = 404
		s.do(t, end)

		_, refresh := s.signIn(t, author)
		must(t, s.accounts.Disable(t.Context(), "author@nashr.example"))
		s.me(t, first, 401)
		s.refresh(t, refresh, 401)
		s.login(t, "192.0.2.1", "author@nashr.example", password).is("status", 401)
		s.me(t, foreign, 200)
	})
}

func TestChangingThePassword(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		mine, refresh := s.signIn(t, author)
		elsewhere, elsewhereRefresh := s.signIn(t, author)
		const better = "herons under the bridge"
		c := call{method: "PUT", path: "/v1/auth/password", header: map[string]string{"Authorization": "Bearer " + mine}, status: 422}
		for pointer, change := range map[string][2]string{
			"/current_password invalid_value": {"not my password", better},
			"/new_password too_short":         {password, "short"},
			"/new_password invalid_value":     {password, "author@nashr.example"},
			"/new_password too_long":          {password, fmt.Sprintf("%0257d", 1)},
		} {
			c.body = object{"current_password": change[0], "new_password": change[1]}
			if got := s.refused(t, c).errors(); got != pointer+"\n" {
				t.Errorf("got %q, want %q", got, pointer)
			}
		}
		s.me(t, elsewhere, 200)
		c.body, c.status = object{"current_password": password, "new_password": better}, 204
		s.do(t, c)
		s.me(t, elsewhere, 401)
		s.refresh(t, elsewhereRefresh, 401)
		s.me(t, mine, 200)
		s.refresh(t, refresh, 200)
		s.login(t, "192.0.2.1", "author@nashr.example", password).is("status", 401)
		if a := s.login(t, "192.0.2.1", "author@nashr.example", better); a.status != 200 {
			t.Errorf("the new password gives %d", a.status)
		}
	})
}

func TestAPasswordChangeUndoesNothingThatHappenedMeanwhile(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		token, _ := s.signIn(t, author)
		who, err := s.accounts.Authenticate(t.Context(), token)
		must(t, err)
		must(t, s.accounts.Disable(t.Context(), who.User.Email))
		must(t, s.accounts.ChangePassword(t.Context(), who, "192.0.2.1", password, "herons under the bridge"))
		after, err := s.store.Read(t.Context()).UserByEmail(who.User.Email)
		must(t, err)
		if after.DisabledAt == nil {
			t.Error("the user is enabled again")
		}
		if err := s.accounts.ChangePassword(t.Context(), who, "192.0.2.1", password, "otters in the old mill"); err == nil {
			t.Error("a password that was replaced meanwhile was taken")
		}
	})
}

func TestAWrongPasswordAndAnUnknownAddressLookAlike(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		must(t, s.accounts.Disable(t.Context(), "other@nashr.example"))
		var bodies []string
		for _, try := range [][2]string{
			{"author@nashr.example", "wrong password"},
			{"nobody@nashr.example", "wrong password"},
			{"other@nashr.example", password},
			{"", ""},
			{"not an address", "x"},
			{"nobody@nashr.example", fmt.Sprintf("%0300d", 1)},
		} {
			a := s.login(t, "192.0.2.1", try[0], try[1])
			if a.status != 401 || a.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s: %d %v", try[0], a.status, a.header)
			}
			bodies = append(bodies, a.without("request_id"))
		}
		for _, b := range bodies {
			if b != bodies[0] {
				t.Errorf("%s\n%s", b, bodies[0])
			}
		}
	})
}

// without gives the answer without some of its members.
func (a answer) without(names ...string) string {
	a.t.Helper()
	members := a.json.(object)
	for _, n := range names {
		delete(members, n)
	}
	left, err := json.Marshal(members)
	must(a.t, err)
	return string(left)
}

func TestFailuresSlowAnAccountDown(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		email := s.users[author].Email
		for try := range 6 {
			s.login(t, fmt.Sprintf("192.0.2.%d", try), email, "wrong password").is("status", 401)
		}
		limited := s.login(t, "198.51.100.1", "AUTHOR@nashr.example", password).is("status", 429).is("code", "rate_limited")
		if got := limited.header.Get("Retry-After"); got != "1" {
			t.Errorf("Retry-After is %q", got)
		}
		s.login(t, "198.51.100.1", s.users[other].Email, "wrong password").is("status", 401)
		s.clock.Advance(time.Second)
		s.login(t, "198.51.100.1", email, "wrong password").is("status", 401)
		if got := s.login(t, "198.51.100.1", email, password).header.Get("Retry-After"); got != "2" {
			t.Errorf("Retry-After is %q", got)
		}
		for range 12 { // never for longer than a minute
			s.clock.Advance(time.Minute)
			s.login(t, "198.51.100.1", email, "wrong password").is("status", 401)
		}
		s.clock.Advance(time.Minute)
		if a := s.login(t, "198.51.100.1", email, password); a.status != 200 {
			t.Errorf("the right password gives %d", a.status)
		}
		s.login(t, "198.51.100.1", email, "wrong password").is("status", 401) // and all is forgotten
	})
}

func TestFailuresSlowAnAddressDown(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for try := range 21 {
			s.login(t, fmt.Sprintf("2001:db8::%x", try+1), fmt.Sprintf("%d@nashr.example", try), "").is("status", 401)
		}
		s.login(t, "2001:db8::ffff", s.users[author].Email, password).is("status", 429)
		if a := s.login(t, "2001:db8:0:1::1", s.users[author].Email, password); a.status != 200 {
			t.Errorf("another network gets %d", a.status)
		}
		s.clock.Advance(5 * time.Minute)
		if a := s.login(t, "2001:db8::1", s.users[author].Email, password); a.status != 200 {
			t.Errorf("after five minutes: %d", a.status)
		}
	})
}

func TestParallelTriesGainNothing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		var tried atomic.Int32
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				r := s.request(t, call{method: "POST", path: "/v1/auth/login", body: object{"email": s.users[author].Email, "password": "wrong password"}})
				switch a := s.send(t, r); a.status {
				case http.StatusUnauthorized:
					tried.Add(1)
				case http.StatusTooManyRequests:
				default:
					t.Errorf("status %d", a.status)
				}
			})
		}
		all.Wait()
		if free, atOnce := int32(auth.AccountThrottle().Free), int32(runtime.GOMAXPROCS(0)); tried.Load() <= free || tried.Load() > free+atOnce {
			t.Errorf("%d of 40 tries were made, of which %d are free and %d at once", tried.Load(), free, atOnce)
		}
	})
}

func TestTidyKeepsWhatCounts(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		_, refresh := s.signIn(t, author)
		s.clock.Advance(29 * 24 * time.Hour)
		must(t, s.accounts.Tidy(t.Context()))
		_, err := s.accounts.Refresh(t.Context(), refresh)
		must(t, err)
		s.clock.Advance(61 * 24 * time.Hour)
		must(t, s.accounts.Tidy(t.Context()))
		if _, err := s.accounts.Login(t.Context(), account.Credentials{Email: s.users[author].Email, Password: password}, account.Client{}); err != nil {
			t.Error(err)
		}
	})
}
