// Package api is a small API with one of each thing that the generator has to deal with.
//
// @title                      Fixture API
// @version                    1.0.0
// @description                One of everything.
// @description                Every GET answers HEAD too.
// @contact.name               Nashr
// @contact.url                https://nashr.dev
// @license.name               MIT
// @license.url                https://opensource.org/license/mit
// @externalDocs.description   The guides
// @externalDocs.url           https://nashr.dev/docs
// @tag.name                   articles
// @tag.description            What readers get.
// @tag.name                   manage-articles
// @tag.description            What editors do.
// @securityDefinitions.apikey BearerAuth
// @in                         header
// @name                       Authorization
// @description                A JWT or an API token.
package api

// Page is one page of a list.
type Page[T any] struct {
	Data  []T   `json:"data"`
	Meta  meta  `json:"meta"`
	Links links `json:"links"`
}

// Data is an envelope.
type Data[T any] struct {
	Data T `json:"data"`
}

type meta struct {
	Limit int  `json:"limit"`
	Total *int `json:"total,omitempty"`
}

type links struct {
	Next *string `json:"next"`
}

// problem tells what went wrong. It follows RFC 9457.
type problem struct {
	Type      string         `json:"type" format:"uri-reference"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Instance  string         `json:"instance"`
	Code      string         `json:"code"`
	RequestID string         `json:"request_id"`
	Errors    []problemEntry `json:"errors"`
}

type problemEntry struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Detail  string `json:"detail"`
}
