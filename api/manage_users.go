package api

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// User is a person who signs in, as admins see them.
type User struct {
	ID    string        `json:"id" format:"uuid"`
	Email string        `json:"email" format:"email" example:"editor@nashr.example"`
	Name  string        `json:"name" example:"Nodira Saidova"`
	Role  newsroom.Role `json:"role"`
	// Since when the user may do nothing; null: they may.
	DisabledAt *time.Time `json:"disabled_at" format:"date-time"`
	// False for who was invited and has not chosen a password yet.
	HasPassword bool `json:"has_password"`
	// Signing in needs a second factor.
	TOTP bool `json:"totp"`
	// When they last signed in or refreshed their tokens; null: not lately.
	LastSeenAt *time.Time `json:"last_seen_at" format:"date-time"`
	// Counts every change; the ETag holds it.
	Version   int       `json:"version" minimum:"1" example:"1"`
	CreatedAt time.Time `json:"created_at" format:"date-time"`
	UpdatedAt time.Time `json:"updated_at" format:"date-time"`
}

// NewUser is a user who was just added.
type NewUser struct {
	User
	// For who has no password yet: pass it on to them. It is shown this once.
	Invitation *PasswordLink `json:"invitation"`
}

// PasswordLink lets a user choose a password once, by `POST /v1/auth/set-password`.
type PasswordLink struct {
	Token     string    `json:"token" example:"npl_Zx8kQm2Tt0bV5n7sYw1cRj4uLh6pDf9gKa3eXo0iBqE"`
	ExpiresAt time.Time `json:"expires_at" format:"date-time"`
}

// UserInput is a user to be added.
type UserInput struct {
	Email string        `json:"email" validate:"required" format:"email" maxLength:"254" example:"author@nashr.example"`
	Name  string        `json:"name" validate:"required" minLength:"1" maxLength:"200" example:"Aziz Karimov"`
	Role  newsroom.Role `json:"role" validate:"required"`
	// The user is invited to choose one when this is left out.
	Password *string `json:"password" minLength:"12" maxLength:"256" format:"password" extensions:"x-nullable" example:"a long pass phrase"`
}

// UserPatch is a merge patch (RFC 7396) of a user: what is absent stays.
type UserPatch struct {
	Email string        `json:"email" format:"email" maxLength:"254" example:"author@nashr.example"`
	Name  string        `json:"name" minLength:"1" maxLength:"200" example:"Aziz Karimov"`
	Role  newsroom.Role `json:"role"`
	// True ends all that the user may do, their sessions and API tokens at once.
	Disabled bool `json:"disabled"`
}

// listUsers gives the users.
//
// @Summary  List users
// @ID       listUsers
// @Tags     manage-access
// @Security BearerAuth
// @Param    role     query []string  false "Of these roles: contributor, author, editor or admin." collectionFormat(multi) example(editor,admin)
// @Param    disabled query bool      false "Only those who are disabled, or only the others."
// @Param    query    query PageQuery false "paging"
// @Param    sort     query []string  false "Order, the first key first; - means descending." default(name) example(-created_at) collectionFormat(csv) Enums(name,-name,email,-email,created_at,-created_at)
// @Success  200 {object} Page[User]
// @Header   200 {string} Link "x"
// @Failure  403 {object} Problem
// @Router   /v1/manage/users [get]
func (h staff) listUsers(c echo.Context) error {
	q := queryOf(c)
	filter := store.UserFilter{Disabled: q.boolean("disabled")}
	filter.Roles = q.match("role", func(s string) (string, bool) {
		_, ok := newsroom.ParseRole(s)
		return s, ok
	})
	page := q.page([]string{"name", "email", "created_at"}, store.SortKey{Field: "name"})
	if err := q.err(); err != nil {
		return err
	}
	listing, err := h.read(c).ListUsers(filter, page.Page)
	if err != nil {
		return err
	}
	shown, err := h.showUsers(c, listing.Items...)
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, pageOf(c, shown, page, listing))
}

// createUser adds a user.
//
// @Summary     Add a user
// @Description Without a password, the answer holds an invitation by which the user can choose one within 7 days. Nashr sends no
// @Description mail: pass it on to them.
// @ID          createUser
// @Tags        manage-access
// @Security    BearerAuth
// @Param       body body UserInput true "The user"
// @Success     201 {object} Data[NewUser]
// @Header      201 {string} Location "x"
// @Header      201 {string} ETag "x"
// @Failure     403,409 {object} Problem
// @Router      /v1/manage/users [post]
func (h staff) createUser(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	value, err := readJSON(c, false)
	if err != nil {
		return err
	}
	var in UserInput
	broken := bind(value, &in)
	trim(&in.Name)
	by := actor(c)
	u, invitation, err := h.accounts.AddUser(c.Request().Context(), &by, account.NewUser{
		Email: in.Email, Name: in.Name, Role: in.Role, Password: in.Password, Invalid: broken,
	})
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/v1/manage/users/"+u.ID.String())
	return versioned(c, http.StatusCreated, u.Version, Data[NewUser]{NewUser{userOf(u, nil), (*PasswordLink)(invitation)}})
}

