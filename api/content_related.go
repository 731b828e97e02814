package api

import (
	"cmp"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// mostRelated is how long the lists of similar articles are at most.
const mostRelated = 100

// listRelated gives similar news.
//
// @Summary     List similar articles
// @Description What is most like the article: by tags that both have, of which rare ones tell more, by section and words of the title;
// @Description newer articles are preferred, and featured ones on the same subject come first. All are in the language of the article.
// @ID          listRelated
// @Tags        content
// @Param       article path string true "Slug or id." minlength(1) maxlength(100) example(eski-kanal-ustida-yangi-koprik-ochildi)
// @Param       lang   query string    false "Language of the article, where several have the slug." maxlength(35) minlength(2) example(uz-Latn)
// @Param       query  query PageQuery false "paging"
// @Param       fields query []string  false "Only these fields of each card." collectionFormat(csv) Enums(id,type,lang,slug,url,title,kicker,subtitle,summary,section,authors,tags,lead_image,published_at,updated_at,views,reading_minutes,featured,breaking)
// @Success     200 {object} Page[Card]
// @Header      200 {string} ETag "x"
// @Header      200 {string} Link "x"
// @Success     304
// @Success     308
// @Header      308 {string} Location "x"
// @Failure     404,410 {object} Problem
// @Router      /v1/content/articles/{article}/related [get]
func (h content) listRelated(c echo.Context) error {
	q := queryOf(c)
	language := h.language(q)
	ref, ok := termRef(param(c, "article"))
	if !ok {
		return noArticle()
	}
	err := h.answerShortList(c, q, language, func(view store.LiveView) ([]store.LiveArticle, error) {
		a, err := h.edition(view, ref, language)
		if err != nil {
			return nil, err
		}
		return view.Related(a, cmp.Or(language, a.Lang), lang.Twin(language), mostRelated)
	})
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return h.moved(c, ref, language, "/related")
	}
	return err
}
