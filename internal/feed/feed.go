// Package feed writes what others follow a site by: RSS, Atom and JSON Feed, and sitemaps. It knows no store and no HTTP:
// it is given what stands in a feed, and gives bytes. Text may hold any characters.
package feed

import (
	"encoding/xml"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// Feed is a list of articles that readers' programs look at again and again.
type Feed struct {
	ID        string // an IRI that stays
	Title     string
	Language  string // BCP 47; empty when there are several
	Site      string // address of the site
	Self      string // address of this feed, by which it is subscribed to
	Hub       string // address of the WebSub hub that is told of changes; empty for none
	Publisher string // whose feed it is, and the author of what has no byline
	Updated   time.Time
	Entries   []Entry
	Withdrawn []Withdrawal
}

// Entry is an article in a feed.
type Entry struct {
	ID           string // an IRI that stays when the address changes
	URL          string
	Language     string
	Title        string
	Summary      string // plain text
	HTML         string // the whole text; empty for none
	Published    time.Time
	Updated      time.Time
	Authors      []string
	Categories   []Category
	Image        *Image
	Translations []Alternate
}

// Category is a section or a tag.
type Category struct {
	Scheme string // an IRI that says of what kind Term is
	Term   string
	Label  string
}

// Image is the picture of an article.
type Image struct {
	URL           string
	Type          string // media type
	Width, Height int
	Alt           string
	Caption       string
	Credit        string
}

// Alternate is the same page in another language.
type Alternate struct{ Language, URL string }

// Withdrawal asks those who keep copies of an entry to take it away.
type Withdrawal struct {
	ID     string // of the entry
	Reason string
	At     time.Time
}

// Absolute gives HTML whose links and pictures are absolute addresses, as a page at base means them.
func Absolute(body, base string) string {
	page, err := url.Parse(base)
	if err != nil {
		return body
	}
	var out strings.Builder
	for tokens := html.NewTokenizer(strings.NewReader(body)); tokens.Next() != html.ErrorToken; {
		raw := string(tokens.Raw())
		if token := tokens.Token(); resolve(token.Attr, page) {
			raw = token.String()
		}
		out.WriteString(raw)
	}
	return out.String()
}

// resolve makes relative addresses absolute, and reports whether there were any.
func resolve(attributes []html.Attribute, page *url.URL) bool {
	changed := false
	for i, a := range attributes {
		if a.Key != "href" && a.Key != "src" {
			continue
		}
		if u, err := url.Parse(a.Val); err == nil && !u.IsAbs() {
			attributes[i].Val, changed = page.ResolveReference(u).String(), true
		}
	}
	return changed
}

// document gives v as an XML document.
func document(v any) ([]byte, error) {
	body, err := xml.Marshal(v)
	return append([]byte(xml.Header), body...), err
}

// text escapes plain text for where HTML is expected.
var text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
