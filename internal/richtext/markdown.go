package richtext

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// markdown is the reader of Markdown. It lets raw HTML through because FromHTML, which sanitises, reads everything it writes: without
// this, the text of raw HTML would be lost, and with it what Markdown has no signs for.
var markdown = goldmark.New(
	goldmark.WithParser(boundedParser()),
	goldmark.WithExtensions(extension.Table),
	goldmark.WithRendererOptions(html.WithUnsafe(), renderer.WithNodeRenderers(
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500))),
)

// FromMarkdown reads CommonMark with tables and strikethrough into normalised blocks, as safely as FromHTML. A paragraph
// that is only a link to what can be embedded, its text the address itself, becomes an embed.
func FromMarkdown(md string) []newsroom.Block {
	var out bytes.Buffer
	md = deepLine.ReplaceAllString(md, "$1")
	if err := markdown.Convert([]byte(md), &out); err != nil {
		return FromHTML(escapeText(md)) // a bytes.Buffer doesn't fail; keep the text if that ever changes
	}
	blocks := FromHTML(out.String())
	for i, b := range blocks {
		if b.Type != newsroom.BlockParagraph || !strings.HasPrefix(b.Text, "<a ") && !strings.HasPrefix(b.Text, "http") {
			continue
		}
		if name, address, ok := embedOf(plain(b.Text)); ok {
			blocks[i] = newsroom.Block{Type: newsroom.BlockEmbed, Provider: name, URL: address}
		}
	}
	return blocks
}

// Markdown writes normalised blocks as CommonMark with tables and strikethrough. What has no sign there, such as a
// subscript or an underline, is written as inline HTML.
func Markdown(blocks []newsroom.Block) string {
	var parts []string
	bullets := [2]string{"-", "."}
	for i, b := range blocks {
		if i > 0 && b.Type == newsroom.BlockList && blocks[i-1].Type == newsroom.BlockList {
			bullets = otherBullets(bullets)
		}
		parts = append(parts, blockMarkdown(b, bullets))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// otherBullets tells a list from the one before it, which it would continue if it had the same signs.
func otherBullets(b [2]string) [2]string {
	if b[0] == "-" {
		return [2]string{"*", ")"}
	}
	return [2]string{"-", "."}
}

func blockMarkdown(b newsroom.Block, bullets [2]string) string {
	switch b.Type {
	case newsroom.BlockParagraph:
		return inlineMarkdown(b.Text, hardBreak)
	case newsroom.BlockHeading:
		return strings.Repeat("#", b.Level) + " " + inlineMarkdown(b.Text, "<br>")
	case newsroom.BlockList:
		return listMarkdown(b.Ordered, b.Items, bullets)
	case newsroom.BlockQuote:
		return quoteMarkdown(b)
	case newsroom.BlockImage:
		caption := strings.TrimSpace(inlineMarkdown(b.Caption, hardBreak) + " " + parenthesis(b.Credit))
		return under("!["+escapeMarkdown(b.Alt)+"]("+markdownURL(b.URL)+")", caption)
	case newsroom.BlockTable:
		return tableMarkdown(b)
	case newsroom.BlockEmbed:
		return strings.TrimSuffix("<"+b.URL+">\n\n"+inlineMarkdown(b.Caption, hardBreak), "\n\n")
	case newsroom.BlockCode:
		fence := strings.Repeat("`", max(3, longestRun(b.Code, '`')+1))
		return fence + b.Language + "\n" + b.Code + "\n" + fence
	}
	return "---"
}

const hardBreak = "\\\n"

// under puts a line of text under another.
func under(line, text string) string {
	if text == "" {
		return line
	}
	return line + hardBreak + text
}

func parenthesis(credit string) string {
	if credit == "" {
		return ""
	}
	return "(" + escapeMarkdown(credit) + ")"
}

func quoteMarkdown(b newsroom.Block) string {
	var parts []string
	for _, p := range strings.Split(b.Text, "<br><br>") {
		parts = append(parts, inlineMarkdown(p, hardBreak))
	}
	if b.Attribution != "" {
		parts = append(parts, "— "+inlineMarkdown(b.Attribution, hardBreak))
	}
	return "> " + strings.ReplaceAll(strings.Join(parts, "\n\n"), "\n", "\n> ")
}

func listMarkdown(ordered bool, items []newsroom.ListItem, bullets [2]string) string {
	var out []string
	for i, item := range items {
		marker := bullets[0] + " "
		if ordered {
			marker = strconv.Itoa(i+1) + bullets[1] + " "
		}
		content := lines(inlineMarkdown(item.Text, hardBreak), listMarkdown(item.Ordered, item.Items, bullets))
		out = append(out, marker+strings.ReplaceAll(content, "\n", "\n"+strings.Repeat(" ", len(marker))))
	}
	return strings.Join(out, "\n")
}

// tableMarkdown writes an empty header for a table that has none, since Markdown demands one.
func tableMarkdown(b newsroom.Block) string {
	rows := b.Rows
	if !b.Header && len(rows) > 0 {
		rows = append([][]string{make([]string, len(rows[0]))}, rows...)
	}
	var out []string
	if b.Caption != "" {
		out = append(out, inlineMarkdown(b.Caption, hardBreak), "")
	}
	for i, row := range rows {
		cells := make([]string, len(row))
		for j, cell := range row {
			cells[j] = strings.ReplaceAll(inlineMarkdown(cell, "<br>"), "|", `\|`)
		}
		out = append(out, "| "+strings.Join(cells, " | ")+" |")
		if i == 0 {
			out = append(out, "|"+strings.Repeat(" --- |", len(row)))
		}
	}
	return strings.Join(out, "\n")
}

func longestRun(s string, c rune) int {
	longest, n := 0, 0
	for _, r := range s {
		if n++; r != c {
			n = 0
		}
		longest = max(longest, n)
	}
	return longest
}
