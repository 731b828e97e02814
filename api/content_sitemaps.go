package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/feed"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

const (
	xmlType = "application/xml; charset=utf-8"
	// sitemapSize is how many addresses a file of the sitemap has at most: so few that it stays under 50 MB, whatever the
	// languages.
	sitemapSize = 10_000
	// sitemapBatch is how many articles are in memory at a time.
	sitemapBatch = 1000
	// A sitemap of news has the last two days, and at most a thousand addresses.
	newsFor, newsSize = 48 * time.Hour, 1000
)

// getSitemap gives the index of the sitemap.
//
// @Summary     The sitemap's index
// @Description One file for each month (of UTC) in which something live was published, or several when it holds more than 10,000
// @Description articles. A file changes only when an article of its month does.
// @ID          getSitemap
// @Tags        feeds
// @Produce     application/xml
// @Success     200 {string} string
// @Header      200 {string} X-Robots-Tag "x"
// @Success     304
// @Router      /sitemap.xml [get]
func (h discovery) getSitemap(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	var months []store.Month
	changed, err := h.snapshot(c, func(view store.LiveView) (err error) {
		months, err = view.Months()
		return err
	})
	if err != nil {
		return err
	}
	var files []feed.SitemapFile
	for _, m := range months {
		for part := 1; (part-1)*h.sitemapSize < m.Articles; part++ {
			files = append(files, feed.SitemapFile{URL: h.publicURL + "/sitemaps/" + sitemapName(m.Month, part), Changed: m.Changed})
		}
	}
	body, err := feed.SitemapIndex(files)
	if err != nil {
		return err
	}
	c.Response().Header().Set("X-Robots-Tag", "noindex")
	return cacheable(c, xmlType, body, changed)
}

// sitemapName is the name of the file of a month, or of its second part and so on.
func sitemapName(month string, part int) string {
	if part == 1 {
		return "articles-" + month + ".xml"
	}
	return "articles-" + month + "-" + strconv.Itoa(part) + ".xml"
}

var sitemapFile = regexp.MustCompile(`^articles-(\d{4}-\d\d)(?:-([2-9]|[1-9]\d{1,3}))?\.xml$`)

// sitemapPart gives what a file of the sitemap holds: the filter and the page with which it begins.
func (h discovery) sitemapPart(name string) (store.ArticleFilter, store.Page, bool) {
	match := sitemapFile.FindStringSubmatch(name)
	if match == nil {
		return store.ArticleFilter{}, store.Page{}, false
	}
	from, err := time.Parse("2006-01", match[1])
	to := from.AddDate(0, 1, 0)
	part, _ := strconv.Atoi("0" + match[2])
	page := store.Page{Limit: min(h.sitemapBatch, h.sitemapSize), Offset: max(0, part-1) * h.sitemapSize, Sort: []store.SortKey{{Field: "published_at"}}}
	return store.ArticleFilter{From: &from, To: &to}, page, err == nil && sane(to)
}

// getSitemapFile gives a file of the sitemap.
//
// @Summary     A file of the sitemap
// @Description The addresses of live articles in the order of their publication, each with its translations. What search engines are
// @Description not to show (`seo.no_index`), and what has its original elsewhere (`seo.canonical`), is left out. The file is sent while
// @Description it is read.
// @ID          getSitemapFile
// @Tags        feeds
// @Produce     application/xml
// @Param       file path string true "The name, as in the index." maxlength(32) example(articles-2026-03.xml)
// @Success     200 {string} string
// @Header      200 {string} X-Robots-Tag "x"
// @Success     304
// @Failure     404 {object} Problem
// @Router      /sitemaps/{file} [get]
func (h discovery) getSitemapFile(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	filter, page, ok := h.sitemapPart(param(c, "file"))
	if !ok {
		return noSitemap()
	}
	// Each batch is read by itself: whoever takes their time to receive the file holds no connection to the database.
	view := h.live.At(c.Request().Context(), h.now())
	version, changed, err := view.Version()
	if err != nil {
		return err
	}
	first, err := view.Articles(filter, page, false)
	if err != nil {
		return err
	}
	if len(first.Items) == 0 {
		return noSitemap()
	}
	header := c.Response().Header()
	header.Set("X-Robots-Tag", "noindex")
	if unchanged(c, h.fileTag(c, version), changed) {
		return c.NoContent(http.StatusNotModified)
	}
	header.Set(echo.HeaderContentType, xmlType)
	c.Response().WriteHeader(http.StatusOK)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	if err := h.streamSitemap(c, view, filter, page, first); err != nil {
		if ctx := c.Request().Context(); ctx.Err() == nil { // and not because the client is gone
			h.log.WarnContext(ctx, "a sitemap was cut off", "error", err)
		}
		panic(http.ErrAbortHandler) // so that nobody takes what was sent for the whole
	}
	return nil
}

func noSitemap() error { return newsroom.Errorf(newsroom.CodeNotFound, "There is no such file.") }

