package api

import (
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// Presence is who has an article open in an editor.
type Presence struct {
	// In the order in which they came.
	Editing []PresentUser `json:"editing"`
}

// PresentUser is somebody who has an article open.
type PresentUser struct {
	User UserRef `json:"user"`
	// It is you, in this window or another.
	Me    bool      `json:"me"`
	Since time.Time `json:"since" format:"date-time" example:"2026-03-06T09:00:00Z"`
	// Unless they say again that they are there.
	Until time.Time `json:"until" format:"date-time" example:"2026-03-06T09:01:00Z"`
}

// enterArticle notes that somebody edits an article.
//
// @Summary     Say that you are editing
// @Description You count as being in the article for a minute; repeat the call to stay. It locks nothing and changes nothing of the
// @Description article. The answer says who else is there.
// @ID          enterArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id path string true "Article id"
// @Success     200 {object} Data[Presence]
// @Failure     403,404,413,415,422 {object} Problem
// @Router      /v1/manage/articles/{id}/editing [post]
func (h manage) enterArticle(c echo.Context) error {
	if err := errors.Join(noParameters(c), noBody(c)); err != nil {
		return err
	}
	id, err := pathID(c, "article")
	if err != nil {
		return err
	}
	if err := h.desk.EnterArticle(c.Request().Context(), actor(c), id); err != nil {
		return err
	}
	return h.answerPresence(c)
}

// listEditing tells who edits an article.
//
// @Summary     Who is editing
// @Description Everybody who has the article open. To ask is not to enter.
// @ID          listEditing
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id path string true "Article id"
// @Success     200 {object} Data[Presence]
// @Failure     403,404 {object} Problem
// @Router      /v1/manage/articles/{id}/editing [get]
func (h manage) listEditing(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	return h.answerPresence(c)
}

// leaveArticle notes that somebody has stopped editing.
//
// @Summary     Say that you have stopped editing
// @Description Whether you were there or not. It is about you and not about the article, so no If-Match is needed.
// @ID          leaveArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id path string true "Article id"
// @Success     204
// @Failure     403,404 {object} Problem
// @Router      /v1/manage/articles/{id}/editing [delete]
func (h manage) leaveArticle(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	id, err := pathID(c, "article")
	if err != nil {
		return err
	}
	if err := h.desk.LeaveArticle(c.Request().Context(), actor(c), id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (h manage) answerPresence(c echo.Context) error {
	present := []PresentUser{}
	err := h.workingCopy(c, func(q store.Queries, s newsroom.Standing) error {
		rows, err := q.Editing(s.ID, s.At)
		if err != nil {
			return err
		}
		ids := make([]uuid.UUID, len(rows))
		for i, e := range rows {
			ids[i] = e.UserID
		}
		users, err := q.UsersByID(ids...)
		for _, e := range rows {
			u := UserRef{ID: e.UserID.String(), Name: users[e.UserID].Name}
			present = append(present, PresentUser{User: u, Me: e.UserID == actor(c).ID, Since: e.Since, Until: e.Until})
		}
		return err
	})
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, Data[Presence]{Presence{present}})
}
