package richtext

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// sides gives the two texts that a diff was made of.
func sides(words []WordDiff) (before, after string) {
	var x, y strings.Builder
	for _, w := range words {
		if w.Op != OpInsert {
			x.WriteString(w.Text)
		}
		if w.Op != OpDelete {
			y.WriteString(w.Text)
		}
	}
	return x.String(), y.String()
}

// checkDiff asserts what holds for the diff of any two bodies.
func checkDiff(t fataler, before, after []newsroom.Block) {
	t.Helper()
	var x, y []newsroom.Block
	for _, d := range Diff(before, after) {
		if d.Before != nil {
			x = append(x, *d.Before)
		}
		if d.After != nil {
			y = append(y, *d.After)
		}
		same := d.Before != nil && d.After != nil && reflect.DeepEqual(d.Before, d.After)
		changed := d.Before != nil && d.After != nil && !same
		if same != (d.Op == OpEqual) || changed != (d.Op == OpChange) || (d.Before == nil) != (d.Op == OpInsert) || (d.After == nil) != (d.Op == OpDelete) {
			t.Fatalf("%s: %+v, %+v", d.Op, d.Before, d.After)
		}
		if changed {
			if gone, came := sides(d.Words); gone != diffText(*d.Before) || came != diffText(*d.After) {
				t.Fatalf("%q and %q are not the texts of %+v and %+v", gone, came, *d.Before, *d.After)
			}
		}
	}
	mustEqual(t, "what was before", x, before)
	mustEqual(t, "what is after", y, after)
}

// editedGen makes a body and another that was made of it.
func editedGen() *rapid.Generator[[2][]newsroom.Block] {
	return rapid.Custom(func(t *rapid.T) [2][]newsroom.Block {
		before := bodyGen().Draw(t, "before")
		var after []newsroom.Block
		for _, b := range before {
			switch rapid.IntRange(0, 5).Draw(t, "edit") {
			case 0:
			case 1:
				after = append(after, blockGen().Draw(t, "new"), b)
			case 2:
				edited := b
				edited.Text = cleanInline(b.Text+" "+inlineGen(1).Draw(t, "more")+" x", gapLine)
				edited.Caption = cleanInline(b.Caption+" y", gapLine)
				after = append(after, edited)
			default:
				after = append(after, b)
			}
		}
		if rapid.IntRange(0, 4).Draw(t, "another") == 0 {
			after = bodyGen().Draw(t, "after")
		}
		return [2][]newsroom.Block{before, after}
	})
}

func TestADiffHoldsBothBodies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bodies := editedGen().Draw(t, "bodies")
		checkDiff(t, bodies[0], bodies[1])
		checkDiff(t, bodies[1], bodies[0])
		for _, d := range Diff(bodies[0], bodies[0]) {
			if d.Op != OpEqual {
				t.Fatalf("a body is not like itself: %+v", d)
			}
		}
	})
}

func TestADiffOfWordsHoldsBothTexts(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.SampledFrom(snippets)), func(s []string) string { return strings.Join(s, " ") }))
	rapid.Check(t, func(t *rapid.T) {
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		words := DiffWords(before, after)
		if x, y := sides(words); x != before || y != after {
			t.Fatalf("%q and %q became %q and %q", before, after, x, y)
		}
		for i, w := range words {
			if w.Text == "" || i > 0 && w.Op == words[i-1].Op {
				t.Fatalf("%+v is in pieces", words)
			}
		}
	})
}

// marked writes a diff as one text.
func marked(words []WordDiff) string {
	var out strings.Builder
	for _, w := range words {
		switch w.Op {
		case OpDelete:
			fmt.Fprintf(&out, "[-%s-]", w.Text)
		case OpInsert:
			fmt.Fprintf(&out, "{+%s+}", w.Text)
		default:
			out.WriteString(w.Text)
		}
	}
	return out.String()
}

