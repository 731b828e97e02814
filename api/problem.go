package api

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Problem is every failure, as RFC 9457 shapes it.
type Problem struct {
	// A URN that names the kind of problem.
	Type string `json:"type" format:"uri" example:"urn:nashr:problem:not_found"`
	// The kind of problem in words.
	Title  string `json:"title" example:"Not found"`
	Status int    `json:"status" minimum:"400" maximum:"599" example:"404"`
	// What happened this time, for people.
	Detail string `json:"detail" example:"There is no such article."`
	// The path of the request.
	Instance string `json:"instance" format:"uri-reference" example:"/v1/content/articles/no-such-story"`
	// The stable name of the kind of problem, for programs.
	Code string `json:"code" enums:"malformed_json,invalid_parameter,unauthenticated,forbidden,not_found,method_not_allowed,gone,slug_taken,already_exists,invalid_transition,in_use,stale_version,too_large,unsupported_media_type,validation_failed,idempotency_key_reused,idempotency_in_progress,precondition_required,rate_limited,unavailable,internal" example:"not_found"`
	// Finds this request in the logs.
	RequestID string `json:"request_id" example:"01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42"`
	// Each broken rule, where there are several.
	Errors []ProblemField `json:"errors"`
}

// ProblemField is one broken rule.
type ProblemField struct {
	// An RFC 6901 JSON pointer into the request body, or the name of a query parameter.
	Pointer string `json:"pointer" example:"/title"`
	Code    string `json:"code" example:"required"`
	Detail  string `json:"detail" example:"This is needed."`
}

// statuses maps every code to its HTTP status and title. It is the only such map.
var statuses = map[newsroom.Code]struct {
	status int
	title  string
}{
	newsroom.CodeMalformedJSON:        {http.StatusBadRequest, "Malformed JSON"},
	newsroom.CodeInvalidParameter:     {http.StatusBadRequest, "Invalid parameter"},
	newsroom.CodeUnauthenticated:      {http.StatusUnauthorized, "Unauthenticated"},
	newsroom.CodeForbidden:            {http.StatusForbidden, "Forbidden"},
	newsroom.CodeNotFound:             {http.StatusNotFound, "Not found"},
	newsroom.CodeMethodNotAllowed:     {http.StatusMethodNotAllowed, "Method not allowed"},
	newsroom.CodeGone:                 {http.StatusGone, "Gone"},
	newsroom.CodeSlugTaken:            {http.StatusConflict, "Slug taken"},
	newsroom.CodeAlreadyExists:        {http.StatusConflict, "Already exists"},
	newsroom.CodeInvalidTransition:    {http.StatusConflict, "Invalid transition"},
	newsroom.CodeInUse:                {http.StatusConflict, "In use"},
	newsroom.CodeStaleVersion:         {http.StatusPreconditionFailed, "Stale version"},
	newsroom.CodeTooLarge:             {http.StatusRequestEntityTooLarge, "Too large"},
	newsroom.CodeUnsupportedMediaType: {http.StatusUnsupportedMediaType, "Unsupported media type"},
	newsroom.CodeValidationFailed:     {http.StatusUnprocessableEntity, "Validation failed"},
	newsroom.CodeIdempotencyReused:    {http.StatusUnprocessableEntity, "Idempotency key reused"},
	newsroom.CodeIdempotencyBusy:      {http.StatusConflict, "Idempotency key in progress"},
	newsroom.CodePreconditionRequired: {http.StatusPreconditionRequired, "Precondition required"},
	newsroom.CodeRateLimited:          {http.StatusTooManyRequests, "Rate limited"},
	newsroom.CodeUnavailable:          {http.StatusServiceUnavailable, "Unavailable"},
	newsroom.CodeInternal:             {http.StatusInternalServerError, "Internal error"},
}

// problemCodeKey is where a failed request keeps its code for the log.
const problemCodeKey = "nashr.problemCode"

// fail answers a request with the problem that err is. Whatever is not a newsroom.Error is a fault of ours: it is
// logged and not shown.
func (s *server) fail(err error, c echo.Context) {
	if c.Response().Committed || errors.Is(err, context.Canceled) && c.Request().Context().Err() != nil {
		return // the answer, or the client, is gone
	}
	e := s.explain(err, c)
	kind := statuses[e.Code]
	header := c.Response().Header()
	switch {
	case e.Code == newsroom.CodeUnauthenticated:
		header.Set(echo.HeaderWWWAuthenticate, challenge(c.Request()))
	case e.Code == newsroom.CodeStaleVersion:
		header.Set("ETag", versionTag(e.Version))
	case e.RetryAfter > 0:
		header.Set(echo.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	}
	header.Set(echo.HeaderCacheControl, "no-store")
	c.Set(problemCodeKey, string(e.Code))
	p := Problem{
		Type:      "urn:nashr:problem:" + string(e.Code),
		Title:     kind.title,
		Status:    kind.status,
		Detail:    e.Detail,
		Instance:  c.Request().URL.EscapedPath(),
		Code:      string(e.Code),
		RequestID: header.Get(echo.HeaderXRequestID),
		Errors:    []ProblemField{},
	}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, ProblemField(f))
	}
	body, _ := json.Marshal(p) // strings and numbers only
	if err := c.Blob(kind.status, "application/problem+json", body); err != nil {
		s.Log.DebugContext(c.Request().Context(), "answer not written", "error", err)
	}
}

// explain turns any error into one that the client may see.
func (s *server) explain(err error, c echo.Context) *newsroom.Error {
	var known *newsroom.Error
	if errors.As(err, &known) {
		if known.Code == newsroom.CodeUnavailable {
			s.Log.WarnContext(c.Request().Context(), "database unavailable", "error", err)
		}
		return known
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &newsroom.Error{Code: newsroom.CodeUnavailable, Detail: "This took too long.", RetryAfter: time.Second}
	}
	var fromEcho *echo.HTTPError
	if errors.As(err, &fromEcho) {
		switch fromEcho.Code {
		case http.StatusNotFound:
			return newsroom.Errorf(newsroom.CodeNotFound, "There is nothing at this path.")
		case http.StatusMethodNotAllowed:
			return newsroom.Errorf(newsroom.CodeMethodNotAllowed, "This path does not know the method %s.", c.Request().Method)
		}
	}
	s.Log.ErrorContext(c.Request().Context(), "request failed", "error", err,
		"request_id", c.Response().Header().Get(echo.HeaderXRequestID), "path", c.Path())
	return newsroom.Errorf(newsroom.CodeInternal, "Something went wrong on our side. The request id finds it in the logs.")
}

// challenge tells a client how to sign in, and when it tried, that its token is no good (RFC 6750).
func challenge(r *http.Request) string {
	if _, sent := bearer(r); sent {
		return `Bearer realm="nashr", error="invalid_token"`
	}
	return `Bearer realm="nashr"`
}
