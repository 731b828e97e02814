package richtext

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// snippets are texts that escaping, white space and Markdown could trip over.
var snippets = []string{
	"Toshkent", "oʻzbek", "so'z", "Ўзбекистон", "a", "1.", "2)", "#", "# x", "-", "+ y", "* z", "**", "_u_", "`", "``c`",
	"<b>", "&amp;", "&", "<", ">", "\"", "|", "a|b", `\`, `\|`, "[x](y)", "![i](j)", "!", "~", "~~", "===", "---", ":--|--",
	"http://x.uz", "  ", " ", "\n", "\u00a0", "—", "«iqtibos»", "😀", "e\u0301", "<!--", "]]>", "&lt;script&gt;", "x.", ".",
}

var inlineTags = []string{"strong", "em", "b", "i", "u", "s", "del", "ins", "mark", "sub", "sup", "code", "span", "font"}

var linkTargets = []string{
	"https://example.com/a?b=1&c=2", "/yangiliklar/1", "#top", "mailto:a@b.uz", "tel:+998711234567", "http://x.uz/(a)_b*c",
	"https://пример.рф/путь?q=ё", "javascript:alert(1)", "//cdn.uz/x", "page.html", "https://x.uz/?a='\"<>`|^{}",
}

// inlineGen makes inline HTML with at least one letter in it.
func inlineGen(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var out strings.Builder
		for range rapid.IntRange(0, 4).Draw(t, "pieces") {
			switch k := rapid.IntRange(0, 9).Draw(t, "kind"); {
			case k < 4 || depth == 0:
				out.WriteString(escapeText(rapid.SampledFrom(snippets).Draw(t, "snippet")))
			case k == 4:
				out.WriteString("<br>")
			case k == 5:
				fmt.Fprintf(&out, `<a href="%s" title="%s">%s</a>`, escapeAttr(rapid.SampledFrom(linkTargets).Draw(t, "href")),
					escapeAttr(rapid.SampledFrom(snippets).Draw(t, "title")), inlineGen(depth-1).Draw(t, "link"))
			case k == 6:
				fmt.Fprintf(&out, `<abbr title="%s">%s</abbr>`, escapeAttr(rapid.SampledFrom(snippets).Draw(t, "title")),
					inlineGen(depth-1).Draw(t, "abbr"))
			default:
				tag := rapid.SampledFrom(inlineTags).Draw(t, "tag")
				out.WriteString("<" + tag + ">" + inlineGen(depth-1).Draw(t, "inner") + "</" + tag + ">")
			}
		}
		if depth == 2 && cleanInline(out.String(), gapLine) == "" {
			out.WriteString("matn")
		}
		return out.String()
	})
}

func maybe(t *rapid.T, name string, g *rapid.Generator[string]) string {
	if rapid.Bool().Draw(t, "has "+name) {
		return g.Draw(t, name)
	}
	return ""
}

func itemsGen(depth int) *rapid.Generator[[]newsroom.ListItem] {
	return rapid.Custom(func(t *rapid.T) []newsroom.ListItem {
		items := make([]newsroom.ListItem, rapid.IntRange(1, 3).Draw(t, "items"))
		for i := range items {
			items[i].Text = inlineGen(2).Draw(t, "item")
			if depth > 1 && rapid.IntRange(0, 3).Draw(t, "nest") == 0 {
				items[i].Ordered = rapid.Bool().Draw(t, "ordered")
				items[i].Items = itemsGen(depth-1).Draw(t, "below")
				items[i].Text = maybe(t, "item", inlineGen(2))
			}
		}
		return items
	})
}

func rowsGen() *rapid.Generator[[][]string] {
	return rapid.Custom(func(t *rapid.T) [][]string {
		rows := rapid.SliceOfN(rapid.SliceOfN(rapid.OneOf(inlineGen(2), rapid.Just("")), 0, 4), 1, 4).Draw(t, "rows")
		rows[len(rows)-1] = append(rows[len(rows)-1], "hujayra")
		return rows
	})
}

var embedSamples = []string{
	"https://youtu.be/dQw4w9WgXcQ?t=42", "https://t.me/s/kunuzofficial/12345", "https://twitter.com/a_b/status/1234?s=20",
	"https://player.vimeo.com/video/76979871?h=8272103f6e", "https://www.facebook.com/watch/?v=123&ref=x",
	"https://open.spotify.com/embed/track/4uLU6hMCjMI75M1A2tKUQC", "https://www.tiktok.com/@user.x/video/712345",
}

