package richtext

import (
	"strconv"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Normalize checks blocks that a client sent and returns their canonical form: inline HTML sanitised, addresses and
// embeds in their one spelling, table rows of equal length. It reports every broken rule, with pointers into the array
// ("/3/items/0/text", and "" for the array itself); the blocks are of use only when there is none. To normalise again
// changes nothing.
func Normalize(blocks []newsroom.Block) ([]newsroom.Block, []newsroom.FieldError) {
	var c checker
	if len(blocks) > maxBlocks {
		c.fail("", newsroom.FieldTooLong, "A body has at most "+strconv.Itoa(maxBlocks)+" blocks.")
	}
	out := make([]newsroom.Block, len(blocks))
	for i, b := range blocks {
		out[i] = c.block("/"+strconv.Itoa(i), b)
	}
	return out, c.errors
}

// fieldsOf are the fields that a block of each type may have.
var fieldsOf = map[newsroom.BlockType]map[string]bool{
	newsroom.BlockParagraph: set("text"),
	newsroom.BlockHeading:   set("text level"),
	newsroom.BlockList:      set("ordered items"),
	newsroom.BlockQuote:     set("text attribution"),
	newsroom.BlockImage:     set("url alt caption credit"),
	newsroom.BlockTable:     set("caption header rows"),
	newsroom.BlockEmbed:     set("url provider caption"),
	newsroom.BlockCode:      set("language code"),
	newsroom.BlockDivider:   set(""),
}

// checker gathers the errors of a body.
type checker struct{ errors []newsroom.FieldError }

func (c *checker) fail(pointer, code, detail string) {
	c.errors = append(c.errors, newsroom.FieldError{Pointer: pointer, Code: code, Detail: detail})
}

// need returns s, and reports it when nothing is left of it.
func (c *checker) need(pointer, s string) string {
	if s == "" {
		c.fail(pointer, newsroom.FieldRequired, "This field needs text.")
	}
	return s
}

func (c *checker) block(at string, b newsroom.Block) newsroom.Block {
	allowed, known := fieldsOf[b.Type]
	switch {
	case b.Type == "":
		c.fail(at+"/type", newsroom.FieldRequired, "A block needs a type.")
		return b
	case !known:
		c.fail(at+"/type", newsroom.FieldInvalid, "There is no block type "+strconv.Quote(string(b.Type))+".")
		return b
	}
	c.strangers(at, b, allowed)
	out := newsroom.Block{Type: b.Type}
	switch b.Type {
	case newsroom.BlockParagraph:
		out.Text = c.need(at+"/text", cleanInline(b.Text, gapLine))
	case newsroom.BlockHeading:
		out.Text = c.need(at+"/text", cleanInline(b.Text, gapLine))
		out.Level = c.level(at+"/level", b.Level)
	case newsroom.BlockList:
		out.Ordered = b.Ordered
		out.Items = c.items(at+"/items", b.Items, 1)
	case newsroom.BlockQuote:
		out.Text = c.need(at+"/text", cleanInline(b.Text, gapParagraph))
		out.Attribution = cleanAttribution(b.Attribution)
	case newsroom.BlockImage:
		out.URL = c.media(at+"/url", b.URL)
		out.Alt, out.Credit = cleanPlain(b.Alt), cleanPlain(b.Credit)
		out.Caption = cleanInline(b.Caption, gapLine)
	case newsroom.BlockTable:
		out.Caption = cleanInline(b.Caption, gapLine)
		out.Rows, out.Header = c.rows(at+"/rows", b.Rows, b.Header)
	case newsroom.BlockEmbed:
		out.Caption = cleanInline(b.Caption, gapLine)
		out.Provider, out.URL = c.embed(at, b.Provider, b.URL)
	case newsroom.BlockCode:
		out.Code = c.need(at+"/code", cleanCode(b.Code))
		out.Language = c.language(at+"/language", b.Language)
	}
	return out
}

// strangers reports the fields that don't belong to the type of a block.
func (c *checker) strangers(at string, b newsroom.Block, allowed map[string]bool) {
	fields := []struct {
		name string
		used bool
	}{
		{"text", b.Text != ""},
		{"level", b.Level != 0},
		{"ordered", b.Ordered},
		{"items", len(b.Items) > 0},
		{"attribution", b.Attribution != ""},
		{"url", b.URL != ""},
		{"alt", b.Alt != ""},
		{"caption", b.Caption != ""},
		{"credit", b.Credit != ""},
		{"provider", b.Provider != ""},
		{"header", b.Header},
		{"rows", len(b.Rows) > 0},
		{"language", b.Language != ""},
		{"code", b.Code != ""},
	}
	for _, f := range fields {
		if f.used && !allowed[f.name] {
			c.fail(at+"/"+f.name, newsroom.FieldNotAllowed, "A block of type "+string(b.Type)+" has no "+f.name+".")
		}
	}
}

func (c *checker) level(at string, level int) int {
	switch {
	case level == 0:
		c.fail(at, newsroom.FieldRequired, "A heading needs a level from 2 to 6.")
	case level < 2 || level > 6:
		c.fail(at, newsroom.FieldOutOfRange, "The level of a heading is from 2 to 6; the title is the only level 1.")
	}
	return level
}

func (c *checker) items(at string, items []newsroom.ListItem, depth int) []newsroom.ListItem {
	if depth > maxNesting {
		c.fail(at, newsroom.FieldOutOfRange, "Lists nest at most "+strconv.Itoa(maxNesting)+" deep.")
		return nil
	}
	if len(items) == 0 {
		c.fail(at, newsroom.FieldRequired, "A list needs items.")
		return nil
	}
	out := make([]newsroom.ListItem, len(items))
	for i, item := range items {
		at := at + "/" + strconv.Itoa(i)
		out[i].Text = cleanInline(item.Text, gapLine)
		if len(item.Items) == 0 {
			c.need(at+"/text", out[i].Text)
			continue
		}
		out[i].Ordered = item.Ordered
		out[i].Items = c.items(at+"/items", item.Items, depth+1)
	}
	return out
}

func (c *checker) media(at, raw string) string {
	address := cleanMedia(raw)
	switch {
	case raw == "":
		c.fail(at, newsroom.FieldRequired, "An image needs an address.")
	case address == "":
		c.fail(at, newsroom.FieldInvalid, "The address of an image is http(s), or a path of this site that begins with a slash.")
	}
	return address
}

func (c *checker) rows(at string, rows [][]string, header bool) ([][]string, bool) {
	n := width(rows)
	if n > maxColumns || n*len(rows) > maxCells {
		c.fail(at, newsroom.FieldTooLong, "A table has at most "+strconv.Itoa(maxColumns)+" columns and "+
			strconv.Itoa(maxCells)+" cells.")
		return nil, false
	}
	clean := make([][]string, len(rows))
	for i, row := range rows {
		for _, cell := range row {
			clean[i] = append(clean[i], cleanInline(cell, gapLine))
		}
	}
	clean, header = square(clean, header)
	if clean == nil {
		c.fail(at, newsroom.FieldRequired, "A table needs a cell with text.")
	}
	return clean, header
}

func (c *checker) embed(at, provider, raw string) (string, string) {
	name, address, ok := embedOf(raw)
	switch {
	case raw == "":
		c.fail(at+"/url", newsroom.FieldRequired, "An embed needs an address.")
	case !ok:
		c.fail(at+"/url", newsroom.FieldInvalid, "This isn't the address of a post that can be embedded.")
	case provider != "" && provider != name:
		c.fail(at+"/provider", newsroom.FieldInvalid, "The address is of "+name+". Leave the provider out, or correct it.")
	}
	return name, address
}

func (c *checker) language(at, raw string) string {
	name := cleanLanguage(raw)
	if name == "" && raw != "" {
		c.fail(at, newsroom.FieldInvalid, "The language of code is a short name such as go, sql or c++.")
	}
	return name
}
