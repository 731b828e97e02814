package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// manage answers editors and their tools.
type manage struct {
	wire
	store *store.Store
	desk  *editorial.Desk
}

func (h manage) read(c echo.Context) store.Queries { return h.store.Read(c.Request().Context()) }

// ManagedCard is a working copy as lists show it.
type ManagedCard struct {
	words
	managed
}

// ManagedArticle is a working copy: what editors see, whatever readers see.
type ManagedArticle struct {
	words
	managed
	Body         Body             `json:"body"`
	SEO          SEO              `json:"seo"`
	Custom       json.RawMessage  `json:"custom" swaggertype:"object"`
	Translations []TranslationRef `json:"translations"`
	Corrections  []Correction     `json:"corrections"`
	WordCount    int              `json:"word_count" minimum:"0" example:"812"`
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
	// An editor's word to the writer.
	Note *string `json:"note"`
}

// Publication is what readers see of an article, and when.
type Publication struct {
	PublishedAt  time.Time  `json:"published_at" format:"date-time"`
	UpdatedAt    time.Time  `json:"updated_at" format:"date-time"`
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
	if s, ok := value.(string); ok {
		t.ref = s
		return
	}
	var object struct {
		Name string `json:"name" validate:"required"`
	}
	inner := bind(value, &object)
	for _, f := range inner {
		b.fail(pointer+f.Pointer, f.Code, f.Detail)
	}
	if len(inner) == 0 && (strings.TrimSpace(object.Name) == "" || len([]rune(object.Name)) > newsroom.MaxName) {
		b.fail(pointer+"/name", newsroom.FieldInvalid, "A name has 1 to 200 characters.")
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

// listArticles gives working copies.
//
// @Summary     List articles
// @Description What you may see: your own articles, and for editors everybody's working copies; of other articles what readers see.
// @Description Without a status, what is in the trash is left out.
// @ID          listManagedArticles
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       query  query ArticleFilter false "filters"
// @Param       status query []string false "Where the article stands; commas mean or." collectionFormat(csv) Enums(draft,scheduled,published,expired,unpublished,trashed)
// @Param       mine   query bool     false "Only your own."
// @Param       has_changes query bool false "Only those whose working copy is ahead of what readers see, or only the others."
// @Param       query  query PageQuery false "paging"
// @Param       sort   query []string    false "Order, the first key first; - means descending." default(-updated_at) example(title) collectionFormat(csv) Enums(updated_at,-updated_at,created_at,-created_at,published_at,-published_at,title,-title)
// @Param       fields query []string  false "Only these fields of each article." collectionFormat(csv) Enums(id,type,lang,slug,url,title,kicker,subtitle,summary,section,authors,tags,lead_image,views,reading_minutes,featured,breaking,status,version,revision,has_changes,live,scheduled,created_by,created_at,updated_at,published_at,note)
// @Success     200 {object} Page[ManagedCard]
// @Header      200 {string} Link "x"
// @Failure     403 {object} Problem
// @Router      /v1/manage/articles [get]
func (h manage) listArticles(c echo.Context) error {
	q := queryOf(c)
	filter := store.StandingFilter{ArticleFilter: readFilter(q, h.wire), HasChanges: q.boolean("has_changes")}
	for _, s := range q.list("status", statusNames()) {
		filter.Status = append(filter.Status, newsroom.Status(s))
	}
	if mine := q.boolean("mine"); mine != nil {
		filter.Mine = *mine
	}
	page := q.page([]string{"updated_at", "created_at", "published_at", "title"}, store.SortKey{Field: "updated_at", Desc: true})
	fields := q.list("fields", managedFields)
	if err := q.err(); err != nil {
		return err
	}
	listing, err := h.read(c).Standings(actor(c), filter, page.Page, h.desk.Now())
	if err != nil {
		return err
	}
	cards, err := h.cards(c, listing.Items)
	if err != nil {
		return err
	}
	items, err := sparse(cards, fields)
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, pageOf(c, items, page, listing))
}

var managedFields = append(slices.DeleteFunc(slices.Clone(cardFields), func(f string) bool { return f == "published_at" || f == "updated_at" }),
	"status", "version", "revision", "has_changes", "live", "scheduled", "created_by", "created_at", "updated_at", "published_at", "note")

func statusNames() []string {
	var names []string
	for _, s := range newsroom.Statuses() {
		names = append(names, string(s))
	}
	return names
}

// createArticle makes a draft.
//
// @Summary     Create an article
// @Description A draft of your own. Nothing of it reaches readers before it is published.
// @ID          createArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       body body ArticleInput true "The article"
// @Success     201 {object} Data[ManagedArticle]
// @Header      201 {string} Location "x"
// @Header      201 {string} ETag "x"
// @Failure     403,409 {object} Problem
// @Router      /v1/manage/articles [post]
func (h manage) createArticle(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	value, err := readJSON(c, false)
	if err != nil {
		return err
	}
	var input ArticleInput
	broken := bind(value, &input)
	s, err := h.desk.CreateArticle(c.Request().Context(), actor(c), h.draft(input, broken))
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/v1/manage/articles/"+s.ID.String())
	return h.answer(c, http.StatusCreated, s, nil)
}

// getArticle gives a working copy.
//
// @Summary     Read an article
// @Description The working copy; of somebody else's article, for those who are no editors, what readers see.
// @ID          getManagedArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id path string true "Article id"
// @Param       format query []string false "Formats of the body." collectionFormat(csv) Enums(html,blocks,markdown,text) default(html)
// @Success     200 {object} Data[ManagedArticle]
// @Header      200 {string} ETag "x"
// @Failure     403,404 {object} Problem
// @Router      /v1/manage/articles/{id} [get]
func (h manage) getArticle(c echo.Context) error {
	q := queryOf(c)
	formats := q.list("format", bodyFormats)
	if err := q.err(); err != nil {
		return err
	}
	id, err := pathID(c, "article")
	if err != nil {
		return err
	}
	s, err := h.read(c).Standing(id, h.desk.Now())
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return noArticle()
	}
	if err != nil {
		return err
	}
	if s, err = s.SeenBy(actor(c)); err != nil {
		return err
	}
	return h.answer(c, http.StatusOK, s, formats)
}

