package api

import (
	"maps"
	"net/http"
	"slices"
	"strings"

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

// listArticles gives working copies.
//
// @Summary     List articles
// @Description What you may see: your own articles, and for editors everybody's working copies; of other articles what readers see.
// @Description Without a status, what is in the trash is left out.
// @ID          listManagedArticles
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       query  query ArticleFilter false "filters"
// @Param       status query []string false "Where the article stands: draft, in_review, scheduled, published, expired, unpublished or trashed." collectionFormat(multi) example(draft,scheduled)
// @Param       mine   query bool     false "Only your own."
// @Param       has_changes query bool false "Only those whose working copy is ahead of what readers see, or only the others."
// @Param       query  query PageQuery false "paging"
// @Param       sort   query []string    false "Order, the first key first; - means descending." default(-updated_at) example(title) collectionFormat(csv) Enums(updated_at,-updated_at,created_at,-created_at,published_at,-published_at,title,-title)
// @Param       fields query []string  false "Only these fields of each article." collectionFormat(csv) Enums(id,type,lang,slug,url,title,kicker,subtitle,summary,section,authors,tags,lead_image,views,reading_minutes,featured,breaking,status,version,revision,has_changes,live,scheduled,created_by,created_at,updated_at,published_at,note,submitted_at,killed)
// @Success     200 {object} Page[ManagedCard]
// @Header      200 {string} Link "x"
// @Failure     403 {object} Problem
// @Router      /v1/manage/articles [get]
func (h manage) listArticles(c echo.Context) error {
	q := queryOf(c)
	filter := store.StandingFilter{ArticleFilter: readFilter(q, h.wire), HasChanges: q.boolean("has_changes")}
	filter.Status = q.match("status", func(s string) (string, bool) { return s, slices.Contains(newsroom.Statuses(), newsroom.Status(s)) })
	if mine := q.boolean("mine"); mine != nil {
		filter.Mine = *mine
	}
	page := q.page([]string{"updated_at", "created_at", "published_at", "title"}, store.SortKey{Field: "updated_at", Desc: true})
	fields := q.list("fields", managedFields)
	if err := q.err(); err != nil {
		return err
	}
	var answer Page[any]
	err := h.store.Snapshot(c.Request().Context(), func(q store.Queries) error {
		listing, err := q.Standings(actor(c).User, filter, page.Page, h.desk.Now())
		if err != nil {
			return err
		}
		cards, err := h.cards(q, listing.Items)
		if err != nil {
			return err
		}
		items, err := sparse(cards, fields)
		answer = pageOf(c, items, page, listing)
		return err
	})
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, answer)
}

var managedFields = append(slices.DeleteFunc(slices.Clone(cardFields), func(f string) bool {
	return f == "published_at" || f == "updated_at" || f == "transliterated_from"
}),
	"status", "version", "revision", "has_changes", "live", "scheduled", "created_by", "created_at", "updated_at", "published_at", "note",
	"submitted_at", "killed")

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
	return h.answer(c, http.StatusCreated, s)
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
	var article ManagedArticle
	err = h.store.Snapshot(c.Request().Context(), func(q store.Queries) error {
		s, err := q.Standing(id, h.desk.Now())
		if err != nil {
			return err
		}
		if s, err = s.SeenBy(actor(c).User); err != nil {
			return err
		}
		article, err = h.article(q, actor(c).User, s, formats)
		return err
	})
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return noArticle()
	}
	if err != nil {
		return err
	}
	return versioned(c, http.StatusOK, article.Version, Data[ManagedArticle]{article})
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
	id, expected, patch, err := readPatch(c, "article")
	if err != nil {
		return err
	}
	s, err := h.desk.SaveArticle(c.Request().Context(), actor(c), id, expected, func(a newsroom.Article) (editorial.Draft, error) {
		return h.patched(a, patch), nil
	})
	if err != nil {
		return err
	}
	return h.answer(c, http.StatusOK, s)
}

