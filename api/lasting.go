package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

const unboundedKey = "nashr.unbounded"

// bounded gives each request requestTimeout for its work.
func bounded(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
		defer cancel()
		c.Set(unboundedKey, r.Context())
		c.SetRequest(r.WithContext(ctx))
		return next(c)
	}
}

// lasting is for handlers that keep the client waiting by intent: it undoes bounded, and the time that the server has for
// reading a request, whose end would look as if the client had left. The handler bounds each step itself, and calls
// renewWriteDeadline before it writes.
func lasting(handle echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.SetRequest(c.Request().WithContext(c.Get(unboundedKey).(context.Context)))
		_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Time{}) // what has no deadlines needs none lifted
		return handle(c)
	}
}

// renewWriteDeadline gives the client from now on the usual time to receive what is written next.
func (s *server) renewWriteDeadline(c echo.Context) {
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(s.WriteTimeout)) // as in lasting
}
