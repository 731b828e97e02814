// Package api is all of HTTP: routes, handlers, and what goes over the wire. It is the only package that knows Echo.
package api

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/views"
)

// Options is what the API serves, and how.
type Options struct {
	Store          *store.Store
	Accounts       *account.Service
	Desk           *editorial.Desk
	Views          *views.Counter
	Log            *slog.Logger
	PublicURL      string // of this API, without a slash at its end
	SiteURL        string // of the frontend, without a slash at its end
	Languages      lang.Set
	Timezone       *time.Location
	TrustedProxies []*net.IPNet // whose X-Forwarded-For is believed
	// CORSOrigins are the origins that may call from a browser. None means any for what is public, and none for the rest.
	CORSOrigins []string
	// Stopping is done once the server has begun to stop: it is not ready any more, though it still answers. Those who wait
	// for events get what there is.
	Stopping context.Context
	// Heartbeat is how often a stream says that it is there, when nothing happens; 15 seconds when zero.
	Heartbeat time.Duration
	// WriteTimeout is how long a client may take to receive what a lasting answer sends it at once; 30 seconds when zero.
	WriteTimeout time.Duration
	// WebSubHub is told of changes of the feeds, by whoever serves; empty for none.
	WebSubHub string
	// SitemapSize is how many addresses a file of the sitemap has at most, and SitemapBatch how many are read at a time;
	// 10,000 and 1,000 when zero.
	SitemapSize, SitemapBatch int
}

// requestTimeout bounds the work for one request.
const requestTimeout = 15 * time.Second

type server struct {
	Options
	content content
	manage  manage
}

// New gives the handler of the whole API.
//
// @title                      Nashr API
// @version                    1.0.0
// @description                Nashr is a headless CMS for newsrooms. Editors' tools write through `/v1/manage`, frontends read what is live from
// @description                `/v1/content`. Every GET answers HEAD too, with the same headers and no body. Times are RFC 3339 in UTC, ids are
// @description                UUIDs, and every failure is an `application/problem+json` whose `code` is stable.
// @contact.name               The Nashr authors
// @contact.url                https://github.com/nashr-cms/nashr
// @license.name               MIT
// @license.url                https://github.com/nashr-cms/nashr/blob/main/LICENSE
// @tag.name                   content
// @tag.description            What readers get: what is live now, and nothing else. Public.
// @tag.name                   feeds
// @tag.description            Feeds for readers' programs, and sitemaps for search engines. Public.
// @tag.name                   auth
// @tag.description            Signing in, sessions and keys.
// @tag.name                   manage-articles
// @tag.description            Working copies of articles, and publishing them.
// @tag.name                   manage-taxonomy
// @tag.description            Sections, authors and tags. Everyone who is signed in reads them, editors change them.
// @tag.name                   manage-collections
// @tag.description            Lists of articles that editors put together by hand. Everyone who is signed in reads them, editors change them.
// @tag.name                   manage-widgets
// @tag.description            Small JSON documents that integrations push. Everyone who is signed in reads them, editors change them.
// @tag.name                   manage-events
// @tag.description            What happened, in order: the audit trail and the change feed. For editors.
// @tag.name                   manage-site
// @tag.description            What the site says of itself. For admins.
// @tag.name                   manage-access
// @tag.description            Users, and API tokens for machines. For admins who are signed in.
// @tag.name                   documentation
// @tag.description            This document.
// @tag.name                   operations
// @tag.description            For load balancers and supervisors.
// @securityDefinitions.apikey BearerAuth
// @in                         header
// @name                       Authorization
// @description                An access token from `/v1/auth/login`, or an API token (`nsh_…`) that an admin made in `/v1/manage/tokens`.
func New(o Options) http.Handler {
	o.Heartbeat, o.WriteTimeout = cmp.Or(o.Heartbeat, 15*time.Second), cmp.Or(o.WriteTimeout, 30*time.Second)
	w := wire{siteURL: o.SiteURL, languages: o.Languages, zone: o.Timezone}
	s := &server{
		Options: o,
		content: content{wire: w, live: o.Store.Live(), views: o.Views, now: o.Desk.Now},
		manage:  manage{wire: w, store: o.Store, desk: o.Desk},
	}
	e := echo.New()
	e.HTTPErrorHandler = s.fail
	e.IPExtractor = ipExtractor(o.TrustedProxies)
	e.Use(requestID, s.logRequests(), s.recoverPanics(), securityHeaders)
	e.Use(s.crossOrigin()...)
	e.Use(bounded)
	for _, r := range s.routes() {
		handle := r.handle
		if r.method == http.MethodPost {
			handle = s.once(handle)
		}
		handle = s.guard(r.may, r.scope, handle)
		e.Add(r.method, r.path, handle)
		if r.method == http.MethodGet {
			e.Add(http.MethodHead, r.path, handle)
		}
	}
	return e
}

