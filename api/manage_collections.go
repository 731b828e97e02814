package api

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// ManagedCollection is a collection as editors see it.
type ManagedCollection struct {
	ID string `json:"id" format:"uuid"`
	// By which frontends ask for it.
	Key         string  `json:"key" example:"front-page"`
	Name        string  `json:"name" example:"Front page"`
	Description *string `json:"description"`
	// Words in other languages, by BCP 47 tag.
	Translations map[string]TermTranslation `json:"translations"`
	// What was put there, in order, live or not. Those who are no editors see their own articles and what is live.
	Articles []CollectionArticle `json:"articles"`
	// How it is filled up; null: what was put there is all.
	Fill *CollectionFill `json:"fill"`
	// Counts every change; the ETag holds it.
	Version   int       `json:"version" minimum:"1" example:"3"`
	CreatedAt time.Time `json:"created_at" format:"date-time"`
	UpdatedAt time.Time `json:"updated_at" format:"date-time"`
}

// CollectionArticle is an article that stands in a collection. Readers see it there while it is live.
type CollectionArticle struct {
	ID     string          `json:"id" format:"uuid"`
	Lang   string          `json:"lang" example:"uz-Latn"`
	Slug   string          `json:"slug" example:"yangi-koprik"`
	Title  string          `json:"title" example:"Eski kanal ustida yangi koʻprik ochildi"`
	Status newsroom.Status `json:"status"`
}

// CollectionFill is a filter for live articles, and up to how many of them fill a collection up. It filters as the parameters of
// a list do: commas mean "or", several entries mean "and", a leading - excludes.
type CollectionFill struct {
	Lang []string `json:"lang" example:"uz-Latn,ru"`
	// Slugs, each with its subsections.
	Section []string `json:"section" example:"world,sports"`
	// Slugs.
	Tag []string `json:"tag" example:"-football"`
	// Slugs.
	Author   []string `json:"author" example:"dilnoza-yusupova"`
	Type     []string `json:"type" example:"opinion,interview"`
	Featured *bool    `json:"featured"`
	Breaking *bool    `json:"breaking"`
	// Up to how many articles, those that were put there among them.
	Limit int `json:"limit" minimum:"1" maximum:"100" example:"20"`
}

// CollectionInput is a collection as a client writes it. Only key and name are required.
type CollectionInput struct {
	// By which frontends ask for it: in the form of a slug, and its own.
	Key          string                          `json:"key" validate:"required" minLength:"1" maxLength:"100" extensions:"x-pattern=^[a-z0-9]+(-[a-z0-9]+)*$" example:"front-page"`
	Name         string                          `json:"name" validate:"required" minLength:"1" maxLength:"200" example:"Front page"`
	Description  string                          `json:"description" maxLength:"2000" extensions:"x-nullable"`
	Translations map[string]TermTranslationInput `json:"translations" extensions:"x-nullable"`
	// Ids or slugs, in order, each once; also of what is not live yet. A slug means what readers find by it: the article of the
	// first of the site's languages that has one.
	Articles []string `json:"articles" validate:"max=100" extensions:"x-nullable" example:"01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42"`
	// With what it is filled up; null: what is in articles is all.
	Fill *FillInput `json:"fill" extensions:"x-nullable"`
}

// FillInput is a filter for live articles, and up to how many of them fill a collection up. The filters mean what the parameters
// of a list of articles mean: commas mean "or", several entries mean "and", a leading - excludes.
type FillInput struct {
	Lang FilterInput `json:"lang" swaggertype:"array,string" extensions:"x-nullable,x-or-one" example:"uz-Latn,ru"`
	// Slugs or ids, each with its subsections.
	Section FilterInput `json:"section" swaggertype:"array,string" extensions:"x-nullable,x-or-one" example:"world,sports"`
	// Slugs or ids.
	Tag FilterInput `json:"tag" swaggertype:"array,string" extensions:"x-nullable,x-or-one" example:"-football"`
	// Slugs or ids.
	Author   FilterInput `json:"author" swaggertype:"array,string" extensions:"x-nullable,x-or-one" example:"dilnoza-yusupova"`
	Type     FilterInput `json:"type" swaggertype:"array,string" extensions:"x-nullable,x-or-one" example:"opinion,interview"`
	Featured *bool       `json:"featured" extensions:"x-nullable"`
	Breaking *bool       `json:"breaking" extensions:"x-nullable"`
	// Up to how many articles, those that were put there among them.
	Limit *int `json:"limit" minimum:"1" maximum:"100" default:"20" extensions:"x-nullable"`
}

