package api

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
)

// ManagedWidget is a widget as editors and integrations see it, also when it has expired.
type ManagedWidget struct {
	ID string `json:"id" format:"uuid"`
	// By which frontends ask for it.
	Key string `json:"key" example:"weather"`
	// Any JSON but null.
	Value any `json:"value"`
	// Readers see it before; null: for good.
	ExpiresAt *time.Time `json:"expires_at" format:"date-time"`
	// Counts every change; the ETag holds it.
	Version   int       `json:"version" minimum:"1" example:"3"`
	CreatedAt time.Time `json:"created_at" format:"date-time"`
	UpdatedAt time.Time `json:"updated_at" format:"date-time"`
}

// WidgetInput is what an integration pushes.
type WidgetInput struct {
	// Any JSON but null; at most 64 KiB.
	Value any `json:"value" validate:"required"`
	// Readers see it before this moment, which lies in the future; for good when this and ttl_seconds are left out.
	ExpiresAt *time.Time `json:"expires_at" format:"date-time" extensions:"x-nullable" example:"2027-03-06T09:00:00Z"`
	// Instead of expires_at: for how long, from now.
	TTLSeconds *int `json:"ttl_seconds" minimum:"1" maximum:"31536000" extensions:"x-nullable" example:"3600"`
}

// NewWidgetInput is a widget as a client makes it.
type NewWidgetInput struct {
	// By which frontends ask for it: in the form of a slug, and its own.
	Key string `json:"key" validate:"required" minLength:"1" maxLength:"100" extensions:"x-pattern=^[a-z0-9]+(-[a-z0-9]+)*$" example:"weather"`
	// Any JSON but null; at most 64 KiB.
	Value any `json:"value" validate:"required"`
	// Readers see it before this moment, which lies in the future; for good when this and ttl_seconds are left out.
	ExpiresAt *time.Time `json:"expires_at" format:"date-time" extensions:"x-nullable" example:"2027-03-06T09:00:00Z"`
	// Instead of expires_at: for how long, from now.
	TTLSeconds *int `json:"ttl_seconds" minimum:"1" maximum:"31536000" extensions:"x-nullable" example:"3600"`
}

// draft gives what a client has sent in the terms of the desk, with all that is wrong with it so far.
func (in WidgetInput) draft(broken []newsroom.FieldError) editorial.WidgetDraft {
	value, _ := json.Marshal(in.Value) // it was decoded from JSON
	return editorial.WidgetDraft{Value: newsroom.Widget{Value: value, ExpiresAt: in.ExpiresAt}, TTL: in.TTLSeconds, Invalid: broken}
}

// listWidgets gives widgets.
//
// @Summary     List widgets
// @Description Also those that have expired.
// @ID          listManagedWidgets
// @Tags        manage-widgets
// @Security    BearerAuth
// @Param       query  query PageQuery false "paging"
// @Param       sort   query []string  false "Order, the first key first; - means descending." default(key) example(-updated_at) collectionFormat(csv) Enums(key,-key,created_at,-created_at,updated_at,-updated_at)
// @Param       fields query []string  false "Only these fields of each widget." collectionFormat(csv) Enums(id,key,value,expires_at,version,created_at,updated_at)
// @Success     200 {object} Page[ManagedWidget]
// @Header      200 {string} Link "x"
// @Failure     403 {object} Problem
// @Router      /v1/manage/widgets [get]
func (h manage) listWidgets(c echo.Context) error {
	q := queryOf(c)
	page := q.page([]string{"key", "created_at", "updated_at"}, byKey)
	fields := q.list("fields", []string{"id", "key", "value", "expires_at", "version", "created_at", "updated_at"})
	if err := q.err(); err != nil {
		return err
	}
	listing, err := h.read(c).Widgets(page.Page)
	if err != nil {
		return err
	}
	shown := make([]ManagedWidget, len(listing.Items))
	for i, w := range listing.Items {
		shown[i] = managedWidget(w)
	}
	items, err := sparse(shown, fields)
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, pageOf(c, items, page, listing))
}

// createWidget adds a widget.
//
// @Summary     Create a widget
// @Description Readers can ask for it at once. An integration that pushes again and again rather uses PUT.
// @ID          createWidget
// @Tags        manage-widgets
// @Security    BearerAuth
// @Param       body body NewWidgetInput true "The widget"
// @Success     201 {object} Data[ManagedWidget]
// @Header      201 {string} Location "x"
// @Header      201 {string} ETag "x"
// @Failure     403,409 {object} Problem
// @Router      /v1/manage/widgets [post]
func (h manage) createWidget(c echo.Context) error {
	var in NewWidgetInput
	broken, err := readInput(c, &in)
	if err != nil {
		return err
	}
	draft := WidgetInput{in.Value, in.ExpiresAt, in.TTLSeconds}.draft(broken)
	w, err := h.desk.CreateWidget(c.Request().Context(), actor(c), in.Key, draft)
	if err != nil {
		return err
	}
	return answerWidget(c, http.StatusCreated, w)
}

