package newsroom

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/uuid"
)

func sampleText() Text {
	section := uuid.UUID{1}
	return Text{
		Lang: "en", Slug: "bridge", Title: "Bridge", Summary: "A bridge.", Body: []Block{{Type: BlockList, Items: []ListItem{{Text: "one"}}}},
		SectionID: &section, AuthorIDs: []uuid.UUID{{2}, {3}}, TagIDs: []uuid.UUID{{4}, {5}}, Type: DefaultType, Custom: []byte("{}"),
	}
}

func TestNothingChanged(t *testing.T) {
	if changed := sampleText().Changed(sampleText()); changed == nil || len(changed) != 0 {
		t.Errorf("changed: %v", changed)
	}
	unset := sampleText()
	unset.Body, unset.AuthorIDs, unset.TagIDs = nil, nil, nil
	empty := sampleText()
	empty.Body, empty.AuthorIDs, empty.TagIDs = []Block{}, []uuid.UUID{}, []uuid.UUID{}
	if changed := unset.Changed(empty); len(changed) != 0 {
		t.Errorf("nothing and an empty list differ in %v", changed)
	}
}

func TestOrderAndDepthCount(t *testing.T) {
	text := sampleText()
	slices.Reverse(text.AuthorIDs)
	slices.Reverse(text.TagIDs)
	text.Body[0].Items[0].Items = []ListItem{{Text: "below"}}
	if got := text.Changed(sampleText()); !slices.Equal(got, []string{"body", "authors", "tags"}) {
		t.Errorf("changed: %v", got)
	}
}

// A field that is added to Text and forgotten in Changed would make saves of it vanish.
func TestEachFieldIsToldApart(t *testing.T) {
	named := map[string]string{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Text]()) {
		text := sampleText()
		reflect.ValueOf(&text).Elem().FieldByIndex(f.Index).Set(another(f.Type))
		changed := text.Changed(sampleText())
		switch {
		case f.Name == "WordCount":
			if len(changed) != 0 {
				t.Errorf("%s: %v", f.Name, changed)
			}
		case len(changed) != 1 || named[changed[0]] != "" && f.Name != "AutoSummary":
			t.Errorf("%s: %v", f.Name, changed)
		default:
			named[changed[0]] = f.Name
		}
		if len(changed) == 1 && !slices.Equal(changed, sampleText().Changed(text)) {
			t.Errorf("%s is told only one way", f.Name)
		}
	}
}

// another gives a value of the type that sampleText has nowhere.
func another(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.String:
		v.SetString("another")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(7)
	case reflect.Uint8:
		v.SetUint(7)
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		v.Elem().Set(another(t.Elem()))
	case reflect.Slice:
		v.Set(reflect.Append(v, another(t.Elem())))
	case reflect.Array:
		v.Index(0).Set(another(t.Elem()))
	case reflect.Struct:
		v.Field(0).Set(another(t.Field(0).Type))
	default:
		panic("no other " + t.String())
	}
	return v
}
