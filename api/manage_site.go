package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// ManagedSite is what admins set of the site.
type ManagedSite struct {
	Name string `json:"name" example:"The Laylakkent Courier"`
	// Counts every change; the ETag holds it.
	Version   int       `json:"version" minimum:"1"`
	UpdatedAt time.Time `json:"updated_at" format:"date-time"`
}

// SiteInput is what admins set of the site.
type SiteInput struct {
	Name string `json:"name" validate:"required" minLength:"1" maxLength:"200" example:"The Laylakkent Courier"`
}

// getSite gives what can be set.
//
// @Summary  Read the site's settings
// @ID       getManagedSite
// @Tags     manage-site
// @Security BearerAuth
// @Success  200 {object} Data[ManagedSite]
// @Header   200 {string} ETag "x"
// @Failure  403 {object} Problem
// @Router   /v1/manage/site [get]
func (h manage) getSite(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	s, err := h.read(c).Site()
	if err != nil {
		return err
	}
	return answerSite(c, s)
}

// updateSite sets it.
//
// @Summary     Change the site's settings
// @Description A JSON merge patch (RFC 7396).
// @ID          updateSite
// @Tags        manage-site
// @Security    BearerAuth
// @Param       body body SiteInput true "What changes"
// @Success     200 {object} Data[ManagedSite]
// @Header      200 {string} ETag "x"
// @Failure     403,412,428 {object} Problem
// @Router      /v1/manage/site [patch]
func (h manage) updateSite(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	expected, err := ifMatch(c)
	if err != nil {
		return err
	}
	patch, err := readJSON(c, false)
	if err != nil {
		return err
	}
	s, err := h.desk.ChangeSite(c.Request().Context(), actor(c), expected, func(before newsroom.Site) (newsroom.Site, []newsroom.FieldError, error) {
		var in SiteInput
		broken := bindPatch(SiteInput{Name: before.Name}, patch, &in)
		before.Name = in.Name
		return before, broken, nil
	})
	if err != nil {
		return err
	}
	return answerSite(c, s)
}

func answerSite(c echo.Context, s newsroom.Site) error {
	return versioned(c, http.StatusOK, s.Version, Data[ManagedSite]{ManagedSite{Name: s.Name, Version: s.Version, UpdatedAt: s.UpdatedAt}})
}
