package api

import (
	"encoding/json"
	"reflect"
	"time"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// ManagedCard is a working copy as lists show it.
type ManagedCard struct {
	cardBase
	managed
}

// ManagedArticle is a working copy: what editors see, whatever readers see.
type ManagedArticle struct {
	cardBase
	managed
	fullText
	SEO SEO `json:"seo"`
}

// managed is what editors see of an article beside its text.
type managed struct {
	// Where the article stands; derived, never set.
	Status newsroom.Status `json:"status"`
	// Counts every change; the ETag holds it.
	Version int `json:"version" minimum:"1" example:"7"`
	// Counts the saves of the text.
	Revision int `json:"revision" minimum:"1" example:"4"`
	// The working copy is ahead of what readers see, or will see next.
	HasChanges bool `json:"has_changes"`
	// What readers see now.
	Live *Publication `json:"live"`
	// What readers will see next.
	Scheduled *Publication `json:"scheduled"`
	CreatedBy UserRef      `json:"created_by"`
	CreatedAt time.Time    `json:"created_at" format:"date-time"`
	// When the text was last saved.
	UpdatedAt time.Time `json:"updated_at" format:"date-time"`
	// When readers first saw it, or will, or the date it was imported with.
	PublishedAt *time.Time `json:"published_at" format:"date-time"`
	// An editor's word to the writer, with whom it is again.
	Note *string `json:"note" example:"Please name your second source."`
	// Since when it has been waiting for review.
	SubmittedAt *time.Time `json:"submitted_at" format:"date-time"`
	// Why it was withdrawn for good.
	Killed *Killed `json:"killed"`
}

// Killed says why a story was withdrawn for good.
type Killed struct {
	At     time.Time `json:"at" format:"date-time"`
	Reason string    `json:"reason" example:"The report was based on a forged document."`
}

// Publication is what readers see of an article, and when.
type Publication struct {
	PublishedAt time.Time `json:"published_at" format:"date-time"`
	UpdatedAt   time.Time `json:"updated_at" format:"date-time"`
	// Since when readers see it like this: since it was published or, later, a section, author or tag of it was replaced.
	VisibleFrom  time.Time  `json:"visible_from" format:"date-time"`
	VisibleUntil *time.Time `json:"visible_until" format:"date-time"`
	Revision     int        `json:"revision" minimum:"1"`
	Slug         string     `json:"slug"`
}

// UserRef is a user, by name.
type UserRef struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name" example:"Nodira Saidova"`
}

// ArticleInput is an article as a client writes it. Only the title is required.
type ArticleInput struct {
	// BCP 47 tag of one of the site's languages; the default language when left out. A published article keeps its language.
	Lang  string `json:"lang" maxLength:"35" example:"uz-Latn"`
	Title string `json:"title" validate:"required" maxLength:"300" minLength:"1" example:"Eski kanal ustida yangi koʻprik ochildi"`
	// Made from the title when left out. Unique within the language.
	Slug     string `json:"slug" maxLength:"100" extensions:"x-nullable,x-pattern=^[a-z0-9]+(-[a-z0-9]+)*$" example:"yangi-koprik"`
	Kicker   string `json:"kicker" maxLength:"200" extensions:"x-nullable" example:"Shahar hayoti"`
	Subtitle string `json:"subtitle" maxLength:"500" extensions:"x-nullable"`
	// Made from the body when left out, and then follows it.
	Summary string     `json:"summary" maxLength:"2000" extensions:"x-nullable"`
	Body    *BodyInput `json:"body" extensions:"x-exactly-one,x-nullable"`
	// Slug or id.
	Section string `json:"section" extensions:"x-nullable" example:"world"`
	// Slugs or ids, in the order of the byline.
	Authors []string `json:"authors" validate:"max=50" extensions:"x-nullable" example:"dilnoza-yusupova"`
	// Slugs or ids, or names of tags that are made when they are missing.
	Tags []TagNameInput `json:"tags" validate:"max=100" extensions:"x-nullable,x-or=string"`
	// Slug or id of a picture.
	LeadImage string `json:"lead_image" extensions:"x-nullable"`
	// A word of the newsroom's own.
	Type     string    `json:"type" default:"article" maxLength:"32" extensions:"x-nullable,x-pattern=^[a-z][a-z0-9_-]*$" example:"article"`
	Featured bool      `json:"featured"`
	Breaking bool      `json:"breaking"`
	SEO      *SEOInput `json:"seo" extensions:"x-nullable"`
	// Any fields of the newsroom's own; at most 64 KiB.
	Custom json.RawMessage `json:"custom" swaggertype:"object" extensions:"x-nullable"`
	// Id or slug of an article that this one translates; null parts them again.
	TranslationOf string `json:"translation_of" extensions:"x-nullable"`
}

