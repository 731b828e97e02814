package richtext

import (
	"testing"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

func TestWriting(t *testing.T) {
	ordered := list(li("b"), li("c"))
	ordered.Ordered = true
	tests := []struct {
		name                 string
		block                newsroom.Block
		html, markdown, text string
	}{
		{
			"paragraph", p("a &lt;b&gt; <strong>c</strong><br>d"), "<p>a &lt;b&gt; <strong>c</strong><br>d</p>",
			"a \\<b\\> **c**\\\nd\n", "a <b> c\nd",
		},
		{
			"inline", p(`<a href="/x?a=1&amp;b=(2)" title="t">a</a> H<sub>2</sub>O <em>i</em><u>u</u> <del>d</del> <code>a*b</code>`),
			`<p><a href="/x?a=1&amp;b=(2)" title="t">a</a> H<sub>2</sub>O <em>i</em><u>u</u> <del>d</del> <code>a*b</code></p>`,
			"[a](</x?a=1&amp;b=(2)> \"t\") H<sub>2</sub>O <em>i</em><u>u</u> ~~d~~ `a*b`\n", "a H2O iu d a*b",
		},
		{"code with quotes", p("<code>`a`</code>"), "<p><code>`a`</code></p>", "`` `a` ``\n", "`a`"},
		{"heading", heading(3, "a"), "<h3>a</h3>", "### a\n", "a"},
		{
			"list", list(li("a", li("x", li("y"))), li("b")), "<ul><li>a<ul><li>x<ul><li>y</li></ul></li></ul></li><li>b</li></ul>",
			"- a\n  - x\n    - y\n- b\n", "- a\n  - x\n    - y\n- b",
		},
		{"numbered", ordered, "<ol><li>b</li><li>c</li></ol>", "1. b\n2. c\n", "1. b\n2. c"},
		{"quote", quote("a<br><br>b", "K"), "<blockquote><p>a</p><p>b</p><footer>K</footer></blockquote>", "> a\n> \n> b\n> \n> — K\n", "a\n\nb\n— K"},
		{
			"image", image("/i.jpg?a&b", `"A"`, "c", "AFP <x>"),
			`<figure><img src="/i.jpg?a&amp;b" alt="&#34;A&#34;"><figcaption>c <small class="credit">AFP &lt;x&gt;</small></figcaption></figure>`,
			"![\"A\"](/i.jpg?a&amp;b)\\\nc (AFP \\<x\\>)\n", "c\nAFP <x>",
		},
		{"bare image", image("/i.jpg", "", "", ""), `<figure><img src="/i.jpg" alt=""></figure>`, "![](/i.jpg)\n", ""},
		{
			"table", tableOf(true, "t", []string{"a", "b|c"}, []string{"1<br>2", ""}),
			"<table><caption>t</caption><thead><tr><th>a</th><th>b|c</th></tr></thead><tbody><tr><td>1<br>2</td><td></td></tr></tbody></table>",
			"t\n\n| a | b\\|c |\n| --- | --- |\n| 1<br>2 |  |\n", "t\na | b|c\n1 2 |",
		},
		{"plain table", tableOf(false, "", []string{"a"}), "<table><tbody><tr><td>a</td></tr></tbody></table>", "|  |\n| --- |\n| a |\n", "a"},
		{
			"embed", embed("youtube", tube, "v"), `<figure class="embed" data-provider="youtube"><a href="` + tube + `">` + tube + `</a><figcaption>v</figcaption></figure>`,
			"<" + tube + ">\n\nv\n", "v\n" + tube,
		},
		{"code", code("go", "a < b\n```"), `<pre><code class="language-go">a &lt; b` + "\n```</code></pre>", "````go\na < b\n```\n````\n", "a < b\n```"},
		{"divider", divider, "<hr>", "---\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			blocks := []newsroom.Block{tt.block}
			checkBlocks(t, blocks)
			if got := HTML(blocks); got != tt.html {
				t.Errorf("HTML:\n got %q\nwant %q", got, tt.html)
			}
			if got := Markdown(blocks); got != tt.markdown {
				t.Errorf("Markdown:\n got %q\nwant %q", got, tt.markdown)
			}
			if got := Text(blocks); got != tt.text {
				t.Errorf("Text:\n got %q\nwant %q", got, tt.text)
			}
		})
	}
}

func TestBlocksAreParted(t *testing.T) {
	blocks := []newsroom.Block{p("a"), image("/i.jpg", "alt", "", ""), divider, list(li("b")), list(li("c")), list(li("d"))}
	if got := HTML(blocks); got != "<p>a</p>\n<figure><img src=\"/i.jpg\" alt=\"alt\"></figure>\n<hr>\n<ul><li>b</li></ul>\n<ul><li>c</li></ul>\n<ul><li>d</li></ul>" {
		t.Errorf("HTML: %q", got)
	}
	if got := Markdown(blocks); got != "a\n\n![alt](/i.jpg)\n\n---\n\n- b\n\n* c\n\n- d\n" {
		t.Errorf("Markdown: %q", got)
	}
	if got := Text(blocks); got != "a\n\n- b\n\n- c\n\n- d" {
		t.Errorf("Text: %q", got)
	}
	if HTML(nil)+Markdown(nil)+Text(nil)+Summary(nil, 10) != "" {
		t.Error("nothing isn't written as nothing")
	}
}
