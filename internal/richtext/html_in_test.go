package richtext

import (
	"os"
	"strings"
	"testing"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

func p(text string) newsroom.Block {
	return newsroom.Block{Type: newsroom.BlockParagraph, Text: text}
}

func heading(level int, text string) newsroom.Block {
	return newsroom.Block{Type: newsroom.BlockHeading, Level: level, Text: text}
}

func quote(text, attribution string) newsroom.Block {
	return newsroom.Block{Type: newsroom.BlockQuote, Text: text, Attribution: attribution}
}

func list(items ...newsroom.ListItem) newsroom.Block {
	return newsroom.Block{Type: newsroom.BlockList, Items: items}
}

func li(text string, below ...newsroom.ListItem) newsroom.ListItem {
	return newsroom.ListItem{Text: text, Items: below}
}

func image(url, alt, caption, credit string) newsroom.Block {
	return newsroom.Block{Type: newsroom.BlockImage, URL: url, Alt: alt, Caption: caption, Credit: credit}
}

func tableOf(header bool, caption string, rows ...[]string) newsroom.Block {
	return newsroom.Block{Type: newsroom.BlockTable, Header: header, Caption: caption, Rows: rows}
}

func embed(provider, url, caption string) newsroom.Block {
	return newsroom.Block{Type: newsroom.BlockEmbed, Provider: provider, URL: url, Caption: caption}
}

func code(language, text string) newsroom.Block {
	return newsroom.Block{Type: newsroom.BlockCode, Language: language, Code: text}
}

var divider = newsroom.Block{Type: newsroom.BlockDivider}

const tube = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"

func TestFromHTML(t *testing.T) {
	tests := []struct {
		name, html string
		want       []newsroom.Block
	}{
		{"nothing", " \n<p>&nbsp;</p><div><br></div>", nil},
		{"bare text", "salom", []newsroom.Block{p("salom")}},
		{"paragraphs without end tags", "<p>a<p>b", []newsroom.Block{p("a"), p("b")}},
		{"wrappers", "<div>a<section><article>b</article></section>c</div>", []newsroom.Block{p("a"), p("b"), p("c")}},
		{"white space", "<p>\n a \t b&nbsp; c </p>", []newsroom.Block{p("a b c")}},
		{"breaks at the edges", "<p><br>a<br/><br><br><br>b<br></p>", []newsroom.Block{p("a<br><br>b")}},
		{"synonyms", "<b>a</b> <i>b</i> <strike>c</strike>", []newsroom.Block{p("<strong>a</strong> <em>b</em> <s>c</s>")}},
		{"one order of nesting", "<em><strong>a</strong></em>", []newsroom.Block{p("<strong><em>a</em></strong>")}},
		{"crossed formatting", "<b>a<i>b</b>c</i>d", []newsroom.Block{p("<strong>a<em>b</em></strong><em>c</em>d")}},
		{"space out of formatting", "<b>a </b>b", []newsroom.Block{p("<strong>a</strong> b")}},
		{"formatting over paragraphs", "<b><p>a</p><p>b</p></b>", []newsroom.Block{p("<strong>a</strong>"), p("<strong>b</strong>")}},
		{"a link ends with its paragraph", `<a href="/x"><p>a</p><p>b</p></a>`, []newsroom.Block{p(`<a href="/x">a</a>`), p("b")}},
		{
			"link", `<a href="https://x.uz/?a=1&b=2" title='"t"' target=_blank rel=nofollow>x</a>`,
			[]newsroom.Block{p(`<a href="https://x.uz/?a=1&amp;b=2" title="&#34;t&#34;">x</a>`)},
		},
		{"link in a link", `<a href=/1>a<a href=/2>b</a>c</a>`, []newsroom.Block{p(`<a href="/1">a</a><a href="/2">b</a>c`)}},
		{"bad link", `<a href="javascript:x">a</a> <a href="page.html">b</a>`, []newsroom.Block{p("a b")}},
		{"entities", "a &lt;b&gt; &amp;amp; &laquo;c&raquo; \"d\"", []newsroom.Block{p("a &lt;b&gt; &amp;amp; «c» \"d\"")}},
		{"Uzbek", "<p>Oʻzbekiston g‘alaba, ma'no va taʼlim</p>", []newsroom.Block{p("Oʻzbekiston g‘alaba, ma'no va taʼlim")}},
		{"headings", "<h1>a</h1><h2>b</h2><h6>c<br>d</h6>", []newsroom.Block{heading(2, "a"), heading(2, "b"), heading(6, "c<br>d")}},
		{"heading without end", "<h2>a<p>b", []newsroom.Block{heading(2, "a"), p("b")}},
		{"lists", "<ul><li>a<li>b<ol><li>c</ol>d</ul>", []newsroom.Block{list(li("a"),
			newsroom.ListItem{Text: "b<br>d", Ordered: true, Items: []newsroom.ListItem{li("c")}})}},
		{"list in a list", "<ul><li>a</li><ul><li>b</li></ul></ul>", []newsroom.Block{list(li("a", li("b")))}},
		{"paragraphs in an item", "<ul><li><p>a</p><p>b</p></li></ul>", []newsroom.Block{list(li("a<br>b"))}},
		{"text in a list", "<ul>a<li>b</ul>c", []newsroom.Block{list(li("a"), li("b")), p("c")}},
		{"item without list", "<li>a</li><li>b</li>", []newsroom.Block{p("a"), p("b")}},
		{
			"picture in a list", "<ul><li>a<img src=/i.png><li>b</ul>c",
			[]newsroom.Block{list(li("a"), li("b")), image("/i.png", "", "", ""), p("c")},
		},
		{
			"quote", "<blockquote><p>a</p><p>b</p><footer>— <cite>Karim</cite></footer></blockquote>",
			[]newsroom.Block{quote("a<br><br>b", "Karim")},
		},
		{"quote with cite", "<blockquote>a <cite>Book</cite><br><cite>Karim</cite></blockquote>", []newsroom.Block{quote("a Book", "Karim")}},
		{
			"pull quote", "<figure class=wp-block-pullquote><blockquote>a</blockquote><figcaption>Karim</figcaption></figure>",
			[]newsroom.Block{quote("a", "Karim")},
		},
		{"quote with a list", "<blockquote>a<ul><li>b</li></ul><h2>c</h2></blockquote>", []newsroom.Block{quote("a<br><br>b<br><br>c", "")}},
		{
			"picture in a paragraph", `<p>a<img src="https://x.uz/i.jpg" alt=" b  c ">d</p>`,
			[]newsroom.Block{p("a"), image("https://x.uz/i.jpg", "b c", "", ""), p("d")},
		},
		{
			"figure", `<figure><img src=//x.uz/i.jpg><figcaption>a <b>b</b> <span class="photo-credit">AFP &amp; Co</span></figcaption></figure>`,
			[]newsroom.Block{image("https://x.uz/i.jpg", "", "a <strong>b</strong>", "AFP & Co")},
		},
		{"caption first", `<figure><figcaption>a</figcaption><img src=/i.jpg></figure>`, []newsroom.Block{image("/i.jpg", "", "a", "")}},
		{"caption of nothing", `<figure><figcaption>a</figcaption></figure>`, []newsroom.Block{p("a")}},
		{
			"lazy picture", `<img src="data:image/gif;base64,R0" data-src="/i.jpg"><noscript><img src=/i.jpg></noscript>`,
			[]newsroom.Block{image("/i.jpg", "", "", "")},
		},
		{"pictures to drop", `<img src=data:x><img alt=x><img src=/p.gif width=1 height=1><img src=i.png>`, nil},
		{"emoji", `<p>a <img class=emoji alt="😀" src=/e.png></p>`, []newsroom.Block{p("a 😀")}},
		{
			"table", "<table><caption>c</caption><thead><tr><th>a<th>b<tbody><tr><td>1<td>2<tr><td>3</table>",
			[]newsroom.Block{tableOf(true, "c", []string{"a", "b"}, []string{"1", "2"}, []string{"3", ""})},
		},
		{
			"spans", "<table><tr><th rowspan=2>a<td colspan=2>b<tr><td>c<td>d</table>",
			[]newsroom.Block{tableOf(false, "", []string{"a", "b", ""}, []string{"", "c", "d"})},
		},
		{
			"table in a table", "<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table>d</td><td>e</td></tr></table>",
			[]newsroom.Block{tableOf(false, "", []string{"a<br>b<br>c<br>d", "e"})},
		},
		{"text in a table", "<table>a<tr>b<td>c</table>", []newsroom.Block{tableOf(false, "", []string{"a", ""}, []string{"b", "c"})}},
		{"empty table", "<table><tr><td> </table>", nil},
		{"empty header", "<table><thead><tr><th><tbody><tr><td>a</table>", []newsroom.Block{tableOf(false, "", []string{"a"})}},
		{"code", "<pre><code class='x language-Go'>\n\tif a &lt; b {<br>}\n</code></pre>", []newsroom.Block{code("go", "\tif a < b {\n}")}},
		{"divider", "a<hr>b", []newsroom.Block{p("a"), divider, p("b")}},
		{
			"frames", `<p>a<iframe src="//www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0"></iframe><iframe src="https://ads.uz/"></iframe>`,
			[]newsroom.Block{p("a"), embed("youtube", tube, "")},
		},
		{
			"embed of our own", `<figure class="embed"><a href="https://youtu.be/dQw4w9WgXcQ">Ko‘ring</a></figure>`,
			[]newsroom.Block{embed("youtube", tube, "Ko‘ring")},
		},
		{"skipped", "a<script>b</script><style>c</style><svg><title>d</title></svg><template>e</template>f", []newsroom.Block{p("af")}},
		{"svg without end", "<svg><path><p>a", []newsroom.Block{p("a")}},
		{
			"two captions", "<table><caption>a</caption><tr><td>b</td></tr><caption>c</table>",
			[]newsroom.Block{tableOf(false, "a<br>c", []string{"b"})},
		},
		{
			"captions too many", "<figure><img src=/i.jpg><figcaption>a</figcaption><figcaption>b</figcaption></figure>",
			[]newsroom.Block{image("/i.jpg", "", "a", ""), p("b")},
		},
		{
			"credit of an embed", `<figure class=embed><a href="https://t.me/a/1">https://t.me/a/1</a><figcaption>a <i class=credit>b</i></figcaption></figure>`,
			[]newsroom.Block{embed("telegram", "https://t.me/a/1", "a<br>b")},
		},
		{"long title", `<abbr title="` + strings.Repeat("x", maxTitle+1) + `">a</abbr>`, []newsroom.Block{p("a")}},
		{"control characters", "a\x00b\x07c&#1;\ufeff\xff", []newsroom.Block{p("abc\ufffd")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := FromHTML(tt.html)
			mustEqual(t, "blocks", got, tt.want)
			checkBlocks(t, got)
		})
	}
}

func TestFromHTMLOfNewsrooms(t *testing.T) {
	tests := []struct {
		name, html string
		want       []newsroom.Block
	}{
		{
			"Word", `<!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]--><style>p.MsoNormal{margin:0}</style>
			<p class=MsoNormal style='text-align:justify'><b><span lang=UZ style='font-size:14.0pt'>Toshkent.<o:p></o:p></span></b></p>
			<p class=MsoNormal><span lang=UZ>Bugun&nbsp; <i>yangi</i>
			bog‘ ochildi.<o:p>&nbsp;</o:p></span></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>`,
			[]newsroom.Block{p("<strong>Toshkent.</strong>"), p("Bugun <em>yangi</em> bog‘ ochildi.")},
		},
		{"Google Docs", `<b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr"><span style="font-weight:700">a</span>
			<span style="font-style:italic">b</span></p><br></b>`, []newsroom.Block{p("<strong>a</strong> <em>b</em>")}},
		{
			"WordPress", `<!-- wp:paragraph --><p>Matn</p><!-- /wp:paragraph -->
			<!-- wp:image {"id":1} --><figure class="wp-block-image size-large"><a href="/big"><img src="https://x.uz/i.jpg" alt="A" class="wp-image-1"/></a>
			<figcaption class="wp-element-caption">Izoh</figcaption></figure><!-- /wp:image -->
			<figure class="wp-block-embed is-type-video"><div class="wp-block-embed__wrapper">
			https://www.youtube.com/watch?v=dQw4w9WgXcQ&amp;feature=share
			</div><figcaption>Video</figcaption></figure>
			<blockquote class="wp-block-quote"><p>Gap</p><cite>Karim</cite></blockquote>
			<figure class="wp-block-table"><table><tbody><tr><td>1</td></tr></tbody></table><figcaption>Jadval</figcaption></figure>
			<hr class="wp-block-separator"/>`,
			[]newsroom.Block{
				p("Matn"), image("https://x.uz/i.jpg", "A", "Izoh", ""), embed("youtube", tube, "Video"),
				quote("Gap", "Karim"), tableOf(false, "Jadval", []string{"1"}), divider,
			},
		},
		{
			"Telegram", `<p>a</p><script async src="https://telegram.org/js/telegram-widget.js?22" data-telegram-post="kunuzofficial/77" data-width="100%"></script><p>b</p>`,
			[]newsroom.Block{p("a"), embed("telegram", "https://t.me/kunuzofficial/77", ""), p("b")},
		},
		{
			"X", `<blockquote class="twitter-tweet"><p lang="uz">Salom <a href="https://t.co/1">x</a></p>&mdash; Karim (@karim)
			<a href="https://twitter.com/karim/status/99?ref_src=tw">May 1</a></blockquote><script src="https://platform.twitter.com/widgets.js"></script>`,
			[]newsroom.Block{embed("x", "https://x.com/karim/status/99", `Salom <a href="https://t.co/1">x</a><br><br>— Karim (@karim) `+
				`<a href="https://twitter.com/karim/status/99?ref_src=tw">May 1</a>`)},
		},
		{
			"Instagram", `<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/reel/Abc_1/?utm_source=ig"><a href="x">A post</a></blockquote>`,
			[]newsroom.Block{embed("instagram", "https://www.instagram.com/reel/Abc_1/", "A post")},
		},
		{
			"Facebook", `<div class="fb-post" data-href="https://www.facebook.com/kun.uz/posts/12?x=1"></div>`,
			[]newsroom.Block{embed("facebook", "https://www.facebook.com/kun.uz/posts/12", "")},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := FromHTML(tt.html)
			mustEqual(t, "blocks", got, tt.want)
			checkBlocks(t, got)
		})
	}
}

