package api

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/views"
)

// content answers readers. It holds a store that sees only what is live.
type content struct {
	wire
	live  *store.Live
	views *views.Counter
	now   func() time.Time
}

// answer answers with what read finds, all of it in one state of the newsroom.
func (h content) answer(c echo.Context, read func(store.LiveView) (any, error)) error {
	var v any
	changed, err := h.snapshot(c, func(view store.LiveView) (err error) {
		v, err = read(view)
		return err
	})
	if err != nil {
		return err
	}
	body, err := encode(v)
	if err != nil {
		return err
	}
	return cacheable(c, jsonType, body, changed)
}

// snapshot lets read look at one state of the newsroom, and gives when what readers see of it last changed.
func (h content) snapshot(c echo.Context, read func(store.LiveView) error) (changed time.Time, err error) {
	err = h.live.At(c.Request().Context(), h.now()).Snapshot(func(view store.LiveView) error {
		if err := read(view); err != nil {
			return err
		}
		changed, err = view.Changed()
		return err
	})
	return changed, err
}

// ArticleFilter documents the parameters that narrow a list of articles.
type ArticleFilter struct {
	// Languages, as BCP 47 tags. uz-Latn or uz-Cyrl alone takes along what there is only in the other script, transliterated. Like all filters: commas mean "or", repeating the parameter means "and", a leading - excludes.
	Lang []string `form:"lang" collectionFormat:"multi" validate:"max=20" extensions:"x-pattern=^[A-Za-z0-9,-]+$" example:"uz-Latn,ru"`
	// Sections by slug or id, each with its subsections.
	Section []string `form:"section" collectionFormat:"multi" validate:"max=20" extensions:"x-pattern=^[a-z0-9,-]+$" example:"world,sports"`
	// Tags by slug or id.
	Tag []string `form:"tag" collectionFormat:"multi" validate:"max=20" extensions:"x-pattern=^[a-z0-9,-]+$" example:"-football"`
	// Authors by slug or id.
	Author []string `form:"author" collectionFormat:"multi" validate:"max=20" extensions:"x-pattern=^[a-z0-9,-]+$" example:"dilnoza-yusupova"`
	// Types of article.
	Type []string `form:"type" collectionFormat:"multi" validate:"max=20" extensions:"x-pattern=^[a-z0-9_,-]+$" example:"opinion,interview"`
	// Published at or after this date-time or day (in the site's time zone).
	From string `form:"from" maxLength:"35" minLength:"10" example:"2026-03-01"`
	// Published at or before this date-time, or on or before this day.
	To string `form:"to" maxLength:"35" minLength:"10" example:"2026-03-31"`
	// Only what is featured, or only what is not.
	Featured bool `form:"featured" example:"true"`
	// Only breaking news, or none.
	Breaking bool `form:"breaking" example:"false"`
	// At most 100 ids.
	IDs []string `form:"ids" collectionFormat:"multi" validate:"max=100" extensions:"x-pattern=^[0-9a-f-]+$" example:"01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42"`
}

// PageQuery documents the parameters that every list has.
type PageQuery struct {
	// How many at most.
	Limit int `form:"limit" minimum:"1" maximum:"100" default:"20"`
	// Which page, from 1; up to 10,000 rows deep.
	Page int `form:"page" minimum:"1" maximum:"10000" default:"1"`
	// Go on where another answer's next_cursor says; stable while rows are added. Not together with page.
	Cursor string `form:"cursor" maxLength:"4000" example:"eyJzIjoiLXB1Ymxpc2hlZF9hdCJ9"`
	// Whether to count the whole list.
	Total bool `form:"total" default:"true"`
}

var (
	cardFields = []string{
		"id", "type", "lang", "transliterated_from", "slug", "url", "title", "kicker", "subtitle", "summary", "section", "authors", "tags", "lead_image",
		"published_at", "updated_at", "views", "reading_minutes", "featured", "breaking",
	}
	articleFields = append(cardFields[:len(cardFields):len(cardFields)], "body", "seo", "custom", "corrections", "translations", "word_count")
	newestFirst   = store.SortKey{Field: "published_at", Desc: true}
)

// filter reads the parameters of ArticleFilter. It gives the language that names are to be in too: the one that was
// asked for, if it is one.
func (h content) filter(q *query) (f store.ArticleFilter, language string) {
	f = readFilter(q, h.readable())
	return withTwin(f)
}

// withTwin lets f keep articles that are transliterated into the one language that it keeps, and gives that language, or "".
func withTwin(f store.ArticleFilter) (store.ArticleFilter, string) {
	language := onlyLanguage(f)
	if len(f.Langs.None) == 0 {
		f.Twin = lang.Twin(language)
	}
	return f, language
}

// onlyLanguage is the language that f keeps, or "" when it may be several.
func onlyLanguage(f store.ArticleFilter) string {
	if len(f.Langs.AnyOf) == 1 && len(f.Langs.AnyOf[0]) == 1 {
		return f.Langs.AnyOf[0][0]
	}
	return ""
}

