package feed

import (
	"encoding/xml"
	"io"
	"time"
)

// SitemapFile is an entry of a sitemap index.
type SitemapFile struct {
	URL     string
	Changed time.Time
}

type sitemapIndex struct {
	XMLName xml.Name       `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Files   []sitemapEntry `xml:"sitemap"`
}

type sitemapEntry struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
}

// SitemapIndex gives the index of a sitemap.
func SitemapIndex(files []SitemapFile) ([]byte, error) {
	index := sitemapIndex{Files: make([]sitemapEntry, len(files))}
	for i, f := range files {
		index.Files[i] = sitemapEntry{f.URL, f.Changed.UTC().Format(time.RFC3339)}
	}
	return document(index)
}

// SitemapPage is an entry of a sitemap.
type SitemapPage struct {
	URL        string
	Changed    time.Time
	Alternates []Alternate // the page in each of its languages, this one among them
	News       *News       // only in a sitemap of news
}

// News is what a sitemap of news says of a page.
type News struct {
	Publication string
	Language    string // ISO 639, but for zh-cn and zh-tw
	Published   time.Time
	Title       string
}

type sitemapURL struct {
	XMLName xml.Name      `xml:"url"`
	Loc     string        `xml:"loc"`
	LastMod string        `xml:"lastmod"`
	Links   []sitemapLink `xml:"xhtml:link"`
	News    *sitemapNews  `xml:"news:news"`
}

type sitemapLink struct {
	Rel      string `xml:"rel,attr"`
	Language string `xml:"hreflang,attr"`
	URL      string `xml:"href,attr"`
}

type sitemapNews struct {
	Name      string `xml:"news:publication>news:name"`
	Language  string `xml:"news:publication>news:language"`
	Published string `xml:"news:publication_date"`
	Title     string `xml:"news:title"`
}

// Sitemap writes a sitemap page by page. Close ends it.
type Sitemap struct {
	to  io.Writer
	xml *xml.Encoder
}

// NewSitemap begins a sitemap.
func NewSitemap(to io.Writer) (*Sitemap, error) {
	_, err := io.WriteString(to, xml.Header+`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"`+
		` xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">`)
	return &Sitemap{to, xml.NewEncoder(to)}, err
}

// Add writes a page.
func (s *Sitemap) Add(p SitemapPage) error {
	u := sitemapURL{Loc: p.URL, LastMod: p.Changed.UTC().Format(time.RFC3339)}
	for _, a := range p.Alternates {
		u.Links = append(u.Links, sitemapLink{"alternate", a.Language, a.URL})
	}
	if n := p.News; n != nil {
		u.News = &sitemapNews{n.Publication, n.Language, n.Published.Format(time.RFC3339), n.Title}
	}
	return s.xml.Encode(u)
}

// Close writes the end.
func (s *Sitemap) Close() error {
	_, err := io.WriteString(s.to, "</urlset>\n")
	return err
}
