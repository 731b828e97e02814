package richtext

import (
	"strings"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// table gathers the cells of a table, row by row, and puts a cell that spans several places into the first of them.
type table struct {
	rows    [][]string
	row     []string
	spans   []int // for each column, how many more rows a cell from above reaches into
	cells   int
	caption inlineWriter
	header  bool
	inHead  bool // within thead
	allTH   bool // of the row: every cell is a th
}

func (t *table) add(text string, cols, rows int, th bool) {
	t.skipSpanned()
	t.allTH = th && (t.allTH || len(t.row) == 0)
	for i := range cols {
		at := len(t.row)
		if at >= maxColumns || t.cells+at > maxCells {
			if i == 0 {
				t.row = append(t.row, text)
			}
			return
		}
		if at == len(t.spans) {
			t.spans = append(t.spans, 0)
		}
		t.spans[at] = rows - 1
		t.row = append(t.row, text)
		text = ""
	}
}

// skipSpanned leaves the places empty that cells from above reach into.
func (t *table) skipSpanned() {
	for at := len(t.row); at < len(t.spans) && t.spans[at] > 0 && t.cells+at <= maxCells; at++ {
		t.spans[at]--
		t.row = append(t.row, "")
	}
}

func (t *table) endRow() {
	if len(t.row) == 0 {
		return
	}
	t.skipSpanned()
	for at := len(t.row); at < len(t.spans); at++ {
		t.spans[at] = max(t.spans[at]-1, 0)
	}
	if len(t.row) > maxColumns {
		last := maxColumns - 1
		t.row[last] = cleanInline(strings.Join(t.row[last:], "<br>"), gapLine)
		t.row = t.row[:maxColumns]
	}
	if len(t.rows) == 0 {
		t.header = t.inHead || t.allTH
	}
	t.rows = append(t.rows, t.row)
	t.cells += len(t.row)
	t.row, t.allTH = nil, false
}

// blocks is the table; or, when it is too large for one, a paragraph for each row.
func (t *table) blocks() []*newsroom.Block {
	var blocks []*newsroom.Block
	caption := t.caption.finish()
	if width(t.rows)*len(t.rows) <= maxCells {
		if rows, header := square(t.rows, t.header); rows != nil {
			return append(blocks, &newsroom.Block{Type: newsroom.BlockTable, Header: header, Rows: rows, Caption: caption})
		}
		t.rows = nil
	}
	for _, row := range append([][]string{{caption}}, t.rows...) {
		if text := cleanInline(strings.Join(row, " "), gapLine); text != "" {
			blocks = append(blocks, &newsroom.Block{Type: newsroom.BlockParagraph, Text: text})
		}
	}
	return blocks
}

func width(rows [][]string) int {
	n := 0
	for _, row := range rows {
		n = max(n, len(row))
	}
	return n
}

// square pads rows to equal length. A header row without text is left out; a table without text is nil.
func square(rows [][]string, header bool) ([][]string, bool) {
	if header && len(rows) > 0 && blank(rows[0]) {
		rows, header = rows[1:], false
	}
	n, text := width(rows), false
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = make([]string, n)
		copy(out[i], row)
		text = text || !blank(row)
	}
	if !text {
		return nil, false
	}
	return out, header
}

func blank(row []string) bool { return strings.Join(row, "") == "" }