// fileTag is a weak ETag: of what the file is made from, not of its bytes.
func (h discovery) fileTag(c echo.Context, version string) string {
	sum := sha256.Sum256(fmt.Append(nil, c.Request().URL.Path, version, h.siteURL, h.languages, h.sitemapSize))
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// streamSitemap writes a file that begins with the articles of batch.
func (h discovery) streamSitemap(c echo.Context, view store.LiveView, f store.ArticleFilter, page store.Page, batch store.Listing[store.LiveArticle]) error {
	file, err := feed.NewSitemap(c.Response())
	for left := h.sitemapSize; err == nil; {
		left -= len(batch.Items)
		if err = h.addPages(file, view, batch.Items); err != nil || left == 0 || batch.Next == nil {
			break
		}
		page.Cursor, page.Limit = batch.Next, min(left, h.sitemapBatch)
		batch, err = view.Articles(f, page, false)
	}
	if err != nil {
		return err
	}
	return file.Close()
}

// addPages writes those articles that search engines are to know.
func (h discovery) addPages(file *feed.Sitemap, view store.LiveView, articles []store.LiveArticle) error {
	siblings, err := h.siblings(view, articles)
	if err != nil {
		return err
	}
	for _, a := range articles {
		if !h.indexed(a.Text) {
			continue
		}
		page := feed.SitemapPage{URL: h.articleURL(a.Lang, a.Slug), Changed: a.UpdatedAt, Alternates: h.alternates(siblings[a.TranslationGroup])}
		if err := file.Add(page); err != nil {
			return err
		}
	}
	return nil
}

// indexed reports whether search engines are to find a text here.
func (h discovery) indexed(t newsroom.Text) bool {
	return !t.SEO.NoIndex && (t.SEO.Canonical == "" || t.SEO.Canonical == h.articleURL(t.Lang, t.Slug))
}

// alternates gives a story in each of its languages, the site's first languages first, and for all others x-default. A
// story in one language has none.
func (h discovery) alternates(texts []newsroom.Text) []feed.Alternate {
	texts = slices.DeleteFunc(slices.Clone(texts), func(t newsroom.Text) bool { return !h.indexed(t) })
	if len(texts) < 2 {
		return nil
	}
	slices.SortStableFunc(texts, func(a, b newsroom.Text) int { return h.languages.Rank(a.Lang) - h.languages.Rank(b.Lang) })
	out := make([]feed.Alternate, len(texts), len(texts)+1)
	for i, t := range texts {
		out[i] = feed.Alternate{Language: t.Lang, URL: h.articleURL(t.Lang, t.Slug)}
	}
	return append(out, feed.Alternate{Language: "x-default", URL: out[0].URL})
}

// getNewsSitemap gives the news of the last two days.
//
// @Summary     The sitemap of news
// @Description What was published in the last 48 hours, newest first and at most 1,000, for search engines of news.
// @ID          getNewsSitemap
// @Tags        feeds
// @Produce     application/xml
// @Success     200 {string} string
// @Header      200 {string} X-Robots-Tag "x"
// @Success     304
// @Router      /sitemaps/news.xml [get]
func (h discovery) getNewsSitemap(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	from := h.now().Add(-newsFor)
	var site newsroom.Site
	var news store.Listing[store.LiveArticle]
	changed, err := h.snapshot(c, func(view store.LiveView) (err error) {
		if site, err = view.Site(); err != nil {
			return err
		}
		news, err = view.Articles(store.ArticleFilter{From: &from}, store.Page{Limit: newsSize, Sort: []store.SortKey{newestFirst}}, false)
		return err
	})
	if err != nil {
		return err
	}
	body, err := h.newsSitemap(site.Name, news.Items)
	if err != nil {
		return err
	}
	c.Response().Header().Set("X-Robots-Tag", "noindex")
	return cacheable(c, xmlType, body, changed)
}

func (h discovery) newsSitemap(publication string, articles []store.LiveArticle) ([]byte, error) {
	var body bytes.Buffer
	file, err := feed.NewSitemap(&body)
	if err != nil {
		return nil, err
	}
	for _, a := range articles {
		if !h.indexed(a.Text) {
			continue
		}
		news := &feed.News{Publication: publication, Language: newsLanguage(a.Lang), Published: a.PublishedAt.In(h.zone), Title: a.Title}
		if err := file.Add(feed.SitemapPage{URL: h.articleURL(a.Lang, a.Slug), Changed: a.UpdatedAt, News: news}); err != nil {
			return nil, err
		}
	}
	err = file.Close()
	return body.Bytes(), err
}

// newsLanguage gives a language as sitemaps of news want it: without its script, but for the two of Chinese.
func newsLanguage(tag string) string {
	base, rest, _ := strings.Cut(tag, "-")
	switch {
	case base != "zh":
		return base
	case slices.Contains([]string{"Hant", "TW", "HK", "MO"}, strings.SplitN(rest, "-", 2)[0]):
		return "zh-tw"
	}
	return "zh-cn"
}
