package richtext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// markOf says what the inline elements mean. Those that carry an address, a title or a style are in ownMarks.
var markOf = map[string]uint16{
	"strong": markStrong, "b": markStrong, "em": markEm, "i": markEm, "dfn": markEm, "var": markEm, "u": markU,
	"s": markS, "strike": markS, "del": markDel, "ins": markIns, "mark": markMark, "sub": markSub, "sup": markSup,
	"code": markCode, "tt": markCode, "kbd": markCode, "samp": markCode, "span": 0, "a": 0, "abbr": 0,
}

// skipped are the elements whose content is nothing to read.
var skipped = set("script style title template select svg iframe noembed noframes noscript")

// blocky are the elements at whose edges a paragraph ends. Unknown elements aren't among them: custom elements are as
// often inline.
var blocky = set(`address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
	figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu nav ol option p pre
	search section summary table tbody td tfoot th thead tr ul video audio`)

// embedClasses mark the blockquotes that a site's script turns into a post.
var embedClasses = []string{"twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed", "telegram-post"}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

func attr(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasClass(t html.Token, names ...string) bool {
	for _, class := range strings.Fields(attr(t, "class")) {
		for _, n := range names {
			if class == n {
				return true
			}
		}
	}
	return false
}

// start opens an element.
func (b *reader) start(t html.Token, selfClosing bool) {
	tag := t.Data
	if b.skip != "" && (b.skip != "svg" || !blocky[tag]) {
		if tag == b.skip && !selfClosing {
			b.skipDepth++
		}
		return
	}
	b.skip = ""
	_, isMark := markOf[tag]
	switch {
	case skipped[tag]:
		if tag != "svg" || !selfClosing {
			b.skip, b.skipDepth = tag, 1
		}
		b.startSkipped(t)
	case tag == "br":
		b.lineBreak()
	case b.container().role == rolePre:
		b.startInPre(t)
	case b.startCredit(t):
	case isMark:
		b.startMark(t)
	case b.inline:
		if blocky[tag] {
			b.boundary()
		}
	default:
		b.startBlock(t)
	}
}

// lineBreak ends a line. Two breaks in a row end a paragraph.
func (b *reader) lineBreak() {
	switch c := b.container(); {
	case c.role == rolePre:
		c.code.WriteByte('\n')
	case c.w != nil && c.w.waiting >= gapLine:
		b.wait(c.w, gapParagraph)
	case c.w != nil:
		b.wait(c.w, gapLine)
	}
}

func (b *reader) startBlock(t html.Token) {
	if blocky[t.Data] {
		b.leaveHeading()
		b.boundary()
	}
	switch t.Data {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		b.startHeading(int(t.Data[1] - '0'))
	case "hr":
		if b.container().role == roleRoot {
			b.emit(&newsroom.Block{Type: newsroom.BlockDivider})
		}
	case "img":
		b.image(t)
	case "blockquote":
		b.startQuote(t)
	case "footer", "cite":
		b.startAttribution(t.Data)
	case "ul", "ol", "menu", "dir":
		b.startList(t.Data)
	case "li":
		b.startItem()
	case "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th":
		b.startTablePart(t)
	case "figure":
		if len(b.stack) < maxDepth {
			b.push(frame{tag: "figure", role: roleFigure, embed: strings.Contains(attr(t, "class"), "embed")})
		}
	case "figcaption":
		b.startCaption()
	case "pre":
		if len(b.stack) < maxDepth {
			b.push(frame{tag: "pre", role: rolePre, code: &strings.Builder{}, url: language(t)})
		}
	case "div":
		if strings.HasPrefix(attr(t, "class"), "fb-") {
			b.embed(attr(t, "data-href"))
		}
	}
}

// end closes an element.
func (b *reader) end(tag string) {
	if b.skip != "" {
		if tag == b.skip {
			if b.skipDepth--; b.skipDepth == 0 {
				b.skip = ""
			}
		}
		return
	}
	i := b.opened(tag)
	switch {
	case i > 0 && b.stack[i].role == roleMark:
		b.endMark(i)
	case i > 0 && b.stack[i].role == roleCredit:
		b.popTo(i - 1)
	case i > 0:
		b.popTo(i - 1)
		b.boundary()
	case blocky[tag]:
		b.boundary()
	}
}

// opened is the index of the element that an end tag closes, or 0. Formatting closes only formatting, and nothing but a
// part of the table reaches out of a cell.
func (b *reader) opened(tag string) int {
	_, isMark := markOf[tag]
	heading := len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6'
	for i := len(b.stack) - 1; i > 0; i-- {
		f := &b.stack[i]
		switch {
		case f.tag == tag, heading && f.role == roleHeading:
			return i
		case isMark && f.role != roleMark, f.role == roleWrap && f.tag == "table" && strings.HasPrefix(tag, "t"):
			return 0
		case f.role == roleCell && !strings.HasPrefix(tag, "t"):
			return 0
		}
	}
	return 0
}

// startSkipped embeds what the scripts and frames of the known sites stand for.
func (b *reader) startSkipped(t html.Token) {
	switch {
	case b.inline:
	case t.Data == "iframe":
		for _, key := range []string{"src", "data-src", "data-lazy-src"} {
			if b.embed(attr(t, key)) {
				return
			}
		}
	case t.Data == "script" && attr(t, "data-telegram-post") != "":
		b.embed("https://t.me/" + attr(t, "data-telegram-post"))
	}
}

// embed adds an embed block if there can be one of the address.
func (b *reader) embed(raw string) bool {
	name, address, ok := embedOf(raw)
	if ok {
		b.emit(&newsroom.Block{Type: newsroom.BlockEmbed, Provider: name, URL: address})
	}
	return ok
}

// startInPre reads what is in pre, where only lines and the language of a code element matter.
func (b *reader) startInPre(t html.Token) {
	if pre := b.container(); t.Data == "code" && pre.url == "" {
		pre.url = language(t)
	} else if blocky[t.Data] {
		b.boundary()
	}
}

// language is the programming language that a class names, as highlighters write it.
func language(t html.Token) string {
	for _, class := range strings.Fields(attr(t, "class")) {
		for _, prefix := range []string{"language-", "lang-"} {
			if name, ok := strings.CutPrefix(class, prefix); ok {
				return cleanLanguage(name)
			}
		}
	}
	return ""
}

// cleanLanguage is the canonical name of a programming language, or "" when it can't be one.
func cleanLanguage(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	bad := strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("+#._-", r)
	})
	if bad || len(s) > maxLanguage {
		return ""
	}
	return s
}

