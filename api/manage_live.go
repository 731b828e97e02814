package api

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// getLiveArticle gives what readers see, or once saw.
//
// @Summary     Read what readers saw
// @Description The article exactly as readers were served it at as_of: its text, its translations and its corrections, and the names of
// @Description sections, authors and tags as they were then. Only views are those of now. For those who may see the working copy; without as_of,
// @Description what readers see now, for everybody who may see the article. 404 when they saw nothing, 410 with the public reason once the story
// @Description was withdrawn for good.
// @ID          getLiveArticle
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id     path  string   true  "Article id"
// @Param       as_of  query string   false "A date-time that is not in the future; now when left out." format(date-time) maxlength(35) example(2026-03-06T10:05:00Z)
// @Param       format query []string false "Formats of the body." collectionFormat(csv) Enums(html,blocks,markdown,text) default(html)
// @Param       fields query []string false "Only these fields." collectionFormat(csv) Enums(id,type,lang,transliterated_from,slug,url,title,kicker,subtitle,summary,section,authors,tags,lead_image,published_at,updated_at,views,reading_minutes,featured,breaking,body,seo,custom,corrections,translations,word_count)
// @Success     200 {object} Data[Article]
// @Failure     403,404,410 {object} Problem
// @Router      /v1/manage/articles/{id}/live [get]
func (h manage) getLiveArticle(c echo.Context) error {
	q, now := queryOf(c), h.desk.Now()
	asOf := q.pastMoment("as_of", now)
	formats := q.list("format", bodyFormats)
	fields := q.list("fields", articleFields)
	if err := q.err(); err != nil {
		return err
	}
	id, err := pathID(c, "article")
	if err != nil {
		return err
	}
	var data any
	err = h.store.Snapshot(c.Request().Context(), func(q store.Queries) error {
		moment, err := h.moment(q, actor(c), id, asOf, now)
		if err != nil {
			return err
		}
		article, err := h.past(q.Past(moment), id, formats)
		if err != nil {
			return err
		}
		data, err = only(article, fields)
		return err
	})
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return noArticle()
	}
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, Data[any]{data})
}

// moment gives the moment that u asks about, if u may know what readers saw then: now, when none is named.
func (h manage) moment(q store.Queries, u newsroom.Actor, id uuid.UUID, asOf *time.Time, now time.Time) (time.Time, error) {
	s, err := q.Standing(id, now)
	if err != nil {
		return now, err
	}
	if asOf == nil {
		_, err := s.SeenBy(u.User)
		return now, err
	}
	return *asOf, u.CheckWorkingCopy(s)
}

// past gives an article of a view of the past, gone when it had been withdrawn for good by then, or not_found.
func (h manage) past(view store.LiveView, id uuid.UUID, formats []string) (Article, error) {
	a, err := view.Article(id.String(), "", h.languages)
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return Article{}, whyGone(view, id.String(), "", h.languages)
	}
	if err != nil {
		return Article{}, err
	}
	return content{wire: h.wire}.article(view, a, formats, "")
}

// pastMoment gives a date-time that does not lie in the future, or nil when there is none.
func (q *query) pastMoment(name string, now time.Time) *time.Time {
	v := q.one(name)
	if v == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil || !sane(t) {
		q.fail(name, "The value is a date-time such as 2026-03-06T09:00:00Z.")
		return nil
	}
	if t = t.UTC().Truncate(time.Millisecond); t.After(now) {
		q.fail(name, "The value lies in the future.")
	}
	return &t
}
