package richtext

import (
	"reflect"
	"strings"
	"testing"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

func TestNormalize(t *testing.T) {
	tests := []struct {
		name      string
		sent, got newsroom.Block
	}{
		{"inline", p(" <b onclick=x>a</b><script>x</script><p>b & c"), p("<strong>a</strong><br>b &amp; c")},
		{"quote", quote("<p>a</p><p>b</p>", "— K"), quote("a<br><br>b", "K")},
		{"image", image(" HTTPS://X.uz/a b.jpg", "a\n<b>", "<i>c</i>", " AFP\t& Co"), image("https://x.uz/a%20b.jpg", "a <b>", "<em>c</em>", "AFP & Co")},
		{"site image", image("/media/a.jpg", "", "", ""), image("/media/a.jpg", "", "", "")},
		{"embed", embed("", "https://youtu.be/dQw4w9WgXcQ", ""), embed("youtube", tube, "")},
		{"ragged table", tableOf(true, "", []string{"a"}, nil, []string{"b", "<u>c</u>"}), tableOf(true, "", []string{"a", ""}, []string{"", ""}, []string{"b", "<u>c</u>"})},
		{"code", code("SQL", "\r\na\r\n\tb\x00\n"), code("sql", "a\n\tb")},
		{"flags of nothing", list(newsroom.ListItem{Text: "a", Ordered: true}), list(li("a"))},
		{"divider", divider, divider},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, errs := Normalize([]newsroom.Block{tt.sent})
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			mustEqual(t, "normalised", got, []newsroom.Block{tt.got})
			checkBlocks(t, got)
		})
	}
}

func TestNormalizeReportsEveryError(t *testing.T) {
	deep := li("x")
	for range maxNesting {
		deep = newsroom.ListItem{Items: []newsroom.ListItem{deep}}
	}
	_, errs := Normalize([]newsroom.Block{
		{},
		{Type: "gallery"},
		{Type: "paragraph", Text: "<script>x</script>", Level: 2, Code: "x"},
		{Type: "heading", Text: "a"},
		{Type: "heading", Text: "a", Level: 7},
		{Type: "list"},
		{Type: "list", Items: []newsroom.ListItem{li(""), li("a", li(" "))}},
		{Type: "list", Items: []newsroom.ListItem{deep}},
		{Type: "image"},
		{Type: "image", URL: "data:image/png;base64,x"},
		{Type: "table", Rows: [][]string{{""}}},
		{Type: "table", Rows: [][]string{make([]string, maxColumns+1)}},
		{Type: "embed", URL: "https://evil.example/embed"},
		{Type: "embed", URL: tube, Provider: "vimeo"},
		{Type: "embed"},
		{Type: "code", Code: " \n", Language: "a b"},
		{Type: "divider", Text: "x", Header: true},
	})
	want := []string{
		"/0/type required", "/1/type invalid_value", "/2/level not_allowed", "/2/code not_allowed", "/2/text required",
		"/3/level required", "/4/level out_of_range", "/5/items required", "/6/items/0/text required",
		"/6/items/1/items/0/text required", "/7/items" + strings.Repeat("/0/items", maxNesting) + " out_of_range",
		"/8/url required", "/9/url invalid_value", "/10/rows required", "/11/rows too_long", "/12/url invalid_value",
		"/13/provider invalid_value", "/14/url required", "/15/code required", "/15/language invalid_value",
		"/16/text not_allowed", "/16/header not_allowed",
	}
	var got []string
	for _, e := range errs {
		got = append(got, e.Pointer+" "+e.Code)
		if e.Detail == "" {
			t.Errorf("%s has no detail", e.Pointer)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("errors:\n got %q\nwant %q", got, want)
	}
}

func TestNormalizeLimitsBlocks(t *testing.T) {
	body := make([]newsroom.Block, maxBlocks)
	for i := range body {
		body[i] = divider
	}
	if out, errs := Normalize(body); len(out) != maxBlocks || len(errs) != 0 {
		t.Errorf("%d blocks, errors %v", len(out), errs)
	}
	if _, errs := Normalize(append(body, divider)); len(errs) != 1 || errs[0].Pointer != "" || errs[0].Code != newsroom.FieldTooLong {
		t.Errorf("one too many: %v", errs)
	}
}