// updateArticle saves a working copy.
//
// @Summary     Change an article
// @Description A JSON merge patch (RFC 7396) of the working copy. What readers see changes only when it is published.
// @ID          updateArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id   path string       true "Article id"
// @Param       body body ArticleInput true "What changes"
// @Success     200 {object} Data[ManagedArticle]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412,428 {object} Problem
// @Router      /v1/manage/articles/{id} [patch]
func (h manage) updateArticle(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	id, err := pathID(c, "article")
	if err != nil {
		return err
	}
	expected, err := ifMatch(c)
	if err != nil {
		return err
	}
	patch, err := readJSON(c, false)
	if err != nil {
		return err
	}
	s, err := h.desk.SaveArticle(c.Request().Context(), actor(c), id, expected, func(a newsroom.Article) (editorial.Draft, error) {
		return h.patched(a, patch), nil
	})
	if err != nil {
		return err
	}
	return h.answer(c, http.StatusOK, s, nil)
}

// deleteArticle throws an article away.
//
// @Summary     Move an article to the trash
// @Description Readers lose it at once. It keeps its slug and its revisions.
// @ID          deleteArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id path string true "Article id"
// @Success     204
// @Failure     403,404,409,412,428 {object} Problem
// @Router      /v1/manage/articles/{id} [delete]
func (h manage) deleteArticle(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	id, err := pathID(c, "article")
	if err != nil {
		return err
	}
	expected, err := ifMatch(c)
	if err != nil {
		return err
	}
	if err := h.desk.TrashArticle(c.Request().Context(), actor(c), id, expected); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// publishArticle makes the working copy what readers see.
//
// @Summary     Publish an article
// @Description Readers see the working copy from at on, to the second, and until until. Publishing again replaces what they see;
// @Description at a moment to come, they keep the present text until then. With If-Match only if nobody changed it meanwhile.
// @ID          publishArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id   path string         true  "Article id"
// @Param       body body PublishRequest false "When"
// @Success     200 {object} Data[ManagedArticle]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412 {object} Problem
// @Router      /v1/manage/articles/{id}/publish [post]
func (h manage) publishArticle(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	id, err := pathID(c, "article")
	if err != nil {
		return err
	}
	value, err := readJSON(c, true)
	if err != nil {
		return err
	}
	var when PublishRequest
	if err := newsroom.Invalid(bind(value, &when)); err != nil {
		return err
	}
	s, err := h.desk.Publish(c.Request().Context(), actor(c), id, optionalIfMatch(c), when.At, when.Until)
	if err != nil {
		return err
	}
	return h.answer(c, http.StatusOK, s, nil)
}

// unpublishArticle takes an article back.
//
// @Summary     Unpublish an article
// @Description Readers lose it at once, and what was scheduled is cancelled. With If-Match only if nobody changed it meanwhile.
// @ID          unpublishArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id path string true "Article id"
// @Success     200 {object} Data[ManagedArticle]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412 {object} Problem
// @Router      /v1/manage/articles/{id}/unpublish [post]
func (h manage) unpublishArticle(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	id, err := pathID(c, "article")
	if err != nil {
		return err
	}
	s, err := h.desk.Unpublish(c.Request().Context(), actor(c), id, optionalIfMatch(c))
	if err != nil {
		return err
	}
	return h.answer(c, http.StatusOK, s, nil)
}

// answer gives one working copy with all that it refers to.
func (h manage) answer(c echo.Context, status int, s newsroom.Standing, formats []string) error {
	cards, err := h.cards(c, []newsroom.Standing{s})
	if err != nil {
		return err
	}
	siblings, err := h.siblings(c, s)
	if err != nil {
		return err
	}
	return versioned(c, status, s.Version, Data[ManagedArticle]{ManagedArticle{
		words: cards[0].words, managed: cards[0].managed,
		Body: body(s.Body, formats), SEO: seo(s.SEO), Custom: s.Custom,
		Translations: h.translations(s.Lang, siblings), Corrections: []Correction{}, WordCount: s.WordCount,
	}})
}

// siblings gives the translations of an article that the actor may see.
func (h manage) siblings(c echo.Context, s newsroom.Standing) ([]newsroom.Text, error) {
	articles, err := h.read(c).Translations(s.TranslationGroup)
	if err != nil {
		return nil, err
	}
	var texts []newsroom.Text
	for _, a := range articles {
		if actor(c).SeesWorkingCopy(a) {
			texts = append(texts, a.Text)
		}
	}
	return texts, nil
}

// cards gives working copies with what they refer to, in a constant number of queries.
func (h manage) cards(c echo.Context, standings []newsroom.Standing) ([]ManagedCard, error) {
	texts := make([]newsroom.Text, len(standings))
	owners := make([]uuid.UUID, len(standings))
	for i, s := range standings {
		texts[i], owners[i] = s.Text, s.CreatedBy
	}
	terms, err := h.read(c).Terms(texts...)
	if err != nil {
		return nil, err
	}
	users, err := h.read(c).UsersByID(owners...)
	if err != nil {
		return nil, err
	}
	cards := make([]ManagedCard, len(standings))
	for i, s := range standings {
		cards[i] = ManagedCard{words: h.words(s.ID, s.Text, terms, s.Views, ""), managed: managedOf(s, users[s.CreatedBy])}
	}
	return cards, nil
}

func managedOf(s newsroom.Standing, owner newsroom.User) managed {
	return managed{
		Status: s.Status(), Version: s.Version, Revision: s.Revision, HasChanges: s.HasChanges(),
		Live: publication(s.Live), Scheduled: publication(s.Scheduled),
		CreatedBy: UserRef{ID: owner.ID.String(), Name: owner.Name}, CreatedAt: s.CreatedAt, UpdatedAt: s.Article.UpdatedAt,
		PublishedAt: s.PublishedAt, Note: s.Note,
	}
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