// getUser gives a user.
//
// @Summary  Read a user
// @ID       getUser
// @Tags     manage-access
// @Security BearerAuth
// @Param    id path string true "User id"
// @Success  200 {object} Data[User]
// @Header   200 {string} ETag "x"
// @Failure  403,404 {object} Problem
// @Router   /v1/manage/users/{id} [get]
func (h staff) getUser(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	id, err := pathID(c, "user")
	if err != nil {
		return err
	}
	u, err := h.read(c).User(id)
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return newsroom.Errorf(newsroom.CodeNotFound, "There is no such user.")
	}
	if err != nil {
		return err
	}
	return h.answerUser(c, u)
}

// updateUser changes a user.
//
// @Summary     Change a user
// @Description A JSON merge patch (RFC 7396). It counts at once: a lower role at the next request, and being disabled ends all
// @Description sessions. The last admin who can sign in stays one (invalid_transition).
// @ID          updateUser
// @Tags        manage-access
// @Security    BearerAuth
// @Param       id   path string    true "User id"
// @Param       body body UserPatch true "What changes"
// @Success     200 {object} Data[User]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412,428 {object} Problem
// @Router      /v1/manage/users/{id} [patch]
func (h staff) updateUser(c echo.Context) error {
	id, expected, patch, err := readPatch(c, "user")
	if err != nil {
		return err
	}
	u, err := h.accounts.ChangeUser(c.Request().Context(), actor(c), id, expected, func(before account.UserForm) (account.UserForm, []newsroom.FieldError) {
		var in UserPatch
		broken := bindPatch(UserPatch(before), patch, &in)
		trim(&in.Name)
		return account.UserForm(in), broken
	})
	if err != nil {
		return err
	}
	return h.answerUser(c, u)
}

// deleteUser deletes a user.
//
// @Summary     Delete a user
// @Description Only one whom nothing refers to, neither articles nor API tokens (in_use): disable others instead.
// @ID          deleteUser
// @Tags        manage-access
// @Security    BearerAuth
// @Param       id path string true "User id"
// @Success     204
// @Failure     403,404,409,412,428 {object} Problem
// @Router      /v1/manage/users/{id} [delete]
func (h staff) deleteUser(c echo.Context) error {
	id, expected, err := readTarget(c, "user")
	if err != nil {
		return err
	}
	if err := h.accounts.DeleteUser(c.Request().Context(), actor(c), id, expected); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// resetPassword lets a user choose a new password.
//
// @Summary     Let a user choose a new password
// @Description Gives a link that is good once, within 24 hours (7 days for who never had a password), and voids those before. Until it is
// @Description used, the password and the sessions stay. Nashr sends no mail: pass it on to them.
// @ID          resetPassword
// @Tags        manage-access
// @Security    BearerAuth
// @Param       id path string true "User id"
// @Success     200 {object} Data[PasswordLink]
// @Failure     403,404,409,413,415,422 {object} Problem
// @Router      /v1/manage/users/{id}/reset-password [post]
func (h staff) resetPassword(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	id, err := pathID(c, "user")
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	link, err := h.accounts.ResetPassword(c.Request().Context(), actor(c), id)
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, Data[PasswordLink]{PasswordLink(link)})
}

// removeTOTP removes a second factor that is lost.
//
// @Summary     Remove a user's second factor
// @Description For who has lost it, with the recovery codes. Be sure that it is they who ask. From now on the password is enough.
// @ID          removeTOTP
// @Tags        manage-access
// @Security    BearerAuth
// @Param       id path string true "User id"
// @Success     204
// @Failure     403,404,412,428 {object} Problem
// @Router      /v1/manage/users/{id}/totp [delete]
func (h staff) removeTOTP(c echo.Context) error {
	id, expected, err := readTarget(c, "user")
	if err != nil {
		return err
	}
	if err := h.accounts.RemoveTOTP(c.Request().Context(), actor(c), id, expected); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (h staff) answerUser(c echo.Context, u newsroom.User) error {
	shown, err := h.showUsers(c, u)
	if err != nil {
		return err
	}
	return versioned(c, http.StatusOK, u.Version, Data[User]{shown[0]})
}

func (h staff) showUsers(c echo.Context, users ...newsroom.User) ([]User, error) {
	ids := make([]uuid.UUID, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	seen, err := h.read(c).LastSeen(ids...)
	if err != nil {
		return nil, err
	}
	shown := make([]User, len(users))
	for i, u := range users {
		var last *time.Time
		if at, ok := seen[u.ID]; ok {
			last = &at
		}
		shown[i] = userOf(u, last)
	}
	return shown, nil
}

func userOf(u newsroom.User, lastSeen *time.Time) User {
	return User{
		ID: u.ID.String(), Email: u.Email, Name: u.Name, Role: u.Role, DisabledAt: u.DisabledAt, HasPassword: u.PasswordHash != "",
		TOTP: u.HasTOTP(), LastSeenAt: lastSeen, Version: u.Version, CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt,
	}
}
