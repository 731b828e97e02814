package newsroom_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

func TestFillsNameTerms(t *testing.T) {
	t.Parallel()
	section, tag, author, other := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	f := newsroom.Fill{
		Sections: newsroom.Match{AnyOf: [][]string{{section.String(), other.String()}}},
		Tags:     newsroom.Match{None: []string{tag.String()}},
		Authors:  newsroom.Match{AnyOf: [][]string{{author.String()}, {other.String()}}},
		Limit:    5,
	}
	for _, id := range []uuid.UUID{section, tag, author, other} {
		if !f.RefersTo(id) {
			t.Errorf("it does not refer to %v", id)
		}
	}
	if f.RefersTo(uuid.New()) || (*newsroom.Fill)(nil).RefersTo(section) {
		t.Error("it refers to what it does not name")
	}
	one := func(string) string { return other.String() }
	want := newsroom.Fill{
		Sections: newsroom.Match{AnyOf: [][]string{{other.String()}}},
		Tags:     newsroom.Match{None: []string{other.String()}},
		Authors:  newsroom.Match{AnyOf: [][]string{{other.String()}, {other.String()}}},
		Limit:    5,
	}
	if got := f.MapTerms(one, one, one); !reflect.DeepEqual(got, want) || f.Sections.AnyOf[0][0] != section.String() {
		t.Errorf("%+v became %+v", f, got)
	}
}

func TestWhatAWidgetMayBe(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)
	later, elsewhere := now.Add(time.Millisecond), now.In(time.FixedZone("", 5*60*60))
	seconds := func(n int) func(*newsroom.Widget) []newsroom.FieldError {
		return func(w *newsroom.Widget) []newsroom.FieldError { return w.ExpireIn(n, now) }
	}
	check := func(before *time.Time) func(*newsroom.Widget) []newsroom.FieldError {
		return func(w *newsroom.Widget) []newsroom.FieldError { return w.Check(now, before) }
	}
	for _, c := range []struct {
		name   string
		widget newsroom.Widget
		check  func(*newsroom.Widget) []newsroom.FieldError
		want   string
	}{
		{"for good", newsroom.Widget{Key: "w"}, check(nil), ""},
		{"until the next millisecond", newsroom.Widget{Key: "w", ExpiresAt: &later}, check(nil), ""},
		{"until now", newsroom.Widget{Key: "w", ExpiresAt: &now}, check(nil), "/expires_at"},
		{"until now, still", newsroom.Widget{Key: "w", ExpiresAt: &now}, check(&elsewhere), ""},
		{"without a key", newsroom.Widget{}, check(nil), "/key"},
		{"large", newsroom.Widget{Key: "w", Value: make([]byte, newsroom.MaxWidgetBytes)}, check(nil), ""},
		{"larger", newsroom.Widget{Key: "w", Value: make([]byte, newsroom.MaxWidgetBytes+1)}, check(nil), "/value"},
		{"for a second", newsroom.Widget{}, seconds(1), ""},
		{"for a year", newsroom.Widget{}, seconds(newsroom.MaxTTL), ""},
		{"for no time", newsroom.Widget{}, seconds(0), "/ttl_seconds"},
		{"for longer", newsroom.Widget{}, seconds(newsroom.MaxTTL + 1), "/ttl_seconds"},
		{"twice", newsroom.Widget{ExpiresAt: &later}, seconds(1), "/ttl_seconds"},
	} {
		if got := pointers(c.check(&c.widget)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := (newsroom.Widget{ExpiresAt: &now}).Changed(newsroom.Widget{ExpiresAt: &elsewhere}); len(got) != 0 {
		t.Errorf("another zone is another moment: %v", got)
	}
	if got := (newsroom.Widget{ExpiresAt: &now, Value: []byte("1")}).Changed(newsroom.Widget{}); fmt.Sprint(got) != "[expires_at value]" {
		t.Errorf("changed: %v", got)
	}
}

func TestTheSectionsOfANavigation(t *testing.T) {
	t.Parallel()
	world, asia := uuid.New(), uuid.New()
	items := []newsroom.NavigationItem{
		{Title: "Shop", URL: "/shop"},
		{Section: world.String(), Children: []newsroom.NavigationItem{{Section: asia.String()}}},
	}
	site := newsroom.Site{Navigation: &items}
	if !site.RefersTo(world) || !site.RefersTo(asia) || site.RefersTo(uuid.New()) || (newsroom.Site{}).RefersTo(world) {
		t.Error("it refers to other sections than it names")
	}
	mapped := newsroom.MapSections(items, "/navigation", func(at, _ string) string { return at })
	if mapped[1].Section != "/navigation/1/section" || mapped[1].Children[0].Section != "/navigation/1/children/0/section" || mapped[0].Section != "" {
		t.Errorf("%+v", mapped)
	}
	if items[1].Section != world.String() || items[1].Children[0].Section != asia.String() {
		t.Error("the items themselves are changed")
	}
}

func pointers(fields []newsroom.FieldError) string {
	var all []string
	for _, f := range fields {
		all = append(all, f.Pointer)
	}
	return strings.Join(all, " ")
}
