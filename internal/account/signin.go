package account

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// sessionLifetime is how long a session lasts when it is not used.
const sessionLifetime = 30 * 24 * time.Hour

// failureLifetime outlasts the rules of auth.AccountThrottle and auth.AddressThrottle.
const failureLifetime = 24 * time.Hour

// refreshPrefix tells secret scanners, and us, what a string is.
const refreshPrefix = "nrt_"

// Grant is what a client gets that signed in.
type Grant struct {
	AccessToken  string
	ExpiresIn    time.Duration // of the access token
	RefreshToken string        // good for one use
}

// Client is where a sign-in comes from.
type Client struct {
	Address   string // IP address
	UserAgent string
}

// Credentials are what a user signs in with.
type Credentials struct {
	Email    string
	Password string
	Code     string // of the second factor or a recovery code, where one is needed
}

// Login starts a session. A wrong password, an unknown address and a disabled user give the same unauthenticated error,
// after the same work; with a right password, a code that is needed and missing or wrong gives one at "/code". Too many
// failures give rate_limited; a code that is merely missing is none.
func (s *Service) Login(ctx context.Context, c Credentials, client Client) (Grant, error) {
	email := newsroom.NormalEmail(c.Email)
	var grant Grant
	err := s.prove(ctx, email, client.Address, func() error {
		u, err := s.store.Read(ctx).UserByEmail(email)
		if err != nil && !newsroom.IsCode(err, newsroom.CodeNotFound) {
			return err
		}
		right, err := s.passwords.Verify(ctx, c.Password, u.PasswordHash)
		if err != nil {
			return err
		}
		if !right || u.DisabledAt != nil {
			return wrong{badLogin()}
		}
		grant, err = s.open(ctx, u, c.Code, client)
		return err
	})
	return grant, err
}

func badLogin() error {
	return newsroom.Errorf(newsroom.CodeUnauthenticated, "The e-mail address or the password is wrong.")
}

// open starts a session for u, who has just been found to know the password, and uses up the code of the second factor.
// If the password, or the user, is no longer good by now, the login is not.
func (s *Service) open(ctx context.Context, u newsroom.User, code string, client Client) (Grant, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Grant{}, err
	}
	now := s.now()
	key, err := s.keys.signing(ctx, now)
	if err != nil {
		return Grant{}, err
	}
	session := newsroom.Session{
		ID: id, UserID: u.ID, UserAgent: clip(client.UserAgent, 300), Address: client.Address,
		CreatedAt: now, LastUsedAt: now, ExpiresAt: now.Add(sessionLifetime),
	}
	var grant Grant
	err = s.store.WriteSignIn(ctx, func(tx *store.Tx) error {
		present, err := tx.HoldUser(u.ID)
		if newsroom.IsCode(err, newsroom.CodeNotFound) || err == nil && (present.PasswordHash != u.PasswordHash || present.DisabledAt != nil) {
			return badLogin()
		}
		if err != nil {
			return err
		}
		if err := signInCode(tx, present, code, now); err != nil {
			return err
		}
		if err := tx.CreateSession(&session); err != nil {
			return err
		}
		grant, err = s.grant(tx, key, u, session, now)
		return err
	})
	return grant, err
}

