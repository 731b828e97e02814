package account

import (
	"context"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// UserForm is what admins set of a user.
type UserForm struct {
	Email    string
	Name     string
	Role     newsroom.Role
	Disabled bool
}

// NewUser is a user to be added.
type NewUser struct {
	Email    string
	Name     string
	Role     newsroom.Role
	Password *string // nil: the user is invited to choose one
	// Invalid is what the sender has broken already; it is reported together with the rest.
	Invalid []newsroom.FieldError
}

// CreateUser adds a user with a password, for commands; validation_failed, or already_exists when the address is taken.
func (s *Service) CreateUser(ctx context.Context, email, name string, role newsroom.Role, password string) (newsroom.User, error) {
	u, _, err := s.AddUser(ctx, nil, NewUser{Email: email, Name: name, Role: role, Password: &password})
	return u, err
}

// AddUser adds a user, who without a password gets an invitation to choose one; validation_failed, or already_exists when
// the address is taken.
func (s *Service) AddUser(ctx context.Context, by *newsroom.Actor, n NewUser) (newsroom.User, *Link, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return newsroom.User{}, nil, err
	}
	now := s.now()
	u := newsroom.User{ID: id, Email: newsroom.NormalEmail(n.Email), Name: n.Name, Role: n.Role, CreatedAt: now, UpdatedAt: now, Version: 1}
	broken := addUnreported(n.Invalid, newsroom.FieldsOf(u.Check()))
	if n.Password != nil {
		broken = addUnreported(broken, newsroom.FieldsOf(auth.CheckPassword(*n.Password, u.Email, u.Name)))
	}
	if err := newsroom.Invalid(broken); err != nil {
		return u, nil, err
	}
	if n.Password != nil {
		if u.PasswordHash, err = s.passwords.Hash(ctx, *n.Password); err != nil {
			return u, nil, err
		}
	}
	var invitation *Link
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if err := emailTaken(tx.CreateUser(&u), u.Email); err != nil {
			return err
		}
		if err := record(tx, now, by, "user.created", u.ID, map[string]any{"role": u.Role}); err != nil || n.Password != nil {
			return err
		}
		w := &userWork{User: u, tx: tx, by: by, now: now}
		invitation, err = w.link()
		return err
	})
	return u, invitation, err
}

// ChangeUser changes the user of that id: edit is given what they are and gives what they are to be, and what is wrong
// with that. A change of nothing is nothing; invalid_transition when no admin would be left who can sign in.
func (s *Service) ChangeUser(ctx context.Context, by newsroom.Actor, id uuid.UUID, p newsroom.Precondition,
	edit func(UserForm) (UserForm, []newsroom.FieldError),
) (newsroom.User, error) {
	return s.changeUser(ctx, &by, byID(id), func(w *userWork) error {
		if err := p.Check(w.Version); err != nil {
			return err
		}
		form, broken := edit(UserForm{w.Email, w.Name, w.Role, w.DisabledAt != nil})
		w.Email, w.Name, w.Role = newsroom.NormalEmail(form.Email), form.Name, form.Role
		if err := newsroom.Invalid(addUnreported(broken, newsroom.FieldsOf(w.Check()))); err != nil {
			return err
		}
		if changed := changedFields(w.before, w.User); changed != nil {
			if err := w.happened("user.updated", map[string]any{"changed": changed}); err != nil {
				return err
			}
		}
		return w.setDisabled(form.Disabled)
	})
}

func changedFields(before, after newsroom.User) []string {
	var changed []string
	for _, f := range []struct {
		name string
		same bool
	}{{"email", before.Email == after.Email}, {"name", before.Name == after.Name}, {"role", before.Role == after.Role}} {
		if !f.same {
			changed = append(changed, f.name)
		}
	}
	return changed
}

// DeleteUser deletes the user of that id; in_use when anything in the newsroom refers to them, invalid_transition when no
// admin would be left who can sign in.
func (s *Service) DeleteUser(ctx context.Context, by newsroom.Actor, id uuid.UUID, p newsroom.Precondition) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		u, err := byID(id)(tx)
		if err != nil {
			return err
		}
		if err := p.Check(u.Version); err != nil {
			return err
		}
		if err := checkStepDown(tx, u); err != nil {
			return err
		}
		err = tx.DeleteUser(id)
		if newsroom.IsCode(err, newsroom.CodeInUse) {
			return newsroom.Errorf(newsroom.CodeInUse, "Articles or API tokens refer to this user. Disable them instead.")
		}
		if err != nil {
			return err
		}
		return record(tx, s.now(), &by, "user.deleted", id, map[string]any{"name": u.Name, "role": u.Role})
	})
}

// Disable ends all that the user of that address may do, at once; invalid_transition when no admin would be left who can
// sign in.
func (s *Service) Disable(ctx context.Context, email string) error {
	_, err := s.changeUser(ctx, nil, byEmail(email), func(w *userWork) error { return w.setDisabled(true) })
	return err
}

// Enable lets a disabled user sign in again.
func (s *Service) Enable(ctx context.Context, email string) error {
	_, err := s.changeUser(ctx, nil, byEmail(email), func(w *userWork) error { return w.setDisabled(false) })
	return err
}
