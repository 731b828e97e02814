package richtext

import (
	"strings"

	"golang.org/x/net/html"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// FromHTML reads HTML of any origin, however untidy, into normalised blocks: Normalize has nothing to add to them. It
// never fails. Readable text is kept, except what stands in script, style, svg, noscript and the like; what has no place
// where it stands, such as a picture in a table, comes after it. A heading of level 1 becomes level 2, since the title
// is the only level 1. Pictures without an address of http(s) or of this site are dropped, as are frames of sites that
// can't be embedded. The 2,000th block takes the text of all that follow.
//
// Time and memory grow with the length of s alone: elements nested too deep count as their text.
func FromHTML(s string) []newsroom.Block {
	b := newReader(&inlineWriter{})
	b.read(s)
	for len(b.stack) > 1 {
		b.pop()
	}
	b.endParagraph()
	return limitBlocks(b.blocks)
}

// parseInline reads inline HTML into w. Block elements within it count as white space.
func parseInline(s string, w *inlineWriter) string {
	if !strings.ContainsAny(s, "<&") {
		w.write(s, marks{})
		return w.finish()
	}
	b := newReader(w)
	b.inline = true
	b.read(s)
	return w.finish()
}

// limitBlocks makes one paragraph of all blocks past the limit.
func limitBlocks(all []*newsroom.Block) []newsroom.Block {
	blocks := make([]newsroom.Block, 0, min(len(all), maxBlocks))
	rest := &inlineWriter{}
	for i, b := range all {
		if i < maxBlocks-1 || len(all) == maxBlocks {
			blocks = append(blocks, *b)
			continue
		}
		rest.write(Text([]newsroom.Block{*b}), marks{})
		rest.wait(gapParagraph)
	}
	if !rest.empty() {
		blocks = append(blocks, newsroom.Block{Type: newsroom.BlockParagraph, Text: rest.finish()})
	}
	return blocks
}

// reader builds blocks from a stream of tokens, with a stack of the open elements that matter. Elements that only part
// paragraphs, such as div and p, are not on the stack.
type reader struct {
	blocks []*newsroom.Block
	after  []*newsroom.Block // met inside a list, quote or table, to come after it
	stack  []frame
	table  *table // the open one; tables within tables are read as text
	inline bool   // reading the text of one block: elements that make blocks only part lines

	skip      string // the open element whose content doesn't count
	skipDepth int    // how many of it are open
}

// role is what an open element is for.
type role int

const (
	roleMark   role = iota // strong, a, span
	roleWrap               // out of place or nested too deep
	roleFigure             // figure

	// From here on: what text can stand in.

	roleRoot        // the body, or the text of one block
	roleHeading     // h1 to h6
	roleQuote       // blockquote
	roleAttribution // footer or cite in a quote
	roleList        // ul, ol
	roleItem        // li
	roleTable       // table
	roleRow         // tr
	roleCell        // td, th
	roleCaption     // figcaption, caption
	roleCredit      // in a caption
	rolePre         // pre
	roleEmbedLink   // a in figure class="embed"
)

// frame is an open element.
type frame struct {
	tag   string
	role  role
	own   marks         // what the element adds
	marks marks         // of text in it
	w     *inlineWriter // where text in it goes; nil in lists, tables and rows

	level      int                 // of a heading
	ordered    bool                // of a list
	items      []newsroom.ListItem // of a list, or below an item
	side       *inlineWriter       // attribution of a quote, credit of a caption
	embed      bool                // a quote or figure that may be an embed
	url        string              // the embed's address
	figured    *newsroom.Block     // of a figure: what a caption belongs to
	caption    string              // of a figure: met before what it belongs to
	credit     string
	code       *strings.Builder // of pre
	th         bool             // of a cell
	cols, rows int              // of a cell: its span
}

func newReader(w *inlineWriter) *reader {
	return &reader{stack: []frame{{role: roleRoot, w: w}}}
}

func (b *reader) read(s string) {
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			if b.skip == "" {
				b.text(z.Token().Data)
			}
		case html.StartTagToken:
			b.start(z.Token(), false)
		case html.SelfClosingTagToken:
			b.start(z.Token(), true)
		case html.EndTagToken:
			b.end(z.Token().Data)
		}
	}
}

func (b *reader) top() *frame { return &b.stack[len(b.stack)-1] }

// container is the innermost open element that text can stand in.
func (b *reader) container() *frame {
	i := len(b.stack) - 1
	for b.stack[i].role < roleRoot {
		i--
	}
	return &b.stack[i]
}

// find is the index of the innermost frame of a role, or -1. It looks no further than the first frame that isn't of the
// roles in through, which are those the wanted element may close or lie within.
func (b *reader) find(want role, through ...role) int {
	for i := len(b.stack) - 1; i > 0; i-- {
		if b.stack[i].role == want {
			return i
		}
		passes := b.stack[i].role == roleMark
		for _, r := range through {
			passes = passes || b.stack[i].role == r
		}
		if want == roleTable && b.stack[i].tag == "table" || !passes {
			return -1
		}
	}
	return -1
}

// push opens an element; its text goes to w, or where it went before when w is nil and it is no container.
func (b *reader) push(f frame) {
	top := b.top()
	f.marks = top.marks.with(f.own)
	if f.w == nil && f.role < roleRoot {
		f.w = top.w
	}
	b.stack = append(b.stack, f)
}

