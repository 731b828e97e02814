package api

import (
	"encoding/json"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/richtext"
	"github.com/nashr-cms/nashr/internal/store"
)

// cardBase are the fields that the cards of readers and of editors share.
type cardBase struct {
	ID   string `json:"id" format:"uuid" example:"01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42"`
	Type string `json:"type" example:"article"`
	// BCP 47 tag of the language.
	Lang string `json:"lang" example:"uz-Latn"`
	Slug string `json:"slug" example:"eski-kanal-ustida-yangi-koprik-ochildi"`
	// Where readers find it on the site.
	URL      string  `json:"url" format:"uri" example:"https://news.example/uz-Latn/eski-kanal-ustida-yangi-koprik-ochildi"`
	Title    string  `json:"title" example:"Eski kanal ustida yangi koʻprik ochildi"`
	Kicker   *string `json:"kicker" example:"Shahar hayoti"`
	Subtitle *string `json:"subtitle"`
	// Given, or made from the first sentences of the body.
	Summary *string     `json:"summary" example:"Koʻprik ikki mahallani bogʻladi."`
	Section *SectionRef `json:"section"`
	Authors []AuthorRef `json:"authors"`
	Tags    []TagRef    `json:"tags"`
	Image   *Image      `json:"lead_image"`
	Views   int64       `json:"views" minimum:"0" example:"10"`
	Minutes int         `json:"reading_minutes" minimum:"0" example:"4"`
	// Chosen for the front of the site.
	Featured bool `json:"featured"`
	// Breaking news.
	Breaking bool `json:"breaking"`
}

// Card is an article as lists show it.
type Card struct {
	cardBase
	// The language that the article was written in, when it is shown in another script of it; else null.
	TransliteratedFrom *string   `json:"transliterated_from" example:"uz-Latn"`
	PublishedAt        time.Time `json:"published_at" format:"date-time" example:"2026-03-05T20:27:00Z"`
	UpdatedAt          time.Time `json:"updated_at" format:"date-time" example:"2026-03-05T20:27:00Z"`
	// Only with include=body.
	Body *Body `json:"body,omitempty"`
	// Only with highlight=true.
	Highlight *Highlight `json:"highlight,omitempty"`
}

// Article is everything that readers get of an article.
type Article struct {
	cardBase
	// The language that the article was written in, when it is shown in another script of it; else null.
	TransliteratedFrom *string   `json:"transliterated_from" example:"uz-Latn"`
	PublishedAt        time.Time `json:"published_at" format:"date-time" example:"2026-03-05T20:27:00Z"`
	UpdatedAt          time.Time `json:"updated_at" format:"date-time" example:"2026-03-05T20:27:00Z"`
	fullText
	SEO ArticleSEO `json:"seo"`
}

// fullText are the fields that an article has beyond its card.
type fullText struct {
	Body         Body             `json:"body"`
	Custom       json.RawMessage  `json:"custom" swaggertype:"object"`
	Translations []TranslationRef `json:"translations"`
	Corrections  []Correction     `json:"corrections"`
	WordCount    int              `json:"word_count" minimum:"0" example:"812"`
}

// Body is the text of an article in the formats that were asked for; the others are left out.
type Body struct {
	HTML     *string           `json:"html,omitempty" example:"<p>Koʻprik ikki mahallani bogʻladi.</p>"`
	Blocks   *[]newsroom.Block `json:"blocks,omitempty"`
	Markdown *string           `json:"markdown,omitempty" example:"Koʻprik ikki mahallani bogʻladi."`
	Text     *string           `json:"text,omitempty" example:"Koʻprik ikki mahallani bogʻladi."`
}

// SectionRef is the section that an article stands in.
type SectionRef struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name" example:"Jahon"`
	Slug string `json:"slug" example:"world"`
	// The slugs from the root of the tree to this section.
	Path string `json:"path" example:"news/world"`
}

// AuthorRef is a name in a byline.
type AuthorRef struct {
	ID       string  `json:"id" format:"uuid"`
	Slug     string  `json:"slug" example:"dilnoza-yusupova"`
	Name     string  `json:"name" example:"Dilnoza Yusupova"`
	JobTitle *string `json:"job_title" example:"political scientist"`
	Avatar   *string `json:"avatar" format:"uri"`
}

