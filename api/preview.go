package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// previewPath is what stands before the token in the address of a preview.
const previewPath = "/v1/preview/"

// loggable gives a path as logs may keep it: without the token of a preview, which is as good as the link.
func loggable(path string) string {
	before, _, found := strings.Cut(path, previewPath)
	if found {
		return before + previewPath + ":token"
	}
	return path
}

// getPreview shows what a preview link leads to.
//
// @Summary     Read a preview
// @Description One revision as `/v1/content` would show it, to whoever holds the link. Its dates are those of what readers see
// @Description now, or else of this moment. A link that was forged, deleted or has expired, and one to an article in the trash or
// @Description withdrawn for good, look alike: 404.
// @ID          getPreview
// @Tags        manage-articles
// @Param       token  path string true "The token of the link" maxlength(4096)
// @Param       format query []string false "Formats of the body." collectionFormat(csv) Enums(html,blocks,markdown,text) default(html)
// @Param       fields query []string false "Only these fields." collectionFormat(csv) Enums(id,type,lang,transliterated_from,slug,url,title,kicker,subtitle,summary,section,authors,tags,lead_image,published_at,updated_at,views,reading_minutes,featured,breaking,body,seo,custom,corrections,translations,word_count)
// @Success     200 {object} Data[Article]
// @Header      200 {string} X-Robots-Tag "x"
// @Failure     404 {object} Problem
// @Router      /v1/preview/{token} [get]
func (h previews) getPreview(c echo.Context) error {
	c.Response().Header().Set("X-Robots-Tag", "noindex")
	q := queryOf(c)
	formats := q.list("format", bodyFormats)
	fields := q.list("fields", articleFields)
	if err := q.err(); err != nil {
		return err
	}
	link, err := h.accounts.OpenPreview(c.Request().Context(), param(c, "token"))
	if err != nil {
		return err
	}
	var article Article
	err = h.store.Snapshot(c.Request().Context(), func(q store.Queries) (err error) {
		article, err = h.previewed(q, link, formats)
		return err
	})
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return newsroom.NoPreview()
	}
	if err != nil {
		return err
	}
	data, err := only(article, fields)
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, Data[any]{data})
}

// previewed gives the revision that a link shows, as readers would get it.
func (h previews) previewed(q store.Queries, link newsroom.PreviewLink, formats []string) (Article, error) {
	now := h.desk.Now()
	r, err := q.Previewed(link, now)
	if err != nil {
		return Article{}, err
	}
	s, err := q.Standing(link.ArticleID, now)
	if err != nil {
		return Article{}, err
	}
	p, err := s.Preview(r)
	if err != nil {
		return Article{}, err
	}
	return h.content.article(q.Live(now), store.LiveArticle{Publication: p, Views: s.Views}, formats, "")
}