// getWidget gives a widget.
//
// @Summary     Read a widget
// @Description Also when it has expired.
// @ID          getManagedWidget
// @Tags        manage-widgets
// @Security    BearerAuth
// @Param       key path string true "Key of the widget." minlength(1) maxlength(100) example(weather)
// @Success     200 {object} Data[ManagedWidget]
// @Header      200 {string} ETag "x"
// @Failure     403,404 {object} Problem
// @Router      /v1/manage/widgets/{key} [get]
func (h manage) getWidget(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	key, err := widgetKey(c)
	if err != nil {
		return err
	}
	w, err := h.read(c).Widget(key)
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return noWidget()
	}
	if err != nil {
		return err
	}
	return answerWidget(c, http.StatusOK, w)
}

// putWidget takes what an integration pushes.
//
// @Summary     Push a widget
// @Description Makes the widget of this key just this, and creates it when there is none: what was there before does not count, nor does
// @Description its expiry. The one who pushes is the one who knows, so that no If-Match is needed; one that is sent is heeded. Pushing the
// @Description same again, with the same expiry, changes nothing.
// @ID          putWidget
// @Tags        manage-widgets
// @Security    BearerAuth
// @Param       key  path string      true "Key of the widget." minlength(1) maxlength(100) example(weather)
// @Param       body body WidgetInput true "The widget"
// @Success     200 {object} Data[ManagedWidget]
// @Header      200 {string} ETag "x"
// @Success     201 {object} Data[ManagedWidget]
// @Header      201 {string} Location "x"
// @Header      201 {string} ETag "x"
// @Failure     403,404,412 {object} Problem
// @Router      /v1/manage/widgets/{key} [put]
func (h manage) putWidget(c echo.Context) error {
	var in WidgetInput
	broken, err := readInput(c, &in)
	if err != nil {
		return err
	}
	key, err := widgetKey(c)
	if err != nil {
		return err
	}
	w, made, err := h.desk.PutWidget(c.Request().Context(), actor(c), key, optionalIfMatch(c), in.draft(broken))
	if err != nil {
		return err
	}
	if made {
		return answerWidget(c, http.StatusCreated, w)
	}
	return answerWidget(c, http.StatusOK, w)
}

// updateWidget changes a widget.
//
// @Summary     Change a widget
// @Description A JSON merge patch (RFC 7396), also of what is in value.
// @ID          updateWidget
// @Tags        manage-widgets
// @Security    BearerAuth
// @Param       key  path string      true "Key of the widget." minlength(1) maxlength(100) example(weather)
// @Param       body body WidgetInput true "What changes"
// @Success     200 {object} Data[ManagedWidget]
// @Header      200 {string} ETag "x"
// @Failure     403,404,412,428 {object} Problem
// @Router      /v1/manage/widgets/{key} [patch]
func (h manage) updateWidget(c echo.Context) error {
	key, expected, err := readWidget(c)
	if err != nil {
		return err
	}
	patch, err := readJSON(c, false)
	if err != nil {
		return err
	}
	w, err := h.desk.ChangeWidget(c.Request().Context(), actor(c), key, expected, func(before newsroom.Widget) editorial.WidgetDraft {
		was := WidgetInput{Value: before.Value, ExpiresAt: before.ExpiresAt}
		if changes, _ := patch.(map[string]any); changes["ttl_seconds"] != nil {
			was.ExpiresAt = nil
		}
		var in WidgetInput
		broken := bindPatch(was, patch, &in)
		return in.draft(broken)
	})
	if err != nil {
		return err
	}
	return answerWidget(c, http.StatusOK, w)
}

// deleteWidget deletes a widget.
//
// @Summary  Delete a widget
// @ID       deleteWidget
// @Tags     manage-widgets
// @Security BearerAuth
// @Param    key path string true "Key of the widget." minlength(1) maxlength(100) example(weather)
// @Success  204
// @Failure  403,404,412,428 {object} Problem
// @Router   /v1/manage/widgets/{key} [delete]
func (h manage) deleteWidget(c echo.Context) error {
	key, expected, err := readWidget(c)
	if err != nil {
		return err
	}
	if err := h.desk.DeleteWidget(c.Request().Context(), actor(c), key, expected); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// readWidget reads a change of the widget in the path: its key, and which version is meant.
func readWidget(c echo.Context) (key string, expected newsroom.Precondition, err error) {
	if err := noParameters(c); err != nil {
		return "", expected, err
	}
	if key, err = widgetKey(c); err != nil {
		return "", expected, err
	}
	expected, err = ifMatch(c)
	return key, expected, err
}

// widgetKey gives the key in the path, or not_found: no widget has a key that is none.
func widgetKey(c echo.Context) (string, error) {
	key := param(c, "key")
	if !lang.ValidSlug(key) {
		return "", noWidget()
	}
	return key, nil
}

func noWidget() error { return newsroom.Errorf(newsroom.CodeNotFound, "There is no such widget.") }

func answerWidget(c echo.Context, status int, w newsroom.Widget) error {
	if status == http.StatusCreated {
		c.Response().Header().Set(echo.HeaderLocation, "/v1/manage/widgets/"+w.Key)
	}
	return versioned(c, status, w.Version, Data[ManagedWidget]{managedWidget(w)})
}

func managedWidget(w newsroom.Widget) ManagedWidget {
	return ManagedWidget{
		ID: w.ID.String(), Key: w.Key, Value: w.Value, ExpiresAt: w.ExpiresAt,
		Version: w.Version, CreatedAt: w.CreatedAt, UpdatedAt: w.UpdatedAt,
	}
}