// BodyInput is a text in one of three formats.
type BodyInput struct {
	// HTML, which is sanitised.
	HTML *string `json:"html" example:"<p>Koʻprik ikki mahallani bogʻladi.</p>"`
	// CommonMark with tables.
	Markdown *string          `json:"markdown"`
	Blocks   []newsroom.Block `json:"blocks" validate:"max=2000"`
}

// SEOInput is what search engines and link previews are told instead of the title and the summary.
type SEOInput struct {
	Title       string `json:"title" maxLength:"300" extensions:"x-nullable"`
	Description string `json:"description" maxLength:"2000" extensions:"x-nullable"`
	Canonical   string `json:"canonical" maxLength:"2000" format:"uri" extensions:"x-nullable"`
	NoIndex     bool   `json:"no_index"`
}

// TagNameInput is a tag by its name, made when it is missing.
type TagNameInput struct {
	Name string `json:"name" validate:"required" maxLength:"200" example:"Yangi tarif"`
	ref  string
}

// bindJSON takes a slug, an id, or an object with a name.
func (t *TagNameInput) bindJSON(b *binder, pointer string, value any) {
	if _, ok := value.(string); ok {
		b.set(pointer, value, reflect.ValueOf(&t.ref).Elem())
		return
	}
	var object struct {
		Name string `json:"name" validate:"required"`
	}
	inner := bind(value, &object)
	for _, f := range inner {
		b.fail(pointer+f.Pointer, f.Code, f.Detail)
	}
	if len(inner) == 0 && object.Name == "" {
		b.fail(pointer+"/name", newsroom.FieldRequired, "This is needed.")
	}
	t.Name = object.Name
}

// MarshalJSON gives back what bindJSON takes.
func (t TagNameInput) MarshalJSON() ([]byte, error) {
	if t.Name == "" {
		return json.Marshal(t.ref)
	}
	return json.Marshal(map[string]string{"name": t.Name})
}

// PublishRequest says when readers see the article.
type PublishRequest struct {
	// From when; now when left out. In the past, it is visible now and dated back.
	At *time.Time `json:"at" format:"date-time" extensions:"x-nullable" example:"2026-03-06T04:00:00Z"`
	// Until when; for good when left out.
	Until *time.Time `json:"until" format:"date-time" extensions:"x-nullable"`
}

func managedOf(s newsroom.Standing, owner newsroom.User) managed {
	return managed{
		Status: s.Status(), Version: s.Version, Revision: s.Revision, HasChanges: s.HasChanges(),
		Live: publication(s.Live), Scheduled: publication(s.Scheduled),
		CreatedBy: UserRef{ID: owner.ID.String(), Name: owner.Name}, CreatedAt: s.CreatedAt, UpdatedAt: s.Article.UpdatedAt,
		PublishedAt: s.PublishedAt, Note: s.Note, SubmittedAt: s.SubmittedAt, Killed: killed(s.Killed),
	}
}

func killed(k *newsroom.Kill) *Killed {
	if k == nil {
		return nil
	}
	return &Killed{At: k.KilledAt, Reason: k.Reason}
}

func publication(p *newsroom.Publication) *Publication {
	if p == nil {
		return nil
	}
	return &Publication{
		PublishedAt: p.PublishedAt, UpdatedAt: p.UpdatedAt, VisibleFrom: p.VisibleFrom, VisibleUntil: p.VisibleUntil,
		Revision: p.Revision, Slug: p.Slug,
	}
}
