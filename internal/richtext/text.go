package richtext

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Text writes normalised blocks as plain text, with an empty line between blocks: for search, for apps that show no
// markup and for e-mail.
func Text(blocks []newsroom.Block) string {
	var parts []string
	for _, b := range blocks {
		if s := blockText(b); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "\n\n")
}

func blockText(b newsroom.Block) string {
	switch b.Type {
	case newsroom.BlockParagraph, newsroom.BlockHeading:
		return plain(b.Text)
	case newsroom.BlockList:
		return strings.Join(listText(nil, "", b.Ordered, b.Items), "\n")
	case newsroom.BlockQuote:
		if b.Attribution == "" {
			return plain(b.Text)
		}
		return plain(b.Text) + "\n— " + plain(b.Attribution)
	case newsroom.BlockImage:
		return lines(plain(b.Caption), b.Credit)
	case newsroom.BlockTable:
		rows := []string{plain(b.Caption)}
		for _, row := range b.Rows {
			rows = append(rows, strings.TrimSpace(oneLine(strings.Join(row, " | "))))
		}
		return lines(rows...)
	case newsroom.BlockEmbed:
		return lines(plain(b.Caption), b.URL)
	case newsroom.BlockCode:
		return b.Code
	}
	return ""
}

// lines joins those that aren't empty.
func lines(all ...string) string {
	var kept []string
	for _, s := range all {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, "\n")
}

func listText(out []string, indent string, ordered bool, items []newsroom.ListItem) []string {
	for i, item := range items {
		marker := "- "
		if ordered {
			marker = strconv.Itoa(i+1) + ". "
		}
		out = append(out, indent+marker+oneLine(item.Text))
		out = listText(out, indent+strings.Repeat(" ", len(marker)), item.Ordered, item.Items)
	}
	return out
}

// oneLine is plain with a space for each break.
func oneLine(inline string) string {
	return strings.Join(strings.FieldsFunc(plain(inline), func(r rune) bool { return r == '\n' }), " ")
}

// Summary is the beginning of the text in the paragraphs, without headings, quotes, lists and captions, in at most max
// characters (runes). A longer text is cut at the end of a word and ends in an ellipsis.
func Summary(blocks []newsroom.Block, max int) string {
	var text strings.Builder
	runes := 0
	for _, b := range blocks {
		if b.Type != newsroom.BlockParagraph || runes > max {
			continue
		}
		if text.Len() > 0 {
			text.WriteByte(' ')
		}
		s := oneLine(b.Text)
		text.WriteString(s)
		runes += utf8.RuneCountInString(s) + 1
	}
	return shorten(text.String(), max)
}

func shorten(s string, max int) string {
	r := []rune(s)
	if len(r) <= max {
		return s
	}
	if max < 1 {
		return ""
	}
	end := max - 1
	for end > 0 && !unicode.IsSpace(r[end]) {
		end--
	}
	if end == 0 {
		end = max - 1
	}
	return strings.TrimRightFunc(string(r[:end]), func(c rune) bool {
		return unicode.IsSpace(c) || strings.ContainsRune(",;:–—-.…", c)
	}) + "…"
}

// WordCount is the number of words that a reader reads: in text, quotes, lists, tables and captions, but not in code.
// A word is a run of letters and digits; an apostrophe of any shape within a word doesn't end it, nor does a point or
// comma within a number.
func WordCount(blocks []newsroom.Block) int {
	n := 0
	for _, b := range blocks {
		for _, s := range []string{b.Text, b.Attribution, b.Caption} {
			n += countWords(plain(s))
		}
		for _, row := range b.Rows {
			for _, cell := range row {
				n += countWords(plain(cell))
			}
		}
		n += countListWords(b.Items)
	}
	return n
}

func countListWords(items []newsroom.ListItem) int {
	n := 0
	for _, item := range items {
		n += countWords(plain(item.Text)) + countListWords(item.Items)
	}
	return n
}

func countWords(s string) int {
	n := 0
	before, joint := ' ', ' ' // the last character of a word that may go on, and the sign after it
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Cf, r): // soft hyphens and joiners are invisible
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			number := joint == '.' || joint == ','
			if before == ' ' || number && !unicode.IsDigit(r) {
				n++
			}
			before, joint = r, ' '
		case before != ' ' && joint == ' ' && joins(before, r):
			joint = r
		default:
			before, joint = ' ', ' '
		}
	}
	return n
}

// joins reports whether the sign r after the character before may stand within a word or number.
func joins(before, r rune) bool {
	return strings.ContainsRune("'’‘`´ʹ′", r) || (r == '.' || r == ',') && unicode.IsDigit(before)
}
