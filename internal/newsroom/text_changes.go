package newsroom

import (
	"bytes"
	"reflect"
	"slices"
)

// Changed names the fields in which t differs from before, as clients know them and in the order in which they write
// them ("title", "body"). A summary that follows the body is named when it differs; the count of words is no field.
func (t Text) Changed(before Text) []string {
	sameBlock := func(a, b Block) bool { return reflect.DeepEqual(a, b) }
	names := []string{}
	for _, field := range []struct {
		name string
		same bool
	}{
		{"lang", t.Lang == before.Lang},
		{"title", t.Title == before.Title},
		{"slug", t.Slug == before.Slug},
		{"kicker", t.Kicker == before.Kicker},
		{"subtitle", t.Subtitle == before.Subtitle},
		{"summary", t.Summary == before.Summary && t.AutoSummary == before.AutoSummary},
		{"body", slices.EqualFunc(t.Body, before.Body, sameBlock)},
		{"section", samePointer(t.SectionID, before.SectionID)},
		{"authors", slices.Equal(t.AuthorIDs, before.AuthorIDs)},
		{"tags", slices.Equal(t.TagIDs, before.TagIDs)},
		{"type", t.Type == before.Type},
		{"featured", t.Featured == before.Featured},
		{"breaking", t.Breaking == before.Breaking},
		{"seo", t.SEO == before.SEO},
		{"custom", bytes.Equal(t.Custom, before.Custom)},
		{"translation_of", t.TranslationGroup == before.TranslationGroup},
	} {
		if !field.same {
			names = append(names, field.name)
		}
	}
	return names
}

// samePointer reports whether a and b are both nil, or point to equal values.
func samePointer[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}