// ipExtractor gives a client's address: that of the connection, or behind a trusted proxy the one that it forwards.
func ipExtractor(trusted []*net.IPNet) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, network := range trusted {
		options = append(options, echo.TrustIPRange(network))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

var saneID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// requestID keeps a sane id that the client sent, and otherwise makes one.
func requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get(echo.HeaderXRequestID)
		if !saneID.MatchString(id) {
			made, err := uuid.NewV7()
			if err != nil {
				return err
			}
			id = made.String()
		}
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		return next(c)
	}
}

func securityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		header := c.Response().Header()
		header.Set(echo.HeaderXContentTypeOptions, "nosniff")
		header.Set(echo.HeaderReferrerPolicy, "no-referrer")
		header.Set(echo.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'")
		return next(c)
	}
}

func (s *server) recoverPanics() echo.MiddlewareFunc {
	return middleware.RecoverWithConfig(middleware.RecoverConfig{
		DisablePrintStack: true,
		LogErrorFunc: func(c echo.Context, err error, stack []byte) error {
			s.Log.ErrorContext(c.Request().Context(), "panic", "error", err, "stack", string(stack))
			return err
		},
	})
}

// logRequests writes one line for each request, with the route but not the query, which may be long, nor what is secret
// in the path.
func (s *server) logRequests() echo.MiddlewareFunc {
	return middleware.RequestLoggerWithConfig(middleware.RequestLoggerConfig{
		HandleError: true, LogStatus: true, LogMethod: true, LogURIPath: true, LogRoutePath: true, LogLatency: true,
		LogRemoteIP: true, LogResponseSize: true,
		LogValuesFunc: func(c echo.Context, v middleware.RequestLoggerValues) error {
			level := slog.LevelInfo
			switch {
			case v.Status >= http.StatusInternalServerError:
				level = slog.LevelError
			case v.URIPath == "/healthz" || v.URIPath == "/readyz":
				level = slog.LevelDebug // asked every few seconds
			}
			if v.RoutePath == viewsPath {
				v.RemoteIP = "" // nobody is to know who reads what
			}
			code, _ := c.Get(problemCodeKey).(string)
			s.Log.LogAttrs(c.Request().Context(), level, "request",
				slog.String("request_id", c.Response().Header().Get(echo.HeaderXRequestID)),
				slog.String("method", v.Method), slog.String("path", loggable(v.URIPath)), slog.String("route", v.RoutePath),
				slog.Int("status", v.Status), slog.String("code", code), slog.Int64("bytes", v.ResponseSize),
				slog.Duration("took", v.Latency), slog.String("remote_ip", v.RemoteIP))
			return nil
		},
	})
}

// crossOrigin lets browsers call from other origins: any for what is public, unless origins are configured, and for the
// rest only those.
func (s *server) crossOrigin() []echo.MiddlewareFunc {
	config := middleware.CORSConfig{
		AllowOrigins: s.CORSOrigins,
		AllowMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete},
		AllowHeaders: []string{
			echo.HeaderAuthorization, echo.HeaderContentType, "If-Match", "If-None-Match", headerIdempotencyKey, lastEventID, echo.HeaderXRequestID,
		},
		ExposeHeaders: []string{"ETag", "Link", echo.HeaderLocation, echo.HeaderRetryAfter, headerIdempotencyReplayed, echo.HeaderXRequestID},
		MaxAge:        600,
	}
	if len(s.CORSOrigins) == 0 {
		config.AllowOrigins = []string{"*"}
		config.AllowMethods = []string{http.MethodGet, http.MethodHead, http.MethodPost}
		config.Skipper = func(c echo.Context) bool { return !isPublic(c.Request().URL.Path) }
	}
	return []echo.MiddlewareFunc{middleware.CORSWithConfig(config)}
}

// isPublic reports whether the path is for readers and integrators, and not for those who sign in.
func isPublic(path string) bool {
	return !strings.HasPrefix(path, "/v1/manage") && !strings.HasPrefix(path, "/v1/auth")
}
