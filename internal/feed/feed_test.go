package feed_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/feed"
)

var formats = map[string]func(feed.Feed) ([]byte, error){"rss": feed.RSS, "atom": feed.Atom, "json": feed.JSON}

// sample is a feed of one entry, which has all that an entry can have.
func sample() feed.Feed {
	published := time.Date(2026, 3, 6, 1, 27, 0, 0, time.FixedZone("", 5*3600))
	return feed.Feed{
		ID: "https://api.example/feeds/x", Title: "Courier · World", Language: "uz-Latn", Site: "https://news.example",
		Self: "https://api.example/feeds/x?lang=uz-Latn&tag=a%2Cb", Hub: "https://hub.example/", Publisher: "Courier", Updated: published.Add(time.Hour),
		Entries: []feed.Entry{{
			ID: "urn:uuid:01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42", URL: "https://news.example/uz-Latn/koprik", Language: "uz-Latn",
			Title: `Bridge & <b>"bank"</b> ]]> 🌉`, Summary: "R&D <script>alert(1)</script> ]]>", HTML: "<p>Old &amp; new ]]&gt; <em>bridge</em></p>",
			Published: published, Updated: published.Add(time.Hour), Authors: []string{"Dilnoza Yusupova", "Ann"},
			Categories:   []feed.Category{{Scheme: "https://api.example/sections", Term: "world", Label: "Jahon & dunyo"}, {Scheme: "https://api.example/tags", Term: "rain", Label: "Yomgʻir"}},
			Image:        &feed.Image{URL: "https://news.example/a.jpg?b=1&c=2", Type: "image/jpeg", Width: 800, Height: 600, Alt: "A bridge", Credit: "Ann"},
			Translations: []feed.Alternate{{Language: "ru", URL: "https://news.example/ru/most"}},
		}},
		Withdrawn: []feed.Withdrawal{{ID: "urn:uuid:01985e7a-2a10-7c3e-9d55-6f0c8a7b1e43", Reason: "Forged & <false>.", At: published}},
	}
}

func write(t *testing.T, format string, f feed.Feed) string {
	t.Helper()
	body, err := formats[format](f)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestOthersReadWhatIsWritten(t *testing.T) {
	want := sample().Entries[0]
	for format := range formats {
		body := write(t, format, sample())
		got, err := gofeed.NewParser().ParseString(body)
		if err != nil {
			t.Fatalf("%s: %v\n%s", format, err, body)
		}
		check := func(what string, got, want any) {
			t.Helper()
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %s is %v, want %v", format, what, got, want)
			}
		}
		check("type", got.FeedType, format)
		check("title", got.Title, "Courier · World")
		check("language", got.Language, "uz-Latn")
		check("link", got.Link, "https://news.example")
		check("feed link", got.FeedLink, "https://api.example/feeds/x?lang=uz-Latn&tag=a%2Cb")
		item := got.Items[0]
		check("guid", item.GUID, want.ID)
		check("link", item.Link, want.URL)
		check("title", item.Title, want.Title)
		check("content", item.Content, want.HTML)
		check("published", item.PublishedParsed.UTC(), want.Published.UTC())
		if format == "rss" { // of which gofeed takes the first author alone, and no atom:updated
			check("authors", item.DublinCoreExt.Creator, want.Authors)
		} else {
			check("updated", item.UpdatedParsed.UTC(), want.Updated.UTC())
			check("authors", len(item.Authors), 2)
		}
		check("author", item.Authors[0].Name, want.Authors[0])
		check("categories", len(item.Categories), 2)
		check("picture", item.Enclosures[0].URL, want.Image.URL)
		check("type of the picture", item.Enclosures[0].Type, want.Image.Type)
		if format == "rss" { // whose description is HTML
			check("summary", item.Description, "R&amp;D &lt;script&gt;alert(1)&lt;/script&gt; ]]&gt;")
		} else {
			check("summary", item.Description, want.Summary)
		}
	}
}

func TestWhatEachFormatSaysBeside(t *testing.T) {
	for format, parts := range map[string][]string{
		"rss": {
			`<guid isPermaLink="false">urn:uuid:`, `<pubDate>Fri, 06 Mar 2026 01:27:00 +0500</pubDate>`, `<atom:link rel="hub" href="https://hub.example/">`,
			`<atom:link rel="self" type="application/rss+xml"`, `<media:content url="https://news.example/a.jpg?b=1&amp;c=2"`, `<media:credit>Ann</media:credit>`,
			`<atom:updated>2026-03-05T21:27:00Z</atom:updated>`, `<dc:language>uz-Latn</dc:language>`,
		},
		"atom": {
			`<link rel="related" type="text/html" hreflang="ru" href="https://news.example/ru/most">`, `<link rel="hub" href="https://hub.example/">`,
			`<at:deleted-entry ref="urn:uuid:01985e7a-2a10-7c3e-9d55-6f0c8a7b1e43" when="2026-03-05T20:27:00Z"><at:comment>Forged &amp; &lt;false&gt;.</at:comment>`,
			`<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:lang="uz-Latn">`, `<entry xml:lang="uz-Latn">`,
			`<category scheme="https://api.example/tags" term="rain" label="Yomgʻir">`, `<published>2026-03-05T20:27:00Z</published>`,
		},
		"json": {
			`"version":"https://jsonfeed.org/version/1.1"`, `"hubs":[{"type":"WebSub","url":"https://hub.example/"}]`, `"tags":["Jahon & dunyo","Yomgʻir"]`,
			`"image":"https://news.example/a.jpg?b=1&c=2"`, `"mime_type":"image/jpeg"`, `"date_published":"2026-03-05T20:27:00Z"`,
		},
	} {
		body := write(t, format, sample())
		for _, part := range parts {
			if !strings.Contains(body, part) {
				t.Errorf("%s: %q is missing in\n%s", format, part, body)
			}
		}
	}
}