// TagRef is a subject of an article.
type TagRef struct {
	ID   string `json:"id" format:"uuid"`
	Slug string `json:"slug" example:"football"`
	Name string `json:"name" example:"Futbol"`
}

// Image is a picture with what is to be said of it.
type Image struct {
	ID         string      `json:"id" format:"uuid"`
	URL        string      `json:"url" format:"uri"`
	Width      int         `json:"width" minimum:"1"`
	Height     int         `json:"height" minimum:"1"`
	Alt        *string     `json:"alt"`
	Caption    *string     `json:"caption"`
	Credit     *string     `json:"credit"`
	Focal      *Focal      `json:"focal"`
	Renditions []Rendition `json:"renditions"`
}

// Focal is the point of a picture that must stay in view, as fractions of its width and height.
type Focal struct {
	X float64 `json:"x" minimum:"0" maximum:"1"`
	Y float64 `json:"y" minimum:"0" maximum:"1"`
}

// Rendition is a picture in another size.
type Rendition struct {
	URL    string `json:"url" format:"uri"`
	Width  int    `json:"width" minimum:"1"`
	Height int    `json:"height" minimum:"1"`
	Type   string `json:"type" example:"image/webp"`
}

// SEO is what search engines and link previews are told instead of the title and the summary.
type SEO struct {
	Title       *string `json:"title"`
	Description *string `json:"description"`
	// The original of a text that was taken over.
	Canonical *string `json:"canonical" format:"uri"`
	NoIndex   bool    `json:"no_index"`
}

// TranslationRef is the same story in another language.
type TranslationRef struct {
	Lang string `json:"lang" example:"ru"`
	Slug string `json:"slug" example:"novyy-most"`
	URL  string `json:"url" format:"uri"`
}

// Correction is a public note of what was put right in an article.
type Correction struct {
	ID   string    `json:"id" format:"uuid"`
	At   time.Time `json:"at" format:"date-time"`
	Text string    `json:"text" example:"An earlier version gave the wrong year."`
}

// Site is what a newsroom says of itself.
type Site struct {
	Name        string  `json:"name" example:"The Laylakkent Courier"`
	Description *string `json:"description" example:"News of a town with storks"`
	URL         string  `json:"url" format:"uri" example:"https://news.example"`
	// BCP 47 tags; the first is the default.
	Languages       []string `json:"languages" example:"uz-Latn,uz-Cyrl,ru,en"`
	DefaultLanguage string   `json:"default_language" example:"uz-Latn"`
	// IANA name.
	Timezone string `json:"timezone" example:"Asia/Tashkent"`
	// What admins have set, or the top of the tree of sections.
	Navigation []NavigationItem `json:"navigation"`
}

// NavigationItem is one entry of the site's navigation: a section or a link.
type NavigationItem struct {
	Title string `json:"title" example:"Jahon"`
	// The slug of the section; null for a link.
	Section *string `json:"section" example:"world"`
	// The slugs from the root of the tree to the section; null for a link.
	Path *string `json:"path" example:"news/world"`
	// Where it leads to.
	URL string `json:"url" example:"https://news.example/uz-Latn/news/world"`
	// What stands below it, which has nothing below it.
	Children []NavigationItem `json:"children"`
}

// wire turns what the newsroom has into what clients get.
type wire struct {
	siteURL   string
	languages lang.Set
	zone      *time.Location
}

func (w wire) cardBase(id uuid.UUID, t newsroom.Text, terms store.Terms, views int64, language string) cardBase {
	if language == "" {
		language = t.Lang
	}
	return cardBase{
		ID: id.String(), Type: t.Type, Lang: t.Lang, Slug: t.Slug, URL: w.articleURL(t.Lang, t.Slug),
		Title: t.Title, Kicker: nullable(t.Kicker), Subtitle: nullable(t.Subtitle), Summary: nullable(t.Summary),
		Section: w.section(t.SectionID, terms, language),
		Authors: w.authors(t.AuthorIDs, terms, language),
		Tags:    w.tags(t.TagIDs, terms, language),
		Views:   views, Minutes: lang.ReadingMinutes(t.WordCount, t.Lang),
		Featured: t.Featured, Breaking: t.Breaking,
	}
}

