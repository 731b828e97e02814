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

// staff answers admins about who may come in: users and API tokens.
type staff struct {
	accounts *account.Service
	store    *store.Store
}

func (h staff) read(c echo.Context) store.Queries { return h.store.Read(c.Request().Context()) }

// APIToken lets a machine do a part of what its maker may.
type APIToken struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name" example:"Weather widget"`
	// What the token may do.
	Scopes []newsroom.Scope `json:"scopes"`
	// When it stops to work; null: never.
	ExpiresAt *time.Time `json:"expires_at" format:"date-time"`
	// To the minute; null: never.
	LastUsedAt *time.Time `json:"last_used_at" format:"date-time"`
	// Who made the token, and for whom it acts.
	CreatedBy UserRef `json:"created_by"`
	// Counts every change; the ETag holds it.
	Version   int       `json:"version" minimum:"1" example:"1"`
	CreatedAt time.Time `json:"created_at" format:"date-time"`
	UpdatedAt time.Time `json:"updated_at" format:"date-time"`
}

// NewAPIToken is an API token with its secret, which is shown this once.
type NewAPIToken struct {
	APIToken
	// Send it as `Authorization: Bearer nsh_…`. Nobody can find it out later.
	Token string `json:"token" example:"nsh_Zx8kQm2Tt0bV5n7sYw1cRj4uLh6pDf9gKa3eXo0iBqE"`
}

// APITokenInput is what admins set of an API token.
type APITokenInput struct {
	Name string `json:"name" validate:"required" minLength:"1" maxLength:"200" example:"Weather widget"`
	// One at least, each once.
	Scopes []newsroom.Scope `json:"scopes" validate:"required,min=1"`
	// In the future; the token never expires when this is left out.
	ExpiresAt *time.Time `json:"expires_at" format:"date-time" extensions:"x-nullable" example:"2027-03-06T09:00:00Z"`
}

func (in *APITokenInput) form() account.TokenForm {
	trim(&in.Name)
	return account.TokenForm(*in)
}

// listTokens gives the API tokens.
//
// @Summary  List API tokens
// @ID       listTokens
// @Tags     manage-access
// @Security BearerAuth
// @Param    query  query PageQuery false "paging"
// @Param    sort   query []string  false "Order, the first key first; - means descending." default(name) example(-created_at) collectionFormat(csv) Enums(name,-name,created_at,-created_at)
// @Success  200 {object} Page[APIToken]
// @Header   200 {string} Link "x"
// @Failure  403 {object} Problem
// @Router   /v1/manage/tokens [get]
func (h staff) listTokens(c echo.Context) error {
	q := queryOf(c)
	page := q.page([]string{"name", "created_at"}, store.SortKey{Field: "name"})
	if err := q.err(); err != nil {
		return err
	}
	listing, err := h.read(c).APITokens(page.Page)
	if err != nil {
		return err
	}
	shown, err := h.showTokens(c, listing.Items...)
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, pageOf(c, shown, page, listing))
}

// createToken makes an API token.
//
// @Summary     Create an API token
// @Description The answer holds the token itself, this once. It acts for you, within its scopes and never as an admin, until it
// @Description expires, is deleted or you are disabled.
// @ID          createToken
// @Tags        manage-access
// @Security    BearerAuth
// @Param       body body APITokenInput true "The token"
// @Success     201 {object} Data[NewAPIToken]
// @Header      201 {string} Location "x"
// @Header      201 {string} ETag "x"
// @Failure     403 {object} Problem
// @Router      /v1/manage/tokens [post]
func (h staff) createToken(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	value, err := readJSON(c, false)
	if err != nil {
		return err
	}
	var in APITokenInput
	broken := bind(value, &in)
	t, plain, err := h.accounts.CreateToken(c.Request().Context(), actor(c), in.form(), broken)
	if err != nil {
		return err
	}
	shown, err := h.showTokens(c, t)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/v1/manage/tokens/"+t.ID.String())
	return versioned(c, http.StatusCreated, t.Version, Data[NewAPIToken]{NewAPIToken{shown[0], plain}})
}

// getToken gives an API token.
//
// @Summary  Read an API token
// @ID       getToken
// @Tags     manage-access
// @Security BearerAuth
// @Param    id path string true "Token id"
// @Success  200 {object} Data[APIToken]
// @Header   200 {string} ETag "x"
// @Failure  403,404 {object} Problem
// @Router   /v1/manage/tokens/{id} [get]
func (h staff) getToken(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	id, err := pathID(c, "API token")
	if err != nil {
		return err
	}
	t, err := h.read(c).APIToken(id)
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return newsroom.Errorf(newsroom.CodeNotFound, "There is no such API token.")
	}
	if err != nil {
		return err
	}
	return h.answerToken(c, t)
}

// updateToken changes an API token.
//
// @Summary     Change an API token
// @Description A JSON merge patch (RFC 7396). The token itself stays the same.
// @ID          updateToken
// @Tags        manage-access
// @Security    BearerAuth
// @Param       id   path string        true "Token id"
// @Param       body body APITokenInput true "What changes"
// @Success     200 {object} Data[APIToken]
// @Header      200 {string} ETag "x"
// @Failure     403,404,412,428 {object} Problem
// @Router      /v1/manage/tokens/{id} [patch]
func (h staff) updateToken(c echo.Context) error {
	id, expected, patch, err := readPatch(c, "API token")
	if err != nil {
		return err
	}
	t, err := h.accounts.ChangeToken(c.Request().Context(), actor(c), id, expected, func(before account.TokenForm) (account.TokenForm, []newsroom.FieldError) {
		var in APITokenInput
		broken := bindPatch(APITokenInput(before), patch, &in)
		return in.form(), broken
	})
	if err != nil {
		return err
	}
	return h.answerToken(c, t)
}

// deleteToken ends an API token.
//
// @Summary     Revoke an API token
// @Description It stops to work at once.
// @ID          deleteToken
// @Tags        manage-access
// @Security    BearerAuth
// @Param       id path string true "Token id"
// @Success     204
// @Failure     403,404,412,428 {object} Problem
// @Router      /v1/manage/tokens/{id} [delete]
func (h staff) deleteToken(c echo.Context) error {
	id, expected, err := readTarget(c, "API token")
	if err != nil {
		return err
	}
	if err := h.accounts.DeleteToken(c.Request().Context(), actor(c), id, expected); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (h staff) answerToken(c echo.Context, t newsroom.APIToken) error {
	shown, err := h.showTokens(c, t)
	if err != nil {
		return err
	}
	return versioned(c, http.StatusOK, t.Version, Data[APIToken]{shown[0]})
}

func (h staff) showTokens(c echo.Context, tokens ...newsroom.APIToken) ([]APIToken, error) {
	makers := make([]uuid.UUID, len(tokens))
	for i, t := range tokens {
		makers[i] = t.CreatedBy
	}
	users, err := h.read(c).UsersByID(makers...)
	if err != nil {
		return nil, err
	}
	shown := make([]APIToken, len(tokens))
	for i, t := range tokens {
		shown[i] = APIToken{
			ID: t.ID.String(), Name: t.Name, Scopes: t.Scopes, ExpiresAt: t.ExpiresAt, LastUsedAt: t.LastUsedAt,
			CreatedBy: UserRef{ID: t.CreatedBy.String(), Name: users[t.CreatedBy].Name},
			Version:   t.Version, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
		}
	}
	return shown, nil
}