// vectors are attacks, one a line.
func vectors(t testing.TB) []string {
	file, err := os.ReadFile("testdata/xss.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(file)), "\n")
}

func TestNoAttackGetsThrough(t *testing.T) {
	for _, v := range vectors(t) {
		for _, in := range []string{v, "<p>" + v + "</p>", "<ul><li>" + v, "<table><td>" + v, "<blockquote>" + v, "<figure><figcaption>" + v} {
			blocks := FromHTML(in)
			checkSafe(t, HTML(blocks))
			checkBlocks(t, blocks)
		}
		fromMarkdown := FromMarkdown(v)
		checkSafe(t, HTML(fromMarkdown))
		for _, b := range []newsroom.Block{
			{Type: "paragraph", Text: v},
			{Type: "quote", Text: "x", Attribution: v},
			{Type: "image", URL: v},
			{Type: "image", URL: "/a", Alt: v, Caption: v, Credit: v},
			{Type: "list", Items: []newsroom.ListItem{{Text: v}}},
			{Type: "table", Rows: [][]string{{v}}, Caption: v},
			{Type: "code", Code: v, Language: v},
			{Type: "embed", URL: v, Provider: v},
		} {
			if sent, errs := Normalize([]newsroom.Block{b}); len(errs) == 0 {
				checkSafe(t, HTML(sent))
				checkBlocks(t, sent)
			}
		}
	}
}

// What comes out is bounded by what goes in, and by constants, whatever the nesting.
func TestNestingIsBounded(t *testing.T) {
	const size = 1 << 20
	long := `<a href="/` + strings.Repeat("x", 2000) + `">`
	prefixes := []string{"", "<table>", "<ul>", "<blockquote>", "<figure><img src=/a>", long, "<table>" + long, "<blockquote>" + long, "<ul><li>" + long}
	for _, prefix := range prefixes {
		for _, unit := range []string{
			"<div>", "<ul><li>", "<ul><li>x", "<blockquote>x", "<b>", "<b a=1><i>x</b>", "<table><tr><td>x", "<p>x", "<br>x",
			"x<br><br>", "<li>x", "<td colspan=999 rowspan=999>x", "<tr><td>x", "<caption>x", "<figcaption>x", "<footer>x</footer>",
		} {
			if prefix != "" && len(unit) > 12 {
				continue
			}
			in := prefix + strings.Repeat(unit, size/64/len(unit))
			b := newReader(&inlineWriter{})
			b.read(in)
			if len(b.stack) > maxDepth+2 {
				t.Errorf("%.12s %s: %d open elements", prefix, unit, len(b.stack))
			}
			blocks := FromHTML(in)
			if out := HTML(blocks); len(blocks) > maxBlocks || len(out) > 8*len(in)+16*maxCells*16 {
				t.Errorf("%.12s %s: %d blocks, %d bytes of %d", prefix, unit, len(blocks), len(out), len(in))
			}
			if _, errs := Normalize(blocks); len(errs) > 0 {
				t.Errorf("%.12s %s: %v", prefix, unit, errs[0])
			}
		}
	}
	for _, unit := range []string{"<div>", "<ul><li>", "<blockquote>", "<b>", "<table><tr><td>"} {
		if got := FromHTML(strings.Repeat(unit, size/len(unit))); len(got) != 0 {
			t.Errorf("%s: empty elements gave %d blocks", unit, len(got))
		}
	}
}

func TestTextPastTheLastBlockIsKept(t *testing.T) {
	blocks := FromHTML(strings.Repeat("<p>a</p>", maxBlocks) + "<h2>oxiri</h2>")
	if len(blocks) != maxBlocks || blocks[maxBlocks-1].Text != "a<br><br>oxiri" {
		t.Errorf("%d blocks, the last %+v", len(blocks), blocks[len(blocks)-1])
	}
	checkBlocks(t, blocks)
}

func TestLargeTablesBecomeParagraphs(t *testing.T) {
	wide := FromHTML("<table><tr>" + strings.Repeat("<td>x", maxColumns+5))
	if len(wide) != 1 || len(wide[0].Rows[0]) != maxColumns || wide[0].Rows[0][maxColumns-1] != "x<br>x<br>x<br>x<br>x<br>x" {
		t.Errorf("wide table: %+v", wide)
	}
	row := "<tr>" + strings.Repeat("<td>x", 50)
	if long := FromHTML("<table>" + strings.Repeat(row, maxCells/50+1)); long[0].Type != newsroom.BlockParagraph {
		t.Errorf("long table: %s", long[0].Type)
	}
}

func FuzzFromHTML(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v)
	}
	f.Add("<ul><li>a<ol><li><b>b</ul><table><tr><th>a<td>b<blockquote>c<footer>d")
	f.Fuzz(func(t *testing.T, s string) {
		blocks := FromHTML(s)
		checkSafe(t, HTML(blocks))
		checkBlocks(t, blocks)
	})
}
