package api

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// query reads the query parameters of a request. Each method reads one, and notes what is wrong with it; err then gives
// all that was wrong, and every parameter that nobody asked for.
type query struct {
	values url.Values
	known  map[string]bool
	broken []newsroom.FieldError
}

func queryOf(c echo.Context) *query {
	q := &query{known: map[string]bool{}}
	values, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		q.fail("query", "The query string cannot be read.")
	}
	q.values = values
	for name, all := range values {
		for _, v := range all {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				q.fail(name, "The value is not plain text.")
				q.values[name] = nil
			}
		}
	}
	return q
}

func (q *query) fail(name, detail string) {
	q.broken = append(q.broken, newsroom.FieldError{Pointer: name, Code: newsroom.FieldInvalid, Detail: detail})
}

// err gives invalid_parameter when something is wrong.
func (q *query) err() error {
	for name := range q.values {
		if !q.known[name] {
			q.broken = append(q.broken, newsroom.FieldError{Pointer: name, Code: newsroom.FieldUnknown, Detail: "There is no such parameter here."})
		}
	}
	if len(q.broken) == 0 {
		return nil
	}
	slices.SortStableFunc(q.broken, func(a, b newsroom.FieldError) int { return strings.Compare(a.Pointer, b.Pointer) })
	return &newsroom.Error{Code: newsroom.CodeInvalidParameter, Detail: "A query parameter is unknown or has a value that it cannot have.", Fields: q.broken}
}

// all gives the values of a parameter that may be repeated. None of them may be empty.
func (q *query) all(name string) []string {
	q.known[name] = true
	for _, v := range q.values[name] {
		if v == "" {
			q.fail(name, "The value is empty.")
			return nil
		}
	}
	return q.values[name]
}

// one gives the value of a parameter that may stand once, or "".
func (q *query) one(name string) string {
	values := q.all(name)
	if len(values) > 1 {
		q.fail(name, "The parameter stands more than once.")
	}
	if len(values) != 1 {
		return ""
	}
	return values[0]
}

// list gives a comma-separated list of words, each of which must be one of allowed.
func (q *query) list(name string, allowed []string) []string {
	v := q.one(name)
	if v == "" {
		return nil
	}
	words := strings.Split(v, ",")
	for i, w := range words {
		if !slices.Contains(allowed, w) {
			q.fail(name, "One of "+strings.Join(allowed, ", ")+" is possible.")
			return nil
		}
		if slices.Contains(words[:i], w) {
			q.fail(name, "A word stands twice.")
			return nil
		}
	}
	return words
}

func (q *query) boolean(name string) *bool {
	switch q.one(name) {
	case "":
		return nil
	case "true":
		yes := true
		return &yes
	case "false":
		no := false
		return &no
	}
	q.fail(name, "The value is true or false.")
	return nil
}

func (q *query) number(name string, least, most, otherwise int) int {
	v := q.one(name)
	if v == "" {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		q.fail(name, "The value is a number from "+strconv.Itoa(least)+" to "+strconv.Itoa(most)+".")
		return otherwise
	}
	return n
}

// match gives what a filter parameter asks for: commas mean or, repeating it means and, a leading - excludes. clean
// checks a value and gives its normal form.
func (q *query) match(name string, clean func(string) (string, bool)) store.Match {
	var m store.Match
	for _, group := range q.all(name) {
		var any []string
		for v := range strings.SplitSeq(group, ",") {
			v, exclude := strings.CutPrefix(v, "-")
			v, ok := clean(v)
			switch {
			case !ok:
				q.fail(name, "The value is not possible.")
			case exclude:
				m.None = append(m.None, v)
			default:
				any = append(any, v)
			}
		}
		if any != nil {
			m.AnyOf = append(m.AnyOf, any)
		}
	}
	if len(m.None)+len(slices.Concat(m.AnyOf...)) > maxFilterValues {
		q.fail(name, "At most 100 values are possible.")
		return store.Match{}
	}
	return m
}

const maxFilterValues = 100

// moment gives a point in time: an RFC 3339 date-time, or a day in the zone, of which it gives the beginning and, as
// end, the beginning of the next. Of a date-time the end is the next millisecond. There is no end after the end of time.
func (q *query) moment(name string, zone *time.Location) (begin, end *time.Time) {
	v := q.one(name)
	if v == "" {
		return nil, nil
	}
	if t, err := time.Parse(time.RFC3339, v); err == nil && sane(t) {
		t = t.UTC().Truncate(time.Millisecond)
		return &t, unlessOver(t.Add(time.Millisecond))
	}
	if t, err := time.ParseInLocation(time.DateOnly, v, zone); err == nil && sane(t) {
		next := t.AddDate(0, 0, 1).UTC()
		t = t.UTC()
		return &t, unlessOver(next)
	}
	q.fail(name, "The value is a date-time such as 2026-03-06T09:00:00Z or a day such as 2026-03-06.")
	return nil, nil
}

func unlessOver(t time.Time) *time.Time {
	if !sane(t) {
		return nil
	}
	return &t
}

// sane keeps times within what both databases can hold and sort.
func sane(t time.Time) bool { return t.UTC().Year() >= 1 && t.UTC().Year() <= 9999 }

// maxPageDepth is how many rows deep page goes.
const maxPageDepth = 10_000

// maxCursor is the longest cursor, in bytes: a few sort keys, a title among them, and an id.
const maxCursor = 4000

// page reads limit, page, cursor, sort and total. sortable are the names that sort may use, otherwise is the order
// without it.
func (q *query) page(sortable []string, otherwise ...store.SortKey) pageRequest {
	p := pageRequest{number: q.number("page", 1, math.MaxInt32, 1)}
	p.Limit = q.number("limit", 1, 100, 20)
	p.Sort = q.sort(sortable, otherwise)
	total := q.boolean("total")
	p.Total = total == nil || *total
	p.Offset = (p.number - 1) * p.Limit
	if p.Offset+p.Limit > maxPageDepth && p.number > 1 {
		q.fail("page", "Pages go 10,000 rows deep; follow the cursor beyond them.")
	}
	if cursor := q.one("cursor"); len(cursor) > maxCursor {
		q.fail("cursor", "This is too long for a cursor.")
	} else if cursor != "" {
		if q.values.Has("page") {
			q.fail("cursor", "Either page or cursor is possible.")
		}
		var err error
		if p.Cursor, err = store.ParseCursor(cursor, p.Sort); err != nil {
			q.fail("cursor", "This cursor was not given by this list in this order.")
		}
	}
	return p
}

// pageRequest is the part of a list that a request asks for.
type pageRequest struct {
	store.Page
	number int // of the page, from 1; without meaning when there is a cursor
}

func (q *query) sort(sortable []string, otherwise []store.SortKey) []store.SortKey {
	if sortable == nil {
		return otherwise // there is no such parameter
	}
	v := q.one("sort")
	if v == "" {
		return otherwise
	}
	var keys []store.SortKey
	for name := range strings.SplitSeq(v, ",") {
		name, desc := strings.CutPrefix(name, "-")
		twice := slices.ContainsFunc(keys, func(k store.SortKey) bool { return k.Field == name })
		if !slices.Contains(sortable, name) || twice {
			q.fail("sort", "Sort by "+strings.Join(sortable, ", ")+", each once, with - before it for descending.")
			return otherwise
		}
		keys = append(keys, store.SortKey{Field: name, Desc: desc})
	}
	return keys
}

// parseID reads an id of 36 characters with hyphens.
func parseID(s string) (uuid.UUID, bool) {
	id, err := uuid.Parse(s)
	return id, err == nil && len(s) == 36
}
