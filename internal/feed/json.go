package feed

import (
	"bytes"
	"encoding/json"
)

// JSONType is the media type of JSON Feed.
const JSONType = "application/feed+json"

// JSONFeed is a JSON Feed, version 1.1.
type JSONFeed struct {
	Version  string       `json:"version" example:"https://jsonfeed.org/version/1.1"`
	Title    string       `json:"title" example:"The Laylakkent Courier"`
	HomePage string       `json:"home_page_url" format:"uri"`
	FeedURL  string       `json:"feed_url" format:"uri"`
	Authors  []JSONAuthor `json:"authors"`
	// BCP 47 tag; left out when the feed has several.
	Language string `json:"language,omitempty" example:"uz-Latn"`
	// Where changes can be subscribed to.
	Hubs  []JSONHub  `json:"hubs,omitempty"`
	Items []JSONItem `json:"items"`
}

// JSONItem is an article in a JSON Feed.
type JSONItem struct {
	// Stays the same when the address changes.
	ID       string `json:"id" format:"uri" example:"urn:uuid:01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42"`
	URL      string `json:"url" format:"uri"`
	Title    string `json:"title" example:"Eski kanal ustida yangi koʻprik ochildi"`
	Summary  string `json:"summary,omitempty" example:"Koʻprik ikki mahallani bogʻladi."`
	Language string `json:"language" example:"uz-Latn"`
	// The whole text; only with full=true.
	HTML string `json:"content_html,omitempty"`
	// The summary, or else the title; only without full=true.
	Text      string       `json:"content_text,omitempty"`
	Published string       `json:"date_published" format:"date-time"`
	Modified  string       `json:"date_modified" format:"date-time"`
	Authors   []JSONAuthor `json:"authors,omitempty"`
	// The names of the section and of the tags.
	Tags        []string         `json:"tags,omitempty"`
	Image       string           `json:"image,omitempty" format:"uri"`
	Attachments []JSONAttachment `json:"attachments,omitempty"`
}

// JSONAuthor is a name in a byline.
type JSONAuthor struct {
	Name string `json:"name" example:"Dilnoza Yusupova"`
}

// JSONHub is a service that tells subscribers of changes.
type JSONHub struct {
	Type string `json:"type" example:"WebSub"`
	URL  string `json:"url" format:"uri"`
}

// JSONAttachment is a picture that belongs to an article.
type JSONAttachment struct {
	URL   string `json:"url" format:"uri"`
	Type  string `json:"mime_type" example:"image/jpeg"`
	Title string `json:"title,omitempty"`
}

// JSON gives f as JSON Feed 1.1. It has no way to withdraw an entry.
func JSON(f Feed) ([]byte, error) {
	out := JSONFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: f.Title, HomePage: f.Site, FeedURL: f.Self,
		Authors: []JSONAuthor{{f.Publisher}}, Language: f.Language, Items: make([]JSONItem, len(f.Entries)),
	}
	if f.Hub != "" {
		out.Hubs = []JSONHub{{"WebSub", f.Hub}}
	}
	for i, e := range f.Entries {
		out.Items[i] = jsonItemOf(e)
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(out)
	return body.Bytes(), err
}

func jsonItemOf(e Entry) JSONItem {
	item := JSONItem{
		ID: e.ID, URL: e.URL, Title: e.Title, Summary: e.Summary, Language: e.Language, HTML: e.HTML,
		Published: moment(e.Published), Modified: moment(e.Updated),
	}
	if item.HTML == "" { // one of the two has to be there
		item.Text = e.Summary
		if item.Text == "" {
			item.Text = e.Title
		}
	}
	for _, name := range e.Authors {
		item.Authors = append(item.Authors, JSONAuthor{name})
	}
	for _, c := range e.Categories {
		item.Tags = append(item.Tags, c.Label)
	}
	if i := e.Image; i != nil {
		item.Image = i.URL
		item.Attachments = []JSONAttachment{{i.URL, i.Type, i.Alt}}
	}
	return item
}
