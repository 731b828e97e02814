package richtext

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// piece is a part of canonical inline HTML: a text, a break, or the start or end of an element.
type piece struct {
	text string // unescaped
	tag  string // of an element
	attr map[string]string
	end  bool // the end of an element
	pair int  // of an element: the index of its other end
}

func (p piece) isText() bool { return p.tag == "" }

var (
	inlinePiece = regexp.MustCompile(`<(/?)(\w+)([^>]*)>|[^<]+`)
	inlineAttr  = regexp.MustCompile(`(\w+)="([^"]*)"`)
)

func pieces(inline string) []piece {
	var all []piece
	var open []int
	for _, m := range inlinePiece.FindAllStringSubmatch(inline, -1) {
		p := piece{tag: m[2], end: m[1] != ""}
		switch {
		case p.isText():
			p.text = html.UnescapeString(m[0])
		case p.end && len(open) > 0:
			p.pair = open[len(open)-1]
			all[p.pair].pair = len(all)
			open = open[:len(open)-1]
		case p.tag != "br":
			open = append(open, len(all))
		}
		if m[3] != "" {
			p.attr = map[string]string{}
		}
		for _, a := range inlineAttr.FindAllStringSubmatch(m[3], -1) {
			p.attr[a[1]] = html.UnescapeString(a[2])
		}
		all = append(all, p)
	}
	return all
}

// signs are how Markdown writes the elements that it has signs for.
var signs = map[string]string{"strong": "**", "em": "*", "del": "~~"}

// inlineMarkdown writes canonical inline HTML as Markdown, with lineBreak for each break.
func inlineMarkdown(inline, lineBreak string) string {
	var out strings.Builder
	all := pieces(inline)
	for i := 0; i < len(all); i++ {
		p := all[i]
		start := p
		if p.end {
			start = all[p.pair]
		}
		switch {
		case p.isText():
			out.WriteString(markdownText(p.text, i == 0 || all[i-1].tag == "br", lineBreak))
		case p.tag == "br":
			out.WriteString(lineBreak)
		case p.tag == "code" && !p.end:
			out.WriteString(markdownCode(all[i+1].text))
			i = p.pair
		case p.tag == "a" && !p.end:
			out.WriteByte('[')
		case p.tag == "a":
			out.WriteString("](" + markdownURL(start.attr["href"]) + markdownTitle(start.attr["title"]) + ")")
		case signs[p.tag] != "" && bySign(all, i):
			out.WriteString(signs[p.tag])
		case p.end:
			out.WriteString("</" + p.tag + ">")
		case start.attr["title"] != "":
			out.WriteString("<" + p.tag + ` title="` + strings.ReplaceAll(escapeAttr(start.attr["title"]), "|", "&#124;") + `">`)
		default:
			out.WriteString("<" + p.tag + ">")
		}
	}
	return out.String()
}

// bySign reports whether Markdown would take signs at both ends of the element of the i-th piece for what they are. It
// is stricter than CommonMark, whose rules for emphasis within words depend on what else stands near.
func bySign(all []piece, i int) bool {
	first, last := min(i, all[i].pair), max(i, all[i].pair)
	before := first - 1
	for before >= 0 && all[before].tag != "br" && !all[before].isText() && !all[before].end {
		before--
	}
	after := last + 1
	for after < len(all) && all[after].end {
		after++
	}
	return signable(edge(all, before, false), edge(all, first+1, true)) &&
		signable(edge(all, after, true), edge(all, last-1, false))
}

// edge is the first or last character of a piece: a space for a break and beyond the text, a letter for the edge of an
// element, next to which no sign is safe.
func edge(all []piece, i int, first bool) rune {
	switch {
	case i < 0 || i >= len(all) || all[i].tag == "br":
		return ' '
	case !all[i].isText():
		return 'x'
	}
	r, _ := utf8.DecodeLastRuneInString(all[i].text)
	if first {
		r, _ = utf8.DecodeRuneInString(all[i].text)
	}
	return r
}

func signable(outside, inside rune) bool {
	if strings.ContainsRune("*~", outside) || strings.ContainsRune("*~", inside) {
		return false
	}
	return unicode.IsSpace(outside) || isPunct(outside) && !isPunct(inside)
}

func isPunct(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

var (
	markdownEscaper = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`,
		">", `\>`, "&", `\&`, "~", `\~`)
	titleEscaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "|", "&#124;")
	// lineOpener is what makes a line something else than text: a heading, a list, an underline or a table.
	lineOpener = regexp.MustCompile(`^(?:[#+=:-]|\d{1,9}[.)])`)
)

func escapeMarkdown(s string) string { return markdownEscaper.Replace(s) }

func markdownText(s string, startsLine bool, lineBreak string) string {
	s = escapeMarkdown(s)
	if lineBreak != hardBreak {
		s = strings.ReplaceAll(s, "#", `\#`)
	} else if startsLine {
		if m := lineOpener.FindString(s); m != "" {
			at := len(m) - 1
			s = s[:at] + `\` + s[at:]
		} else if rest, ok := strings.CutPrefix(s, "|"); ok {
			s = "&#124;" + rest
		}
	}
	if rest, ok := strings.CutSuffix(s, "!"); ok {
		s = rest + `\!` // a link may follow, and "![" begins a picture
	}
	if rest, ok := strings.CutSuffix(s, `\\`); ok {
		s = rest + "&#92;" // a break, which is a backslash too, may follow
	}
	return s
}

func markdownCode(s string) string {
	fence := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

func markdownURL(s string) string {
	s = strings.ReplaceAll(s, "&", "&amp;")
	if strings.ContainsAny(s, "()") {
		return "<" + s + ">"
	}
	return s
}

func markdownTitle(s string) string {
	if s == "" {
		return ""
	}
	return ` "` + titleEscaper.Replace(s) + `"`
}
