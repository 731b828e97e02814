package richtext

import (
	"strings"

	"golang.org/x/net/html"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// leaveHeading ends a heading that was never closed, when another block begins after its text.
func (b *reader) leaveHeading() {
	if i := b.find(roleHeading, roleFigure, roleWrap); i > 0 && !b.stack[i].w.empty() {
		b.popTo(i - 1)
	}
}

func (b *reader) startHeading(level int) {
	if b.canNest() {
		b.push(frame{tag: "h", role: roleHeading, w: &inlineWriter{block: gapLine}, level: max(level, 2)})
	}
}

// canNest reports whether a block that can't lie within another may begin here. Otherwise its text joins that other's.
func (b *reader) canNest() bool {
	return b.container().role == roleRoot && len(b.stack) < maxDepth
}

// wrap opens an element that is out of place.
func (b *reader) wrap(tag string) {
	if len(b.stack) < maxDepth {
		b.push(frame{tag: tag, role: roleWrap})
	}
}

func (b *reader) startQuote(t html.Token) {
	if !b.canNest() {
		b.wrap("blockquote")
		return
	}
	f := frame{
		tag: "blockquote", role: roleQuote, w: &inlineWriter{block: gapParagraph},
		side: &inlineWriter{block: gapLine, noDash: true}, embed: hasClass(t, embedClasses...),
	}
	if f.embed {
		f.url = attr(t, "cite") + attr(t, "data-instgrm-permalink")
	}
	b.push(f)
}

// startAttribution opens who said a quote: a footer in it, or a cite that begins a line.
func (b *reader) startAttribution(tag string) {
	q := b.container()
	if q.role != roleQuote || len(b.stack) >= maxDepth {
		return
	}
	if tag == "footer" || q.w.empty() || q.w.waiting >= gapLine {
		q.side.wait(gapLine)
		b.push(frame{tag: tag, role: roleAttribution, w: q.side})
	}
}

func (b *reader) startList(tag string) {
	depth := 0
	for i := range b.stack {
		if b.stack[i].role == roleList {
			depth++
		}
	}
	switch c := b.container().role; {
	case (c == roleRoot || c == roleList || c == roleItem) && depth < maxNesting && len(b.stack) < maxDepth:
		b.push(frame{tag: tag, role: roleList, ordered: tag == "ol"})
	default:
		b.wrap(tag)
	}
}

func (b *reader) startItem() {
	if i := b.find(roleList, roleWrap, roleFigure, roleItem); i > 0 {
		b.popTo(i)
		b.push(frame{tag: "li", role: roleItem, w: &inlineWriter{block: gapLine}})
	}
}

func (b *reader) startTablePart(t html.Token) {
	if t.Data == "table" {
		if !b.canNest() {
			b.wrap("table")
			return
		}
		b.table = &table{caption: inlineWriter{block: gapLine}}
		b.push(frame{tag: "table", role: roleTable})
		return
	}
	i := b.find(roleTable, roleRow, roleCell, roleCaption, roleFigure, roleWrap)
	if i < 0 {
		return
	}
	switch t.Data {
	case "td", "th":
		if row := b.find(roleRow, roleCell, roleFigure, roleWrap); row > 0 {
			b.popTo(row)
		} else {
			b.popTo(i)
			b.push(frame{tag: "tr", role: roleRow})
		}
		b.push(frame{
			tag: t.Data, role: roleCell, w: &inlineWriter{block: gapLine}, th: t.Data == "th",
			cols: span(attr(t, "colspan")), rows: span(attr(t, "rowspan")),
		})
	case "caption":
		b.popTo(i)
		b.table.caption.wait(gapLine)
		b.push(frame{tag: "caption", role: roleCaption, w: &b.table.caption})
	case "tr":
		b.popTo(i)
		b.push(frame{tag: "tr", role: roleRow})
	default:
		b.popTo(i)
		b.table.inHead = t.Data == "thead"
	}
}

func (b *reader) startCaption() {
	i := b.find(roleFigure, roleWrap, roleQuote, roleAttribution, roleList, roleItem, roleHeading)
	if i < 0 || len(b.stack) >= maxDepth {
		return
	}
	b.popTo(i)
	b.push(frame{tag: "figcaption", role: roleCaption, w: &inlineWriter{block: gapLine}, side: &inlineWriter{plain: true}})
}

// startCredit opens the part of a figure's caption that says whose picture it is.
func (b *reader) startCredit(t html.Token) bool {
	c := b.container()
	if c.role != roleCaption || c.side == nil || !strings.Contains(attr(t, "class"), "credit") || len(b.stack) >= maxDepth {
		return false
	}
	c.side.wait(gapSpace)
	b.push(frame{tag: t.Data, role: roleCredit, w: c.side})
	return true
}

// startEmbedLink opens the link that stands for an embed in the HTML of this package, and notes those in the quotes
// that stand for one elsewhere.
func (b *reader) startEmbedLink(t html.Token) bool {
	href := attr(t, "href")
	if _, _, ok := embedOf(href); !ok || b.inline {
		return false
	}
	c := b.container()
	if c.role == roleQuote && c.embed {
		c.url = href
		return false
	}
	fig := b.figure()
	if fig == nil || !fig.embed || c.role != roleRoot || len(b.stack) >= maxDepth {
		return false
	}
	b.boundary()
	b.push(frame{tag: "a", role: roleEmbedLink, w: &inlineWriter{block: gapLine}, url: href})
	return true
}

// close makes a block, or a part of one, of an element that has ended.
func (b *reader) close(f *frame) {
	switch f.role {
	case roleHeading:
		if s := b.finish(f.w); s != "" {
			b.emit(&newsroom.Block{Type: newsroom.BlockHeading, Level: f.level, Text: s})
		}
	case roleQuote:
		b.closeQuote(f)
	case roleList:
		b.closeList(f)
	case roleItem:
		item := newsroom.ListItem{Text: b.finish(f.w), Ordered: f.ordered, Items: f.items}
		if list := b.container(); item.Text != "" || item.Items != nil {
			list.items = append(list.items, item)
		}
	case roleCell:
		b.table.add(b.finish(f.w), f.cols, f.rows, f.th)
	case roleRow:
		b.table.endRow()
	case roleTable:
		for _, blk := range b.table.blocks() {
			b.emit(blk)
		}
		b.table = nil
	case roleCaption:
		b.closeCaption(f)
	case rolePre:
		if code := cleanCode(f.code.String()); code != "" {
			b.emit(&newsroom.Block{Type: newsroom.BlockCode, Language: f.url, Code: code})
		}
	case roleEmbedLink:
		b.closeEmbedLink(f)
	}
}

func (b *reader) closeQuote(f *frame) {
	text, attribution := b.finish(f.w), b.finish(f.side)
	if name, address, ok := embedOf(f.url); ok && f.embed {
		b.emit(&newsroom.Block{Type: newsroom.BlockEmbed, Provider: name, URL: address, Caption: joinLines(text, attribution)})
		return
	}
	if text == "" {
		text, attribution = attribution, ""
	}
	if text != "" {
		b.emit(&newsroom.Block{Type: newsroom.BlockQuote, Text: text, Attribution: attribution})
	}
}

func (b *reader) closeList(f *frame) {
	if f.items == nil {
		return
	}
	switch c := b.container(); c.role {
	case roleItem:
		c.nest(f)
	case roleList:
		if c.items == nil {
			c.items = []newsroom.ListItem{{}}
		}
		last := &c.items[len(c.items)-1]
		below := frame{ordered: last.Ordered, items: last.Items}
		below.nest(f)
		last.Ordered, last.Items = below.ordered, below.items
	default:
		b.emit(&newsroom.Block{Type: newsroom.BlockList, Ordered: f.ordered, Items: f.items})
	}
}

// nest puts the items of a list below those of f; the first list says whether they are numbered.
func (f *frame) nest(list *frame) {
	if f.items == nil {
		f.ordered = list.ordered
	}
	f.items = append(f.items, list.items...)
}

func (b *reader) closeCaption(f *frame) {
	if f.tag == "caption" {
		return
	}
	if text, credit := b.finish(f.w), f.side.finish(); text != "" || credit != "" {
		b.setCaption(b.figure(), text, credit)
	}
}

func (b *reader) closeEmbedLink(f *frame) {
	name, address, _ := embedOf(f.url)
	b.emit(&newsroom.Block{Type: newsroom.BlockEmbed, Provider: name, URL: address})
	text := b.finish(f.w)
	if p := plain(text); text != "" && p != address && p != f.url {
		b.setCaption(b.figure(), text, "")
	}
}
