package feed

import (
	"encoding/xml"
	"time"
)

// AtomType is the media type of Atom.
const AtomType = "application/atom+xml"

const generator = "Nashr"

type atomFeed struct {
	XMLName   xml.Name       `xml:"feed"`
	NS        string         `xml:"xmlns,attr"`
	Tombstone string         `xml:"xmlns:at,attr"`
	Language  string         `xml:"xml:lang,attr,omitempty"`
	ID        string         `xml:"id"`
	Title     string         `xml:"title"`
	Updated   string         `xml:"updated"`
	Author    atomPerson     `xml:"author"`
	Generator string         `xml:"generator"`
	Links     []atomLink     `xml:"link"`
	Deleted   []atomDeletion `xml:"at:deleted-entry"`
	Entries   []atomEntry    `xml:"entry"`
}

type atomEntry struct {
	Language   string         `xml:"xml:lang,attr,omitempty"`
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Authors    []atomPerson   `xml:"author"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary,omitempty"`
	Content    *atomContent   `xml:"content"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel      string `xml:"rel,attr"`
	Type     string `xml:"type,attr,omitempty"`
	Language string `xml:"hreflang,attr,omitempty"`
	URL      string `xml:"href,attr"`
	Title    string `xml:"title,attr,omitempty"`
}

type atomCategory struct {
	Scheme string `xml:"scheme,attr"`
	Term   string `xml:"term,attr"`
	Label  string `xml:"label,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",chardata"`
}

type atomDeletion struct {
	ID     string `xml:"ref,attr"`
	At     string `xml:"when,attr"`
	Reason string `xml:"at:comment"`
}

// Atom gives f as Atom (RFC 4287). What was withdrawn is a tombstone (RFC 6721).
func Atom(f Feed) ([]byte, error) {
	feed := atomFeed{
		NS: "http://www.w3.org/2005/Atom", Tombstone: "http://purl.org/atompub/tombstones/1.0",
		Language: f.Language, ID: f.ID, Title: f.Title, Updated: moment(f.Updated), Author: atomPerson{f.Publisher}, Generator: generator,
		Links: append([]atomLink{{Rel: "alternate", Type: "text/html", URL: f.Site}}, f.links(AtomType)...),
	}
	for _, w := range f.Withdrawn {
		feed.Deleted = append(feed.Deleted, atomDeletion{w.ID, moment(w.At), w.Reason})
	}
	for _, e := range f.Entries {
		feed.Entries = append(feed.Entries, atomEntryOf(e))
	}
	return document(feed)
}

// atomEntryOf gives one entry. Translations are related to it, and no alternates: readers' programs take the last
// alternate for its address.
func atomEntryOf(e Entry) atomEntry {
	entry := atomEntry{
		Language: e.Language, ID: e.ID, Title: e.Title, Published: moment(e.Published), Updated: moment(e.Updated), Summary: e.Summary,
		Links: []atomLink{{Rel: "alternate", Type: "text/html", Language: e.Language, URL: e.URL}},
	}
	for _, t := range e.Translations {
		entry.Links = append(entry.Links, atomLink{Rel: "related", Type: "text/html", Language: t.Language, URL: t.URL})
	}
	if i := e.Image; i != nil {
		entry.Links = append(entry.Links, atomLink{Rel: "enclosure", Type: i.Type, URL: i.URL, Title: i.Alt})
	}
	for _, name := range e.Authors {
		entry.Authors = append(entry.Authors, atomPerson{name})
	}
	for _, c := range e.Categories {
		entry.Categories = append(entry.Categories, atomCategory(c))
	}
	if e.HTML != "" {
		entry.Content = &atomContent{"html", e.HTML}
	}
	return entry
}

// links gives where the feed itself is, and who tells of its changes.
func (f Feed) links(mediaType string) []atomLink {
	links := []atomLink{{Rel: "self", Type: mediaType, URL: f.Self}}
	if f.Hub != "" {
		links = append(links, atomLink{Rel: "hub", URL: f.Hub})
	}
	return links
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999Z07:00") }
