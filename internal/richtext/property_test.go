package richtext

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func mustEqual(t fataler, what string, got, want []newsroom.Block) {
	t.Helper()
	if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n got %+v\nwant %+v\nhtml %s", what, got, want, HTML(want))
	}
}

// checkBlocks asserts what holds for every body that this package returns.
func checkBlocks(t fataler, blocks []newsroom.Block) {
	t.Helper()
	again, errs := Normalize(blocks)
	if len(errs) > 0 {
		t.Fatalf("not normalised: %v\n%+v", errs, blocks)
	}
	mustEqual(t, "normalising changed the blocks", again, blocks)
	mustEqual(t, "HTML doesn't read back", FromHTML(HTML(blocks)), blocks)
	for _, s := range []string{HTML(blocks), Markdown(blocks), Text(blocks), Summary(blocks, 100)} {
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
			t.Fatalf("NUL or invalid UTF-8 in %q", s)
		}
	}
}

func TestEveryBodyReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkBlocks(t, bodyGen().Draw(t, "body")) })
}

func TestSoupIsAFixedPointAndKeepsItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := soupGen().Draw(t, "soup")
		blocks := FromHTML(s.html)
		checkBlocks(t, blocks)
		checkSafe(t, HTML(blocks))
		text := Text(blocks)
		for _, w := range s.words {
			if !strings.Contains(text, w) {
				t.Fatalf("%s was lost from %q:\n%s\n%+v", w, s.html, text, blocks)
			}
		}
		if strings.Contains(text, "hidden") {
			t.Fatalf("script text in %q", text)
		}
	})
}

func TestNormalizeTwice(t *testing.T) {
	field := rapid.OneOf(rapid.String(), rapid.SampledFrom(snippets), rapid.Map(soupGen(), func(s soup) string { return s.html }))
	rapid.Check(t, func(t *rapid.T) {
		b := newsroom.Block{
			Type:        newsroom.BlockType(rapid.SampledFrom([]string{"paragraph", "quote", "image", "table", "code", "list"}).Draw(t, "type")),
			Text:        field.Draw(t, "text"),
			Attribution: field.Draw(t, "attribution"),
			URL:         rapid.OneOf(field, rapid.SampledFrom(linkTargets)).Draw(t, "url"),
			Alt:         field.Draw(t, "alt"),
			Caption:     field.Draw(t, "caption"),
			Code:        field.Draw(t, "code"),
			Rows:        [][]string{{field.Draw(t, "cell")}, {}},
			Items:       []newsroom.ListItem{{Text: field.Draw(t, "item")}},
		}
		once, _ := Normalize([]newsroom.Block{b})
		twice, _ := Normalize(once)
		mustEqual(t, "normalised twice", twice, once)
	})
}

func TestAnyStringIsAFixedPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		checkBlocks(t, FromHTML(s))
		checkBlocks(t, FromMarkdown(s))
	})
}

func TestTextBlocksSurviveMarkdown(t *testing.T) {
	types := map[newsroom.BlockType]bool{
		newsroom.BlockParagraph: true, newsroom.BlockHeading: true, newsroom.BlockCode: true,
		newsroom.BlockDivider: true, newsroom.BlockList: true,
	}
	rapid.Check(t, func(t *rapid.T) {
		var body []newsroom.Block
		for _, b := range bodyGen().Draw(t, "body") {
			if types[b.Type] || b.Type == newsroom.BlockQuote && b.Attribution == "" ||
				b.Type == newsroom.BlockImage && b.Caption+b.Credit == "" ||
				b.Type == newsroom.BlockTable && b.Caption == "" || b.Type == newsroom.BlockEmbed && b.Caption == "" {
				body = append(body, b)
			}
		}
		md := Markdown(body)
		if got := FromMarkdown(md); len(got)+len(body) > 0 && !reflect.DeepEqual(got, body) {
			t.Fatalf("Markdown doesn't read back:\n got %+v\nwant %+v\n%s", got, body, md)
		}
	})
}