func (w wire) card(a store.LiveArticle, terms store.Terms, language string) Card {
	text, from := inScript(a.Text, language)
	return Card{
		cardBase:           w.cardBase(a.ArticleID, text, terms, a.Views, language),
		TransliteratedFrom: from, PublishedAt: a.PublishedAt, UpdatedAt: a.UpdatedAt,
	}
}

func (w wire) articleURL(language, slug string) string {
	return w.siteURL + "/" + url.PathEscape(language) + "/" + url.PathEscape(slug)
}

func (w wire) section(id *uuid.UUID, terms store.Terms, language string) *SectionRef {
	if id == nil {
		return nil
	}
	s, ok := terms.Sections[*id]
	if !ok {
		return nil
	}
	return &SectionRef{ID: s.ID.String(), Slug: s.Slug, Name: w.name(s.Term, language), Path: newsroom.SectionPath(terms.Sections, s.ID)}
}

func (w wire) authors(ids []uuid.UUID, terms store.Terms, language string) []AuthorRef {
	out := []AuthorRef{}
	for _, id := range ids {
		if a, ok := terms.Authors[id]; ok {
			out = append(out, AuthorRef{
				ID: a.ID.String(), Slug: a.Slug, Name: w.name(a.Term, language), Avatar: nullable(a.Avatar),
				JobTitle: nullable(w.translated(a.Translations, language, a.JobTitle, jobTitle)),
			})
		}
	}
	return out
}

func (w wire) tags(ids []uuid.UUID, terms store.Terms, language string) []TagRef {
	out := []TagRef{}
	for _, id := range ids {
		if t, ok := terms.Tags[id]; ok {
			out = append(out, TagRef{ID: t.ID.String(), Slug: t.Slug, Name: w.name(t.Term, language)})
		}
	}
	return out
}

func (w wire) name(t newsroom.Term, language string) string {
	return w.translated(t.Translations, language, t.Name, translatedName)
}

// translated picks one field of a term's words in a language.
func (w wire) translated(all newsroom.Translations, language, untranslated string, field func(newsroom.Translation) string) string {
	names := make(map[string]string, len(all))
	for tag, t := range all {
		names[tag] = field(t)
	}
	return w.languages.Pick(names, language, untranslated)
}

// fullText gives the rest of a text, its body in the given formats, with the same story in other languages and what was
// put right in it.
func (w wire) fullText(t newsroom.Text, formats []string, siblings []newsroom.Text, notes []newsroom.Correction) fullText {
	return fullText{
		Body: body(t.Body, formats), Custom: t.Custom,
		Translations: w.translations(t.Lang, siblings), Corrections: corrections(notes), WordCount: t.WordCount,
	}
}

func corrections(notes []newsroom.Correction) []Correction {
	out := make([]Correction, len(notes))
	for i, n := range notes {
		out[i] = Correction{ID: n.ID.String(), At: n.At, Text: n.Text}
	}
	return out
}

func (w wire) translations(language string, all []newsroom.Text) []TranslationRef {
	out := []TranslationRef{}
	for _, t := range all {
		if t.Lang != language {
			out = append(out, TranslationRef{Lang: t.Lang, Slug: t.Slug, URL: w.articleURL(t.Lang, t.Slug)})
		}
	}
	return out
}

// bodyFormats are the formats that a body can be had in; the first is the usual one.
var bodyFormats = []string{"html", "blocks", "markdown", "text"}

// body gives the blocks in the given formats, or in the usual one.
func body(blocks []newsroom.Block, formats []string) Body {
	if formats == nil {
		formats = bodyFormats[:1]
	}
	var b Body
	for _, f := range formats {
		switch f {
		case "html":
			html := richtext.HTML(blocks)
			b.HTML = &html
		case "blocks":
			b.Blocks = &blocks
		case "markdown":
			md := richtext.Markdown(blocks)
			b.Markdown = &md
		case "text":
			text := richtext.Text(blocks)
			b.Text = &text
		}
	}
	return b
}

func seo(s newsroom.SEO) SEO {
	return SEO{Title: nullable(s.Title), Description: nullable(s.Description), Canonical: nullable(s.Canonical), NoIndex: s.NoIndex}
}

// nullable gives null for what is empty.
func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func translatedName(t newsroom.Translation) string { return t.Name }

func translatedDescription(t newsroom.Translation) string { return t.Description }

func jobTitle(t newsroom.Translation) string { return t.JobTitle }