// FilterInput is what a filter asks for: one string, or several.
type FilterInput []string

func (f *FilterInput) bindJSON(b *binder, pointer string, value any) {
	if _, one := value.(string); one {
		value = []any{value}
	}
	b.setSlice(pointer, value, reflect.ValueOf(f).Elem())
}

// CollectionArticleRequest names an article that is put into a collection.
type CollectionArticleRequest struct {
	// Id or slug.
	Article string `json:"article" validate:"required" minLength:"1" maxLength:"100" example:"yangi-koprik"`
	// Before which of the others, from 0; at the end when left out.
	Position *int `json:"position" minimum:"0" maximum:"100" extensions:"x-nullable" example:"0"`
}

var (
	managedCollectionFields = []string{"id", "key", "name", "description", "translations", "articles", "fill", "version", "created_at", "updated_at"}
	byKey                   = store.SortKey{Field: "key"}
)

// listCollections gives collections.
//
// @Summary     List collections
// @Description Drafts may stand in them, so that an API token needs the scope articles:read.
// @ID          listManagedCollections
// @Tags        manage-collections
// @Security    BearerAuth
// @Param       query  query PageQuery false "paging"
// @Param       sort   query []string  false "Order, the first key first; - means descending." default(key) example(-updated_at) collectionFormat(csv) Enums(key,-key,name,-name,created_at,-created_at,updated_at,-updated_at)
// @Param       fields query []string  false "Only these fields of each collection." collectionFormat(csv) Enums(id,key,name,description,translations,articles,fill,version,created_at,updated_at)
// @Success     200 {object} Page[ManagedCollection]
// @Header      200 {string} Link "x"
// @Failure     403 {object} Problem
// @Router      /v1/manage/collections [get]
func (h manage) listCollections(c echo.Context) error {
	q := queryOf(c)
	page := q.page([]string{"key", "name", "created_at", "updated_at"}, byKey)
	fields := q.list("fields", managedCollectionFields)
	if err := q.err(); err != nil {
		return err
	}
	var answer Page[any]
	err := h.store.Snapshot(c.Request().Context(), func(q store.Queries) error {
		listing, err := q.Collections(page.Page)
		if err != nil {
			return err
		}
		shown, err := h.collections(q, actor(c).User, listing.Items...)
		if err != nil {
			return err
		}
		items, err := sparse(shown, fields)
		answer = pageOf(c, items, page, listing)
		return err
	})
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, answer)
}

// createCollection adds a collection.
//
// @Summary     Create a collection
// @Description Readers can ask for it at once. Of its articles they see those that are live.
// @ID          createCollection
// @Tags        manage-collections
// @Security    BearerAuth
// @Param       body body CollectionInput true "The collection"
// @Success     201 {object} Data[ManagedCollection]
// @Header      201 {string} Location "x"
// @Header      201 {string} ETag "x"
// @Failure     403,409 {object} Problem
// @Router      /v1/manage/collections [post]
func (h manage) createCollection(c echo.Context) error {
	var in CollectionInput
	broken, err := readInput(c, &in)
	if err != nil {
		return err
	}
	made, err := h.desk.CreateCollection(c.Request().Context(), actor(c), h.collectionDraft(in, broken))
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/v1/manage/collections/"+made.ID.String())
	return h.answerCollection(c, http.StatusCreated, made)
}

