package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/newsroom"
)

// signIn answers those who come in and go.
type signIn struct{ accounts *account.Service }

// LoginRequest is who wants to come in.
type LoginRequest struct {
	Email    string `json:"email" validate:"required" format:"email" example:"editor@nashr.example"`
	Password string `json:"password" validate:"required" format:"password" example:"a long pass phrase"`
	// Of the second factor, where the user has one: six digits from the app, or a recovery code, which is good once.
	Code string `json:"code" extensions:"x-nullable" example:"287082"`
}

// RefreshRequest is a refresh token, good for one use.
type RefreshRequest struct {
	RefreshToken string `json:"refresh_token" validate:"required" example:"nrt_Zx8kQm2Tt0bV5n7sYw1cRj4uLh6pDf9gKa3eXo0iBqE"`
}

// PasswordRequest is a change of one's own password.
type PasswordRequest struct {
	CurrentPassword string `json:"current_password" validate:"required" format:"password" example:"a long pass phrase"`
	NewPassword     string `json:"new_password" validate:"required" minLength:"12" maxLength:"256" format:"password" example:"another long pass phrase"`
}

// SetPasswordRequest is a password chosen by an invitation or a reset.
type SetPasswordRequest struct {
	// From whoever invited you.
	Token    string `json:"token" validate:"required" example:"npl_Zx8kQm2Tt0bV5n7sYw1cRj4uLh6pDf9gKa3eXo0iBqE"`
	Password string `json:"password" validate:"required" minLength:"12" maxLength:"256" format:"password" example:"a long pass phrase"`
}

// Tokens let a client in.
type Tokens struct {
	// A JWT for the Authorization header.
	AccessToken string `json:"access_token" example:"eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.e30.c2ln"`
	TokenType   string `json:"token_type" enums:"Bearer" example:"Bearer"`
	// Seconds until the access token expires.
	ExpiresIn int `json:"expires_in" minimum:"1" example:"900"`
	// Good for one use; using it twice ends the session.
	RefreshToken string `json:"refresh_token" example:"nrt_Zx8kQm2Tt0bV5n7sYw1cRj4uLh6pDf9gKa3eXo0iBqE"`
}

// Me is who a token belongs to.
type Me struct {
	ID        string        `json:"id" format:"uuid"`
	Email     string        `json:"email" format:"email" example:"editor@nashr.example"`
	Name      string        `json:"name" example:"Nodira Saidova"`
	Role      newsroom.Role `json:"role"`
	SessionID string        `json:"session_id" format:"uuid"`
	// Signing in needs a second factor.
	TOTP      bool      `json:"totp"`
	CreatedAt time.Time `json:"created_at" format:"date-time"`
}

// Session is one sign-in.
type Session struct {
	ID string `json:"id" format:"uuid"`
	// This request belongs to it.
	Current    bool      `json:"current"`
	UserAgent  *string   `json:"user_agent" example:"NewsDesk/3.1"`
	Address    string    `json:"address" example:"192.0.2.7"`
	CreatedAt  time.Time `json:"created_at" format:"date-time"`
	LastUsedAt time.Time `json:"last_used_at" format:"date-time"`
	ExpiresAt  time.Time `json:"expires_at" format:"date-time"`
}

// login starts a session.
//
// @Summary     Sign in
// @Description A wrong password and an unknown address look alike. Repeated failures slow the account and the network address down (429).
// @Description With a second factor, the right password alone gives 401 with `required` at `/code` among the `errors`: ask for a code and send all
// @Description three again. A code that is wrong, or was used already, gives `invalid_value` there.
// @ID          login
// @Tags        auth
// @Param       body body LoginRequest true "Who you are"
// @Success     200 {object} Data[Tokens]
// @Failure     401,429 {object} Problem
// @Router      /v1/auth/login [post]
func (h signIn) login(c echo.Context) error {
	var in LoginRequest
	if err := readBody(c, &in); err != nil {
		return err
	}
	client := account.Client{Address: c.RealIP(), UserAgent: c.Request().UserAgent()}
	grant, err := h.accounts.Login(c.Request().Context(), account.Credentials(in), client)
	if err != nil {
		return err
	}
	return answerTokens(c, grant)
}

// refresh goes on with a session.
//
// @Summary     Refresh the tokens
// @Description Exchanges a refresh token for new tokens. Using one twice ends its session: one of its users has stolen it.
// @ID          refresh
// @Tags        auth
// @Param       body body RefreshRequest true "The refresh token"
// @Success     200 {object} Data[Tokens]
// @Failure     401 {object} Problem
// @Router      /v1/auth/refresh [post]
func (h signIn) refresh(c echo.Context) error {
	var in RefreshRequest
	if err := readBody(c, &in); err != nil {
		return err
	}
	grant, err := h.accounts.Refresh(c.Request().Context(), in.RefreshToken)
	if err != nil {
		return err
	}
	return answerTokens(c, grant)
}

