package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// problemType is the media type of failures (RFC 9457).
const problemType = "application/problem+json"

// failure is a response that all operations share.
type failure struct {
	name        string // of the component
	description string
	headers     []string // besides requestID and Cache-Control
	problems    []problem
}

// problem is an example of a failure: its code, what may have happened, and the entry among its errors, if it has one.
type problem struct {
	code    newsroom.Code
	detail  string
	pointer string
	field   string // the code of the entry
}

// The codes that only package api gives.
const (
	codeKeyReused     newsroom.Code = "idempotency_key_reused"
	codeKeyInProgress newsroom.Code = "idempotency_in_progress"
)

var failures = map[string]failure{
	"400": {name: "BadRequest", description: "The request cannot be read.", problems: []problem{
		{code: newsroom.CodeInvalidParameter, detail: "A query parameter is unknown or has a value it cannot have.", pointer: "limit", field: newsroom.FieldOutOfRange},
		{code: newsroom.CodeMalformedJSON, detail: "The body is not JSON."},
	}},
	"401": {name: "Unauthenticated", description: "There are no credentials, or they are not good.", headers: []string{"WWW-Authenticate"}, problems: []problem{
		{code: newsroom.CodeUnauthenticated, detail: "The access token is missing or has expired."},
		{code: newsroom.CodeUnauthenticated, detail: "A code of your second factor is needed, or a recovery code.", pointer: "/code", field: newsroom.FieldRequired},
	}},
	"403": {name: "Forbidden", description: "The role or the token's scopes do not allow it.", problems: []problem{
		{code: newsroom.CodeForbidden, detail: "Publishing needs the role author."},
	}},
	"404": {name: "NotFound", description: "It is not there, or not visible here.", problems: []problem{
		{code: newsroom.CodeNotFound, detail: "There is no such article."},
	}},
	"405": {name: "MethodNotAllowed", description: "The path does not know the method.", headers: []string{"Allow"}, problems: []problem{
		{code: newsroom.CodeMethodNotAllowed, detail: "Use GET or HEAD."},
	}},
	"409": {name: "Conflict", description: "The state of things does not allow it.", problems: []problem{
		{code: newsroom.CodeSlugTaken, detail: "Another article in this language has the slug.", pointer: "/slug", field: newsroom.FieldDuplicate},
		{code: newsroom.CodeAlreadyExists, detail: "There is a user with this e-mail.", pointer: "/email", field: newsroom.FieldDuplicate},
		{code: newsroom.CodeInvalidTransition, detail: "Only what is in review can be returned."},
		{code: newsroom.CodeInUse, detail: "Twelve articles use the section: say what replaces it."},
		{code: codeKeyInProgress, detail: "The first request with this key is still under way."},
	}},
	"410": {name: "Gone", description: "The story was withdrawn for good.", problems: []problem{
		{code: newsroom.CodeGone, detail: "Withdrawn: the source retracted the claim."},
	}},
	"412": {name: "StaleVersion", description: "If-Match does not match: somebody else has changed it.", headers: []string{"ETag"}, problems: []problem{
		{code: newsroom.CodeStaleVersion, detail: "The article has changed since version 6."},
	}},
	"413": {name: "TooLarge", description: "The body is too large.", problems: []problem{
		{code: newsroom.CodeTooLarge, detail: "The body is larger than 1 MB."},
	}},
	"415": {name: "UnsupportedMediaType", description: "The body is of a type that is not understood here.", problems: []problem{
		{code: newsroom.CodeUnsupportedMediaType, detail: "Send application/json."},
	}},
	"422": {name: "ValidationFailed", description: "The request breaks one or more rules: all of them are listed.", problems: []problem{
		{code: newsroom.CodeValidationFailed, detail: "The request breaks one or more rules.", pointer: "/title", field: newsroom.FieldRequired},
		{code: codeKeyReused, detail: "The key was used with another body."},
	}},
	"428": {name: "PreconditionRequired", description: "If-Match is missing.", problems: []problem{
		{code: newsroom.CodePreconditionRequired, detail: "Send If-Match with the ETag of the last GET."},
	}},
	"429": {name: "RateLimited", description: "There were too many requests.", headers: []string{"Retry-After"}, problems: []problem{
		{code: newsroom.CodeRateLimited, detail: "Too many requests: try again in 30 seconds."},
	}},
	"500": {name: "InternalError", description: "Something is broken on the server; its log has the cause.", problems: []problem{
		{code: newsroom.CodeInternal, detail: "Something went wrong on our side."},
	}},
	"503": {name: "Unavailable", description: "The database cannot be reached.", headers: []string{"Retry-After"}, problems: []problem{
		{code: newsroom.CodeUnavailable, detail: "Try again in 30 seconds."},
	}},
}

// knowsCode reports whether problems may have the code: all may, unless the schema Problem lists them.
func knowsCode(schemas openapi3.Schemas, code newsroom.Code) bool {
	if schemas["Problem"] == nil || schemas["Problem"].Value.Properties["code"] == nil {
		return true
	}
	property := schemas["Problem"].Value.Properties["code"].Value
	return property == nil || len(property.Enum) == 0 || slices.Contains(property.Enum, any(string(code)))
}

// failureResponses makes the shared responses, with an example for each code that a client may meet.
func failureResponses(schemas openapi3.Schemas) openapi3.ResponseBodies {
	responses := openapi3.ResponseBodies{}
	for status, failure := range failures {
		media := openapi3.NewMediaType().WithSchemaRef(reference("Problem"))
		media.Examples = openapi3.Examples{}
		for _, p := range failure.problems {
			if !knowsCode(schemas, p.code) {
				continue
			}
			media.Examples[string(p.code)] = &openapi3.ExampleRef{Value: &openapi3.Example{Value: p.example(status)}}
		}
		headers := openapi3.Headers{requestID: headerReference(requestID), "Cache-Control": headerReference("Cache-Control")}
		for _, name := range failure.headers {
			headers[name] = headerReference(name)
		}
		responses[failure.name] = &openapi3.ResponseRef{Value: &openapi3.Response{
			Description: &failure.description, Headers: headers, Content: openapi3.Content{problemType: media},
		}}
	}
	return responses
}

// example is the problem document as a client gets it.
func (p problem) example(status string) map[string]any {
	number, err := strconv.Atoi(status)
	if err != nil {
		panic(err) // the keys of failures are numbers
	}
	entries := []any{}
	if p.field != "" {
		entries = append(entries, map[string]any{"pointer": p.pointer, "code": p.field, "detail": p.detail})
	}
	return map[string]any{
		"type": "urn:nashr:problem:" + string(p.code), "title": p.title(), "status": number, "detail": p.detail,
		"instance": "/v1/manage/articles", "code": string(p.code),
		"request_id": "0192f5c8-7a31-7c55-9d3e-0b1f6f2f3a10", "errors": entries,
	}
}

// title says the code in words: "Slug taken".
func (p problem) title() string {
	return strings.Replace(capital(strings.ReplaceAll(string(p.code), "_", " ")), "json", "JSON", 1)
}
