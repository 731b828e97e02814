package newsroom_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// tree gives sections by their slugs, each "slug" or "slug<parent".
func tree(sections ...string) (map[uuid.UUID]newsroom.Section, map[string]uuid.UUID) {
	ids, all := map[string]uuid.UUID{}, map[uuid.UUID]newsroom.Section{}
	for _, s := range sections {
		slug, parent, below := strings.Cut(s, "<")
		if _, ok := ids[slug]; !ok {
			ids[slug] = uuid.New()
		}
		section := newsroom.Section{Term: newsroom.Term{ID: ids[slug], Slug: slug}}
		if below {
			if _, ok := ids[parent]; !ok {
				ids[parent] = uuid.New()
			}
			id := ids[parent]
			section.ParentID = &id
		}
		all[section.ID] = section
	}
	return all, ids
}

// chain gives n sections, each below the one before: c1, c2<c1 and so on.
func chain(n int) []string {
	out := []string{"c1"}
	for i := 2; i <= n; i++ {
		out = append(out, fmt.Sprintf("c%d<c%d", i, i-1))
	}
	return out
}

func TestSectionPath(t *testing.T) {
	t.Parallel()
	all, ids := tree("world", "asia<world", "uz<asia", "sport", "lost<nowhere")
	for slug, want := range map[string]string{
		"world": "world", "asia": "world/asia", "uz": "world/asia/uz", "sport": "sport", "lost": "lost", "nowhere": "",
	} {
		if got := newsroom.SectionPath(all, ids[slug]); got != want {
			t.Errorf("%s: %q, want %q", slug, got, want)
		}
	}
	circle, ids := tree("a<b", "b<a")
	if got := newsroom.SectionPath(circle, ids["a"]); strings.Count(got, "/") != newsroom.MaxSectionDepth-1 {
		t.Errorf("a circle, which cannot be, gives %q", got)
	}
}

func TestCheckParent(t *testing.T) {
	t.Parallel()
	all, ids := tree(append(chain(newsroom.MaxSectionDepth), "d1", "d2<d1", "d3<d2", "alone")...)
	cases := []struct {
		section, parent, code string
	}{
		{"alone", "", ""},
		{"alone", "c1", ""},
		{"alone", "c7", ""},
		{"alone", "c8", newsroom.FieldOutOfRange},
		{"new", "c7", ""},
		{"new", "c8", newsroom.FieldOutOfRange},
		{"alone", "alone", newsroom.FieldNotAllowed},
		{"d1", "d2", newsroom.FieldNotAllowed},
		{"d1", "d3", newsroom.FieldNotAllowed},
		{"c2", "c3", newsroom.FieldNotAllowed},
		{"c1", "c8", newsroom.FieldOutOfRange}, // a circle too, but it is too deep first
		{"d1", "c5", ""},
		{"d1", "c6", newsroom.FieldOutOfRange}, // it brings two levels along
		{"d2", "c6", ""},
		{"d3", "c7", ""},
		{"c2", "d1", ""},
		{"c2", "d2", newsroom.FieldOutOfRange},
		{"c8", "", ""},
	}
	for _, c := range cases {
		id, ok := ids[c.section]
		if !ok {
			id = uuid.New()
		}
		var parent *uuid.UUID
		if c.parent != "" {
			p := ids[c.parent]
			parent = &p
		}
		var code string
		if broken := newsroom.CheckParent(all, id, parent); len(broken) > 0 {
			if code = broken[0].Code; len(broken) > 1 || broken[0].Pointer != "/parent" {
				t.Errorf("%s below %s: %v", c.section, c.parent, broken)
			}
		}
		if code != c.code {
			t.Errorf("%s below %s gives %q, want %q", c.section, c.parent, code, c.code)
		}
	}
}

func TestFoldName(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"Oʻzbekiston", "oʻzbekiston", "  OʻZBEKISTON ", "Oʻzbekiston\n"},
		{"Olympic Games", "olympic  games", "Olympic\tGames", "Olympic\u00a0Games"},
		{"Кафе й", "кафе и\u0306", "КАФЕ Й"},
		{"Café", "Cafe\u0301", "CAFÉ"},
		{"", " ", "\n\t"},
	} {
		for _, name := range same {
			if newsroom.FoldName(name) != newsroom.FoldName(same[0]) {
				t.Errorf("%q and %q are two names", same[0], name)
			}
			if once := newsroom.FoldName(name); newsroom.FoldName(once) != once {
				t.Errorf("%q folds twice", name)
			}
		}
	}
	for _, different := range [][2]string{{"Cafe", "Café"}, {"New York", "NewYork"}, {"Ташкент", "Toshkent"}} {
		if newsroom.FoldName(different[0]) == newsroom.FoldName(different[1]) {
			t.Errorf("%q and %q are one name", different[0], different[1])
		}
	}
}

