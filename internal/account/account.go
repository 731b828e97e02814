// Package account knows who may come in: users and their passwords, sign-in and its sessions, and the keys that sign
// access tokens. Package auth computes; this one keeps the outcome in the store.
package account

import (
	"context"
	"errors"
	"runtime"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// Service signs users in and keeps them. Make it with New.
type Service struct {
	store     *store.Store
	tokens    auth.Tokens
	passwords *auth.Passwords
	keys      keyring
	now       func() time.Time
	checks    chan struct{} // a slot for each secret that is being compared
}

// New gives a Service whose access tokens name publicURL as their issuer and audience. now is in UTC and whole
// milliseconds.
func New(s *store.Store, publicURL string, now func() time.Time) *Service {
	return &Service{
		store:     s,
		tokens:    auth.Tokens{Issuer: publicURL, Audience: publicURL},
		passwords: auth.NewPasswords(),
		keys:      keyring{store: s},
		checks:    make(chan struct{}, runtime.GOMAXPROCS(0)),
		now:       now,
	}
}

// SetPassword gives the user of that address a new password and ends all sessions. Links to choose one are void then.
func (s *Service) SetPassword(ctx context.Context, email, password string) error {
	u, err := s.store.Read(ctx).UserByEmail(email)
	if err != nil {
		return noUser(err, email)
	}
	hash, err := s.newPassword(ctx, u, password)
	if err != nil {
		return err
	}
	_, err = s.changeUser(ctx, nil, byEmail(email), func(w *userWork) error {
		return w.setPassword("user.password_set", hash, uuid.Nil)
	})
	return err
}

// ChangePassword lets a signed-in user choose a new password, given the present one, and ends the other sessions.
// Wrong guesses at the present one slow down like failed sign-ins.
func (s *Service) ChangePassword(ctx context.Context, who newsroom.Actor, address, current, password string) error {
	if err := s.provePassword(ctx, who, address, current, "/current_password"); err != nil {
		return err
	}
	hash, err := s.newPassword(ctx, who.User, password)
	if err != nil {
		return atNewPassword(err)
	}
	_, err = s.changeUser(ctx, &who, byID(who.User.ID), func(w *userWork) error {
		if w.PasswordHash != who.User.PasswordHash {
			return notYourPassword("/current_password") // not any more
		}
		return w.setPassword("user.password_changed", hash, who.Session.ID)
	})
	return err
}

// provePassword gives validation_failed at pointer unless password is that of who. Wrong guesses slow down. They are
// counted apart from those at signing in, so that a right password does not make up for wrong codes of a second factor.
func (s *Service) provePassword(ctx context.Context, who newsroom.Actor, address, password, pointer string) error {
	return s.prove(ctx, "password of "+who.User.Email, address, func() error {
		return s.checkPassword(ctx, who, password, pointer)
	})
}

func (s *Service) checkPassword(ctx context.Context, who newsroom.Actor, password, pointer string) error {
	right, err := s.passwords.Verify(ctx, password, who.User.PasswordHash)
	if err == nil && !right {
		return wrong{notYourPassword(pointer)}
	}
	return err
}

func (s *Service) newPassword(ctx context.Context, u newsroom.User, password string) (string, error) {
	if err := auth.CheckPassword(password, u.Email, u.Name); err != nil {
		return "", err
	}
	return s.passwords.Hash(ctx, password)
}

// atNewPassword makes what is wrong with a password point to the field of a change.
func atNewPassword(err error) error {
	var e *newsroom.Error
	if errors.As(err, &e) {
		for i := range e.Fields {
			e.Fields[i].Pointer = "/new_password"
		}
	}
	return err
}

func notYourPassword(pointer string) error {
	return newsroom.Invalid([]newsroom.FieldError{
		{Pointer: pointer, Code: newsroom.FieldInvalid, Detail: "This is not your present password."},
	})
}
