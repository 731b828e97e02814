package api_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/testkit/testdb"
)

// loginWith is a try of somebody to sign in with a code.
func (s *server) loginWith(t *testing.T, who, code string) answer {
	t.Helper()
	r := s.request(t, call{method: "POST", path: "/v1/auth/login", body: object{"email": s.users[who].Email, "password": password, "code": code}})
	a := s.send(t, r)
	checkAgainstDocument(t, r, a)
	return a
}

// totp is a call of somebody's about the second factor.
func (s *server) totp(t *testing.T, who, path string, body object, status int) answer {
	t.Helper()
	return s.do(t, call{as: who, method: "POST", path: "/v1/auth/totp" + path, body: body, status: status})
}

func recoveryCodesOf(a answer) []string {
	var codes []string
	for _, code := range a.at("data.recovery_codes").([]any) {
		codes = append(codes, code.(string))
	}
	return codes
}

func TestTheSecondFactor(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.totp(t, author, "/confirm", object{"code": "123456"}, 409).is("code", "invalid_transition")
		s.totp(t, author, "/recovery-codes", object{"code": "123456"}, 409)
		s.totp(t, author, "/disable", object{"password": password, "code": "123456"}, 409)
		s.totp(t, author, "", object{"password": "not my password"}, 422).is("errors.0.pointer", "/password")
		abandoned := s.totp(t, author, "", object{"password": password}, 200).text("data.secret")
		offer := s.totp(t, author, "", object{"password": password}, 200)
		secret := offer.text("data.secret")
		uri, err := url.Parse(offer.text("data.uri"))
		must(t, err)
		if uri.Path != "/Nashr:author@nashr.example" || uri.Query().Get("secret") != secret || offer.header.Get("Cache-Control") != "no-store" {
			t.Errorf("the uri is %s", uri)
		}
		s.loginWith(t, author, "").text("data.access_token") // it does not count yet
		s.totp(t, author, "/confirm", object{"code": s.code(t, abandoned)}, 422).is("errors.0.pointer", "/code")
		s.me(t, s.token(t, author), 200).is("data.totp", false)
		confirmed := s.code(t, secret)
		codes := recoveryCodesOf(s.totp(t, author, "/confirm", object{"code": confirmed[:3] + " " + confirmed[3:]}, 200))
		if len(codes) != 10 || strings.Contains(s.everyEvent(t), secret) {
			t.Errorf("%d recovery codes", len(codes))
		}
		if e := s.event(t, "user.totp_enabled"); *e.ActorID != s.users[author].ID || e.SubjectID != s.users[author].ID {
			t.Errorf("by %v", e.ActorID)
		}
		s.me(t, s.token(t, author), 200).is("data.totp", true)
		s.do(t, call{as: admin, path: s.userPath(author)}).is("data.totp", true).is("data.version", 2)
		s.totp(t, author, "", object{"password": password}, 409)
		s.totp(t, author, "/confirm", object{"code": confirmed}, 409)

		s.loginWith(t, author, "").is("status", 401).is("code", "unauthenticated").is("errors.0.pointer", "/code").is("errors.0.code", "required")
		s.login(t, "192.0.2.1", s.users[author].Email, password).is("errors.0.code", "required")
		s.login(t, "192.0.2.1", s.users[author].Email, "wrong password").is("status", 401).is("errors", []any{})
		for _, code := range []string{confirmed, "000000", "12345", "x", strings.Repeat("7", 5000)} {
			s.loginWith(t, author, code).is("status", 401).is("errors.0.pointer", "/code").is("errors.0.code", "invalid_value")
		}
		s.clock.Advance(30 * time.Second)
		s.loginWith(t, author, s.code(t, secret)).text("data.access_token")
		s.loginWith(t, author, s.code(t, secret)).is("errors.0.code", "invalid_value")
		s.loginWith(t, author, strings.ToUpper(codes[0])).text("data.access_token")
		s.loginWith(t, author, codes[0]).is("errors.0.code", "invalid_value")
		s.loginWith(t, author, strings.ReplaceAll(codes[1], "-", "")).text("data.access_token")
	})
}