// getCollection gives a collection.
//
// @Summary     Read a collection
// @Description Drafts may stand in it, so that an API token needs the scope articles:read.
// @ID          getManagedCollection
// @Tags        manage-collections
// @Security    BearerAuth
// @Param       ref path string true "Id or key." minlength(1) maxlength(100) example(front-page)
// @Success     200 {object} Data[ManagedCollection]
// @Header      200 {string} ETag "x"
// @Failure     403,404 {object} Problem
// @Router      /v1/manage/collections/{ref} [get]
func (h manage) getCollection(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	ref, err := collectionRef(c, "ref")
	if err != nil {
		return err
	}
	found, err := h.read(c).Collection(ref)
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return noCollection()
	}
	if err != nil {
		return err
	}
	return h.answerCollection(c, http.StatusOK, found)
}

// updateCollection changes a collection.
//
// @Summary     Change a collection
// @Description A JSON merge patch (RFC 7396). To put its articles in another order, send all of them in articles.
// @ID          updateCollection
// @Tags        manage-collections
// @Security    BearerAuth
// @Param       ref  path string          true "Id or key." minlength(1) maxlength(100) example(front-page)
// @Param       body body CollectionInput true "What changes"
// @Success     200 {object} Data[ManagedCollection]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412,428 {object} Problem
// @Router      /v1/manage/collections/{ref} [patch]
func (h manage) updateCollection(c echo.Context) error {
	ref, expected, err := readCollection(c)
	if err != nil {
		return err
	}
	patch, err := readJSON(c, false)
	if err != nil {
		return err
	}
	changed, err := h.desk.ChangeCollection(c.Request().Context(), actor(c), ref, expected, func(before newsroom.Collection) editorial.CollectionDraft {
		var in CollectionInput
		broken := bindPatch(collectionInputOf(before), canonicalTranslations(patch), &in)
		return h.collectionDraft(in, broken)
	})
	if err != nil {
		return err
	}
	return h.answerCollection(c, http.StatusOK, changed)
}

