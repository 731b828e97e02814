package account

import (
	"context"
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// apiTokenPrefix tells secret scanners, and us, what a string is.
const apiTokenPrefix = "nsh_"

const (
	touchEvery = time.Minute // how exactly it is known when a token was last used
	touchWait  = time.Second // how long a request waits to write that
)

// TokenForm is what admins set of an API token.
type TokenForm struct {
	Name      string
	Scopes    []newsroom.Scope
	ExpiresAt *time.Time // nil: never
}

// CreateToken makes an API token that does what by may, within its scopes. The string is the token itself, which nobody
// can find out later. invalid is what the sender of the form has broken already; it is reported together with the rest.
func (s *Service) CreateToken(ctx context.Context, by newsroom.Actor, form TokenForm, invalid []newsroom.FieldError) (newsroom.APIToken, string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return newsroom.APIToken{}, "", err
	}
	plain, hash, err := auth.NewSecret(apiTokenPrefix)
	if err != nil {
		return newsroom.APIToken{}, "", err
	}
	now := s.now()
	t := newsroom.APIToken{
		ID: id, Hash: hash, Name: form.Name, Scopes: form.Scopes, CreatedBy: by.User.ID, Version: 1,
		CreatedAt: now, UpdatedAt: now, ExpiresAt: form.ExpiresAt,
	}
	if err := newsroom.Invalid(addUnreported(invalid, t.Check(now, nil))); err != nil {
		return t, "", err
	}
	return t, plain, s.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.CreateAPIToken(&t); err != nil {
			return err
		}
		return recordToken(tx, now, by, "token.created", t)
	})
}

// ChangeToken changes the API token of that id: edit is given what it is and gives what it is to be, and what is wrong
// with that. A change of nothing is nothing.
func (s *Service) ChangeToken(ctx context.Context, by newsroom.Actor, id uuid.UUID, p newsroom.Precondition,
	edit func(TokenForm) (TokenForm, []newsroom.FieldError),
) (newsroom.APIToken, error) {
	var t newsroom.APIToken
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		before, err := loadToken(tx, id, p)
		if err != nil {
			return err
		}
		now := s.now()
		form, broken := edit(TokenForm{before.Name, before.Scopes, before.ExpiresAt})
		t = before
		t.Name, t.Scopes, t.ExpiresAt = form.Name, form.Scopes, form.ExpiresAt
		if err := newsroom.Invalid(addUnreported(broken, t.Check(now, before.ExpiresAt))); err != nil || reflect.DeepEqual(t, before) {
			return err
		}
		t.Version++
		t.UpdatedAt = now
		if err := tx.UpdateAPIToken(&t); err != nil {
			return err
		}
		return recordToken(tx, now, by, "token.updated", t)
	})
	return t, err
}

// DeleteToken ends an API token at once.
func (s *Service) DeleteToken(ctx context.Context, by newsroom.Actor, id uuid.UUID, p newsroom.Precondition) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		t, err := loadToken(tx, id, p)
		if err != nil {
			return err
		}
		if err := tx.DeleteAPIToken(id); err != nil {
			return err
		}
		return recordToken(tx, s.now(), by, "token.deleted", t)
	})
}

func loadToken(tx *store.Tx, id uuid.UUID, p newsroom.Precondition) (newsroom.APIToken, error) {
	t, err := tx.APIToken(id)
	if err != nil {
		return t, noSuch(err, "API token")
	}
	return t, p.Check(t.Version)
}

func recordToken(tx *store.Tx, now time.Time, by newsroom.Actor, what string, t newsroom.APIToken) error {
	return record(tx, now, &by, what, t.ID, map[string]any{"name": t.Name, "scopes": t.Scopes})
}

// authenticateAPIToken gives who acts by an API token: its maker, with less rights.
func (s *Service) authenticateAPIToken(ctx context.Context, plain string) (newsroom.Actor, error) {
	t, maker, err := s.store.Read(ctx).APITokenOf(auth.HashSecret(plain))
	now := s.now()
	if newsroom.IsCode(err, newsroom.CodeNotFound) || err == nil && (t.Expired(now) || maker.DisabledAt != nil) {
		return newsroom.Actor{}, newsroom.Errorf(newsroom.CodeUnauthenticated, "The API token is not valid.")
	}
	if err != nil {
		return newsroom.Actor{}, err
	}
	if t.LastUsedAt == nil || now.Sub(*t.LastUsedAt) >= touchEvery {
		s.touch(ctx, t.ID, now)
	}
	return maker.ByToken(t), nil
}

// touch writes when an API token was last used, if that can be done soon: no request fails for it.
func (s *Service) touch(ctx context.Context, token uuid.UUID, now time.Time) {
	ctx, cancel := context.WithTimeout(ctx, touchWait)
	defer cancel()
	_ = s.store.WriteSignIn(ctx, func(tx *store.Tx) error { return tx.TouchAPIToken(token, now) })
}
