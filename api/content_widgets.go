package api

import (
	"time"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// Widget is a small JSON document that an integration pushes.
type Widget struct {
	Key string `json:"key" example:"weather"`
	// Whatever the integration has pushed: any JSON but null.
	Value any `json:"value"`
	// When it was last pushed with something new.
	UpdatedAt time.Time `json:"updated_at" format:"date-time"`
	// At this moment it is gone; null: it stays.
	ExpiresAt *time.Time `json:"expires_at" format:"date-time"`
}

// getWidget gives what an integration has pushed.
//
// @Summary     Read a widget
// @Description From the moment it expires it is not there any more.
// @ID          getWidget
// @Tags        content
// @Param       key path string true "Key of the widget." minlength(1) maxlength(100) example(weather)
// @Success     200 {object} Data[Widget]
// @Header      200 {string} ETag "x"
// @Success     304
// @Failure     404 {object} Problem
// @Router      /v1/content/widgets/{key} [get]
func (h content) getWidget(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	key, err := widgetKey(c)
	if err != nil {
		return err
	}
	return h.answer(c, func(view store.LiveView) (any, error) {
		w, err := view.Widget(key)
		if newsroom.IsCode(err, newsroom.CodeNotFound) {
			return nil, noWidget()
		}
		return Data[Widget]{widget(w)}, err
	})
}

func widget(w newsroom.Widget) Widget {
	return Widget{Key: w.Key, Value: w.Value, UpdatedAt: w.UpdatedAt, ExpiresAt: w.ExpiresAt}
}
