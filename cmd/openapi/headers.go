package main

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// requestID is the header that every response has.
const requestID = "X-Request-Id"

// knownHeader describes a response header wherever it is annotated.
type knownHeader struct {
	description string
	schemaType  string
	example     any
}

var knownHeaders = map[string]knownHeader{
	requestID:          {"Names the request in logs; a sane one that the client sends is kept.", "string", "0192f5c8-7a31-7c55-9d3e-0b1f6f2f3a10"},
	"ETag":             {"The version of the resource or of the answer, for If-Match and If-None-Match.", "string", `"7"`},
	"Location":         {"Where the resource is.", "string", "/v1/manage/articles/0192f5c8-7a31-7c55-9d3e-0b1f6f2f3a10"},
	"Link":             {"The neighbouring pages (RFC 8288), as in `links`.", "string", `</v1/content/articles?page=2>; rel="next"`},
	"Last-Modified":    {"When what is shown last changed.", "string", "Mon, 23 Nov 2026 09:30:00 GMT"},
	"Cache-Control":    {"How long the answer may be kept.", "string", "public, max-age=5, stale-while-revalidate=60"},
	"Vary":             {"The request headers that the answer depends on.", "string", "Accept-Encoding, Origin"},
	"Cache-Tag":        {"What the answer shows, for purges of a CDN.", "string", "articles,section:world"},
	"Content-Language": {"The language of the answer.", "string", "uz-Latn"},
	"WWW-Authenticate": {"How to authenticate.", "string", "Bearer"},
	"Retry-After":      {"Seconds to wait before the next try.", "integer", 30},
	"X-Robots-Tag":     {"What search engines may do with it.", "string", "noindex"},
	"Allow":            {"The methods that the path knows.", "string", "GET, HEAD"},
}

// headerComponents describes the known headers, each once, under their names without hyphens.
func headerComponents() openapi3.Headers {
	headers := openapi3.Headers{}
	for name, known := range knownHeaders {
		headers[headerComponent(name)] = &openapi3.HeaderRef{Value: &openapi3.Header{Parameter: openapi3.Parameter{
			Description: known.description,
			Schema:      openapi3.NewSchemaRef("", &openapi3.Schema{Type: &openapi3.Types{known.schemaType}}),
			Example:     known.example,
		}}}
	}
	return headers
}

func headerComponent(name string) string { return strings.ReplaceAll(name, "-", "") }

func headerReference(name string) *openapi3.HeaderRef {
	return &openapi3.HeaderRef{Ref: "#/components/headers/" + headerComponent(name)}
}
