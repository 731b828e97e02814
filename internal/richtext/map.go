package richtext

import (
	"html"
	"strings"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Map gives normalised blocks with every stretch of text that a reader reads as change makes it. Markup, addresses and code stay
// as they are, and so do the blocks that were given. The result is normalised if change keeps white space where it is.
func Map(blocks []newsroom.Block, change func(string) string) []newsroom.Block {
	out := make([]newsroom.Block, len(blocks))
	for i, b := range blocks {
		b.Text, b.Attribution, b.Caption = mapInline(b.Text, change), mapInline(b.Attribution, change), mapInline(b.Caption, change)
		b.Alt, b.Credit = change(b.Alt), change(b.Credit)
		b.Items = mapItems(b.Items, change)
		b.Rows = mapRows(b.Rows, change)
		out[i] = b
	}
	return out
}

func mapItems(items []newsroom.ListItem, change func(string) string) []newsroom.ListItem {
	if items == nil {
		return nil
	}
	out := make([]newsroom.ListItem, len(items))
	for i, item := range items {
		out[i] = newsroom.ListItem{Text: mapInline(item.Text, change), Ordered: item.Ordered, Items: mapItems(item.Items, change)}
	}
	return out
}

func mapRows(rows [][]string, change func(string) string) [][]string {
	if rows == nil {
		return nil
	}
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = make([]string, len(row))
		for j, cell := range row {
			out[i][j] = mapInline(cell, change)
		}
	}
	return out
}

// mapInline is Map for canonical inline HTML.
func mapInline(inline string, change func(string) string) string {
	var out strings.Builder
	code := false
	for inline != "" {
		start := strings.IndexByte(inline, '<')
		if start < 0 {
			start = len(inline)
		}
		if text := inline[:start]; code {
			out.WriteString(text)
		} else {
			out.WriteString(escapeText(change(html.UnescapeString(text))))
		}
		tag, rest, found := strings.Cut(inline[start:], ">")
		if found {
			code = tag == "<code" || code && tag != "</code"
			out.WriteString(tag + ">")
		}
		inline = rest
	}
	return out.String()
}