func TestWordsThatChanged(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"The bridge is open.", "The bridge is open.", "The bridge is open."},
		{"The bridge is open.", "The old bridge is closed.", "The {+old +}bridge is [-open-]{+closed+}."},
		{"one two three four", "five six seven four", "[-one two three-]{+five six seven+} four"},
		{"Bu so'z emas", "Bu so'zi emas", "Bu [-so'z-]{+so'zi+} emas"},
		{"", "new", "{+new+}"},
		{"old", "", "[-old-]"},
		{"", "", ""},
	} {
		if got := marked(DiffWords(c.before, c.after)); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestBlocksThatChanged(t *testing.T) {
	for name, c := range map[string]struct{ before, after, want string }{
		"a word": {
			"<p>The bridge is open.</p><p>Boats pass.</p>", "<p>The bridge is shut.</p><p>Boats pass.</p>",
			"change The bridge is [-open-]{+shut+}.\nequal \n",
		},
		"markup only":   {"<p>The bridge is open.</p>", `<p>The <a href="/b">bridge</a> is <em>open</em>.</p>`, "change The bridge is open.\n"},
		"another level": {"<h2>Boats</h2>", "<h3>Boats</h3>", "change Boats\n"},
		"another type":  {"<p>Boats pass.</p>", "<h2>Boats pass.</h2>", "change Boats pass.\n"},
		"a new one between": {
			"<p>One bridge stands.</p><p>Two boats pass.</p>", "<p>One bridge stood.</p><p>Quite another thing.</p><p>Two boats passed.</p>",
			"change One bridge [-stands-]{+stood+}.\ninsert \nchange Two boats [-pass-]{+passed+}.\n",
		},
		"nothing in common": {"<p>One bridge stands.</p>", "<p>Rain is expected.</p>", "delete \ninsert \n"},
		"an item": {
			"<ol><li>North</li><li>South</li></ol>", "<ol><li>East</li><li>North</li><li>South<ul><li>Pole</li></ul></li></ol>",
			"change - {+East\n- +}North\n- South{+\n  - Pole+}\n",
		},
		"a cell": {
			"<table><tr><td>Tashkent</td><td>21</td></tr></table>", "<table><tr><td>Tashkent</td><td>23</td></tr></table>",
			"change Tashkent | [-21-]{+23+}\n",
		},
		"code":                {"<pre><code>a := 1\nb := 2</code></pre>", "<pre><code>a := 1\nb := 3</code></pre>", "change a := 1\nb := [-2-]{+3+}\n"},
		"what an image shows": {`<img src="/a.jpg" alt="A bridge">`, `<img src="/a.jpg" alt="A boat">`, "change A [-bridge-]{+boat+}\n"},
		"another image":       {`<img src="/a.jpg">`, `<img src="/b.jpg">`, "change \n"},
	} {
		got := ""
		for _, d := range Diff(FromHTML(c.before), FromHTML(c.after)) {
			got += string(d.Op) + " " + marked(d.Words) + "\n"
		}
		if got != c.want {
			t.Errorf("%s: got\n%swant\n%s", name, got, c.want)
		}
	}
}

// Whatever two bodies hold, comparing them takes no more than some times as long as finding their words.
func TestADiffOfHostileBodiesEnds(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := func(words, different int) string {
		var out strings.Builder
		for range words {
			fmt.Fprintf(&out, "w%d ", random.IntN(different))
		}
		return strings.TrimSpace(out.String())
	}
	body := func(blocks, words, different int) []newsroom.Block {
		out := make([]newsroom.Block, blocks)
		for i := range out {
			out[i] = newsroom.Block{Type: newsroom.BlockParagraph, Text: text(words, different)}
		}
		return out
	}
	for name, c := range map[string]struct{ blocks, words, different int }{
		"one paragraph":          {1, 30_000, 50},
		"many paragraphs":        {maxBlocks, 20, 50},
		"paragraphs of one word": {maxBlocks, 1, 50},
	} {
		before, after := body(c.blocks, c.words, c.different), body(c.blocks, c.words, c.different)
		start := time.Now()
		for _, b := range slices.Concat(before, after) {
			token.FindAllString(diffText(b), -1)
		}
		words := max(time.Since(start), 200*time.Millisecond)
		start = time.Now()
		checkDiff(t, before, after)
		if took := time.Since(start); took > 100*words {
			t.Errorf("%s: %v, and %v for the words", name, took, words)
		}
	}
}
