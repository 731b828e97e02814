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

// previews answers those who make preview links, and those who hold one.
type previews struct {
	manage
	content   content
	accounts  *account.Service
	publicURL string // of this API
}

// PreviewLinkRequest says what a preview link shows, and for how long.
type PreviewLinkRequest struct {
	// The present revision when left out. Later saves do not change what the link shows.
	Revision *int `json:"revision" minimum:"1" extensions:"x-nullable" example:"4"`
	// At most 30 days from now; cut to the second.
	ExpiresAt *time.Time `json:"expires_at" format:"date-time" extensions:"x-nullable" example:"2026-03-07T09:00:00Z"`
	// Seconds from now, instead of expires_at; a day when neither is given.
	ExpiresIn *int `json:"expires_in" minimum:"1" maximum:"2592000" extensions:"x-nullable" example:"86400"`
}

// PreviewLink shows one revision of an article to whoever holds it.
type PreviewLink struct {
	ID        string    `json:"id" format:"uuid"`
	Revision  int       `json:"revision" minimum:"1" example:"4"`
	ExpiresAt time.Time `json:"expires_at" format:"date-time" example:"2026-03-07T09:00:00Z"`
	CreatedAt time.Time `json:"created_at" format:"date-time" example:"2026-03-06T09:00:00Z"`
	CreatedBy UserRef   `json:"created_by"`
}

// NewPreviewLink is a preview link with its secret, which is shown this once.
type NewPreviewLink struct {
	PreviewLink
	// Where the revision can be read until the link expires or is deleted.
	URL string `json:"url" format:"uri" example:"https://api.news.example/v1/preview/eyJhbGciOiJFZERTQSJ9.e30.c2ln"`
	// The last part of url, for a frontend that shows the preview itself.
	Token string `json:"token" example:"eyJhbGciOiJFZERTQSJ9.e30.c2ln"`
}

func previewLinkOf(l newsroom.PreviewLink, maker newsroom.User) PreviewLink {
	return PreviewLink{
		ID: l.ID.String(), Revision: l.Revision, ExpiresAt: l.ExpiresAt, CreatedAt: l.CreatedAt,
		CreatedBy: UserRef{ID: maker.ID.String(), Name: maker.Name},
	}
}

// createPreviewLink makes a preview link.
//
// @Summary     Create a preview link
// @Description Whoever holds it sees that revision as readers would, without signing in, until the link expires or is deleted.
// @ID          createPreviewLink
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id   path string             true  "Article id"
// @Param       body body PreviewLinkRequest false "What to show, and until when"
// @Success     201 {object} Data[NewPreviewLink]
// @Failure     403,404,409 {object} Problem
// @Router      /v1/manage/articles/{id}/preview-links [post]
func (h previews) createPreviewLink(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	id, err := pathID(c, "article")
	if err != nil {
		return err
	}
	value, err := readJSON(c, true)
	if err != nil {
		return err
	}
	var in PreviewLinkRequest
	if err := newsroom.Invalid(bind(value, &in)); err != nil {
		return err
	}
	if err := h.accounts.Prepare(c.Request().Context()); err != nil { // a new key is not made amid another transaction
		return err
	}
	link, err := h.desk.CreatePreviewLink(c.Request().Context(), actor(c), id, newsroom.PreviewRequest(in))
	if err != nil {
		return err
	}
	token, err := h.accounts.SignPreview(c.Request().Context(), link)
	if err != nil {
		return err
	}
	return private(c, http.StatusCreated, Data[NewPreviewLink]{NewPreviewLink{
		previewLinkOf(link, actor(c).User), h.publicURL + previewPath + token, token,
	}})
}

// listPreviewLinks gives the preview links of an article.
//
// @Summary     List preview links
// @Description Those that have not expired, newest first, without their secrets.
// @ID          listPreviewLinks
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id    path  string    true  "Article id"
// @Param       query query PageQuery false "paging"
// @Param       sort  query []string  false "Order, the first key first; - means descending." default(-created_at) example(expires_at) collectionFormat(csv) Enums(created_at,-created_at,expires_at,-expires_at)
// @Success     200 {object} Page[PreviewLink]
// @Header      200 {string} Link "x"
// @Failure     403,404 {object} Problem
// @Router      /v1/manage/articles/{id}/preview-links [get]
func (h previews) listPreviewLinks(c echo.Context) error {
	q := queryOf(c)
	page := q.page([]string{"created_at", "expires_at"}, store.SortKey{Field: "created_at", Desc: true})
	if err := q.err(); err != nil {
		return err
	}
	var answer Page[PreviewLink]
	err := h.workingCopy(c, func(q store.Queries, s newsroom.Standing) error {
		listing, err := q.PreviewLinks(s.ID, page.Page, s.At)
		if err != nil {
			return err
		}
		links, err := previewLinks(q, listing.Items)
		answer = pageOf(c, links, page, listing)
		return err
	})
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, answer)
}

func previewLinks(q store.Queries, links []newsroom.PreviewLink) ([]PreviewLink, error) {
	makers := make([]uuid.UUID, len(links))
	for i, l := range links {
		makers[i] = l.CreatedBy
	}
	users, err := q.UsersByID(makers...)
	out := make([]PreviewLink, len(links))
	for i, l := range links {
		out[i] = previewLinkOf(l, users[l.CreatedBy])
	}
	return out, err
}

// deletePreviewLink takes a preview link back.
//
// @Summary     Delete a preview link
// @Description It shows nothing from then on. Links never change, so no If-Match is needed.
// @ID          deletePreviewLink
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id   path string true "Article id"
// @Param       link path string true "Preview link id" format(uuid)
// @Success     204
// @Failure     403,404 {object} Problem
// @Router      /v1/manage/articles/{id}/preview-links/{link} [delete]
func (h previews) deletePreviewLink(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	id, err := pathID(c, "article")
	if err != nil {
		return err
	}
	link, ok := parseID(param(c, "link"))
	if !ok {
		return newsroom.Errorf(newsroom.CodeNotFound, "There is no such preview link.")
	}
	if err := h.desk.DeletePreviewLink(c.Request().Context(), actor(c), id, link); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
