package richtext

import (
	"html"
	"strings"
)

// markTags are the inline elements without attributes, outermost first: nested elements are always written in this
// order, inside a and abbr.
var markTags = [...]string{"strong", "em", "u", "s", "del", "ins", "mark", "sub", "sup", "code"}

const (
	markStrong = 1 << iota
	markEm
	markU
	markS
	markDel
	markIns
	markMark
	markSub
	markSup
	markCode
)

// marks is the formatting of a stretch of text. It is a set: in which order its elements were nested doesn't count.
type marks struct {
	bits        uint16
	href, title string // of a link
	abbr        string // the title of an abbreviation
}

// layers is how many elements can lie around a text.
const layers = 2 + len(markTags)

// open is the start tag of the i-th layer, or "" when m has none there.
func (m marks) open(i int) string {
	switch {
	case i == 0 && m.href != "" && m.title != "":
		return `<a href="` + escapeAttr(m.href) + `" title="` + escapeAttr(m.title) + `">`
	case i == 0 && m.href != "":
		return `<a href="` + escapeAttr(m.href) + `">`
	case i == 1 && m.abbr != "":
		return `<abbr title="` + escapeAttr(m.abbr) + `">`
	case i >= 2 && m.bits&(1<<(i-2)) != 0:
		return "<" + markTags[i-2] + ">"
	}
	return ""
}

// layerName is the element of the i-th layer.
func layerName(i int) string {
	switch i {
	case 0:
		return "a"
	case 1:
		return "abbr"
	}
	return markTags[i-2]
}

// common is the formatting that a and b share.
func common(a, b marks) marks {
	c := marks{bits: a.bits & b.bits}
	if a.href == b.href && a.title == b.title {
		c.href, c.title = a.href, a.title
	}
	if a.abbr == b.abbr {
		c.abbr = a.abbr
	}
	return c
}

// gap is white space between two texts. The larger of two adjoining gaps wins.
type gap int

const (
	gapNone gap = iota
	gapNoBreak
	gapSpace
	gapLine
	gapParagraph
)

// inlineWriter writes text with marks as canonical inline HTML: white space is collapsed and trimmed, lies outside every
// element that doesn't span it, and equal formatting of neighbours is merged.
type inlineWriter struct {
	out     strings.Builder
	now     marks // of the last character written
	waiting gap   // seen since the last character
	block   gap   // what the edge of a block element amounts to here

	plain  bool // write plain text
	noDash bool // leave out leading dashes, which come before a name
}

func (w *inlineWriter) empty() bool { return w.out.Len() == 0 }

// wait adds a gap to those seen since the last character.
func (w *inlineWriter) wait(g gap) { w.waiting = max(w.waiting, g) }

func (w *inlineWriter) write(text string, m marks) {
	for _, r := range text {
		g := gapOf(r)
		switch {
		case g != gapNone:
			w.wait(g)
		case unfit(r), w.noDash && w.empty() && strings.ContainsRune("-–—―", r):
		default:
			w.writeGap(m)
			w.writeRune(r, m)
		}
	}
}

func (w *inlineWriter) writeGap(next marks) {
	g, m := w.waiting, common(w.now, next)
	w.waiting = gapNone
	switch {
	case w.empty() || g == gapNone:
	case g == gapNoBreak:
		w.writeRune('\u00a0', m)
	case g == gapSpace || w.plain:
		w.writeRune(' ', m)
	case g == gapLine:
		m.bits &^= markCode
		w.format(m)
		w.out.WriteString("<br>")
	default:
		w.format(marks{})
		w.out.WriteString("<br><br>")
	}
}

func (w *inlineWriter) writeRune(r rune, m marks) {
	if w.plain {
		w.out.WriteRune(r)
		return
	}
	w.format(m)
	switch r {
	case '<':
		w.out.WriteString("&lt;")
	case '>':
		w.out.WriteString("&gt;")
	case '&':
		w.out.WriteString("&amp;")
	default:
		w.out.WriteRune(r)
	}
}

// format closes and opens elements so that what follows has the marks m.
func (w *inlineWriter) format(m marks) {
	if m == w.now {
		return
	}
	same := 0
	for same < layers && w.now.open(same) == m.open(same) {
		same++
	}
	for i := layers - 1; i >= same; i-- {
		if w.now.open(i) != "" {
			w.out.WriteString("</" + layerName(i) + ">")
		}
	}
	for i := same; i < layers; i++ {
		w.out.WriteString(m.open(i))
	}
	w.now = m
}

// finish returns what was written, and makes w ready for another text.
func (w *inlineWriter) finish() string {
	w.format(marks{})
	s := w.out.String()
	*w = inlineWriter{block: w.block, plain: w.plain, noDash: w.noDash}
	return s
}

func gapOf(r rune) gap {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', '\u0085', '\u2028', '\u2029':
		return gapSpace
	case '\u00a0':
		return gapNoBreak
	}
	return gapNone
}

// unfit reports control characters, byte order marks and noncharacters, which have no place in a text and break feeds.
func unfit(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfeff || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef
}

// cleanInline is the canonical form of inline HTML. The edge of a block element within it becomes the gap block.
func cleanInline(s string, block gap) string {
	return parseInline(s, &inlineWriter{block: block})
}

// cleanAttribution is cleanInline for the name under a quote, without the dash before it.
func cleanAttribution(s string) string {
	return parseInline(s, &inlineWriter{block: gapLine, noDash: true})
}

// cleanPlain is plain text on one line, its white space collapsed.
func cleanPlain(s string) string {
	w := &inlineWriter{plain: true}
	w.write(s, marks{})
	return w.finish()
}

// cleanTitle is cleanPlain for the title of a link or abbreviation; one that is too long is left out.
func cleanTitle(s string) string {
	if s = cleanPlain(s); len(s) > maxTitle {
		return ""
	}
	return s
}

// cleanCode keeps the lines and the indentation of code, without blank lines around it.
func cleanCode(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unfit(r) {
			return -1
		}
		return r
	}, s)
	if strings.TrimSpace(s) == "" {
		return ""
	}
	return strings.Trim(s, "\n")
}

var (
	textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	attrEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")
)

func escapeText(s string) string { return textEscaper.Replace(s) }

func escapeAttr(s string) string { return attrEscaper.Replace(s) }

// plain is the text of canonical inline HTML, with a line feed for each break.
func plain(inline string) string {
	var out strings.Builder
	for inline != "" {
		start := strings.IndexByte(inline, '<')
		if start < 0 {
			start = len(inline)
		}
		out.WriteString(html.UnescapeString(inline[:start]))
		tag, rest, _ := strings.Cut(inline[start:], ">")
		if tag == "<br" {
			out.WriteByte('\n')
		}
		inline = rest
	}
	return out.String()
}