// blockGen makes one normalised block of any type.
func blockGen() *rapid.Generator[newsroom.Block] {
	return rapid.Custom(func(t *rapid.T) newsroom.Block {
		b := newsroom.Block{Type: rapid.SampledFrom([]newsroom.BlockType{
			newsroom.BlockParagraph, newsroom.BlockHeading, newsroom.BlockList, newsroom.BlockQuote, newsroom.BlockImage,
			newsroom.BlockTable, newsroom.BlockEmbed, newsroom.BlockCode, newsroom.BlockDivider,
		}).Draw(t, "type")}
		inline, text := inlineGen(2), rapid.OneOf(rapid.SampledFrom(snippets), rapid.String())
		switch b.Type {
		case newsroom.BlockParagraph:
			b.Text = inline.Draw(t, "text")
		case newsroom.BlockHeading:
			b.Text, b.Level = inline.Draw(t, "text"), rapid.IntRange(2, 6).Draw(t, "level")
		case newsroom.BlockList:
			b.Ordered, b.Items = rapid.Bool().Draw(t, "ordered"), itemsGen(4).Draw(t, "items")
		case newsroom.BlockQuote:
			b.Text, b.Attribution = inline.Draw(t, "text"), maybe(t, "attribution", inline)
		case newsroom.BlockImage:
			b.URL = rapid.SampledFrom([]string{"https://x.uz/a.jpg?w=1&h=2", "/media/b.png"}).Draw(t, "url")
			b.Alt, b.Credit = text.Draw(t, "alt"), maybe(t, "credit", text)
			b.Caption = maybe(t, "caption", inline)
		case newsroom.BlockTable:
			b.Header, b.Rows = rapid.Bool().Draw(t, "header"), rowsGen().Draw(t, "rows")
			b.Caption = maybe(t, "caption", inline)
		case newsroom.BlockEmbed:
			b.URL, b.Caption = rapid.SampledFrom(embedSamples).Draw(t, "url"), maybe(t, "caption", inline)
		case newsroom.BlockCode:
			b.Code = text.Draw(t, "code") + "x" + text.Draw(t, "more")
			b.Language = rapid.SampledFrom([]string{"", "go", "c++", "C#"}).Draw(t, "language")
		}
		out, errs := Normalize([]newsroom.Block{b})
		if len(errs) > 0 {
			t.Fatalf("the generator made a bad block: %v of %+v", errs, b)
		}
		return out[0]
	})
}

func bodyGen() *rapid.Generator[[]newsroom.Block] {
	return rapid.SliceOfN(blockGen(), 0, 5)
}

// soup is tags in no order, with words between them that are to be found again.
type soup struct {
	html  string
	words []string
}

var soupTags = strings.Fields(`p div section article b strong i em u s span a h1 h2 h3 h4 ul ol li blockquote footer cite
	figure figcaption table thead tbody tr td th caption pre code small dl dt dd center font o:p custom-tag sub abbr form`)

var soupAttrs = []string{
	"", "", "", ` class="embed"`, ` class="credit"`, ` href="https://x.uz/"`, ` class=language-go`,
	` title="t"`, ` colspan=3`, ` rowspan="2"`, ` style="font-weight:700"`, ` onclick="evil()"`, ` class="twitter-tweet"`,
}

var soupVoids = []string{
	"<br>", "<hr>", `<img src="/a.jpg" alt="x">`, "<!-- c -->", "&nbsp;", " ", "\n", "\x00", "\xff", "&#0;",
	"<script>let hidden = '<p>'</script>", `<iframe src="https://youtu.be/dQw4w9WgXcQ"></iframe>`, "<br/>",
	`<a href="https://t.me/kun/5">https://t.me/kun/5</a>`, "< ", "& ", "\u00a0", "<svg><title>hidden</title></svg>",
}

func soupGen() *rapid.Generator[soup] {
	return rapid.Custom(func(t *rapid.T) soup {
		var s soup
		var out strings.Builder
		for i := range rapid.IntRange(0, 40).Draw(t, "length") {
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				out.WriteString("<" + rapid.SampledFrom(soupTags).Draw(t, "tag") + rapid.SampledFrom(soupAttrs).Draw(t, "attr") + ">")
			case 1:
				out.WriteString("</" + rapid.SampledFrom(soupTags).Draw(t, "tag") + ">")
			case 2:
				out.WriteString(rapid.SampledFrom(soupVoids).Draw(t, "void"))
			case 3:
				w := fmt.Sprintf("word%dq", i)
				s.words = append(s.words, w)
				out.WriteString(w)
			}
		}
		s.html = out.String()
		return s
	})
}