// deleteCollection deletes a collection.
//
// @Summary     Delete a collection
// @Description Its articles stay where they are.
// @ID          deleteCollection
// @Tags        manage-collections
// @Security    BearerAuth
// @Param       ref path string true "Id or key." minlength(1) maxlength(100) example(front-page)
// @Success     204
// @Failure     403,404,412,428 {object} Problem
// @Router      /v1/manage/collections/{ref} [delete]
func (h manage) deleteCollection(c echo.Context) error {
	ref, expected, err := readCollection(c)
	if err != nil {
		return err
	}
	if err := h.desk.DeleteCollection(c.Request().Context(), actor(c), ref, expected); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// addToCollection puts one article into a collection.
//
// @Summary     Put an article into a collection
// @Description Whatever else is in there stays, so that several editors can add to it at once. An article that is in there already
// @Description moves. If-Match is optional.
// @ID          addToCollection
// @Tags        manage-collections
// @Security    BearerAuth
// @Param       ref  path string                   true "Id or key." minlength(1) maxlength(100) example(front-page)
// @Param       body body CollectionArticleRequest true "The article, and where it goes"
// @Success     200 {object} Data[ManagedCollection]
// @Header      200 {string} ETag "x"
// @Failure     403,404,412 {object} Problem
// @Router      /v1/manage/collections/{ref}/articles [post]
func (h manage) addToCollection(c echo.Context) error {
	var in CollectionArticleRequest
	if err := readBody(c, &in); err != nil {
		return err
	}
	ref, err := collectionRef(c, "ref")
	if err != nil {
		return err
	}
	if in.Position != nil && (*in.Position < 0 || *in.Position > newsroom.MaxCollection) {
		return newsroom.Invalid([]newsroom.FieldError{{Pointer: "/position", Code: newsroom.FieldOutOfRange, Detail: "A position is a number from 0 to 100."}})
	}
	changed, err := h.desk.AddToCollection(c.Request().Context(), actor(c), ref, optionalIfMatch(c), in.Article, in.Position)
	if err != nil {
		return err
	}
	return h.answerCollection(c, http.StatusOK, changed)
}

// removeFromCollection takes one article out of a collection.
//
// @Summary     Take an article out of a collection
// @Description The article itself stays where it is.
// @ID          removeFromCollection
// @Tags        manage-collections
// @Security    BearerAuth
// @Param       ref path string true "Id or key of the collection." minlength(1) maxlength(100) example(front-page)
// @Param       id  path string true "Article id"
// @Success     204
// @Failure     403,404,412,428 {object} Problem
// @Router      /v1/manage/collections/{ref}/articles/{id} [delete]
func (h manage) removeFromCollection(c echo.Context) error {
	ref, expected, err := readCollection(c)
	if err != nil {
		return err
	}
	id, err := pathID(c, "article")
	if err != nil {
		return err
	}
	if _, err := h.desk.RemoveFromCollection(c.Request().Context(), actor(c), ref, expected, id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// readCollection reads a change of the collection in the path: its key or id, and which version is meant.
func readCollection(c echo.Context) (ref string, expected newsroom.Precondition, err error) {
	if err := noParameters(c); err != nil {
		return "", expected, err
	}
	if ref, err = collectionRef(c, "ref"); err != nil {
		return "", expected, err
	}
	expected, err = ifMatch(c)
	return ref, expected, err
}

// collectionRef gives the key or id in the path, or not_found.
func collectionRef(c echo.Context, name string) (string, error) {
	ref, ok := termRef(param(c, name))
	if !ok {
		return "", noCollection()
	}
	return ref, nil
}

func noCollection() error {
	return newsroom.Errorf(newsroom.CodeNotFound, "There is no such collection.")
}

// collectionDraft gives what a client has sent in the terms of the desk, with all that is wrong with it so far.
func (h manage) collectionDraft(in CollectionInput, broken []newsroom.FieldError) editorial.CollectionDraft {
	trim(&in.Key, &in.Name, &in.Description)
	translations, broken := translationsFrom(in.Translations, TermTranslationInput.translation, broken)
	d := editorial.CollectionDraft{
		Value:    newsroom.Collection{Key: in.Key, Name: in.Name, Description: in.Description, Translations: translations},
		Articles: in.Articles,
	}
	if in.Fill != nil {
		var fill newsroom.Fill
		fill, broken = h.fill(*in.Fill, broken)
		d.Value.Fill = &fill
	}
	d.Invalid = broken
	return d
}

// fill reads filters as a list of articles reads its parameters. It adds what is wrong with them to broken.
func (h manage) fill(in FillInput, broken []newsroom.FieldError) (newsroom.Fill, []newsroom.FieldError) {
	q := &query{known: map[string]bool{}, values: url.Values{
		"lang": in.Lang, "section": in.Section, "tag": in.Tag, "author": in.Author, "type": in.Type,
	}}
	f := readFilter(q, h.wire)
	for _, f := range q.broken {
		f.Pointer = "/fill/" + f.Pointer
		if !slices.ContainsFunc(broken, func(b newsroom.FieldError) bool { return strings.HasPrefix(b.Pointer, f.Pointer) }) {
			broken = append(broken, f)
		}
	}
	fill := newsroom.Fill{
		Langs: newsroom.Match(f.Langs), Sections: newsroom.Match(f.Sections), Tags: newsroom.Match(f.Tags),
		Authors: newsroom.Match(f.Authors), Types: newsroom.Match(f.Types), Featured: in.Featured, Breaking: in.Breaking, Limit: 20,
	}
	if in.Limit != nil {
		fill.Limit = *in.Limit
	}
	return fill, broken
}

// collectionInputOf gives a collection as a client would have sent it.
func collectionInputOf(c newsroom.Collection) CollectionInput {
	in := CollectionInput{
		Key: c.Key, Name: c.Name, Description: c.Description, Articles: idStrings(c.ArticleIDs),
		Translations: translationsTo(c.Translations, termTranslationInputOf),
	}
	if c.Fill != nil {
		f := fillOf(*c.Fill)
		in.Fill = &FillInput{
			Lang: f.Lang, Section: f.Section, Tag: f.Tag, Author: f.Author, Type: f.Type, Featured: f.Featured, Breaking: f.Breaking, Limit: &f.Limit,
		}
	}
	return in
}

// fillOf gives a fill in the form of a client, with its terms as f names them.
func fillOf(f newsroom.Fill) CollectionFill {
	return CollectionFill{
		Lang: filterOf(f.Langs), Section: filterOf(f.Sections), Tag: filterOf(f.Tags), Author: filterOf(f.Authors), Type: filterOf(f.Types),
		Featured: f.Featured, Breaking: f.Breaking, Limit: f.Limit,
	}
}

func filterOf(m newsroom.Match) []string {
	out := []string{}
	for _, group := range m.AnyOf {
		out = append(out, strings.Join(group, ","))
	}
	if len(m.None) > 0 {
		out = append(out, "-"+strings.Join(m.None, ",-"))
	}
	return out
}

func (h manage) answerCollection(c echo.Context, status int, collection newsroom.Collection) error {
	var shown []ManagedCollection
	err := h.store.Snapshot(c.Request().Context(), func(q store.Queries) (err error) {
		shown, err = h.collections(q, actor(c).User, collection)
		return err
	})
	if err != nil {
		return err
	}
	return versioned(c, status, collection.Version, Data[ManagedCollection]{shown[0]})
}

// collections gives collections with what viewer may see of their articles, in a constant number of queries.
func (h manage) collections(q store.Queries, viewer newsroom.User, list ...newsroom.Collection) ([]ManagedCollection, error) {
	var ids []uuid.UUID
	var fills []newsroom.Text
	for _, c := range list {
		ids = append(ids, c.ArticleIDs...)
		if c.Fill != nil {
			fills = append(fills, newsroom.Text{TagIDs: idsIn(c.Fill.Tags), AuthorIDs: idsIn(c.Fill.Authors)})
		}
	}
	standings, err := q.StandingsByID(ids, h.desk.Now())
	if err != nil {
		return nil, err
	}
	terms, err := q.Terms(fills...)
	out := make([]ManagedCollection, len(list))
	for i, c := range list {
		out[i] = ManagedCollection{
			ID: c.ID.String(), Key: c.Key, Name: c.Name, Description: nullable(c.Description),
			Translations: translationsTo(c.Translations, termTranslationOf), Articles: collectionArticles(c.ArticleIDs, standings, viewer),
			Version: c.Version, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
		}
		if c.Fill != nil {
			fill := fillOf(withSlugs(*c.Fill, terms))
			out[i].Fill = &fill
		}
	}
	return out, err
}

// idsIn gives the ids that a filter names.
func idsIn(m newsroom.Match) []uuid.UUID {
	var ids []uuid.UUID
	for _, v := range m.Values() {
		if id, ok := parseID(v); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// withSlugs names the terms of a fill by slug.
func withSlugs(f newsroom.Fill, terms store.Terms) newsroom.Fill {
	return f.MapTerms(
		func(id string) string { return terms.Sections[uuid.MustParse(id)].Slug },
		func(id string) string { return terms.Tags[uuid.MustParse(id)].Slug },
		func(id string) string { return terms.Authors[uuid.MustParse(id)].Slug },
	)
}

// collectionArticles gives what viewer may see of the articles in a collection.
func collectionArticles(ids []uuid.UUID, standings map[uuid.UUID]newsroom.Standing, viewer newsroom.User) []CollectionArticle {
	out := []CollectionArticle{}
	for _, id := range ids {
		if s, err := standings[id].SeenBy(viewer); err == nil && s.Article.ID == id {
			out = append(out, CollectionArticle{ID: id.String(), Lang: s.Lang, Slug: s.Slug, Title: s.Title, Status: s.Status()})
		}
	}
	return out
}
