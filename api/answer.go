package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/store"
)

// Data is the answer that holds one thing.
type Data[T any] struct {
	Data T `json:"data"`
}

// Page is the answer that holds a part of a list.
type Page[T any] struct {
	Data  []T   `json:"data"`
	Meta  Meta  `json:"meta"`
	Links Links `json:"links"`
}

// Meta says which part of a list this is.
type Meta struct {
	Limit int `json:"limit" minimum:"1" maximum:"100" example:"20"`
	// How many there are in all; null with total=false.
	Total *int64 `json:"total" minimum:"0" example:"1342"`
	// The number of this page; null when a cursor was followed.
	Page *int `json:"page" minimum:"1" example:"1"`
	// Where the list goes on; null at its end.
	NextCursor *string `json:"next_cursor" example:"eyJzIjoiLXB1Ymxpc2hlZF9hdCJ9"`
}

// Links are the neighbours of this part of a list, relative to the host.
type Links struct {
	Self string  `json:"self" format:"uri-reference" example:"/v1/content/articles?page=2"`
	Next *string `json:"next" format:"uri-reference" example:"/v1/content/articles?page=3"`
	Prev *string `json:"prev" format:"uri-reference" example:"/v1/content/articles?page=1"`
}

// pageOf makes the answer that holds items, of what listing says about the rest of the list.
func pageOf[T, R any](c echo.Context, items []T, p pageRequest, listing store.Listing[R]) Page[T] {
	if items == nil {
		items = []T{}
	}
	a := Page[T]{Data: items, Meta: Meta{Limit: p.Limit, Total: listing.Total}, Links: Links{Self: c.Request().URL.RequestURI()}}
	if listing.Next != nil {
		next := listing.Next.String()
		a.Meta.NextCursor = &next
		a.Links.Next = linkTo(c, "cursor", next)
	}
	switch {
	case p.Cursor == nil:
		a.Meta.Page = &p.number
		if listing.Next != nil && p.Offset+2*p.Limit <= maxPageDepth {
			a.Links.Next = linkTo(c, "page", strconv.Itoa(p.number+1))
		}
		if p.number > 1 {
			a.Links.Prev = linkTo(c, "page", strconv.Itoa(p.number-1))
		}
	case listing.Prev != nil:
		a.Links.Prev = linkTo(c, "cursor", listing.Prev.String())
	}
	for rel, link := range map[string]*string{"next": a.Links.Next, "prev": a.Links.Prev} {
		if link != nil {
			c.Response().Header().Add("Link", fmt.Sprintf("<%s>; rel=%q", *link, rel))
		}
	}
	return a
}

// slicePage gives one page of a list that is all in memory. A cursor names the entry next to the page; one whose entry
// is gone gives invalid_parameter.
func slicePage[T any](all []T, p pageRequest, id func(T) string) (store.Listing[T], error) {
	start := min(p.Offset, len(all))
	end := min(start+p.Limit, len(all))
	if p.Cursor != nil {
		at := slices.IndexFunc(all, func(t T) bool { return id(t) == p.Cursor.ID.String() })
		if at < 0 {
			return store.Listing[T]{}, store.BadCursor()
		}
		start, end = at+1, min(at+1+p.Limit, len(all))
		if p.Cursor.Back {
			start, end = max(0, at-p.Limit), max(0, at)
		}
	}
	l := store.Listing[T]{Items: all[start:end]}
	if p.Total {
		n := int64(len(all))
		l.Total = &n
	}
	if start < end && end < len(all) {
		l.Next = &store.Cursor{ID: uuid.MustParse(id(all[end-1])), Values: []string{}}
	}
	if start < end && start > 0 {
		l.Prev = &store.Cursor{ID: uuid.MustParse(id(all[start])), Values: []string{}, Back: true}
	}
	return l, nil
}

// linkTo gives the present request with another page or cursor.
func linkTo(c echo.Context, name, value string) *string {
	values := c.Request().URL.Query()
	values.Del("page")
	values.Del("cursor")
	values.Set(name, value)
	link := (&url.URL{Path: c.Request().URL.Path, RawQuery: values.Encode()}).String()
	return &link
}

// private answers with v and forbids everyone to keep it.
func private(c echo.Context, status int, v any) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return write(c, status, jsonType, body)
}

// versioned answers with the version of v as its ETag.
func versioned(c echo.Context, status, version int, v any) error {
	c.Response().Header().Set("ETag", versionTag(version))
	return private(c, status, v)
}

// cacheable answers with a body to anyone, and lets caches ask whether they still have the same. What readers see last
// changed at modified.
func cacheable(c echo.Context, mediaType string, body []byte, modified time.Time) error {
	if unchanged(c, hashTag(body), modified) {
		return c.NoContent(http.StatusNotModified)
	}
	return write(c, http.StatusOK, mediaType, body)
}

// unchanged sets the headers of caching, and reports whether the client has just that version.
func unchanged(c echo.Context, tag string, modified time.Time) bool {
	header := c.Response().Header()
	header.Set("ETag", tag)
	header.Set(echo.HeaderCacheControl, "public, max-age=1, stale-while-revalidate=5")
	if !modified.IsZero() {
		header.Set(echo.HeaderLastModified, modified.UTC().Format(http.TimeFormat))
	}
	return matches(c.Request().Header.Get("If-None-Match"), tag)
}

// hashTag gives the ETag of a body.
func hashTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// matches reports whether an If-None-Match names tag, by the weak comparison that RFC 9110 asks for.
func matches(header, tag string) bool {
	tag = strings.TrimPrefix(tag, "W/")
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == tag || candidate == "*" {
			return true
		}
	}
	return false
}

// encode gives v as JSON that leaves <, > and & alone: it is never put into HTML as it is.
func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

const jsonType = "application/json; charset=utf-8"

// write sends a body. To HEAD it says only how long the body would be.
func write(c echo.Context, status int, mediaType string, body []byte) error {
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	if c.Request().Method == http.MethodHead {
		c.Response().Header().Set(echo.HeaderContentType, mediaType)
		return c.NoContent(status)
	}
	return c.Blob(status, mediaType, body)
}

// sparse reduces each item to the named fields, in the order of the alphabet. Without names it gives the items as they are.
func sparse[T any](items []T, fields []string) ([]any, error) {
	out := make([]any, len(items))
	for i, item := range items {
		if fields == nil {
			out[i] = item
			continue
		}
		reduced, err := only(item, fields)
		if err != nil {
			return nil, err
		}
		out[i] = reduced
	}
	return out, nil
}

// only gives the named fields of an item.
func only(item any, fields []string) (any, error) {
	all, err := object(item)
	if err != nil || fields == nil {
		return item, err
	}
	some := make(map[string]json.RawMessage, len(fields))
	for _, f := range fields {
		if v, ok := all[f]; ok {
			some[f] = v
		}
	}
	return some, nil
}

// object gives the fields of an item as JSON, by name.
func object(item any) (map[string]json.RawMessage, error) {
	body, err := encode(item)
	if err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	err = json.Unmarshal(body, &all)
	return all, err
}