// atLimit gives a text in which everything is as long as it may be.
func atLimit() newsroom.Text {
	return newsroom.Text{
		Title: chars(newsroom.MaxTitle), Kicker: chars(newsroom.MaxKicker), Subtitle: chars(newsroom.MaxSubtitle), Summary: chars(newsroom.MaxSummary),
		Type: "a" + strings.Repeat("_", 31),
		SEO: newsroom.SEO{
			Title: chars(newsroom.MaxTitle), Description: chars(newsroom.MaxSummary), Canonical: pad("https://nashr.example/", newsroom.MaxURL),
		},
		Custom: json.RawMessage(pad(`{"a":"`, newsroom.MaxCustomBytes-2) + `"}`),
	}
}

// chars gives n characters that are more bytes than that.
func chars(n int) string { return strings.Repeat("ў", n) }

func pad(s string, n int) string { return s + strings.Repeat("a", n-len(s)) }

func TestTextCheck(t *testing.T) {
	t.Parallel()
	if broken := atLimit().Check(); len(broken) > 0 {
		t.Errorf("at the limit: %v", broken)
	}
	if broken := (newsroom.Text{Title: "Storks", Type: "article"}).Check(); len(broken) > 0 {
		t.Errorf("the least: %v", broken)
	}
	cases := []struct {
		pointer, code string
		spoil         func(*newsroom.Text)
	}{
		{"/title", newsroom.FieldRequired, func(t *newsroom.Text) { t.Title = "" }},
		{"/title", newsroom.FieldRequired, func(t *newsroom.Text) { t.Title = " \u00a0\n" }},
		{"/title", newsroom.FieldTooLong, func(t *newsroom.Text) { t.Title += "ў" }},
		{"/kicker", newsroom.FieldTooLong, func(t *newsroom.Text) { t.Kicker += "ў" }},
		{"/subtitle", newsroom.FieldTooLong, func(t *newsroom.Text) { t.Subtitle += "ў" }},
		{"/summary", newsroom.FieldTooLong, func(t *newsroom.Text) { t.Summary += "ў" }},
		{"/type", newsroom.FieldInvalid, func(t *newsroom.Text) { t.Type = "" }},
		{"/type", newsroom.FieldInvalid, func(t *newsroom.Text) { t.Type += "_" }},
		{"/type", newsroom.FieldInvalid, func(t *newsroom.Text) { t.Type = "Opinion" }},
		{"/type", newsroom.FieldInvalid, func(t *newsroom.Text) { t.Type = "9news" }},
		{"/type", newsroom.FieldInvalid, func(t *newsroom.Text) { t.Type = "live blog" }},
		{"/type", newsroom.FieldInvalid, func(t *newsroom.Text) { t.Type = "news\n" }},
		{"/seo/title", newsroom.FieldTooLong, func(t *newsroom.Text) { t.SEO.Title += "ў" }},
		{"/seo/description", newsroom.FieldTooLong, func(t *newsroom.Text) { t.SEO.Description += "ў" }},
		{"/seo/canonical", newsroom.FieldInvalid, func(t *newsroom.Text) { t.SEO.Canonical += "a" }},
		{"/seo/canonical", newsroom.FieldInvalid, func(t *newsroom.Text) { t.SEO.Canonical = "/news" }},
		{"/seo/canonical", newsroom.FieldInvalid, func(t *newsroom.Text) { t.SEO.Canonical = "javascript://nashr.example/%0aalert(1)" }},
		{"/seo/canonical", newsroom.FieldInvalid, func(t *newsroom.Text) { t.SEO.Canonical = "https://" }},
		{"/custom", newsroom.FieldTooLong, func(t *newsroom.Text) { t.Custom = append(t.Custom, ' ') }},
	}
	for _, c := range cases {
		text := atLimit()
		c.spoil(&text)
		if broken := text.Check(); len(broken) != 1 || broken[0].Pointer != c.pointer || broken[0].Code != c.code || broken[0].Detail == "" {
			t.Errorf("%s %s: %+v", c.pointer, c.code, broken)
		}
	}
}