// grant makes the tokens of a session. It is given the key, because the keyring may need a transaction of its own.
func (s *Service) grant(tx *store.Tx, key auth.Key, u newsroom.User, session newsroom.Session, now time.Time) (Grant, error) {
	plain, hash, err := auth.NewSecret(refreshPrefix)
	if err != nil {
		return Grant{}, err
	}
	if err := tx.CreateRefreshToken(&newsroom.RefreshToken{Hash: hash, SessionID: session.ID, CreatedAt: now}); err != nil {
		return Grant{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Grant{}, err
	}
	access, err := s.tokens.Sign(key, auth.Claims{
		Subject: u.ID, Session: session.ID, TokenID: id, Role: u.Role, IssuedAt: now, ExpiresAt: now.Add(auth.AccessLifetime),
	})
	return Grant{AccessToken: access, ExpiresIn: auth.AccessLifetime, RefreshToken: plain}, err
}

// Refresh exchanges a refresh token for new tokens of its session. A token that was used before ends the session: one
// of its two users has stolen it.
func (s *Service) Refresh(ctx context.Context, refreshToken string) (Grant, error) {
	now := s.now()
	key, err := s.keys.signing(ctx, now)
	if err != nil {
		return Grant{}, err
	}
	var grant Grant
	var refused error
	err = s.store.WriteSignIn(ctx, func(tx *store.Tx) error {
		hash := auth.HashSecret(refreshToken)
		token, err := tx.RefreshToken(hash)
		if err != nil {
			return badRefreshToken(err)
		}
		who, err := tx.SignedIn(token.SessionID)
		if err != nil {
			return badRefreshToken(err)
		}
		if who.User, err = tx.HoldUser(who.User.ID); err != nil {
			return badRefreshToken(err)
		}
		fresh, err := tx.UseRefreshToken(hash, now)
		if err != nil {
			return err
		}
		if !fresh {
			// The session's end must be kept, so this is no error of the transaction.
			refused = newsroom.Errorf(newsroom.CodeUnauthenticated, "The refresh token was used before. The session has been ended.")
			_, err := tx.EndSession(who.User.ID, token.SessionID, now)
			return err
		}
		if !who.Session.Open(now) || who.User.DisabledAt != nil {
			return badRefreshToken(nil)
		}
		who.Session.LastUsedAt, who.Session.ExpiresAt = now, now.Add(sessionLifetime)
		if err := tx.TouchSession(*who.Session); err != nil {
			return err
		}
		grant, err = s.grant(tx, key, who.User, *who.Session, now)
		return err
	})
	if err == nil {
		err = refused
	}
	return grant, err
}

// Authenticate gives who an access token, or an API token, belongs to. The session and the user are looked up each time,
// so that both can be ended at once.
func (s *Service) Authenticate(ctx context.Context, accessToken string) (newsroom.Actor, error) {
	if strings.HasPrefix(accessToken, apiTokenPrefix) {
		return s.authenticateAPIToken(ctx, accessToken)
	}
	now := s.now()
	keys, err := s.keys.current(ctx, now)
	if err != nil {
		return newsroom.Actor{}, err
	}
	claims, err := s.tokens.Verify(accessToken, keys.public, now)
	if err != nil {
		return newsroom.Actor{}, err
	}
	who, err := s.store.Read(ctx).SignedIn(claims.Session)
	if newsroom.IsCode(err, newsroom.CodeNotFound) ||
		err == nil && (!who.Session.Open(now) || who.User.DisabledAt != nil || who.User.ID != claims.Subject) {
		return newsroom.Actor{}, newsroom.Errorf(newsroom.CodeUnauthenticated, "The session has ended.")
	}
	return who, err
}

// EndSession ends a session of the user; not_found when there is no such open one.
func (s *Service) EndSession(ctx context.Context, user, session uuid.UUID) error {
	return s.store.WriteSignIn(ctx, func(tx *store.Tx) error {
		ended, err := tx.EndSession(user, session, s.now())
		if err == nil && !ended {
			return newsroom.Errorf(newsroom.CodeNotFound, "There is no such session.")
		}
		return err
	})
}

// Sessions gives the open sessions of the user, last used first.
func (s *Service) Sessions(ctx context.Context, user uuid.UUID) ([]newsroom.Session, error) {
	return s.store.Read(ctx).OpenSessions(user, s.now())
}

// Tidy deletes sessions that have been over for a month, failures to sign in that are forgotten, and password links that
// have expired.
func (s *Service) Tidy(ctx context.Context) error {
	return s.store.WriteSignIn(ctx, func(tx *store.Tx) error {
		now := s.now()
		return tx.SweepSignIn(now.Add(-sessionLifetime), now.Add(-failureLifetime), now)
	})
}

func badRefreshToken(err error) error {
	if err == nil || newsroom.IsCode(err, newsroom.CodeNotFound) {
		return newsroom.Errorf(newsroom.CodeUnauthenticated, "The refresh token is not valid.")
	}
	return err
}

// clip gives what a client says of itself as text that can be kept.
func clip(s string, most int) string { return strings.ToValidUTF8(s[:min(len(s), most)], "") }
