package feed

import (
	"encoding/xml"
	"time"
)

// RSSType is the media type of RSS.
const RSSType = "application/rss+xml"

type rss struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Content string     `xml:"xmlns:content,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Media   string     `xml:"xmlns:media,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string     `xml:"title"`
	Link        string     `xml:"link"`
	Description string     `xml:"description"`
	Language    string     `xml:"language,omitempty"`
	Built       string     `xml:"lastBuildDate"`
	Generator   string     `xml:"generator"`
	Links       []atomLink `xml:"atom:link"`
	Items       []rssItem  `xml:"item"`
}

type rssItem struct {
	Title       string        `xml:"title"`
	Link        string        `xml:"link"`
	GUID        rssGUID       `xml:"guid"`
	Published   string        `xml:"pubDate"`
	Updated     string        `xml:"atom:updated"`
	Language    string        `xml:"dc:language"`
	Creators    []string      `xml:"dc:creator"`
	Categories  []rssCategory `xml:"category"`
	Description string        `xml:"description,omitempty"`
	Content     string        `xml:"content:encoded,omitempty"`
	Enclosure   *rssEnclosure `xml:"enclosure"`
	Media       *rssMedia     `xml:"media:content"`
}

type rssGUID struct {
	IsPermaLink bool   `xml:"isPermaLink,attr"`
	ID          string `xml:",chardata"`
}

type rssCategory struct {
	Domain string `xml:"domain,attr"`
	Label  string `xml:",chardata"`
}

type rssEnclosure struct {
	URL    string `xml:"url,attr"`
	Length int    `xml:"length,attr"` // required; 0 says that it is not known
	Type   string `xml:"type,attr"`
}

type rssMedia struct {
	URL     string `xml:"url,attr"`
	Type    string `xml:"type,attr"`
	Medium  string `xml:"medium,attr"`
	Width   int    `xml:"width,attr"`
	Height  int    `xml:"height,attr"`
	Title   string `xml:"media:title,omitempty"`
	Caption string `xml:"media:description,omitempty"`
	Credit  string `xml:"media:credit,omitempty"`
}

// RSS gives f as RSS 2.0, with the namespaces that readers' programs know. Dates are in the zones of their times. It has
// no way to withdraw an entry.
func RSS(f Feed) ([]byte, error) {
	channel := rssChannel{
		Title: f.Title, Link: f.Site, Description: f.Title, Language: f.Language, Built: f.Updated.Format(time.RFC1123Z),
		Generator: generator, Links: f.links(RSSType),
	}
	for _, e := range f.Entries {
		channel.Items = append(channel.Items, rssItemOf(e))
	}
	return document(rss{
		Version: "2.0", Channel: channel,
		Atom:    "http://www.w3.org/2005/Atom",
		Content: "http://purl.org/rss/1.0/modules/content/",
		DC:      "http://purl.org/dc/elements/1.1/",
		Media:   "http://search.yahoo.com/mrss/",
	})
}

func rssItemOf(e Entry) rssItem {
	item := rssItem{
		Title: e.Title, Link: e.URL, GUID: rssGUID{ID: e.ID}, Language: e.Language, Creators: e.Authors,
		Published: e.Published.Format(time.RFC1123Z), Updated: e.Updated.UTC().Format(time.RFC3339),
		Description: text.Replace(e.Summary), Content: e.HTML,
	}
	for _, c := range e.Categories {
		item.Categories = append(item.Categories, rssCategory{c.Scheme, c.Label})
	}
	if i := e.Image; i != nil {
		item.Enclosure = &rssEnclosure{URL: i.URL, Type: i.Type}
		item.Media = &rssMedia{i.URL, i.Type, "image", i.Width, i.Height, i.Alt, i.Caption, i.Credit}
	}
	return item
}
