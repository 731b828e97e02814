package api

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// maxBody is the largest request body, in bytes.
const maxBody = 2 << 20

// maxNesting is how many levels a request body may have. SQLite takes no JSON of more than a thousand.
const maxNesting = 100

// readBytes gives the request body: too_large, or malformed_json when it ends early.
func readBytes(c echo.Context) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, maxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, newsroom.Errorf(newsroom.CodeTooLarge, "The body is larger than 2 MiB.")
	}
	if err != nil {
		return nil, newsroom.Errorf(newsroom.CodeMalformedJSON, "The body ended early.")
	}
	return body, nil
}

// readJSON gives the JSON value of the request body: too_large, unsupported_media_type or malformed_json when there is
// none. An optional body may be empty, and is an empty object then.
func readJSON(c echo.Context, optional bool) (any, error) {
	body, err := readBytes(c)
	if err != nil {
		return nil, err
	}
	if optional && len(body) == 0 {
		return map[string]any{}, nil
	}
	if !isJSON(c.Request()) {
		return nil, newsroom.Errorf(newsroom.CodeUnsupportedMediaType, "Send the body as application/json.")
	}
	if !utf8.Valid(body) {
		return nil, newsroom.Errorf(newsroom.CodeMalformedJSON, "The body is not UTF-8.")
	}
	value, err := decode(body)
	if err != nil {
		return nil, newsroom.Errorf(newsroom.CodeMalformedJSON, "The body is not JSON: %s.", strings.TrimSuffix(err.Error(), "."))
	}
	if nestsDeeper(value, maxNesting) {
		return nil, newsroom.Errorf(newsroom.CodeMalformedJSON, "The body nests deeper than %d levels.", maxNesting)
	}
	return value, nil
}

// nestsDeeper reports whether a decoded JSON value has more than that many levels.
func nestsDeeper(value any, levels int) bool {
	switch v := value.(type) {
	case map[string]any:
		for _, inner := range v {
			if levels == 0 || nestsDeeper(inner, levels-1) {
				return true
			}
		}
	case []any:
		for _, inner := range v {
			if levels == 0 || nestsDeeper(inner, levels-1) {
				return true
			}
		}
	}
	return false
}

func isJSON(r *http.Request) bool {
	kind, params, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	if charset := params["charset"]; err != nil || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return false
	}
	return kind == "application/json" || kind == "application/merge-patch+json" && r.Method == http.MethodPatch
}

// readBody binds the body of a request without query parameters to target, and gives validation_failed with all that
// does not fit.
func readBody(c echo.Context, target any) error {
	if err := noParameters(c); err != nil {
		return err
	}
	value, err := readJSON(c, false)
	if err != nil {
		return err
	}
	return newsroom.Invalid(bind(value, target))
}

// readInput is readBody for what the desk has to check too: it gives what does not fit, to be told together with the rest.
func readInput(c echo.Context, target any) ([]newsroom.FieldError, error) {
	if err := noParameters(c); err != nil {
		return nil, err
	}
	value, err := readJSON(c, false)
	if err != nil {
		return nil, err
	}
	return bind(value, target), nil
}

// readOptional is readBody for a body that may be left out.
func readOptional(c echo.Context, target any) error {
	value, err := readJSON(c, true)
	if err != nil {
		return err
	}
	return newsroom.Invalid(bind(value, target))
}

// param gives a parameter of the path, with what is percent-encoded in it decoded.
func param(c echo.Context, name string) string {
	value, err := url.PathUnescape(c.Param(name))
	if err != nil {
		return ""
	}
	return value
}

// noBody gives validation_failed when a request that needs no body has one with anything in it.
func noBody(c echo.Context) error { return readOptional(c, &struct{}{}) }

// noParameters gives invalid_parameter when the request has any query parameter.
func noParameters(c echo.Context) error { return queryOf(c).err() }

// pathID gives the id in the path, or not_found: nothing has an id that is none.
func pathID(c echo.Context, what string) (uuid.UUID, error) {
	id, ok := parseID(param(c, "id"))
	if !ok {
		return id, newsroom.Errorf(newsroom.CodeNotFound, "There is no such %s.", what)
	}
	return id, nil
}

// readTarget reads a request without a body for a change of the thing of an id: its id, and which version is meant.
func readTarget(c echo.Context, what string) (id uuid.UUID, expected newsroom.Precondition, err error) {
	if err := noParameters(c); err != nil {
		return id, expected, err
	}
	if id, err = pathID(c, what); err != nil {
		return id, expected, err
	}
	expected, err = ifMatch(c)
	return id, expected, err
}

// readPatch reads a PATCH of the thing of an id: its id, which version is meant, and what changes.
func readPatch(c echo.Context, what string) (id uuid.UUID, expected newsroom.Precondition, patch any, err error) {
	if id, expected, err = readTarget(c, what); err != nil {
		return id, expected, nil, err
	}
	patch, err = readJSON(c, false)
	return id, expected, patch, err
}

// ifMatch gives what the client believes the version to be, or precondition_required.
func ifMatch(c echo.Context) (newsroom.Precondition, error) {
	if strings.Join(c.Request().Header.Values("If-Match"), "") == "" {
		return newsroom.Precondition{}, noPrecondition()
	}
	return optionalIfMatch(c), nil
}

func noPrecondition() error {
	return newsroom.Errorf(newsroom.CodePreconditionRequired, "Send the ETag of your last GET as If-Match, or * to change it in any case.")
}

// optionalIfMatch is ifMatch for calls that do not need it.
func optionalIfMatch(c echo.Context) newsroom.Precondition {
	return precondition(strings.Join(c.Request().Header.Values("If-Match"), ","))
}

// precondition reads the value of an If-Match; an empty one matches every version. A tag that is none of ours matches none.
func precondition(header string) newsroom.Precondition {
	p := newsroom.Precondition{Any: strings.TrimSpace(header) == "*" || header == ""}
	for tag := range strings.SplitSeq(header, ",") {
		tag = strings.TrimSpace(tag)
		if n, err := strconv.Atoi(strings.Trim(tag, `"`)); err == nil && tag == versionTag(n) {
			p.Versions = append(p.Versions, n)
		}
	}
	return p
}

// versionTag is the ETag of a managed resource.
func versionTag(version int) string { return `"` + strconv.Itoa(version) + `"` }
