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

// CreateUser adds a user with a password; validation_failed, or already_exists when the address is taken.
func (s *Service) CreateUser(ctx context.Context, email, name string, role newsroom.Role, password string) (newsroom.User, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return newsroom.User{}, err
	}
	now := s.now()
	u := newsroom.User{ID: id, Email: newsroom.NormalEmail(email), Name: name, Role: role, CreatedAt: now, UpdatedAt: now, Version: 1}
	if err := u.Check(); err != nil {
		return u, err
	}
	if u.PasswordHash, err = s.newPassword(ctx, u, password); err != nil {
		return u, err
	}
	return u, s.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.CreateUser(&u); err != nil {
			if newsroom.IsCode(err, newsroom.CodeAlreadyExists) {
				return newsroom.Errorf(newsroom.CodeAlreadyExists, "There is a user with the address %s already.", u.Email)
			}
			return err
		}
		return tx.AppendEvent(userEvent("user.created", u, now))
	})
}

// SetPassword gives the user of that address a new password and ends all sessions.
func (s *Service) SetPassword(ctx context.Context, email, password string) error {
	u, err := s.store.Read(ctx).UserByEmail(email)
	if err != nil {
		return noUser(err, email)
	}
	hash, err := s.newPassword(ctx, u, password)
	if err != nil {
		return err
	}
	return s.changeUser(ctx, email, uuid.Nil, "user.password_set", func(u *newsroom.User) error {
		u.PasswordHash = hash
		return nil
	})
}

// ChangePassword lets a signed-in user choose a new password, given the present one, and ends the other sessions.
// Wrong guesses at the present one slow down like failed sign-ins.
func (s *Service) ChangePassword(ctx context.Context, who newsroom.Actor, address, current, password string) error {
	right, err := s.prove(ctx, who.User.Email, address, func() (bool, error) {
		return s.passwords.Verify(ctx, current, who.User.PasswordHash)
	})
	if err != nil {
		return err
	}
	if !right {
		return notYourPassword()
	}
	hash, err := s.newPassword(ctx, who.User, password)
	if err != nil {
		return atNewPassword(err)
	}
	return s.changeUser(ctx, who.User.Email, who.Session.ID, "user.password_changed", func(u *newsroom.User) error {
		if u.PasswordHash != who.User.PasswordHash {
			return notYourPassword() // not any more
		}
		u.PasswordHash = hash
		return nil
	})
}

// Disable ends all that the user of that address may do, at once.
func (s *Service) Disable(ctx context.Context, email string) error {
	now := s.now()
	return s.changeUser(ctx, email, uuid.Nil, "user.disabled", func(u *newsroom.User) error {
		u.DisabledAt = &now
		return nil
	})
}

// changeUser changes the user of that address, as they are by then, and ends all of their sessions but keep.
func (s *Service) changeUser(ctx context.Context, email string, keep uuid.UUID, what string, change func(*newsroom.User) error) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		u, err := tx.UserByEmail(email)
		if err != nil {
			return noUser(err, email)
		}
		if err := change(&u); err != nil {
			return err
		}
		now := s.now()
		u.UpdatedAt = now
		u.Version++
		if err := tx.UpdateUser(&u); err != nil {
			return err
		}
		if err := tx.EndOtherSessions(u.ID, keep, now); err != nil {
			return err
		}
		return tx.AppendEvent(userEvent(what, u, now))
	})
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

func notYourPassword() error {
	return newsroom.Invalid([]newsroom.FieldError{
		{Pointer: "/current_password", Code: newsroom.FieldInvalid, Detail: "This is not your present password."},
	})
}

func userEvent(what string, u newsroom.User, now time.Time) *newsroom.Event {
	return &newsroom.Event{At: now, Type: what, SubjectID: u.ID, Data: []byte("{}")}
}

func noUser(err error, email string) error {
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return newsroom.Errorf(newsroom.CodeNotFound, "There is no user with the address %s.", email)
	}
	return err
}