func TestTermCheck(t *testing.T) {
	t.Parallel()
	long := chars(newsroom.MaxBio + 1)
	term := newsroom.Term{Name: "World"}
	spoiled := newsroom.Term{Name: " ", Description: long, Translations: newsroom.Translations{
		"ru": {Name: long, Bio: long}, "en": {Description: long, JobTitle: long},
	}}
	cases := []struct {
		name   string
		broken []newsroom.FieldError
		want   string
	}{
		{"a section", newsroom.Section{Term: term}.Check(), ""},
		{"a section far down", newsroom.Section{Term: term, Position: 1_000_000}.Check(), ""},
		{"a section too far down", newsroom.Section{Term: term, Position: 1_000_001}.Check(), "/position"},
		{"a section before the first", newsroom.Section{Term: term, Position: -1}.Check(), "/position"},
		{"a tag", newsroom.Tag{Term: term}.Check(), ""},
		{"a long tag", newsroom.Tag{Term: newsroom.Term{Name: chars(newsroom.MaxName)}}.Check(), ""},
		{"a longer tag", newsroom.Tag{Term: newsroom.Term{Name: chars(newsroom.MaxName + 1)}}.Check(), "/name"},
		{
			"all of a term", newsroom.Tag{Term: spoiled}.Check(),
			"/name /description /translations/en/description /translations/en/job_title /translations/ru/name /translations/ru/bio",
		},
		{"an author", newsroom.Author{Term: term, Email: "a@nashr.example", Avatar: "https://nashr.example/a.webp"}.Check(), ""},
		{
			"all of an author", newsroom.Author{
				Term: term, JobTitle: long, Bio: long, Avatar: "a.webp", Email: "a@",
				Links: []newsroom.AuthorLink{{Label: long, URL: "https://t.me/a"}, {}, {URL: "mailto:a@nashr.example"}},
			}.Check(), "/job_title /bio /avatar /email /links/0/label /links/1/url /links/2/url",
		},
		{"an author with many links", newsroom.Author{Term: term, Links: links(newsroom.MaxLinks)}.Check(), ""},
		{"an author with too many links", newsroom.Author{Term: term, Links: links(newsroom.MaxLinks + 1)}.Check(), "/links"},
		{"a site", newsroom.Site{Name: "Tong"}.Check(), ""},
		{"a site without a name", newsroom.Site{}.Check(), "/name"},
	}
	for _, c := range cases {
		var pointers []string
		for _, f := range c.broken {
			pointers = append(pointers, f.Pointer)
		}
		if got := strings.Join(pointers, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func links(n int) []newsroom.AuthorLink {
	all := make([]newsroom.AuthorLink, n)
	for i := range all {
		all[i].URL = "https://nashr.example"
	}
	return all
}

func TestErrors(t *testing.T) {
	t.Parallel()
	if newsroom.Invalid(nil) != nil {
		t.Error("no broken rules are an error")
	}
	wrapped := fmt.Errorf("saving: %w", newsroom.Errorf(newsroom.CodeSlugTaken, "The slug %q is taken.", "storks"))
	if !newsroom.IsCode(wrapped, newsroom.CodeSlugTaken) || newsroom.IsCode(wrapped, newsroom.CodeInUse) || newsroom.IsCode(nil, newsroom.CodeInUse) ||
		newsroom.IsCode(errors.New("slug_taken"), newsroom.CodeSlugTaken) {
		t.Error("codes are mistaken")
	}
	if wrapped.Error() != `saving: slug_taken: The slug "storks" is taken.` {
		t.Error(wrapped)
	}
}

func TestCheckReplacement(t *testing.T) {
	t.Parallel()
	sections, ids := map[uuid.UUID]newsroom.Section{}, map[string]uuid.UUID{}
	add := func(name, parent string) {
		s := newsroom.Section{Term: newsroom.Term{ID: uuid.New(), Slug: name}}
		if p, ok := ids[parent]; ok {
			s.ParentID = &p
		}
		ids[name], sections[s.ID] = s.ID, s
	}
	for _, s := range [][2]string{{"a", ""}, {"b", "a"}, {"c", "b"}, {"leaf", "b"}, {"1", ""}, {"2", "1"}, {"3", "2"}, {"4", "3"}, {"5", "4"}, {"6", "5"}, {"7", "6"}, {"8", "7"}} {
		add(s[0], s[1])
	}
	for _, c := range []struct{ old, by, code string }{
		{"a", "a", newsroom.FieldNotAllowed},
		{"a", "b", newsroom.FieldNotAllowed},
		{"a", "c", newsroom.FieldNotAllowed},
		{"b", "leaf", newsroom.FieldNotAllowed},
		{"b", "a", ""},
		{"c", "leaf", ""},
		{"c", "8", ""},
		{"b", "7", ""},
		{"b", "8", newsroom.FieldOutOfRange},
		{"a", "6", ""},
		{"a", "7", newsroom.FieldOutOfRange},
		{"4", "a", ""},
		{"2", "b", ""},
		{"1", "b", newsroom.FieldOutOfRange},
	} {
		got := ""
		if broken := newsroom.CheckReplacement(sections, ids[c.old], ids[c.by]); len(broken) > 0 {
			got = broken[0].Code
		}
		if got != c.code {
			t.Errorf("%s by %s: %q, want %q", c.old, c.by, got, c.code)
		}
	}
}
