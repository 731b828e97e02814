package richtext

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

func TestMapChangesOnlyWhatIsRead(t *testing.T) {
	body := []newsroom.Block{
		p(`<a href="https://x.uz/a?b=1&amp;c=2" title="t">a &lt;b&gt;</a> <strong>c<code>d</code></strong>e &amp;amp; f<br>g`),
		heading(2, "h"), quote("i<br><br>j", "k"), list(li("l", li("m")), li("n<code>o</code>")),
		image("https://x.uz/i.jpg", "p", "q", "r"), tableOf(true, "s", []string{"t", "u"}, []string{"v", ""}),
		embed("youtube", tube, "w"), code("go", "x := y"), divider,
	}
	before := HTML(body)
	got := Map(body, strings.ToUpper)
	mustEqual(t, "upper case", got, []newsroom.Block{
		p(`<a href="https://x.uz/a?b=1&amp;c=2" title="t">A &lt;B&gt;</a> <strong>C<code>d</code></strong>E &amp;AMP; F<br>G`),
		heading(2, "H"), quote("I<br><br>J", "K"), list(li("L", li("M")), li("N<code>o</code>")),
		image("https://x.uz/i.jpg", "P", "Q", "R"), tableOf(true, "S", []string{"T", "U"}, []string{"V", ""}),
		embed("youtube", tube, "W"), code("go", "x := y"), divider,
	})
	if HTML(body) != before {
		t.Error("the blocks that were given have changed")
	}
}

func TestMappedBlocksAreNormalised(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := bodyGen().Draw(t, "body")
		mustEqual(t, "nothing to change", Map(body, func(s string) string { return s }), body)
		checkBlocks(t, Map(body, func(s string) string { return strings.NewReplacer("o", "ў", "a", "а", "T", "Т").Replace(s) }))
	})
}