// startMark opens an inline element.
func (b *reader) startMark(t html.Token) {
	if t.Data == "a" {
		if i := b.opened("a"); i > 0 {
			b.endMark(i)
		}
		if b.startEmbedLink(t) {
			return
		}
	}
	if len(b.stack) < maxMarks {
		b.push(frame{tag: t.Data, role: roleMark, own: ownMarks(t)})
	}
}

// ownMarks is the formatting that an inline element adds.
func ownMarks(t html.Token) marks {
	m := marks{bits: markOf[t.Data]}
	switch t.Data {
	case "a":
		if m.href = cleanLink(attr(t, "href")); m.href != "" {
			m.title = cleanTitle(attr(t, "title"))
		}
	case "abbr":
		m.abbr = cleanTitle(attr(t, "title"))
	case "b", "span":
		style := strings.ReplaceAll(strings.ToLower(attr(t, "style")), " ", "")
		if strings.Contains(style, "font-weight:bold") || strings.Contains(style, "font-weight:700") {
			m.bits |= markStrong
		}
		if strings.Contains(style, "font-style:italic") {
			m.bits |= markEm
		}
		if strings.Contains(style, "font-weight:normal") || strings.Contains(style, "font-weight:400") {
			m.bits &^= markStrong
		}
	}
	return m
}

// with is m and own together; own decides where they disagree.
func (m marks) with(own marks) marks {
	m.bits |= own.bits
	if own.href != "" {
		m.href, m.title = own.href, own.title
	}
	if own.abbr != "" {
		m.abbr = own.abbr
	}
	return m
}

// endMark closes the inline element at index i, and leaves open those inside it.
func (b *reader) endMark(i int) {
	b.stack = append(b.stack[:i], b.stack[i+1:]...)
	for ; i < len(b.stack); i++ {
		b.stack[i].marks = b.stack[i-1].marks.with(b.stack[i].own)
	}
}

// image adds a picture, or the text of one that stands for a character. Pictures of one pixel count readers.
func (b *reader) image(t html.Token) {
	if strings.Contains(attr(t, "class"), "emoji") {
		b.text(attr(t, "alt"))
		return
	}
	if tiny(attr(t, "width")) || tiny(attr(t, "height")) {
		return
	}
	for _, key := range []string{"src", "data-src", "data-lazy-src", "data-original"} {
		if address := cleanMedia(attr(t, key)); address != "" {
			b.emit(&newsroom.Block{Type: newsroom.BlockImage, URL: address, Alt: cleanPlain(attr(t, "alt"))})
			return
		}
	}
}

func tiny(size string) bool { return size == "0" || size == "1" }

// span is a colspan or rowspan, between 1 and maxSpan.
func span(s string) int {
	n, _ := strconv.Atoi(strings.TrimSpace(s))
	return min(max(n, 1), maxSpan)
}
