package store

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

func TestACursorComesBackAsItWas(t *testing.T) {
	t.Parallel()
	sort := []SortKey{{Field: "title"}, {Field: "published_at", Desc: true}, {Field: "views"}}
	row := LiveArticle{Publication: newsroom.Publication{
		ArticleID: uuid.New(), Text: newsroom.Text{Title: `<"Oʻzbek"> 🎉`}, PublishedAt: time.Date(2026, 3, 6, 9, 0, 0, 120e6, time.UTC),
	}, Views: 1 << 60}
	for _, back := range []bool{false, true} {
		c := liveOrder.cursor(sort, &row, back)
		again, err := ParseCursor(c.String(), sort)
		if err != nil || !reflect.DeepEqual(again, c) {
			t.Fatalf("%+v became %+v, %v", c, again, err)
		}
		values, err := liveOrder.values(sort, again)
		if want := []any{row.Title, row.PublishedAt, row.Views, row.ArticleID}; err != nil || !reflect.DeepEqual(values, want) {
			t.Errorf("got %v, %v, want %v", values, err, want)
		}
	}
}

func FuzzCursor(f *testing.F) {
	sort := []SortKey{{Field: "published_at", Desc: true}, {Field: "title"}, {Field: "views", Desc: true}}
	whole := Cursor{Sort: "-published_at,title,-views", Values: []string{"2026-03-06T09:00:00Z", "x", "7"}, ID: uuid.New()}
	for _, c := range []Cursor{whole, {}, {Sort: whole.Sort}, {Sort: whole.Sort, Values: []string{"", "", ""}}, {Sort: whole.Sort, Values: []string{"2026-03-06T09:00:00Z", "\x00", "1.5"}}} {
		f.Add(c.String())
	}
	f.Add("")
	f.Add("bnVsbA")
	f.Fuzz(func(t *testing.T, word string) {
		c, err := ParseCursor(word, sort)
		if err == nil {
			_, err = liveOrder.after(sort, c)
		}
		if err != nil && !newsroom.IsCode(err, newsroom.CodeInvalidParameter) {
			t.Errorf("%q: %v", word, err)
		}
	})
}