// deleteArticle throws an article away.
//
// @Summary     Move an article to the trash, or purge it from there
// @Description Readers lose it at once. It keeps its slug and its revisions, and can be restored. With purge=true an admin deletes
// @Description for good what is in the trash.
// @ID          deleteArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id    path  string true  "Article id"
// @Param       purge query bool   false "Delete for good what is in the trash." default(false)
// @Success     204
// @Failure     403,404,409,412,428 {object} Problem
// @Router      /v1/manage/articles/{id} [delete]
func (h manage) deleteArticle(c echo.Context) error {
	q := queryOf(c)
	purge := q.boolean("purge")
	if err := q.err(); err != nil {
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
	remove := h.desk.TrashArticle
	if purge != nil && *purge {
		remove = h.desk.PurgeArticle
	}
	if err := remove(c.Request().Context(), actor(c), id, expected); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// workingCopy runs read on one state of the newsroom, with the article in the path, whose working copy the caller may see.
func (h manage) workingCopy(c echo.Context, read func(store.Queries, newsroom.Standing) error) error {
	id, err := pathID(c, "article")
	if err != nil {
		return err
	}
	return h.store.Snapshot(c.Request().Context(), func(q store.Queries) error {
		s, err := q.Standing(id, h.desk.Now())
		if newsroom.IsCode(err, newsroom.CodeNotFound) {
			return noArticle()
		}
		if err != nil {
			return err
		}
		if err := actor(c).CheckWorkingCopy(s); err != nil {
			return err
		}
		return read(q, s)
	})
}

// answer gives one working copy, right after it was changed.
func (h manage) answer(c echo.Context, status int, s newsroom.Standing) error {
	var article ManagedArticle
	err := h.store.Snapshot(c.Request().Context(), func(q store.Queries) (err error) {
		article, err = h.article(q, actor(c).User, s, nil)
		return err
	})
	if err != nil {
		return err
	}
	return versioned(c, status, s.Version, Data[ManagedArticle]{article})
}

// article gives a working copy with all that it refers to.
func (h manage) article(q store.Queries, viewer newsroom.User, s newsroom.Standing, formats []string) (ManagedArticle, error) {
	cards, err := h.cards(q, []newsroom.Standing{s})
	if err != nil {
		return ManagedArticle{}, err
	}
	siblings, err := siblings(q, viewer, s)
	if err != nil {
		return ManagedArticle{}, err
	}
	notes, err := q.Live(s.At).Corrections(s.ID)
	return ManagedArticle{cards[0].cardBase, cards[0].managed, h.fullText(s.Text, formats, siblings, notes), seo(s.SEO)}, err
}

// siblings gives the translations of an article that viewer may see: working copies of one's own, and for editors of
// everybody; of others what readers see.
func siblings(q store.Queries, viewer newsroom.User, s newsroom.Standing) ([]newsroom.Text, error) {
	articles, err := q.Translations(s.TranslationGroup)
	if err != nil {
		return nil, err
	}
	live, err := q.Live(s.At).Translations(s.TranslationGroup)
	if err != nil {
		return nil, err
	}
	texts := map[string]newsroom.Text{}
	for _, a := range live {
		texts[a.Lang] = a.Text
	}
	for _, a := range articles {
		if viewer.SeesWorkingCopy(a) {
			texts[a.Lang] = a.Text
		}
	}
	return slices.SortedFunc(maps.Values(texts), func(a, b newsroom.Text) int { return strings.Compare(a.Lang, b.Lang) }), nil
}

// cards gives working copies with what they refer to, in a constant number of queries.
func (h manage) cards(q store.Queries, standings []newsroom.Standing) ([]ManagedCard, error) {
	texts := make([]newsroom.Text, len(standings))
	owners := make([]uuid.UUID, len(standings))
	for i, s := range standings {
		texts[i], owners[i] = s.Text, s.CreatedBy
	}
	terms, err := q.Terms(texts...)
	if err != nil {
		return nil, err
	}
	users, err := q.UsersByID(owners...)
	if err != nil {
		return nil, err
	}
	cards := make([]ManagedCard, len(standings))
	for i, s := range standings {
		cards[i] = ManagedCard{cardBase: h.cardBase(s.ID, s.Text, terms, s.Views, ""), managed: managedOf(s, users[s.CreatedBy])}
	}
	return cards, nil
}
