package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// verb is a step that an actor takes with an article that is as the client believes.
type verb func(context.Context, newsroom.Actor, uuid.UUID, newsroom.Precondition) (newsroom.Standing, error)

// step takes the article in the path one step on, unless its body is broken, and answers with it.
func (h manage) step(c echo.Context, broken error, take verb) error {
	if err := noParameters(c); err != nil {
		return err
	}
	if broken != nil {
		return broken
	}
	id, err := pathID(c, "article")
	if err != nil {
		return err
	}
	s, err := take(c.Request().Context(), actor(c), id, optionalIfMatch(c))
	if err != nil {
		return err
	}
	return h.answer(c, http.StatusOK, s)
}

// submitArticle asks for review.
//
// @Summary     Submit an article for review
// @Description Its status is in_review until an editor returns or publishes it. A contributor cannot change it meanwhile.
// @Description With If-Match only if nobody changed it meanwhile.
// @ID          submitArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id path string true "Article id"
// @Success     200 {object} Data[ManagedArticle]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412,413,415,422 {object} Problem
// @Router      /v1/manage/articles/{id}/submit [post]
func (h manage) submitArticle(c echo.Context) error { return h.step(c, noBody(c), h.desk.Submit) }

// ReturnRequest is an editor's word to the writer.
type ReturnRequest struct {
	Note string `json:"note" validate:"required" minLength:"1" maxLength:"2000" example:"Please name your second source."`
}

// returnArticle gives an article back to its writer.
//
// @Summary     Return an article to its writer
// @Description What is in review is with its writer again, who finds the note at the article. With If-Match only if nobody changed it meanwhile.
// @ID          returnArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id   path string        true "Article id"
// @Param       body body ReturnRequest true "The note"
// @Success     200 {object} Data[ManagedArticle]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412 {object} Problem
// @Router      /v1/manage/articles/{id}/return [post]
func (h manage) returnArticle(c echo.Context) error {
	var in ReturnRequest
	return h.step(c, readBody(c, &in), func(ctx context.Context, a newsroom.Actor, id uuid.UUID, p newsroom.Precondition) (newsroom.Standing, error) {
		return h.desk.Return(ctx, a, id, p, in.Note)
	})
}

// publishArticle makes the working copy what readers see.
//
// @Summary     Publish an article
// @Description Readers see the working copy from at on, to the second, and until until. A first publication may be dated back; published_at
// @Description is kept ever after. Publishing again replaces what they see, and what was scheduled, with its end;
// @Description at a moment to come, they keep the present text until then. With If-Match only if nobody changed it meanwhile.
// @ID          publishArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id   path string         true  "Article id"
// @Param       body body PublishRequest false "When"
// @Success     200 {object} Data[ManagedArticle]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412 {object} Problem
// @Router      /v1/manage/articles/{id}/publish [post]
func (h manage) publishArticle(c echo.Context) error {
	var when PublishRequest
	return h.step(c, readOptional(c, &when), func(ctx context.Context, a newsroom.Actor, id uuid.UUID, p newsroom.Precondition) (newsroom.Standing, error) {
		return h.desk.Publish(ctx, a, id, p, when.At, when.Until)
	})
}

// unpublishArticle takes an article back.
//
// @Summary     Unpublish an article
// @Description Readers lose it at once, and what was scheduled is cancelled. With If-Match only if nobody changed it meanwhile.
// @ID          unpublishArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id path string true "Article id"
// @Success     200 {object} Data[ManagedArticle]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412,413,415,422 {object} Problem
// @Router      /v1/manage/articles/{id}/unpublish [post]
func (h manage) unpublishArticle(c echo.Context) error {
	return h.step(c, noBody(c), h.desk.Unpublish)
}

// restoreArticle takes an article out of the trash.
//
// @Summary     Restore an article from the trash
// @Description It is a draft again, or unpublished if readers have seen it. With If-Match only if nobody changed it meanwhile.
// @ID          restoreArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id path string true "Article id"
// @Success     200 {object} Data[ManagedArticle]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412,413,415,422 {object} Problem
// @Router      /v1/manage/articles/{id}/restore [post]
func (h manage) restoreArticle(c echo.Context) error {
	return h.step(c, noBody(c), h.desk.RestoreArticle)
}

// KillRequest says why a story is withdrawn for good.
type KillRequest struct {
	// Readers get it.
	Reason string `json:"reason" validate:"required" minLength:"1" maxLength:"2000" example:"The report was based on a forged document."`
}

// killArticle withdraws a story for good.
//
// @Summary     Kill a story
// @Description Withdraws it for good: its addresses answer 410 with the reason, and it cannot be published again. Of what no reader
// @Description has seen yet, unpublish or delete it instead. With If-Match only if nobody changed it meanwhile.
// @ID          killArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id   path string      true "Article id"
// @Param       body body KillRequest true "The reason, for readers"
// @Success     200 {object} Data[ManagedArticle]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412 {object} Problem
// @Router      /v1/manage/articles/{id}/kill [post]
func (h manage) killArticle(c echo.Context) error {
	var in KillRequest
	return h.step(c, readBody(c, &in), func(ctx context.Context, a newsroom.Actor, id uuid.UUID, p newsroom.Precondition) (newsroom.Standing, error) {
		return h.desk.Kill(ctx, a, id, p, in.Reason)
	})
}

// CorrectionRequest is a public note of what was put right.
type CorrectionRequest struct {
	Text string `json:"text" validate:"required" minLength:"1" maxLength:"2000" example:"An earlier version gave the wrong year."`
}

// correctArticle adds a public note.
//
// @Summary     Add a correction
// @Description A dated public note of what was put right, on an article that readers see; they see the note at once. The text itself
// @Description is changed by saving and publishing it. With If-Match only if nobody changed the article meanwhile.
// @ID          correctArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id   path string            true "Article id"
// @Param       body body CorrectionRequest true "The note"
// @Success     200 {object} Data[ManagedArticle]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412 {object} Problem
// @Router      /v1/manage/articles/{id}/corrections [post]
func (h manage) correctArticle(c echo.Context) error {
	var in CorrectionRequest
	return h.step(c, readBody(c, &in), func(ctx context.Context, a newsroom.Actor, id uuid.UUID, p newsroom.Precondition) (newsroom.Standing, error) {
		return h.desk.Correct(ctx, a, id, p, in.Text)
	})
}

// deleteCorrection takes a public note back.
//
// @Summary     Delete a correction
// @Description Readers lose the note at once. If-Match is the article's ETag.
// @ID          deleteCorrection
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id         path string true "Article id"
// @Param       correction path string true "Correction id"
// @Success     204
// @Failure     403,404,409,412,428 {object} Problem
// @Router      /v1/manage/articles/{id}/corrections/{correction} [delete]
func (h manage) deleteCorrection(c echo.Context) error {
	id, expected, err := readTarget(c, "article")
	if err != nil {
		return err
	}
	correction, ok := parseID(param(c, "correction"))
	if !ok {
		return newsroom.Errorf(newsroom.CodeNotFound, "There is no such correction.")
	}
	if err := h.desk.DropCorrection(c.Request().Context(), actor(c), id, expected, correction); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