func TestTurningTheSecondFactorOff(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		access := s.token(t, author)
		f := s.enableTOTP(t, author)
		theirs := s.enableTOTP(t, other)
		as := func(path string, body object, status int) answer {
			t.Helper()
			return s.do(t, call{method: "POST", path: "/v1/auth/totp" + path, body: body, header: bearer(access), status: status})
		}
		as("/recovery-codes", object{"code": theirs.recovery[0]}, 422).is("errors.0.pointer", "/code")
		renewed := recoveryCodesOf(as("/recovery-codes", object{"code": f.recovery[0]}, 200))
		s.event(t, "user.recovery_codes_renewed")
		s.loginWith(t, author, f.recovery[1]).is("errors.0.code", "invalid_value")
		s.clock.Advance(30 * time.Second)
		renewed = append(renewed[:1], recoveryCodesOf(as("/recovery-codes", object{"code": s.code(t, f.secret)}, 200))...)
		s.loginWith(t, author, renewed[0]).is("errors.0.code", "invalid_value")
		as("/disable", object{"password": "not my password", "code": renewed[1]}, 422).is("errors.0.pointer", "/password")
		as("/disable", object{"password": password, "code": s.code(t, f.secret)}, 422).is("errors.0.pointer", "/code") // it was used
		as("/disable", object{"password": password, "code": renewed[1]}, 204)
		s.event(t, "user.totp_disabled")
		s.loginWith(t, author, "").text("data.access_token")
		as("/disable", object{"password": password, "code": renewed[2]}, 409)

		s.do(t, call{as: admin, method: "DELETE", path: s.userPath(other) + "/totp", header: force, status: 204})
		if e := s.event(t, "user.totp_disabled"); *e.ActorID != s.users[admin].ID || e.SubjectID != s.users[other].ID {
			t.Errorf("by %v", e.ActorID)
		}
		s.loginWith(t, other, "").text("data.access_token")
		s.do(t, call{as: admin, method: "DELETE", path: s.userPath(other) + "/totp", header: force, status: 404, code: "not_found"})
		again := s.enableTOTP(t, other) // from the beginning
		s.loginWith(t, other, theirs.recovery[1]).is("errors.0.code", "invalid_value")
		s.loginWith(t, other, again.recovery[0]).text("data.access_token")
		must(t, s.accounts.RemoveTOTPOf(t.Context(), s.users[other].Email))
		s.loginWith(t, other, "").text("data.access_token")
	})
}

func TestACodeIsGoodOnceAlsoForManyAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		f := s.enableTOTP(t, author)
		s.clock.Advance(30 * time.Second)
		for _, code := range []string{s.code(t, f.secret), f.recovery[0]} {
			var won atomic.Int32
			var all sync.WaitGroup
			for i := range 5 {
				all.Go(func() {
					c := account.Credentials{Email: s.users[author].Email, Password: password, Code: code}
					if _, err := s.accounts.Login(t.Context(), c, account.Client{Address: fmt.Sprint("192.0.2.", i)}); err == nil {
						won.Add(1)
					}
				})
			}
			all.Wait()
			if won.Load() != 1 {
				t.Errorf("%d signed in with one code", won.Load())
			}
		}
	})
}

func TestGuessingCodesSlowsDown(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		access, _ := s.signIn(t, author)
		f := s.enableTOTP(t, author)
		for range 9 { // a code that is missing is no guess
			s.loginWith(t, author, "").is("status", 401)
		}
		for range 6 {
			s.loginWith(t, author, "wrong-code").is("status", 401)
		}
		s.loginWith(t, author, f.recovery[0]).is("status", 429)
		s.clock.Advance(time.Second)
		s.do(t, call{ // a right password alone makes up for none
			method: "PUT", path: "/v1/auth/password", header: bearer(access), status: 204,
			body: object{"current_password": password, "new_password": password},
		})
		s.do(t, call{method: "POST", path: "/v1/auth/totp/recovery-codes", body: object{"code": "000000"}, header: bearer(access), status: 422})
		s.do(t, call{method: "POST", path: "/v1/auth/totp/recovery-codes", body: object{"code": f.recovery[0]}, header: bearer(access), status: 429, code: "rate_limited"})

		secret := s.offerTOTP(t, other)
		s.token(t, other)
		for range 6 {
			s.totp(t, other, "/confirm", object{"code": "000000"}, 422)
		}
		s.totp(t, other, "/confirm", object{"code": s.code(t, secret)}, 429)
		s.clock.Advance(time.Second)
		s.tokens[other+s.clock.Now().String()] = s.tokens[other+s.clock.Now().Add(-time.Second).String()]
		s.totp(t, other, "/confirm", object{"code": s.code(t, secret)}, 200)
	})
}

