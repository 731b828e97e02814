package account

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// linkPrefix tells secret scanners what a string is.
const linkPrefix = "npl_"

// How long a link is good: for who never had a password, and for who had one.
const (
	invitationLifetime = 7 * 24 * time.Hour
	resetLifetime      = 24 * time.Hour
)

// Link lets a user choose a password once.
type Link struct {
	Token     string
	ExpiresAt time.Time
}

// ResetPassword gives a link by which the user of that id can choose a new password, and voids those before. Until it is
// used, all stays as it is. A disabled user gets none: invalid_transition.
func (s *Service) ResetPassword(ctx context.Context, by newsroom.Actor, id uuid.UUID) (Link, error) {
	var link *Link
	_, err := s.changeUser(ctx, &by, byID(id), func(w *userWork) (err error) {
		if w.DisabledAt != nil {
			return newsroom.Errorf(newsroom.CodeInvalidTransition, "The user is disabled. Enable them first.")
		}
		link, err = w.link()
		return err
	})
	if err != nil {
		return Link{}, err
	}
	return *link, nil
}

// link makes the only link of the user that counts from now on.
func (w *userWork) link() (*Link, error) {
	lifetime := resetLifetime
	if w.PasswordHash == "" {
		lifetime = invitationLifetime
	}
	plain, hash, err := auth.NewSecret(linkPrefix)
	if err != nil {
		return nil, err
	}
	if err := w.tx.DeletePasswordLinks(w.ID); err != nil {
		return nil, err
	}
	expires := w.now.Add(lifetime)
	if err := w.tx.CreatePasswordLink(&newsroom.PasswordLink{Hash: hash, UserID: w.ID, CreatedAt: w.now, ExpiresAt: expires}); err != nil {
		return nil, err
	}
	return &Link{Token: plain, ExpiresAt: expires}, w.happened("user.password_link_created", nil)
}

// SetPasswordByLink gives the user of a link a new password, ends all sessions and voids the link. One that is unknown,
// used, expired or of a disabled user gives the same validation_failed at "/token"; too many of them give rate_limited.
func (s *Service) SetPasswordByLink(ctx context.Context, token, password, address string) error {
	hash := auth.HashSecret(token)
	var u newsroom.User
	err := s.prove(ctx, "", address, func() (err error) {
		u, err = s.linked(s.store.Read(ctx), hash)
		return err
	})
	if err != nil {
		return err
	}
	passwordHash, err := s.newPassword(ctx, u, password)
	if err != nil {
		return err
	}
	_, err = s.changeUser(ctx, &newsroom.Actor{User: u}, byID(u.ID), func(w *userWork) error {
		if _, err := s.linked(w.tx.Queries, hash); err != nil {
			return err // not good any more
		}
		return w.setPassword("user.password_set", passwordHash, uuid.Nil)
	})
	return err
}

// linked gives the user whom the link of that hash lets choose a password now, or what is wrong.
func (s *Service) linked(q store.Queries, hash []byte) (newsroom.User, error) {
	link, err := q.PasswordLink(hash)
	if err != nil {
		return newsroom.User{}, badLink(err)
	}
	u, err := q.User(link.UserID)
	if err != nil {
		return u, badLink(err)
	}
	if !s.now().Before(link.ExpiresAt) || u.DisabledAt != nil {
		return u, badLink(nil)
	}
	return u, nil
}

func badLink(err error) error {
	if err != nil && !newsroom.IsCode(err, newsroom.CodeNotFound) {
		return err
	}
	return wrong{newsroom.Invalid([]newsroom.FieldError{
		{Pointer: "/token", Code: newsroom.FieldInvalid, Detail: "This link is not good: it was used, has expired or never was. Ask for a new one."},
	})}
}