// cards gives articles as lists show them.
func (h content) cards(view store.LiveView, language string, articles []store.LiveArticle) ([]Card, error) {
	terms, err := view.Terms(articles...)
	if err != nil {
		return nil, err
	}
	cards := make([]Card, len(articles))
	for i, a := range articles {
		cards[i] = h.card(a, terms, language)
	}
	return cards, nil
}

func readFilter(q *query, w wire) store.ArticleFilter {
	f := store.ArticleFilter{
		Langs:    q.match("lang", w.languages.Canonical),
		Sections: q.match("section", termRef),
		Tags:     q.match("tag", termRef),
		Authors:  q.match("author", termRef),
		Types:    q.match("type", func(s string) (string, bool) { return s, s != "" && len(s) <= 32 }),
		IDs:      q.match("ids", func(s string) (string, bool) { _, ok := parseID(s); return strings.ToLower(s), ok }),
		Featured: q.boolean("featured"),
		Breaking: q.boolean("breaking"),
	}
	f.From, _ = q.moment("from", w.zone)
	_, f.To = q.moment("to", w.zone)
	return f
}

// termRef takes what can be a slug or an id, and gives it in the form in which it is kept.
func termRef(s string) (string, bool) {
	if id, ok := parseID(s); ok {
		return id.String(), true
	}
	return s, lang.ValidSlug(s)
}

// listArticles gives cards.
//
// @Summary     List live articles
// @Description Cards of what readers can see now, newest first; with q of what is found, the best first.
// @ID          listArticles
// @Tags        content
// @Param       query  query SearchQuery   false "search"
// @Param       query  query ArticleFilter false "filters"
// @Param       query  query PageQuery     false "paging"
// @Param       sort   query []string        false "Order, the first key first; - means descending. Without it -published_at or, with q, relevance." example(-published_at,title) collectionFormat(csv) Enums(published_at,-published_at,updated_at,-updated_at,title,-title,views,-views)
// @Param       fields  query []string false "Only these fields of each card." collectionFormat(csv) Enums(id,type,lang,transliterated_from,slug,url,title,kicker,subtitle,summary,section,authors,tags,lead_image,published_at,updated_at,views,reading_minutes,featured,breaking,body,highlight)
// @Param       include query []string false "body adds the body, as HTML, to each card. The others add beside the data what else the page needs." collectionFormat(csv) Enums(body,latest,popular,site,widgets)
// @Param       include_limit query int false "How many cards each included list has at most." minimum(1) maximum(50) default(10)
// @Success     200 {object} ListAnswer[Card]
// @Header      200 {string} ETag "x"
// @Header      200 {string} Link "x"
// @Header      200 {string} Cache-Control "x"
// @Success     304
// @Router      /v1/content/articles [get]
func (h content) listArticles(c echo.Context) error {
	q := queryOf(c)
	search := readSearch(q)
	filter, language := h.filter(q)
	page := q.page([]string{"published_at", "updated_at", "title", "views"}, search.order()...)
	want := q.inclusion(append([]string{"body"}, besideWords...)...)
	want.language = language
	bodies := want.has("body")
	fields := withAsked(q.list("fields", fieldsWith(bodies, search.highlight)), bodies, search.highlight)
	if err := q.err(); err != nil {
		return err
	}
	return h.answer(c, func(view store.LiveView) (any, error) {
		listing, err := search.articles(view, filter, page.Page, bodies)
		if err != nil {
			return nil, err
		}
		cards, err := h.cards(view, language, listing.Items)
		if err != nil {
			return nil, err
		}
		for i, a := range listing.Items {
			cards[i].Highlight = search.mark(a, language)
			if bodies {
				b := body(blocksInScript(a.Text, language), nil)
				cards[i].Body = &b
			}
		}
		items, err := sparse(cards, fields)
		if err != nil {
			return nil, err
		}
		p := pageOf(c, items, page, listing)
		meta, err := search.meta(view, filter, page, p)
		if err != nil {
			return nil, err
		}
		beside, err := h.beside(view, want, nil)
		return ListAnswer[any]{p.Data, meta, p.Links, beside}, err
	})
}

// fieldsWith gives the fields of a card that has a body or a highlight too.
func fieldsWith(body, highlight bool) []string {
	fields := slices.Clone(cardFields)
	if body {
		fields = append(fields, "body")
	}
	if highlight {
		fields = append(fields, "highlight")
	}
	return fields
}