func answerTokens(c echo.Context, g account.Grant) error {
	return private(c, http.StatusOK, Data[Tokens]{Tokens{
		AccessToken: g.AccessToken, TokenType: "Bearer", ExpiresIn: int(g.ExpiresIn.Seconds()), RefreshToken: g.RefreshToken,
	}})
}

// logout ends the session.
//
// @Summary  Sign out
// @ID       logout
// @Tags     auth
// @Security BearerAuth
// @Success  204
// @Failure  403,413,415,422 {object} Problem
// @Router   /v1/auth/logout [post]
func (h signIn) logout(c echo.Context) error {
	if err := errors.Join(noParameters(c), noBody(c)); err != nil {
		return err
	}
	who := actor(c)
	err := h.accounts.EndSession(c.Request().Context(), who.User.ID, who.Session.ID)
	if err != nil && !newsroom.IsCode(err, newsroom.CodeNotFound) {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// me tells who is signed in.
//
// @Summary  Who am I
// @ID       getMe
// @Tags     auth
// @Security BearerAuth
// @Success  200 {object} Data[Me]
// @Failure  403 {object} Problem
// @Router   /v1/auth/me [get]
func (h signIn) me(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	who := actor(c)
	return private(c, http.StatusOK, Data[Me]{Me{
		ID: who.User.ID.String(), Email: who.User.Email, Name: who.User.Name, Role: who.User.Role,
		SessionID: who.Session.ID.String(), TOTP: who.User.HasTOTP(), CreatedAt: who.User.CreatedAt,
	}})
}

// changePassword sets one's own password.
//
// @Summary     Change your password
// @Description Ends your other sessions. A password has at least 12 characters and is none that is commonly leaked.
// @ID          changePassword
// @Tags        auth
// @Security    BearerAuth
// @Param       body body PasswordRequest true "Present and new password"
// @Success     204
// @Failure     403,429 {object} Problem
// @Router      /v1/auth/password [put]
func (h signIn) changePassword(c echo.Context) error {
	var in PasswordRequest
	if err := readBody(c, &in); err != nil {
		return err
	}
	if err := h.accounts.ChangePassword(c.Request().Context(), actor(c), c.RealIP(), in.CurrentPassword, in.NewPassword); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// setPassword sets the password of whoever holds a link.
//
// @Summary     Choose a password by an invitation or a reset
// @Description The token is good once. All sessions end, and other tokens of the user are void then. One that is unknown, used or expired
// @Description gives invalid_value at `/token`; many of them slow the network address down (429).
// @ID          setPassword
// @Tags        auth
// @Param       body body SetPasswordRequest true "Token and new password"
// @Success     204
// @Failure     429 {object} Problem
// @Router      /v1/auth/set-password [post]
func (h signIn) setPassword(c echo.Context) error {
	var in SetPasswordRequest
	if err := readBody(c, &in); err != nil {
		return err
	}
	if err := h.accounts.SetPasswordByLink(c.Request().Context(), in.Token, in.Password, c.RealIP()); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// listSessions tells where one is signed in.
//
// @Summary     List your sessions
// @Description Your open sessions, last used first.
// @ID          listSessions
// @Tags        auth
// @Security    BearerAuth
// @Param       query  query PageQuery false "paging"
// @Success     200 {object} Page[Session]
// @Header      200 {string} Link "x"
// @Failure     403 {object} Problem
// @Router      /v1/auth/sessions [get]
func (h signIn) listSessions(c echo.Context) error {
	q := queryOf(c)
	page := q.page(nil)
	if err := q.err(); err != nil {
		return err
	}
	who := actor(c)
	open, err := h.accounts.Sessions(c.Request().Context(), who.User.ID)
	if err != nil {
		return err
	}
	shown := make([]Session, len(open))
	for i, s := range open {
		shown[i] = Session{
			ID: s.ID.String(), Current: s.ID == who.Session.ID, UserAgent: nullable(s.UserAgent), Address: s.Address,
			CreatedAt: s.CreatedAt, LastUsedAt: s.LastUsedAt, ExpiresAt: s.ExpiresAt,
		}
	}
	listing, err := slicePage(shown, page, func(s Session) string { return s.ID })
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, pageOf(c, listing.Items, page, listing))
}

// endSession ends one session.
//
// @Summary     End a session
// @Description Its tokens stop working at once.
// @ID          endSession
// @Tags        auth
// @Security    BearerAuth
// @Param       id path string true "Session id"
// @Success     204
// @Failure     403,404 {object} Problem
// @Router      /v1/auth/sessions/{id} [delete]
func (h signIn) endSession(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	id, err := pathID(c, "session")
	if err != nil {
		return err
	}
	if err := h.accounts.EndSession(c.Request().Context(), actor(c).User.ID, id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// JSONWebKeySet is the set of keys that verify access tokens (RFC 7517).
type JSONWebKeySet struct {
	Keys []JSONWebKey `json:"keys"`
}

// JSONWebKey is one Ed25519 key (RFC 8037).
type JSONWebKey struct {
	KeyType   string `json:"kty" enums:"OKP" example:"OKP"`
	Curve     string `json:"crv" enums:"Ed25519" example:"Ed25519"`
	Algorithm string `json:"alg" enums:"EdDSA" example:"EdDSA"`
	Use       string `json:"use" enums:"sig" example:"sig"`
	ID        string `json:"kid" format:"" example:"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"`
	X         string `json:"x" example:"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"`
}

// jwks publishes the keys.
//
// @Summary     Keys that verify access tokens
// @Description A JSON Web Key Set. A new key is published an hour before it signs.
// @ID          getJWKS
// @Tags        auth
// @Success     200 {object} JSONWebKeySet
// @Header      200 {string} Cache-Control "x"
// @Router      /.well-known/jwks.json [get]
func (h signIn) jwks(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	set, err := h.accounts.JWKS(c.Request().Context())
	if err != nil {
		return err
	}
	out := JSONWebKeySet{Keys: make([]JSONWebKey, len(set))}
	for i, k := range set {
		out.Keys[i] = JSONWebKey(k)
	}
	body, err := encode(out)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=600")
	return write(c, http.StatusOK, jsonType, body)
}

// access says who may use a route. The zero value is nobody, so that a route which forgets to say is closed.
type access int

const (
	nobody access = iota
	everyone
	contributors // anyone who is signed in
	authors
	editors
	admins
)

var leastRole = map[access]newsroom.Role{
	contributors: newsroom.RoleContributor,
	authors:      newsroom.RoleAuthor,
	editors:      newsroom.RoleEditor,
	admins:       newsroom.RoleAdmin,
}

// guard lets a request through to handle when may allows it and, for API tokens, scope too.
func (s *server) guard(may access, scope newsroom.Scope, handle echo.HandlerFunc) echo.HandlerFunc {
	if may == everyone {
		return handle
	}
	admit := func(ctx context.Context, c echo.Context) error {
		token, sent := bearer(c.Request())
		if !sent {
			return newsroom.Errorf(newsroom.CodeUnauthenticated, "Sign in first: this needs an access token.")
		}
		who, err := s.Accounts.Authenticate(ctx, token)
		if err != nil {
			return err
		}
		if err := permit(who, may, scope); err != nil {
			return err
		}
		c.Set(actorKey, who)
		return nil
	}
	return func(c echo.Context) error {
		if err := admit(c.Request().Context(), c); err != nil {
			return err
		}
		c.Set(admitKey, admit)
		return handle(c)
	}
}

// permit gives forbidden unless may and scope let who in.
func permit(who newsroom.Actor, may access, scope newsroom.Scope) error {
	if !who.User.Role.AtLeast(leastRole[may]) { // there is none for nobody, and no role reaches that
		return newsroom.Errorf(newsroom.CodeForbidden, "Your role, %s, may not do this.", who.User.Role)
	}
	return checkScope(who, scope)
}

// checkScope says whether who may do what scope stands for.
func checkScope(who newsroom.Actor, scope newsroom.Scope) error {
	switch {
	case who.Token == nil || scope == anyScope:
		return nil
	case scope == "":
		return newsroom.Errorf(newsroom.CodeForbidden, "API tokens may not do this: it is for people who sign in.")
	case !who.Has(scope):
		return newsroom.Errorf(newsroom.CodeForbidden, "This needs an API token with the scope %s.", scope)
	}
	return nil
}

// bearer gives the token of a request, if it sends one.
func bearer(r *http.Request) (token string, sent bool) {
	scheme, token, _ := strings.Cut(r.Header.Get(echo.HeaderAuthorization), " ")
	return token, strings.EqualFold(scheme, "Bearer")
}

const (
	actorKey = "nashr.actor"
	admitKey = "nashr.admit"
)

// readmit asks anew whether the request may be made, and by whom, for answers that outlast what was true when it came.
func readmit(ctx context.Context, c echo.Context) error {
	return c.Get(admitKey).(func(context.Context, echo.Context) error)(ctx, c)
}

// actor gives who the request comes from. Only guarded handlers may ask.
func actor(c echo.Context) newsroom.Actor { return c.Get(actorKey).(newsroom.Actor) }
