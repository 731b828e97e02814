package richtext

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"znkr.io/diff"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Op is what became of a piece of a text.
type Op string

// What can become of a piece of a text. Only blocks change; words are deleted and inserted.
const (
	OpEqual  Op = "equal"
	OpInsert Op = "insert"
	OpDelete Op = "delete"
	OpChange Op = "change"
)

// BlockDiff is what became of one block. Before is nil when it is new, After when it is gone.
type BlockDiff struct {
	Op            Op
	Before, After *newsroom.Block
	Words         []WordDiff // of a change: what became of its plain text
}

// SameText reports whether d is a change that leaves the plain text as it was.
func (d BlockDiff) SameText() bool {
	return d.Op == OpChange && !slices.ContainsFunc(d.Words, func(w WordDiff) bool { return w.Op != OpEqual })
}

// WordDiff is a stretch of plain text that stayed, went or came. A run of equal and deleted ones is the text before, one
// of equal and inserted ones the text after.
type WordDiff struct {
	Op   Op
	Text string
}

// Diff compares two bodies block by block, and the blocks that changed word by word. The blocks before stand in order, and
// so do those after.
func Diff(before, after []newsroom.Block) []BlockDiff {
	d := differ{effort: diffEffort}
	out := []BlockDiff{}
	var gone, came []sample // since the last block that is equal
	for _, e := range align(&d, blockKeys(before), blockKeys(after)) {
		switch e.Op {
		case diff.Delete:
			gone = append(gone, sampleOf(&before[e.PosX]))
		case diff.Insert:
			came = append(came, sampleOf(&after[e.PosY]))
		default:
			out = append(out, d.pair(gone, came)...)
			out = append(out, BlockDiff{Op: OpEqual, Before: &before[e.PosX], After: &after[e.PosY]})
			gone, came = nil, nil
		}
	}
	return append(out, d.pair(gone, came)...)
}

// DiffWords compares two plain texts word by word.
func DiffWords(before, after string) []WordDiff {
	d := differ{effort: diffEffort}
	return d.words(before, after)
}

// diffEffort is how many pairs of words a comparison may look at before it contents itself with what is found fast. That takes
// a tenth of a second or two.
const diffEffort = 20_000_000

// differ compares texts of one answer.
type differ struct{ effort int } // that is left

func (d *differ) afford(pairs int) bool {
	if pairs > d.effort {
		return false
	}
	d.effort -= pairs
	return true
}

func align(d *differ, before, after []string) []diff.Edit[string] {
	if d.afford(len(before) * len(after)) {
		return diff.Edits(before, after)
	}
	return diff.Edits(before, after, diff.Fast())
}

// blockKeys gives for each block a string that only its equals share.
func blockKeys(blocks []newsroom.Block) []string {
	keys := make([]string, len(blocks))
	for i, b := range blocks {
		key, _ := json.Marshal(b) // texts and numbers only
		keys[i] = string(key)
	}
	return keys
}

// sample is a block with what tells how much it is like another.
type sample struct {
	block *newsroom.Block
	text  string
	words []string // sorted, each once, and none from far down a long text
}

// sampleWords is how many words count for the likeness of two blocks, and what comparing them costs.
const sampleWords = 100

func sampleOf(b *newsroom.Block) sample {
	p := sample{block: b, text: diffText(*b)}
	for word := range strings.FieldsSeq(p.text) {
		if p.words = append(p.words, word); len(p.words) == sampleWords {
			break
		}
	}
	slices.Sort(p.words)
	p.words = slices.Compact(p.words)
	return p
}

// like reports whether p may have become q: the same text, an embed of the same address, or a block of the same type with
// about half of the words.
func (p sample) like(q sample) bool {
	if p.block.Type != q.block.Type {
		return p.text != "" && p.text == q.text
	}
	if p.block.URL != "" && p.block.URL == q.block.URL {
		return true
	}
	shared := 0
	for i, j := 0, 0; i < len(p.words) && j < len(q.words); {
		switch c := strings.Compare(p.words[i], q.words[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			shared, i, j = shared+1, i+1, j+1
		}
	}
	return 5*shared >= len(p.words)+len(q.words)
}

// pair finds among neighbouring blocks that went and came those that only changed.
func (d *differ) pair(gone, came []sample) []BlockDiff {
	like := sample.like
	if !d.afford(len(gone) * len(came) * sampleWords) {
		like = func(sample, sample) bool { return false }
	}
	var out []BlockDiff
	for _, e := range diff.EditsFunc(gone, came, like) {
		switch e.Op {
		case diff.Delete:
			out = append(out, BlockDiff{Op: OpDelete, Before: e.X.block})
		case diff.Insert:
			out = append(out, BlockDiff{Op: OpInsert, After: e.Y.block})
		default:
			out = append(out, BlockDiff{Op: OpChange, Before: e.X.block, After: e.Y.block, Words: d.words(e.X.text, e.Y.text)})
		}
	}
	return out
}

// token is a word with the apostrophes in it, white space, or one other character.
var token = regexp.MustCompile(`(?s)[\p{L}\p{M}\p{N}]+(?:['’‘` + "`" + `´][\p{L}\p{M}\p{N}]+)*|\s+|.`)

func (d *differ) words(before, after string) []WordDiff {
	out := []WordDiff{}
	add := func(op Op, text string) {
		if text != "" {
			out = append(out, WordDiff{op, text})
		}
	}
	var x, y, i, j int // what is written up to before[x] and after[y] and read up to before[i] and after[j]
	equal := 0         // how many of the last bytes that are read are equal
	write := func() {
		add(OpDelete, before[x:i-equal])
		add(OpInsert, after[y:j-equal])
		add(OpEqual, before[i-equal:i])
		x, y = i, j
	}
	for _, e := range align(d, token.FindAllString(before, -1), token.FindAllString(after, -1)) {
		if e.Op == diff.Match {
			equal += len(e.X)
		} else {
			if strings.TrimSpace(before[i-equal:i]) != "" { // the space between two words that changed has changed with them
				write()
			}
			equal = 0
		}
		i, j = i+len(e.X), j+len(e.Y)
	}
	write()
	return out
}

// diffText is the plain text that a block is compared by: all that is text in it, without the numbers of a list, which change
// with every item above them.
func diffText(b newsroom.Block) string {
	switch b.Type {
	case newsroom.BlockList:
		return strings.Join(itemText(nil, "", b.Items), "\n")
	case newsroom.BlockImage:
		return lines(b.Alt, blockText(b))
	}
	return blockText(b)
}

func itemText(out []string, indent string, items []newsroom.ListItem) []string {
	for _, item := range items {
		out = append(out, indent+"- "+oneLine(item.Text))
		out = itemText(out, indent+"  ", item.Items)
	}
	return out
}