// withAsked adds to the fields that were asked for what other parameters ask for.
func withAsked(fields []string, body, highlight bool) []string {
	if fields == nil {
		return nil
	}
	for name, asked := range map[string]bool{"body": body, "highlight": highlight} {
		if asked && !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	return fields
}

// getArticle gives one article.
//
// @Summary     Read a live article
// @Description By slug or id. Among equal slugs the default language wins, unless lang says otherwise. A former slug answers 308,
// @Description a story that was withdrawn for good 410 with the reason. Asked for in uz-Latn or uz-Cyrl, an article that exists only in
// @Description the other one is transliterated; where it exists in both, the slug of the other one answers 308.
// @ID          getArticle
// @Tags        content
// @Param       article path string true "Slug or id." minlength(1) maxlength(100) example(eski-kanal-ustida-yangi-koprik-ochildi)
// @Param       lang   query string   false "Only in this language. uz-Latn and uz-Cyrl stand in for each other, transliterated." maxlength(35) minlength(2) example(uz-Latn)
// @Param       format query []string false "Formats of the body." collectionFormat(csv) Enums(html,blocks,markdown,text) default(html)
// @Param       fields query []string false "Only these fields." collectionFormat(csv) Enums(id,type,lang,transliterated_from,slug,url,title,kicker,subtitle,summary,section,authors,tags,lead_image,published_at,updated_at,views,reading_minutes,featured,breaking,body,seo,custom,corrections,translations,word_count)
// @Param       include query []string false "What else the page needs, beside the data: lists of cards in the language of the article, the site, and widgets." collectionFormat(csv) Enums(related,latest,popular,site,widgets)
// @Param       include_limit query int false "How many cards each included list has at most." minimum(1) maximum(50) default(10)
// @Success     200 {object} Answer[Article]
// @Header      200 {string} ETag "x"
// @Header      200 {string} Last-Modified "x"
// @Header      200 {string} Cache-Control "x"
// @Success     304
// @Success     308
// @Header      308 {string} Location "x"
// @Failure     404,410 {object} Problem
// @Router      /v1/content/articles/{article} [get]
func (h content) getArticle(c echo.Context) error {
	q := queryOf(c)
	language := h.language(q)
	formats := q.list("format", bodyFormats)
	fields := q.list("fields", articleFields)
	want := q.inclusion(append([]string{"related"}, besideWords...)...)
	if err := q.err(); err != nil {
		return err
	}
	ref, ok := termRef(param(c, "article"))
	if !ok {
		return noArticle()
	}
	err := h.answer(c, func(view store.LiveView) (any, error) {
		a, err := h.edition(view, ref, language)
		if err != nil {
			return nil, err
		}
		article, err := h.article(view, a, formats, language)
		if err != nil {
			return nil, err
		}
		data, err := only(article, fields)
		if err != nil {
			return nil, err
		}
		want.language = cmp.Or(language, a.Lang)
		beside, err := h.beside(view, want, &a)
		return Answer[any]{data, beside}, err
	})
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return h.moved(c, ref, language, "")
	}
	return err
}

// article completes a live article with what it refers to.
func (h content) article(view store.LiveView, a store.LiveArticle, formats []string, language string) (Article, error) {
	terms, err := view.Terms(a)
	if err != nil {
		return Article{}, err
	}
	siblings, err := view.Translations(a.TranslationGroup)
	if err != nil {
		return Article{}, err
	}
	text, from := inScript(a.Text, language)
	text.Body = blocksInScript(a.Text, language)
	texts := make([]newsroom.Text, len(siblings))
	for i, s := range siblings {
		texts[i] = s.Text
	}
	notes, err := view.Corrections(a.ArticleID)
	if err != nil {
		return Article{}, err
	}
	site, err := view.Site()
	if err != nil {
		return Article{}, err
	}
	article := Article{
		cardBase:           h.cardBase(a.ArticleID, text, terms, a.Views, language),
		TransliteratedFrom: from,
		PublishedAt:        a.PublishedAt,
		UpdatedAt:          a.UpdatedAt,
		fullText:           h.fullText(text, formats, texts, notesInScript(notes, a.Lang, language)),
		SEO:                ArticleSEO{SEO: seo(text.SEO)},
	}
	article.SEO.JSONLD = h.newsArticle(article, h.translated(site.Translations, article.Lang, site.Name, translatedName))
	return article, nil
}

// moved redirects from a former slug to the present one, or to what is below it, with the same parameters. Of a story
// that was withdrawn for good it gives the reason.
func (h content) moved(c echo.Context, slug, language, below string) error {
	view := h.live.At(c.Request().Context(), h.now())
	a, err := h.elsewhere(view, slug, language)
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return whyGone(view, slug, language, h.languages)
	}
	if err != nil {
		return err
	}
	values := c.Request().URL.Query()
	values.Set("lang", cmp.Or(language, a.Lang))
	to := url.URL{Path: "/v1/content/articles/" + a.Slug + below, RawQuery: values.Encode()}
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=1")
	return c.Redirect(http.StatusPermanentRedirect, to.String())
}

// whyGone gives why a story was withdrawn for good, or not_found.
func whyGone(view store.LiveView, ref, language string, order []string) error {
	kill, err := inEitherScript(language, func(only string) (newsroom.Kill, error) { return view.Killed(ref, only, order) })
	switch {
	case newsroom.IsCode(err, newsroom.CodeNotFound):
		return noArticle()
	case err != nil:
		return err
	}
	return newsroom.Errorf(newsroom.CodeGone, "%s", kill.Reason)
}

func noArticle() error {
	return newsroom.Errorf(newsroom.CodeNotFound, "There is no such article.")
}
