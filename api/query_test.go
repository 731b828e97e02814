package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
)

func queryFor(raw string) *query {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", nil)
	r.URL.RawQuery = raw
	return queryOf(echo.New().NewContext(r, httptest.NewRecorder()))
}

func TestMoments(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string][2]string{
		"2026-03-06":                       {"2026-03-06T05:00:00Z", "2026-03-07T05:00:00Z"},
		"2026-03-08":                       {"2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"}, // the day when summer time begins
		"2026-03-06T09:00:00Z":             {"2026-03-06T09:00:00Z", "2026-03-06T09:00:00.001Z"},
		"2026-03-06T09:00:00.1239%2B05:00": {"2026-03-06T04:00:00.123Z", "2026-03-06T04:00:00.124Z"},
		"2026-3-6":                         {},
		"2026-03-06T09:00:00":              {},
		"0000-01-01":                       {},
		"now":                              {},
	} {
		q := queryFor("t=" + value)
		begin, end := q.moment("t", zone)
		if want[0] == "" {
			if q.err() == nil {
				t.Errorf("%s is taken", value)
			}
			continue
		}
		if got := [2]string{begin.Format(time.RFC3339Nano), end.Format(time.RFC3339Nano)}; got != want {
			t.Errorf("%s: got %v, want %v", value, got, want)
		}
	}
}

func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"", "limit=5&page=2", "cursor=eyJzIjoidGl0bGUiLCJ2IjpbIngiXX0&sort=title", "section=a,-b&tag=-c&lang=en", "from=2026-03-06&to=2026-03-06T09:00:00Z",
		"featured=true&ids=01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42", "fields=a,b", "%zz", "a;b", "tag=%00", "limit=%ff", "=", "&&", "sort=-title,title",
	} {
		f.Add(seed)
	}
	languages, err := lang.ParseSet("en,ru")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		q := queryFor(raw)
		filter := readFilter(q, wire{languages: languages, zone: time.UTC})
		page := q.page([]string{"title", "views"}, newestFirst)
		fields := q.list("fields", []string{"a", "b"})
		err := q.err()
		var known *newsroom.Error
		switch {
		case err != nil && (!errors.As(err, &known) || known.Code != newsroom.CodeInvalidParameter || len(known.Fields) == 0):
			t.Errorf("%q: %v", raw, err)
		case err == nil && (page.Limit < 1 || page.Limit > 100 || page.Offset < 0 || page.Offset > maxPageDepth || len(page.Sort) == 0 || len(fields) > 2 || len(filter.IDs.None) > maxFilterValues):
			t.Errorf("%q gives %+v", raw, page)
		}
	})
}