// popTo closes elements until the one at index i is the innermost.
func (b *reader) popTo(i int) {
	for len(b.stack) > i+1 {
		b.pop()
	}
}

// pop closes the innermost element.
func (b *reader) pop() {
	f := *b.top()
	b.stack = b.stack[:len(b.stack)-1]
	if f.role > roleFigure {
		b.close(&f)
	} else if f.role == roleFigure && (f.caption != "" || f.credit != "") {
		b.emit(&newsroom.Block{Type: newsroom.BlockParagraph, Text: joinLines(f.caption, escapeText(f.credit))})
	}
	if len(b.after) > 0 && b.container().role == roleRoot {
		b.blocks = append(b.blocks, b.after...)
		b.after = nil
	}
}

func (b *reader) text(s string) {
	c := b.container()
	if c.role == rolePre {
		c.code.WriteString(s)
		return
	}
	if c.w == nil {
		if strings.TrimSpace(s) == "" {
			return
		}
		b.openImplied()
	}
	top := b.top()
	top.w.write(s, top.marks)
}

// openImplied opens the item or cell that text straight in a list or table lacks.
func (b *reader) openImplied() {
	switch b.container().role {
	case roleList:
		b.push(frame{tag: "li", role: roleItem, w: &inlineWriter{block: gapLine}})
	case roleTable:
		b.push(frame{tag: "tr", role: roleRow})
		fallthrough
	case roleRow:
		b.push(frame{tag: "td", role: roleCell, w: &inlineWriter{block: gapLine}, cols: 1, rows: 1})
	}
}

// boundary is the edge of a block element: it ends the paragraph, or the line of text within another block.
func (b *reader) boundary() {
	c := b.container()
	switch {
	case c.role == roleRoot && !b.inline:
		b.endParagraph()
	case c.role == rolePre:
		if s := c.code.String(); s != "" && !strings.HasSuffix(s, "\n") {
			c.code.WriteByte('\n')
		}
	case c.w != nil:
		b.wait(c.w, c.w.block)
	}
}

// wait adds a gap to w. A link ends with its paragraph.
func (b *reader) wait(w *inlineWriter, g gap) {
	w.wait(g)
	if w.waiting == gapParagraph && !w.empty() {
		b.endLinks()
	}
}

// endLinks ends what carries an address or a title, so that one long link around many paragraphs can't multiply.
func (b *reader) endLinks() {
	for i := range b.stack {
		for _, m := range []*marks{&b.stack[i].own, &b.stack[i].marks} {
			*m = marks{bits: m.bits}
		}
	}
}

// finish is the text written to w, the end of which is the end of links.
func (b *reader) finish(w *inlineWriter) string {
	s := w.finish()
	if s != "" {
		b.endLinks()
	}
	return s
}

func (b *reader) endParagraph() {
	s := b.finish(b.stack[0].w)
	if s == "" {
		return
	}
	if fig := b.figure(); fig != nil && fig.embed {
		if name, address, ok := embedOf(plain(s)); ok {
			b.emit(&newsroom.Block{Type: newsroom.BlockEmbed, Provider: name, URL: address})
			return
		}
	}
	b.blocks = append(b.blocks, &newsroom.Block{Type: newsroom.BlockParagraph, Text: s})
}

// emit adds a block, after the list, quote or table that is open, and gives it the caption of its figure.
func (b *reader) emit(blk *newsroom.Block) {
	if b.container().role == roleRoot {
		b.endParagraph()
		b.blocks = append(b.blocks, blk)
	} else {
		b.after = append(b.after, blk)
	}
	fig := b.figure()
	if fig == nil {
		return
	}
	switch blk.Type {
	case newsroom.BlockImage, newsroom.BlockEmbed, newsroom.BlockTable, newsroom.BlockQuote:
		fig.figured = blk
		if caption, credit := fig.caption, fig.credit; caption != "" || credit != "" {
			fig.caption, fig.credit = "", ""
			b.setCaption(fig, caption, credit)
		}
	}
}

// figure is the innermost open figure, or nil.
func (b *reader) figure() *frame {
	for i := len(b.stack) - 1; i > 0; i-- {
		if b.stack[i].role == roleFigure {
			return &b.stack[i]
		}
	}
	return nil
}

// setCaption gives a caption to what stands in a figure, now or, when that comes later, then.
func (b *reader) setCaption(fig *frame, caption, credit string) {
	blk := fig.figured
	if blk == nil && fig.caption == "" && fig.credit == "" {
		fig.caption, fig.credit = caption, credit
		return
	}
	bare := blk != nil && blk.Caption == "" && blk.Credit == ""
	if bare && blk.Type == newsroom.BlockImage {
		blk.Caption, blk.Credit = caption, credit
		return
	}
	caption = joinLines(caption, escapeText(credit))
	switch {
	case bare && blk.Type == newsroom.BlockQuote && blk.Attribution == "":
		blk.Attribution = cleanAttribution(caption)
	case bare && blk.Type != newsroom.BlockQuote:
		blk.Caption = caption
	default:
		fig.figured = nil
		b.emit(&newsroom.Block{Type: newsroom.BlockParagraph, Text: caption})
	}
}

// joinLines puts two texts of inline HTML under one another.
func joinLines(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return cleanInline(a+"<br>"+b, gapLine)
}
