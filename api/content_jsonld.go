package api

import (
	"cmp"
	"encoding/json"
	"time"
)

// ArticleSEO is what search engines and link previews are told of a live article.
type ArticleSEO struct {
	SEO
	JSONLD NewsArticle `json:"json_ld"`
}

// NewsArticle is the article as schema.org describes it, to be put into a page as a script of type application/ld+json. In
// this answer it is escaped so that it can be put there as it is.
type NewsArticle struct {
	Context string `json:"@context" example:"https://schema.org"`
	// NewsArticle, or one of its kinds by the type of the article: opinion, analysis, explainer, reportage, review.
	Type string `json:"@type" example:"NewsArticle"`
	// The title, shortened to 110 characters.
	Headline    string              `json:"headline" maxLength:"110" example:"Eski kanal ustida yangi koʻprik ochildi"`
	Description string              `json:"description,omitempty" example:"Koʻprik ikki mahallani bogʻladi."`
	Language    string              `json:"inLanguage" example:"uz-Latn"`
	Published   time.Time           `json:"datePublished" format:"date-time"`
	Modified    time.Time           `json:"dateModified" format:"date-time"`
	URL         string              `json:"url" format:"uri"`
	Page        WebPage             `json:"mainEntityOfPage"`
	Author      []Person            `json:"author,omitempty"`
	Publisher   Organization        `json:"publisher"`
	Section     string              `json:"articleSection,omitempty" example:"Jahon"`
	Keywords    []string            `json:"keywords,omitempty" example:"Futbol"`
	WordCount   int                 `json:"wordCount" minimum:"0" example:"812"`
	Free        bool                `json:"isAccessibleForFree" example:"true"`
	Image       []string            `json:"image,omitempty"`
	BasedOn     string              `json:"isBasedOn,omitempty" format:"uri"`
	Corrections []CorrectionComment `json:"correction,omitempty"`
}

// WebPage is the page of an article.
type WebPage struct {
	Type string `json:"@type" example:"WebPage"`
	ID   string `json:"@id" format:"uri"`
}

// Person is an author.
type Person struct {
	Type     string `json:"@type" example:"Person"`
	Name     string `json:"name" example:"Dilnoza Yusupova"`
	JobTitle string `json:"jobTitle,omitempty" example:"political scientist"`
	Image    string `json:"image,omitempty" format:"uri"`
}

// Organization is the newsroom.
type Organization struct {
	Type string `json:"@type" example:"NewsMediaOrganization"`
	Name string `json:"name" example:"The Laylakkent Courier"`
	URL  string `json:"url" format:"uri"`
}

// CorrectionComment is a public note of what was put right.
type CorrectionComment struct {
	Type      string    `json:"@type" example:"CorrectionComment"`
	Text      string    `json:"text"`
	Published time.Time `json:"datePublished" format:"date-time"`
}

// MarshalJSON escapes what would end a script element.
func (a NewsArticle) MarshalJSON() ([]byte, error) {
	type plain NewsArticle
	return json.Marshal(plain(a))
}

// schemaTypes are the types of schema.org for types of articles; what is not here is a NewsArticle.
var schemaTypes = map[string]string{
	"opinion":   "OpinionNewsArticle",
	"column":    "OpinionNewsArticle",
	"editorial": "OpinionNewsArticle",
	"analysis":  "AnalysisNewsArticle",
	"explainer": "BackgroundNewsArticle",
	"reportage": "ReportageNewsArticle",
	"review":    "ReviewNewsArticle",
}

// newsArticle describes an article of the site of that name.
func (w wire) newsArticle(a Article, site string) NewsArticle {
	out := NewsArticle{
		Context: "https://schema.org", Type: cmp.Or(schemaTypes[a.Type], "NewsArticle"), Headline: shorten(a.Title, 110),
		Description: cmp.Or(valueOf(a.SEO.Description), valueOf(a.Summary)), Language: a.Lang,
		Published: a.PublishedAt, Modified: a.UpdatedAt, URL: a.URL, Page: WebPage{"WebPage", a.URL},
		Publisher: Organization{"NewsMediaOrganization", site, w.siteURL}, WordCount: a.WordCount, Free: true,
	}
	for _, x := range a.Authors {
		out.Author = append(out.Author, Person{"Person", x.Name, valueOf(x.JobTitle), valueOf(x.Avatar)})
	}
	if a.Section != nil {
		out.Section = a.Section.Name
	}
	for _, t := range a.Tags {
		out.Keywords = append(out.Keywords, t.Name)
	}
	if a.Image != nil {
		out.Image = []string{a.Image.URL}
	}
	if original := valueOf(a.SEO.Canonical); original != a.URL {
		out.BasedOn = original
	}
	for _, c := range a.Corrections {
		out.Corrections = append(out.Corrections, CorrectionComment{"CorrectionComment", c.Text, c.At})
	}
	return out
}

// shorten gives the beginning of a text, of at most that many characters.
func shorten(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// valueOf gives "" for null.
func valueOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