// journal is a log that keeps all that is written to it.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

// Whatever lets somebody in is shown once, to whom it is for: no log, event or later answer has it, nor the hash of it.
func TestSecretsAreShownOnce(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		s := newServer(t, url)
		kept := new(journal)
		log := slog.New(slog.NewTextHandler(kept, &slog.HandlerOptions{Level: slog.LevelDebug}))
		db, err := store.Open(t.Context(), url, log)
		must(t, err)
		t.Cleanup(func() { must(t, db.Close()) })
		s.accounts = account.New(db, publicURL, s.clock.Now)
		s.change(func(o *api.Options) { o.Store, o.Accounts, o.Log = db, s.accounts, log })

		access, refresh := s.signIn(t, author)
		as := func(path string, body object) answer {
			t.Helper()
			return s.do(t, call{method: "POST", path: path, body: body, header: bearer(access)})
		}
		secret := as("/v1/auth/totp", object{"password": password}).text("data.secret")
		secrets := append(recoveryCodesOf(as("/v1/auth/totp/confirm", object{"code": s.code(t, secret)})), secret, access, refresh, password, better)
		s.loginWith(t, author, secrets[0]).text("data.access_token")
		s.loginWith(t, author, "wrong-secret-code").is("status", 401)
		s.loginWith(t, author, "").is("status", 401)
		post := call{as: admin, method: "POST", path: "/v1/manage/tokens", status: 201, body: object{"name": "Machine", "scopes": []string{"articles:read"}}}
		plain := s.do(t, post).text("data.token")
		post.path, post.body = "/v1/manage/users", object{"email": "invited@nashr.example", "name": "Invited", "role": "author"}
		invitation := s.do(t, post).text("data.invitation.token")
		post.body = object{"email": "hired@nashr.example", "name": "Hired", "role": "author", "password": better}
		s.do(t, post)
		reset := s.resetPassword(t, editor)
		s.setPassword(t, reset, better, 204)
		s.setPassword(t, reset, better, 422)
		s.do(t, call{path: "/v1/manage/articles", header: bearer(plain)})
		s.do(t, call{path: "/v1/manage/articles", header: bearer(plain + "x"), status: 401})
		secrets = append(secrets, plain, invitation, reset, "wrong-secret-code")

		var later strings.Builder
		for _, r := range api.Routes() {
			if r.Method == "GET" && !strings.Contains(r.Path, ":") {
				later.WriteString(s.do(t, call{as: admin, path: r.Path}).raw)
			}
		}
		for _, who := range []string{author, editor} {
			later.WriteString(s.do(t, call{as: admin, path: s.userPath(who)}).raw)
		}
		for place, text := range map[string]string{"the log": kept.text.String(), "an event": s.everyEvent(t), "a later answer": later.String()} {
			for _, secret := range secrets {
				hash := auth.HashSecret(secret)
				for _, form := range []string{secret, hex.EncodeToString(hash), base64.StdEncoding.EncodeToString(hash), "$argon2id"} {
					if strings.Contains(text, form) {
						t.Errorf("%s has %q", place, form)
					}
				}
			}
		}
		if !strings.Contains(kept.text.String(), "UPDATE") || !strings.Contains(kept.text.String(), "/v1/auth/set-password") {
			t.Error("the log is empty")
		}
	})
}

// A user who turns the second factor on while somebody signs in with the password alone keeps them out, or finds their session.
func TestTheSecondFactorCountsAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		login := func() (account.Grant, error) {
			return s.accounts.Login(context.WithoutCancel(t.Context()), account.Credentials{Email: s.users[author].Email, Password: password}, account.Client{})
		}
		while(func() {
			if _, err := login(); err != nil && !newsroom.IsCode(err, newsroom.CodeUnauthenticated) {
				t.Error(err)
			}
		}, func() {
			s.enableTOTP(t, author)
			if _, err := login(); !newsroom.IsCode(err, newsroom.CodeUnauthenticated) {
				t.Errorf("the password alone gives %v", err)
			}
		})
	})
}
