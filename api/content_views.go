package api

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// View is what a reader's app gets for telling that an article was opened.
type View struct {
	// It counts soon, if it counts.
	Accepted bool `json:"accepted" example:"true"`
}

// viewsPath is where readers' apps tell that an article was opened.
const viewsPath = "/v1/content/articles/:article/views"

// countView takes a reader's view.
//
// @Summary     Count a reader's view
// @Description Call it when a reader opens the article. One visitor (address and user agent) counts once in 30 minutes, known bots
// @Description never; nothing that tells who it was is kept. A body is ignored. The views that other calls show follow within a minute.
// @ID          countView
// @Tags        content
// @Param       article path string true "Article id" format(uuid)
// @Success     202 {object} Data[View]
// @Failure     404 {object} Problem
// @Router      /v1/content/articles/{article}/views [post]
func (h content) countView(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	id, ok := parseID(param(c, "article"))
	if !ok {
		return noArticle()
	}
	ctx := c.Request().Context()
	seen, err := h.live.At(ctx, h.now()).Seen(id)
	if err != nil {
		return err
	}
	if !seen {
		return noArticle()
	}
	if err := h.views.Add(ctx, id, c.RealIP(), c.Request().UserAgent()); err != nil {
		return err
	}
	return private(c, http.StatusAccepted, Data[View]{View{Accepted: true}})
}

// mostPopular is how long the lists of popular articles are at most.
const mostPopular = 100

// listPopular gives what readers open most.
//
// @Summary     List popular articles
// @Description The live articles that were viewed most often within the window, the most viewed first; at most 100.
// @ID          listPopular
// @Tags        content
// @Param       window  query string   false "How far back views count." Enums(1h,24h,7d,30d) default(24h)
// @Param       lang    query []string false "Languages, as for the list of articles." collectionFormat(multi) example(ru)
// @Param       section query []string false "Sections by slug or id, each with its subsections." collectionFormat(multi) example(world)
// @Param       query   query PageQuery false "paging"
// @Param       fields  query []string false "Only these fields of each card." collectionFormat(csv) Enums(id,type,lang,slug,url,title,kicker,subtitle,summary,section,authors,tags,lead_image,published_at,updated_at,views,reading_minutes,featured,breaking)
// @Success     200 {object} Page[Card]
// @Header      200 {string} ETag "x"
// @Header      200 {string} Link "x"
// @Success     304
// @Router      /v1/content/popular [get]
func (h content) listPopular(c echo.Context) error {
	q := queryOf(c)
	window := q.window()
	filter, language := withTwin(store.ArticleFilter{
		Langs: q.match("lang", h.readable().languages.Canonical), Sections: q.match("section", termRef),
	})
	return h.answerShortList(c, q, language, func(view store.LiveView) ([]store.LiveArticle, error) {
		return view.Popular(window, filter, mostPopular)
	})
}

// window reads a window of popularity; a day when none is named.
func (q *query) window() newsroom.Window {
	name := q.one("window")
	i := slices.IndexFunc(newsroom.Windows[:], func(w newsroom.Window) bool { return w.Name == name })
	switch {
	case name == "":
		return newsroom.Windows[1]
	case i < 0:
		q.fail("window", "One of 1h, 24h, 7d, 30d is possible.")
		return newsroom.Windows[1]
	}
	return newsroom.Windows[i]
}

// answerShortList answers with a page of the cards of what read finds, which is a list short enough to be read as a whole.
func (h content) answerShortList(c echo.Context, q *query, language string, read func(store.LiveView) ([]store.LiveArticle, error)) error {
	page := q.page(nil)
	fields := q.list("fields", cardFields)
	if err := q.err(); err != nil {
		return err
	}
	return h.answer(c, func(view store.LiveView) (any, error) {
		all, err := read(view)
		if err != nil {
			return nil, err
		}
		listing, err := slicePage(all, page, func(a store.LiveArticle) string { return a.ArticleID.String() })
		if err != nil {
			return nil, err
		}
		cards, err := h.cards(view, language, listing.Items)
		if err != nil {
			return nil, err
		}
		items, err := sparse(cards, fields)
		return pageOf(c, items, page, listing), err
	})
}
