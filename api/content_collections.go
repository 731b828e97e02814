package api

import (
	"cmp"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// collectionBase are the fields of a collection with and without its articles.
type collectionBase struct {
	ID          string  `json:"id" format:"uuid"`
	Key         string  `json:"key" example:"front-page"`
	Name        string  `json:"name" example:"Bosh sahifa"`
	Description *string `json:"description"`
	// When it was last changed itself: its articles come and go without that.
	UpdatedAt time.Time `json:"updated_at" format:"date-time"`
}

// CollectionSummary is a collection as lists show it.
type CollectionSummary struct {
	collectionBase
}

// Collection is a collection with what readers see of it.
type Collection struct {
	collectionBase
	// What editors put there, in their order, as far as it is live; then what fills it up, newest first.
	Articles []Card `json:"articles" extensions:"x-sparse"`
}

// sparseCollection is a Collection with only some fields of its cards.
type sparseCollection struct {
	collectionBase
	Articles []any `json:"articles"`
}

// listCollections gives collections without what is in them.
//
// @Summary     List collections
// @Description The lists that editors put together by hand, without what is in them.
// @ID          listCollections
// @Tags        content
// @Param       lang   query string    false "Language of the names." maxlength(35) minlength(2) example(ru)
// @Param       query  query PageQuery false "paging"
// @Param       sort   query []string  false "Order, the first key first; - means descending." default(key) example(name) collectionFormat(csv) Enums(key,-key,name,-name)
// @Param       fields query []string  false "Only these fields of each collection." collectionFormat(csv) Enums(id,key,name,description,updated_at)
// @Success     200 {object} Page[CollectionSummary]
// @Header      200 {string} ETag "x"
// @Header      200 {string} Link "x"
// @Success     304
// @Router      /v1/content/collections [get]
func (h content) listCollections(c echo.Context) error {
	q := queryOf(c)
	language := h.nameLanguage(q)
	page := q.page([]string{"key", "name"}, byKey)
	fields := q.list("fields", []string{"id", "key", "name", "description", "updated_at"})
	if err := q.err(); err != nil {
		return err
	}
	return h.answer(c, func(view store.LiveView) (any, error) {
		listing, err := view.Collections(page.Page)
		if err != nil {
			return nil, err
		}
		shown := make([]CollectionSummary, len(listing.Items))
		for i, collection := range listing.Items {
			shown[i] = CollectionSummary{h.collection(collection, language)}
		}
		items, err := sparse(shown, fields)
		return pageOf(c, items, page, listing), err
	})
}

// getCollection gives one collection with its articles.
//
// @Summary     Read a collection
// @Description What editors put there, in their order, as far as it is live now, then what fills it up. With lang all of it is in that
// @Description language: what was put there in another one is replaced by its translation, or left out.
// @ID          getCollection
// @Tags        content
// @Param       collection path string true "Key or id." minlength(1) maxlength(100) example(front-page)
// @Param       lang   query string   false "Only articles in this language, and names in it." maxlength(35) minlength(2) example(ru)
// @Param       limit  query int      false "How many articles at most." minimum(1) maximum(100) default(100)
// @Param       fields query []string false "Only these fields of each card." collectionFormat(csv) Enums(id,type,lang,slug,url,title,kicker,subtitle,summary,section,authors,tags,lead_image,published_at,updated_at,views,reading_minutes,featured,breaking)
// @Param       include query []string false "What else the page needs, beside the data: lists of cards in that language, the site, and widgets." collectionFormat(csv) Enums(latest,popular,site,widgets)
// @Param       include_limit query int false "How many cards each included list has at most." minimum(1) maximum(50) default(10)
// @Success     200 {object} Answer[Collection]
// @Header      200 {string} ETag "x"
// @Success     304
// @Failure     404 {object} Problem
// @Router      /v1/content/collections/{collection} [get]
func (h content) getCollection(c echo.Context) error {
	q := queryOf(c)
	language := h.language(q)
	limit := q.number("limit", 1, newsroom.MaxCollection, newsroom.MaxCollection)
	fields := q.list("fields", cardFields)
	want := q.inclusion(besideWords...)
	want.language = language
	if err := q.err(); err != nil {
		return err
	}
	ref, err := collectionRef(c, "collection")
	if err != nil {
		return err
	}
	return h.answer(c, func(view store.LiveView) (any, error) {
		collection, err := view.Collection(ref)
		if newsroom.IsCode(err, newsroom.CodeNotFound) {
			return nil, noCollection()
		}
		if err != nil {
			return nil, err
		}
		articles, err := view.CollectionArticles(collection, language, lang.Twin(language), limit)
		if err != nil {
			return nil, err
		}
		cards, err := h.cards(view, language, articles)
		if err != nil {
			return nil, err
		}
		items, err := sparse(cards, fields)
		if err != nil {
			return nil, err
		}
		beside, err := h.beside(view, want, nil)
		return Answer[sparseCollection]{sparseCollection{h.collection(collection, cmp.Or(language, h.languages.Default())), items}, beside}, err
	})
}

func (w wire) collection(c newsroom.Collection, language string) collectionBase {
	return collectionBase{
		ID: c.ID.String(), Key: c.Key, UpdatedAt: c.UpdatedAt,
		Name:        w.translated(c.Translations, language, c.Name, translatedName),
		Description: nullable(w.translated(c.Translations, language, c.Description, translatedDescription)),
	}
}
