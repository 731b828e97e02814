package api

import (
	"encoding/json"
	"time"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Status tells where an article stands.
type Status string

// The statuses.
const (
	StatusDraft     Status = "draft"
	StatusPublished Status = "published"
)

// Card is an article in a list. Nothing else is.
type Card struct {
	ID          string     `json:"id"`
	Title       string     `json:"title"`
	Lang        string     `json:"lang"`
	Status      Status     `json:"status"`
	Mood        *Status    `json:"mood"`
	Kind        *string    `json:"kind" enums:"news,opinion"`
	Kicker      *string    `json:"kicker"`
	Section     *Section   `json:"section"` // where it is filed
	Tags        []string   `json:"tags"`
	PublishedAt *time.Time `json:"published_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
	URL         string     `json:"url" format:"uri"`
}

// Section is a part of the site.
type Section struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Children []Section `json:"children"`
}

// Article is a card with its body.
type Article struct {
	Card
	Body   Body            `json:"body"`
	Custom json.RawMessage `json:"custom" swaggertype:"object" extensions:"x-nullable"`
	Seo    *Seo            `json:"seo" extensions:"!x-nullable"`
}

// Shelf is a row of cards.
type Shelf struct {
	Cards []Card `json:"cards" extensions:"x-sparse"`
}

// Body is an article's text in the formats that were asked for.
type Body struct {
	HTML   string           `json:"html,omitempty"`
	Blocks []newsroom.Block `json:"blocks" extensions:"x-optional"`
}

// Seo is for search engines.
type Seo struct {
	Title *string `json:"title"`
}

// ArticleInput is an article as it is written.
type ArticleInput struct {
	Title   string               `json:"title" validate:"required" maxLength:"300"`
	Slug    string               `json:"slug" extensions:"x-pattern=^[a-z0-9-]+$"`
	Kicker  *string              `json:"kicker"`
	Tags    []TagInput           `json:"tags" extensions:"x-or=string" validate:"max=50"`
	Langs   []string             `json:"langs" extensions:"x-nullable,x-or-one"` // of which
	Body    BodyInput            `json:"body" extensions:"x-exactly-one"`
	Seo     SeoInput             `json:"seo"`
	Type    string               `json:"type" default:"article"` // A word.
	Names   map[string]NameInput `json:"names"`
	Section string               `json:"section" extensions:"x-nullable"`
}

// NameInput is a name in another language.
type NameInput struct {
	Name string `json:"name" validate:"required"`
}

// TagInput creates a tag.
type TagInput struct {
	Name string `json:"name" validate:"required"`
}

// BodyInput is a body in one of the formats.
type BodyInput struct {
	HTML   string           `json:"html"`
	Blocks []newsroom.Block `json:"blocks"`
}

// SeoInput is for search engines.
type SeoInput struct {
	Title string `json:"title"`
}

type articleQuery struct {
	// Language tag.
	Lang []string `form:"lang" collectionFormat:"multi" example:"uz-Latn,ru"`
	// Words to look for.
	Q       string   `form:"q" example:"bridge" minLength:"2" maxLength:"200"`
	Section []string `form:"section" collectionFormat:"csv"`                     // sections, any of them
	Tag     []string `form:"tag" collectionFormat:"multi"`                       // tags, all of them
	Sort    string   `form:"sort" enums:"title,-title" default:"title"`          // order
	Limit   int      `form:"limit" minimum:"1" maximum:"100" default:"20"`       // page size
	Window  string   `form:"window" extensions:"x-pattern=^\\d+[hd]$"`           // how far back
	From    string   `form:"from" format:"date-time"`                            // since when
	Fields  []string `form:"fields" collectionFormat:"csv" example:"title,slug"` // only these fields
}

// @Summary  List articles
// @ID       listArticles
// @Tags     articles
// @Param    query query articleQuery false "query"
// @Success  200 {object} Page[Card]
// @Header   200 {string} ETag "x"
// @Header   200 {string} Link "x"
// @Success  304
// @Router   /v1/content/articles [get]
func listArticles() {}

// @Summary  Read a shelf
// @ID       readShelf
// @Tags     articles
// @Param    fields query []string false "Only these fields of each card" collectionFormat(csv) example(title,lang)
// @Success  200 {object} Data[Shelf]
// @Router   /v1/content/shelf [get]
func readShelf() {}

// @Summary  Read an article
// @ID       readArticle
// @Tags     articles
// @Param    key path string true "Slug or id"
// @Param    lang query string false "Language tag" maxlength(35) example(uz-Latn)
// @Param    fields query []string false "Only these fields" collectionFormat(csv) example(title,slug) default(title)
// @Success  200 {object} Data[Article]
// @Success  308
// @Header   308 {string} Location "x"
// @Failure  404,410 {object} problem
// @Router   /v1/content/articles/{key} [get]
func readArticle() {}

// @Summary  The feed
// @ID       feed
// @Tags     articles
// @Produce  application/rss+xml,application/problem+json
// @Success  200 {string} string
// @Header   200 {string} X-Feed "how fresh"
// @Router   /feeds/rss.xml [get]
func feed() {}

// @Summary  Count a view
// @ID       countView
// @Tags     articles
// @Param    key path string true "Slug or id"
// @Success  202 {object} Data[Article]
// @Router   /v1/content/articles/{key}/views [post]
func countView() {}

// @Summary  Sections
// @ID       listSections
// @Tags     articles
// @Success  200 {object} Data[[]Section]
// @Router   /v1/content/sections [get]
func listSections() {}

// @Summary  Create an article
// @ID       createArticle
// @Tags     manage-articles
// @Security BearerAuth
// @Param    body body ArticleInput true "The article"
// @Success  201 {object} Data[Article]
// @Header   201 {string} Location "x"
// @Header   201 {string} ETag "x"
// @Failure  403,409 {object} problem
// @Router   /v1/manage/articles [post]
func createArticle() {}

// @Summary  Change an article
// @ID       updateArticle
// @Tags     manage-articles
// @Security BearerAuth
// @Param    id path string true "Article id"
// @Param    If-Match header string false "superseded"
// @Param    body body ArticleInput true "What changes"
// @Success  200 {object} Data[Article]
// @Failure  403,404,405,409,412,428 {object} problem
// @Router   /v1/manage/articles/{id} [patch]
func updateArticle() {}

// @Summary  Delete an article
// @ID       deleteArticle
// @Tags     manage-articles
// @Security BearerAuth
// @Param    id path string true "Article id"
// @Success  204
// @Failure  403,404,409,412,428 {object} problem
// @Router   /v1/manage/articles/{id} [delete]
func deleteArticle() {}

// @Summary  Publish an article
// @ID       publishArticle
// @Tags     manage-articles
// @Security BearerAuth
// @Param    id path string true "Article id"
// @Success  200 {object} Data[Article]
// @Failure  412,429 {object} problem
// @Router   /v1/manage/articles/{id}/publish [post]
func publishArticle() {}

// @Summary  Upload a picture
// @ID       upload
// @Tags     manage-articles
// @Security BearerAuth
// @Accept   multipart/form-data
// @Param    file formData file true "The picture"
// @Param    alt formData string false "What it shows"
// @Success  201 {object} Data[Section]
// @Router   /v1/manage/articles/picture [post]
func upload() {}
