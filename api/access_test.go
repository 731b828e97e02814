package api_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

var force = map[string]string{"If-Match": "*"}

// hire adds a user with the password of all, to be called by the name that it gives.
func (s *server) hire(t *testing.T, role newsroom.Role) string {
	t.Helper()
	name := "hired-" + uuid.NewString()
	u := newsroom.User{
		ID: uuid.Must(uuid.NewV7()), Email: name + "@nashr.example", Name: name, Role: role, PasswordHash: passwordHash(),
		CreatedAt: s.clock.Now(), UpdatedAt: s.clock.Now(), Version: 1,
	}
	must(t, s.store.Write(t.Context(), func(tx *store.Tx) error { return tx.CreateUser(&u) }))
	s.users[name] = u
	return name
}

func (s *server) userPath(who string) string { return "/v1/manage/users/" + s.users[who].ID.String() }

// apiToken makes an API token of the admin's.
func (s *server) apiToken(t *testing.T, scopes ...newsroom.Scope) (id, plain string) {
	t.Helper()
	token, plain, err := s.accounts.CreateToken(t.Context(), newsroom.Actor{User: s.users[admin]}, account.TokenForm{Name: "A machine", Scopes: scopes}, nil)
	must(t, err)
	return token.ID.String(), plain
}

func bearer(token string) map[string]string {
	return map[string]string{"Authorization": "Bearer " + token}
}

// event is the last event, which is of that type and not for readers.
func (s *server) event(t *testing.T, what string) newsroom.Event {
	t.Helper()
	last := s.lastEvent(t)
	if last.Type != what || last.Public {
		t.Errorf("the last event is %s, public %v, want %s", last.Type, last.Public, what)
	}
	return last
}

func (s *server) lastEvent(t *testing.T) newsroom.Event {
	t.Helper()
	all, err := s.store.Read(t.Context()).Events(0, 1_000_000)
	must(t, err)
	return all[len(all)-1]
}

// validAccess is valid for the routes that say who may come in. What it works on is a new user, or a new token.
func (p place) validAccess(t *testing.T, r api.Route, who string, c call) call {
	t.Helper()
	role, known := roles[who]
	if !known {
		role = newsroom.RoleEditor
	}
	hired := p.hire(t, role)
	token, _ := p.apiToken(t, newsroom.ScopeArticlesRead)
	c.path = strings.NewReplacer("/users/:id", "/users/"+p.users[hired].ID.String(), "/tokens/:id", "/tokens/"+token).Replace(r.Path)
	if strings.HasPrefix(r.Path, "/v1/auth/totp") && who != nobody {
		access, _ := p.signIn(t, hired)
		c.header["Authorization"] = "Bearer " + access
	}
	switch r.Method + " " + r.Path {
	case "POST /v1/auth/set-password":
		link, err := p.accounts.ResetPassword(t.Context(), newsroom.Actor{User: p.users[admin]}, p.users[hired].ID)
		must(t, err)
		c.body, c.status = object{"token": link.Token, "password": password}, 204
	case "POST /v1/auth/totp":
		c.body = object{"password": password}
	case "POST /v1/auth/totp/confirm":
		c.body = object{"code": p.code(t, p.offerTOTP(t, hired))}
	case "POST /v1/auth/totp/recovery-codes":
		c.body = object{"code": p.enableTOTP(t, hired).recovery[0]}
	case "POST /v1/auth/totp/disable":
		c.body, c.status = object{"password": password, "code": p.enableTOTP(t, hired).recovery[0]}, 204
	case "POST /v1/manage/users":
		c.body, c.status = object{"email": uuid.NewString() + "@nashr.example", "name": "New", "role": "author"}, 201
	case "POST /v1/manage/tokens":
		c.body, c.status = object{"name": "New", "scopes": []string{"articles:read"}}, 201
	case "DELETE /v1/manage/users/:id/totp":
		p.enableTOTP(t, hired)
	}
	switch r.Method {
	case "PATCH":
		c.body = object{}
	case "DELETE":
		c.status = 204
	}
	return c
}

// factor is somebody's second factor.
type factor struct {
	secret   string
	recovery []string
}

// offerTOTP gives the secret that somebody is offered.
func (s *server) offerTOTP(t *testing.T, who string) (secret string) {
	t.Helper()
	secret, _, err := s.accounts.OfferTOTP(t.Context(), newsroom.Actor{User: s.users[who]}, "192.0.2.1", password)
	must(t, err)
	return secret
}

// code is what an app shows now.
func (s *server) code(t *testing.T, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, s.clock.Now())
	must(t, err)
	return code
}

// enableTOTP gives somebody a second factor, whose present code is used then.
func (s *server) enableTOTP(t *testing.T, who string) factor {
	t.Helper()
	f := factor{secret: s.offerTOTP(t, who)}
	var err error
	f.recovery, err = s.accounts.ConfirmTOTP(t.Context(), newsroom.Actor{User: s.users[who]}, "192.0.2.1", s.code(t, f.secret))
	must(t, err)
	return f
}
