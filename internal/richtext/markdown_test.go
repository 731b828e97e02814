package richtext

import (
	"strings"
	"testing"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

func TestFromMarkdown(t *testing.T) {
	numbered := list(li("a"))
	numbered.Ordered = true
	tests := []struct {
		name, md string
		want     []newsroom.Block
	}{
		{"nothing", "\n\n", nil},
		{"paragraphs", "a\nb\n\n*c* **d** ~~e~~ `f`", []newsroom.Block{p("a b"), p("<em>c</em> <strong>d</strong> <del>e</del> <code>f</code>")}},
		{"hard break", "a\\\nb  \nc", []newsroom.Block{p("a<br>b<br>c")}},
		{"headings", "# a\n\nb\n---", []newsroom.Block{heading(2, "a"), heading(2, "b")}},
		{"loose list", "- a\n\n- b\n  - c", []newsroom.Block{list(li("a"), li("b", li("c")))}},
		{"numbers", "1. a", []newsroom.Block{numbered}},
		{"quote", "> a\n>\n> b", []newsroom.Block{quote("a<br><br>b", "")}},
		{"picture", "![a](/i.jpg \"t\")", []newsroom.Block{image("/i.jpg", "a", "", "")}},
		{"table", "|a|b|\n|-|-|\n|1|\n", []newsroom.Block{tableOf(true, "", []string{"a", "b"}, []string{"1", ""})}},
		{"code", "```go\na\n\n<b>\n```", []newsroom.Block{code("go", "a\n\n<b>")}},
		{"divider", "***", []newsroom.Block{divider}},
		{"raw HTML", "H<sub>2</sub>O <script>x</script>\n\n<div onclick=x>\nb\n</div>", []newsroom.Block{p("H<sub>2</sub>O"), p("b")}},
		{"embeds", "<https://youtu.be/dQw4w9WgXcQ>\n\nhttps://t.me/a/1\n\n[video](https://youtu.be/dQw4w9WgXcQ)", []newsroom.Block{
			embed("youtube", tube, ""), embed("telegram", "https://t.me/a/1", ""), p(`<a href="https://youtu.be/dQw4w9WgXcQ">video</a>`),
		}},
		{"bad link", "[a](javascript:x) <javascript:alert(1)>", []newsroom.Block{p("a javascript:alert(1)")}},
		{"Uzbek", "Oʻzbekiston *gʻalabasi*", []newsroom.Block{p("Oʻzbekiston <em>gʻalabasi</em>")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := FromMarkdown(tt.md)
			mustEqual(t, "blocks", got, tt.want)
			checkBlocks(t, got)
		})
	}
}

func TestDeepMarkdownIsCut(t *testing.T) {
	for _, sign := range []string{"> ", ">", "- ", "1. ", "* > "} {
		md := strings.Repeat(sign, 5000) + "a"
		if cut := deepLine.ReplaceAllString(md, "$1"); len(cut) > 40*len(sign) {
			t.Errorf("%q leaves %d bytes", sign, len(cut))
		}
		if got := Text(FromMarkdown(md)); !strings.HasSuffix(got, "a") {
			t.Errorf("%q lost the text: %.60q", sign, got)
		}
	}
	rule := strings.Repeat("-", 100)
	mustEqual(t, "a long rule", FromMarkdown(rule), []newsroom.Block{divider})
}

func TestBrokenLinksStayText(t *testing.T) {
	md := "[ok](/a) " + strings.Repeat("[a](", 2*maxBrokenLinks)
	got := FromMarkdown(md)
	if len(got) != 1 || !strings.HasPrefix(got[0].Text, `<a href="/a">ok</a> [a](`) || strings.Count(got[0].Text, "[a](") != 2*maxBrokenLinks {
		t.Errorf("%.80q", Text(got))
	}
}

func TestEmphasisIsBounded(t *testing.T) {
	const words = 2 * maxEmphasis
	for _, word := range []string{"*a* b ", "_a_ b ", "~~a~~ b ", "**a** b "} {
		got := FromMarkdown(strings.Repeat(word, words) + "\n\n" + word)
		if len(got) != 2 || strings.Count(got[0].Text, "a") < words || strings.Count(got[0].Text, "</") != maxEmphasis/2 {
			t.Errorf("%s: %d marks in %.80q", word, strings.Count(got[0].Text, "</"), Text(got))
		}
		if len(got) == 2 && !strings.Contains(got[1].Text, "</") {
			t.Errorf("%s: the next paragraph has no mark: %q", word, got[1].Text)
		}
	}
	FromMarkdown(strings.Repeat("*a_ ", 400_000)) // in seconds, not in hours
}

func FuzzFromMarkdown(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v)
	}
	f.Add("# a\n\n> - b\n>   1. **c** [d](/e \"f\")\n\n|a|\n|-|\n|<b>|\n\n```go\nx\n```")
	f.Fuzz(func(t *testing.T, s string) {
		blocks := FromMarkdown(s)
		checkSafe(t, HTML(blocks))
		checkBlocks(t, blocks)
	})
}