func TestWithoutAnything(t *testing.T) {
	f := feed.Feed{Entries: []feed.Entry{{Title: "Only a title"}}}
	for format := range formats {
		body := write(t, format, f)
		if strings.Contains(body, "hub") || strings.Contains(body, "enclosure") || strings.Contains(body, "content_html") {
			t.Errorf("%s: %s", format, body)
		}
		if _, err := gofeed.NewParser().ParseString(body); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
	if body := write(t, "json", f); !strings.Contains(body, `"content_text":"Only a title"`) {
		t.Error(body)
	}
}

// TestAnyTextSurvives: whatever the text, the document can be read, and says the same; a character that XML cannot have
// becomes U+FFFD.
func TestAnyTextSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.SampledFrom([]string{"]]>", "<![CDATA[", "&#0;", "\x00\x01\ufffe\uffff", "<?xml?>", "<!--", "\r\n\t", "👩‍👩‍👧"})).Draw(t, "text")
		f := sample()
		f.Entries[0].Title, f.Entries[0].Summary, f.Entries[0].HTML, f.Entries[0].Authors = raw, raw, raw, []string{raw}
		f.Withdrawn[0].Reason = raw
		for format := range formats {
			body, err := formats[format](f)
			if err != nil {
				t.Fatal(err)
			}
			if format == "json" {
				if got := jsonTitle(t, body); got != strings.ToValidUTF8(raw, "\ufffd") && utf8.ValidString(raw) {
					t.Errorf("%s: %q became %q", format, raw, got)
				}
			} else if got := xmlTitle(t, body); got != legal(raw) {
				t.Errorf("%s: %q became %q", format, raw, got)
			}
		}
	})
}

func jsonTitle(t *rapid.T, body []byte) string {
	var f feed.JSONFeed
	if err := json.Unmarshal(body, &f); err != nil {
		t.Fatal(err)
	}
	return f.Items[0].Title
}

// xmlTitle reads a document to its end, and gives the title of its entry.
func xmlTitle(t *rapid.T, body []byte) string {
	title, inEntry, inTitle := "", false, false
	for d := xml.NewDecoder(bytes.NewReader(body)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return title
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, body)
		}
		switch x := token.(type) {
		case xml.StartElement:
			inEntry = inEntry || x.Name.Local == "item" || x.Name.Local == "entry"
			inTitle = inEntry && x.Name.Local == "title" && x.Name.Space != "http://search.yahoo.com/mrss/"
		case xml.EndElement:
			inTitle = false
		case xml.CharData:
			if inTitle {
				title += string(x)
			}
		}
	}
}

// legal puts U+FFFD for what XML 1.0 cannot have (section 2.2), and for each byte that is no UTF-8.
func legal(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 {
			return r
		}
		return '\ufffd'
	}, s)
}

func TestAbsolute(t *testing.T) {
	const page = "https://news.example/en/a-bridge"
	for body, want := range map[string]string{
		`<a href="/en/other?x=1&amp;y=2">x</a>`:         `<a href="https://news.example/en/other?x=1&amp;y=2">x</a>`,
		`<img src="/a.jpg" alt="&quot;A&quot;">`:        `<img src="https://news.example/a.jpg" alt="&#34;A&#34;">`,
		`<a href="#note">1</a>`:                         `<a href="https://news.example/en/a-bridge#note">1</a>`,
		`<a href="https://other.example/?a&amp;b">`:     `<a href="https://other.example/?a&amp;b">`,
		`<a href="mailto:a@news.example">write</a>`:     `<a href="mailto:a@news.example">write</a>`,
		`<p>a &lt; b &amp;&nbsp;c</p><pre>/x</pre><hr>`: `<p>a &lt; b &amp;&nbsp;c</p><pre>/x</pre><hr>`,
		"": "",
	} {
		if got := feed.Absolute(body, page); got != want {
			t.Errorf("%s became %s, want %s", body, got, want)
		}
	}
}

func TestSitemap(t *testing.T) {
	var out strings.Builder
	file, err := feed.NewSitemap(&out)
	if err != nil {
		t.Fatal(err)
	}
	page := feed.SitemapPage{
		URL: "https://news.example/en/a?b&c", Changed: time.Date(2026, 3, 6, 1, 27, 0, 0, time.FixedZone("", 5*3600)),
		Alternates: []feed.Alternate{{Language: "ru", URL: "https://news.example/ru/a"}},
		News:       &feed.News{Publication: "Courier", Language: "en", Published: time.Date(2026, 3, 6, 1, 0, 0, 0, time.UTC), Title: "A \x01 & ]]>"},
	}
	for range 2 {
		if err := file.Add(page); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	var read struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []struct {
			Loc     string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 loc"`
			LastMod string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 lastmod"`
			Link    struct {
				Language string `xml:"hreflang,attr"`
			} `xml:"http://www.w3.org/1999/xhtml link"`
			Title string `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>title"`
		} `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 url"`
	}
	if err := xml.Unmarshal([]byte(out.String()), &read); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if u := read.URLs[1]; len(read.URLs) != 2 || u.Loc != page.URL || u.LastMod != "2026-03-05T20:27:00Z" || u.Link.Language != "ru" || u.Title != "A \ufffd & ]]>" {
		t.Errorf("%+v\n%s", read, out.String())
	}
}
