package api

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Route is a line of the table of routes. Least is the least role that may use it; "" is everyone. Scope is what an API
// token needs; "" is none that would do, "*" any.
type Route struct {
	Method, Path string
	Least        newsroom.Role
	Scope        newsroom.Scope
}

// Routes is the table of routes.
func Routes() []Route {
	var routes []Route
	for _, r := range new(server).routes() {
		routes = append(routes, Route{r.method, r.path, leastRole[r.may], r.scope})
	}
	return routes
}

// Forgetful is an API of one route, /forgotten, that does not say who may use it.
func Forgetful(o Options) http.Handler {
	s := &server{Options: o}
	e := echo.New()
	e.HTTPErrorHandler = s.fail
	e.Use(requestID)
	e.GET("/forgotten", s.guard(route{}.may, route{}.scope, s.alive))
	return e
}

// Deadlines is an API of two routes, /bounded and /lasting, that say whether the time for their work is limited.
func Deadlines() http.Handler {
	e := echo.New()
	e.Use(bounded)
	limited := func(c echo.Context) error {
		_, yes := c.Request().Context().Deadline()
		return c.String(http.StatusOK, strconv.FormatBool(yes))
	}
	e.GET("/bounded", limited)
	e.GET("/lasting", lasting(limited))
	return e
}

// Faulty is an API of one route, POST /faulty, which handle answers, once for each Idempotency-Key.
func Faulty(o Options, handle echo.HandlerFunc) http.Handler {
	s := &server{Options: o}
	e := echo.New()
	e.HTTPErrorHandler = s.fail
	e.Use(requestID, s.recoverPanics())
	e.POST("/faulty", s.once(handle))
	return e
}

// NewsLanguage is how sitemaps of news name a language.
func NewsLanguage(tag string) string { return newsLanguage(tag) }
