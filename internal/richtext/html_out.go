package richtext

import (
	"strconv"
	"strings"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// HTML writes normalised blocks as semantic HTML, one block a line. FromHTML reads the same blocks back.
func HTML(blocks []newsroom.Block) string {
	var out strings.Builder
	for i, b := range blocks {
		if i > 0 {
			out.WriteByte('\n')
		}
		writeHTML(&out, b)
	}
	return out.String()
}

func writeHTML(out *strings.Builder, b newsroom.Block) {
	switch b.Type {
	case newsroom.BlockParagraph:
		element(out, "p", b.Text)
	case newsroom.BlockHeading:
		element(out, "h"+strconv.Itoa(b.Level), b.Text)
	case newsroom.BlockList:
		writeListHTML(out, b.Ordered, b.Items)
	case newsroom.BlockQuote:
		out.WriteString("<blockquote>")
		for _, p := range strings.Split(b.Text, "<br><br>") {
			element(out, "p", p)
		}
		optional(out, "footer", b.Attribution)
		out.WriteString("</blockquote>")
	case newsroom.BlockImage:
		out.WriteString(`<figure><img src="` + escapeAttr(b.URL) + `" alt="` + escapeAttr(b.Alt) + `">`)
		writeCaptionHTML(out, b)
		out.WriteString("</figure>")
	case newsroom.BlockTable:
		writeTableHTML(out, b)
	case newsroom.BlockEmbed:
		out.WriteString(`<figure class="embed" data-provider="` + escapeAttr(b.Provider) + `">`)
		out.WriteString(`<a href="` + escapeAttr(b.URL) + `">` + escapeText(b.URL) + "</a>")
		optional(out, "figcaption", b.Caption)
		out.WriteString("</figure>")
	case newsroom.BlockCode:
		class := ""
		if b.Language != "" {
			class = ` class="language-` + escapeAttr(b.Language) + `"`
		}
		out.WriteString("<pre><code" + class + ">" + escapeText(b.Code) + "</code></pre>")
	case newsroom.BlockDivider:
		out.WriteString("<hr>")
	}
}

func element(out *strings.Builder, tag, content string) {
	out.WriteString("<" + tag + ">" + content + "</" + tag + ">")
}

// optional writes an element that is left out when it is empty.
func optional(out *strings.Builder, tag, content string) {
	if content != "" {
		element(out, tag, content)
	}
}

func writeListHTML(out *strings.Builder, ordered bool, items []newsroom.ListItem) {
	tag := "ul"
	if ordered {
		tag = "ol"
	}
	out.WriteString("<" + tag + ">")
	for _, item := range items {
		out.WriteString("<li>" + item.Text)
		if len(item.Items) > 0 {
			writeListHTML(out, item.Ordered, item.Items)
		}
		out.WriteString("</li>")
	}
	out.WriteString("</" + tag + ">")
}

func writeCaptionHTML(out *strings.Builder, b newsroom.Block) {
	if b.Caption == "" && b.Credit == "" {
		return
	}
	out.WriteString("<figcaption>" + b.Caption)
	if b.Credit != "" {
		if b.Caption != "" {
			out.WriteByte(' ')
		}
		out.WriteString(`<small class="credit">` + escapeText(b.Credit) + "</small>")
	}
	out.WriteString("</figcaption>")
}

func writeTableHTML(out *strings.Builder, b newsroom.Block) {
	out.WriteString("<table>")
	optional(out, "caption", b.Caption)
	rows := b.Rows
	if b.Header && len(rows) > 0 {
		out.WriteString("<thead>")
		writeRowHTML(out, "th", rows[0])
		out.WriteString("</thead>")
		rows = rows[1:]
	}
	if len(rows) > 0 {
		out.WriteString("<tbody>")
		for _, row := range rows {
			writeRowHTML(out, "td", row)
		}
		out.WriteString("</tbody>")
	}
	out.WriteString("</table>")
}

func writeRowHTML(out *strings.Builder, tag string, row []string) {
	out.WriteString("<tr>")
	for _, cell := range row {
		element(out, tag, cell)
	}
	out.WriteString("</tr>")
}
