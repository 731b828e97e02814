package account

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// changeUser lets change change the user that find gives, as they are by then, and writes them under the next version if
// anything of them is another then, all in one transaction. by is who does it, or nil for a command. An admin who can
// sign in is always left.
func (s *Service) changeUser(ctx context.Context, by *newsroom.Actor, find finder, change func(*userWork) error) (newsroom.User, error) {
	w := &userWork{by: by, now: s.now()}
	err := s.store.Write(ctx, func(tx *store.Tx) (err error) {
		w.tx = tx
		if w.before, err = find(tx); err != nil {
			return err
		}
		w.User = w.before
		if err := change(w); err != nil {
			return err
		}
		return w.finish()
	})
	return w.User, err
}

// finder finds a user, whom nobody else changes then until the transaction ends.
type finder func(*store.Tx) (newsroom.User, error)

func byID(id uuid.UUID) finder {
	return func(tx *store.Tx) (newsroom.User, error) {
		u, err := tx.HoldUser(id)
		return u, noSuch(err, "user")
	}
}

func byEmail(email string) finder {
	return func(tx *store.Tx) (newsroom.User, error) {
		u, err := tx.UserByEmail(email)
		if err != nil {
			return u, noUser(err, email)
		}
		return tx.HoldUser(u.ID)
	}
}

// userWork is a user while something changes them.
type userWork struct {
	newsroom.User // as they are to be
	before        newsroom.User
	tx            *store.Tx
	by            *newsroom.Actor
	now           time.Time
}

// happened records what was done to the user.
func (w *userWork) happened(what string, data map[string]any) error {
	return record(w.tx, w.now, w.by, what, w.ID, data)
}

// setPassword sets a new password, which voids the links to choose one and ends all sessions but keep.
func (w *userWork) setPassword(what, hash string, keep uuid.UUID) error {
	w.PasswordHash = hash
	if err := w.tx.DeletePasswordLinks(w.ID); err != nil {
		return err
	}
	if err := w.tx.EndOtherSessions(w.ID, keep, w.now); err != nil {
		return err
	}
	return w.happened(what, nil)
}

// setDisabled disables the user, which ends all sessions and voids the links to choose a password, or enables them.
func (w *userWork) setDisabled(disabled bool) error {
	switch {
	case disabled == (w.DisabledAt != nil):
		return nil
	case !disabled:
		w.DisabledAt = nil
		return w.happened("user.enabled", nil)
	}
	w.DisabledAt = &w.now
	if err := w.tx.DeletePasswordLinks(w.ID); err != nil {
		return err
	}
	if err := w.tx.EndOtherSessions(w.ID, uuid.Nil, w.now); err != nil {
		return err
	}
	return w.happened("user.disabled", nil)
}

// finish writes the user, unless they are as they were.
func (w *userWork) finish() error {
	if reflect.DeepEqual(w.User, w.before) {
		return nil
	}
	if w.before.CanAdminister() && !w.CanAdminister() {
		if err := checkStepDown(w.tx, w.before); err != nil {
			return err
		}
	}
	w.Version++
	w.UpdatedAt = w.now
	return emailTaken(w.tx.UpdateUser(&w.User), w.Email)
}

// checkStepDown says whether u may stop to be an admin, by those who are there now.
func checkStepDown(tx *store.Tx, u newsroom.User) error {
	others, err := tx.OtherAdmins(u.ID)
	if err != nil {
		return err
	}
	return u.CheckStepDown(others)
}

// record appends the event that what happened to subject; by is who did it, or nil for a command. Readers see none of it.
func record(tx *store.Tx, now time.Time, by *newsroom.Actor, what string, subject uuid.UUID, data map[string]any) error {
	if data == nil {
		data = map[string]any{}
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	e := newsroom.Event{At: now, Type: what, SubjectID: subject, Data: raw}
	if by != nil {
		e.ActorID = &by.User.ID
	}
	return tx.AppendEvent(&e)
}

// addUnreported adds to known what more says of places where nothing is known to be wrong yet.
func addUnreported(known, more []newsroom.FieldError) []newsroom.FieldError {
	for _, f := range more {
		if !slices.ContainsFunc(known, func(k newsroom.FieldError) bool { return k.Pointer == f.Pointer }) {
			known = append(known, f)
		}
	}
	return known
}

// noSuch gives a not_found that says what was looked for; other errors stay as they are.
func noSuch(err error, what string) error {
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return newsroom.Errorf(newsroom.CodeNotFound, "There is no such %s.", what)
	}
	return err
}

func noUser(err error, email string) error {
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return newsroom.Errorf(newsroom.CodeNotFound, "There is no user with the address %s.", email)
	}
	return err
}

func emailTaken(err error, email string) error {
	if newsroom.IsCode(err, newsroom.CodeAlreadyExists) {
		return newsroom.Errorf(newsroom.CodeAlreadyExists, "There is a user with the address %s already.", email)
	}
	return err
}
