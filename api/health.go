package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Health says that all is well.
type Health struct {
	Status string `json:"status" enums:"ok" example:"ok"`
}

// alive answers as long as the process does.
//
// @Summary Is the process alive
// @ID      getHealth
// @Tags    operations
// @Success 200 {object} Data[Health]
// @Router  /healthz [get]
func (s *server) alive(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	return private(c, http.StatusOK, Data[Health]{Health{"ok"}})
}

// ready answers as long as requests can be served: not while the database is away, nor once the server is stopping.
//
// @Summary Can requests be served
// @ID      getReadiness
// @Tags    operations
// @Success 200 {object} Data[Health]
// @Router  /readyz [get]
func (s *server) ready(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	if s.Stopping.Err() != nil {
		return &newsroom.Error{Code: newsroom.CodeUnavailable, Detail: "The server is stopping.", RetryAfter: time.Second}
	}
	if err := s.Store.Ping(c.Request().Context()); err != nil {
		return err
	}
	return private(c, http.StatusOK, Data[Health]{Health{"ok"}})
}
