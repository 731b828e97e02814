package api

import (
	"cmp"
	"fmt"
	"html"
	"log/slog"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/feed"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// discovery answers programs by which readers follow the site, and search engines.
type discovery struct {
	content
	publicURL    string
	hub          string // of WebSub; or ""
	sitemapSize  int    // the most addresses in a file
	sitemapBatch int    // the most articles in memory
	log          *slog.Logger
}

// FeedQuery documents the parameters of a feed beside its filters.
type FeedQuery struct {
	// How many articles at most.
	Limit int `form:"limit" minimum:"1" maximum:"100" default:"30"`
	// Whole texts and not only summaries.
	Full bool `form:"full" default:"false"`
}

// feedRequest is the feed that a request asks for.
type feedRequest struct {
	filter   store.ArticleFilter
	language string // that names are to be in; or ""
	limit    int
	full     bool
	kills    bool // with what was withdrawn, which the format can say
}

// withdrawnFor is how long a feed says that a story was withdrawn for good.
const withdrawnFor = 30 * 24 * time.Hour

// getRSS gives the newest articles as RSS.
//
// @Summary     Follow live articles by RSS
// @Description RSS 2.0, newest first. The guid of an article stays when its address changes. A story that is unpublished or
// @Description withdrawn is not in it any more. Where the Link header names a WebSub hub, changes can be pushed: without filters, or with
// @Description one lang alone.
// @ID          getRSSFeed
// @Tags        feeds
// @Produce     application/rss+xml
// @Param       query  query ArticleFilter false "filters"
// @Param       query  query FeedQuery     false "size"
// @Success     200 {string} string
// @Header      200 {string} Link "x"
// @Header      200 {string} X-Robots-Tag "x"
// @Success     304
// @Router      /feeds/rss.xml [get]
func (h discovery) getRSS(c echo.Context) error {
	return h.answerFeed(c, feed.RSSType, feed.RSS)
}

// getAtom gives the newest articles as Atom.
//
// @Summary     Follow live articles by Atom
// @Description RFC 4287, newest first. A story that was withdrawn for good in the last 30 days is an at:deleted-entry (RFC 6721) with
// @Description the public reason, which asks programs that keep copies to delete theirs. Translations are links with rel=related.
// @ID          getAtomFeed
// @Tags        feeds
// @Produce     application/atom+xml
// @Param       query  query ArticleFilter false "filters"
// @Param       query  query FeedQuery     false "size"
// @Success     200 {string} string
// @Header      200 {string} Link "x"
// @Header      200 {string} X-Robots-Tag "x"
// @Success     304
// @Router      /feeds/atom.xml [get]
func (h discovery) getAtom(c echo.Context) error { return h.answerFeed(c, feed.AtomType, feed.Atom) }

// getJSONFeed gives the newest articles as JSON Feed.
//
// @Summary     Follow live articles by JSON Feed
// @Description JSON Feed 1.1, newest first. A story that is unpublished or withdrawn is not in it any more.
// @ID          getJSONFeed
// @Tags        feeds
// @Produce     application/feed+json
// @Param       query  query ArticleFilter false "filters"
// @Param       query  query FeedQuery     false "size"
// @Success     200 {object} feed.JSONFeed
// @Header      200 {string} Link "x"
// @Header      200 {string} X-Robots-Tag "x"
// @Success     304
// @Router      /feeds/feed.json [get]
func (h discovery) getJSONFeed(c echo.Context) error {
	return h.answerFeed(c, feed.JSONType, feed.JSON)
}

// answerFeed answers with the feed that was asked for, in the format of write.
func (h discovery) answerFeed(c echo.Context, mediaType string, write func(feed.Feed) ([]byte, error)) error {
	q := queryOf(c)
	filter, language := h.filter(q)
	full := q.boolean("full")
	r := feedRequest{filter, language, q.number("limit", 1, 100, 30), full != nil && *full, mediaType == feed.AtomType}
	if err := q.err(); err != nil {
		return err
	}
	var f feed.Feed
	changed, err := h.snapshot(c, func(view store.LiveView) (err error) {
		f, err = h.feed(view, r)
		return err
	})
	if err != nil {
		return err
	}
	h.address(c, q, &f)
	body, err := write(f)
	if err != nil {
		return err
	}
	return cacheable(c, mediaType+"; charset=utf-8", body, changed)
}

// address says, in the feed and beside it, under which address it is subscribed to, and at which hub.
func (h discovery) address(c echo.Context, q *query, f *feed.Feed) {
	f.Self = h.publicURL + c.Request().URL.Path
	if len(q.values) > 0 {
		f.Self += "?" + q.values.Encode()
	}
	f.ID = f.Self
	header := c.Response().Header()
	header.Set("X-Robots-Tag", "noindex")
	header.Add("Link", fmt.Sprintf("<%s>; rel=%q", f.Self, "self"))
	if h.hub != "" && slices.Contains(FeedTopics(h.publicURL, h.languages), f.Self) {
		f.Hub = h.hub
		header.Add("Link", fmt.Sprintf("<%s>; rel=%q", h.hub, "hub"))
	}
}

// FeedTopics gives the addresses of the feeds that a WebSub hub is told of: those without filters, and those of a language.
func FeedTopics(publicURL string, languages lang.Set) []string {
	var topics []string
	for _, name := range []string{"rss.xml", "atom.xml", "feed.json"} {
		address := publicURL + "/feeds/" + name
		topics = append(topics, address, address+"?full=true")
		for _, l := range languages {
			topics = append(topics, address+"?lang="+l, address+"?full=true&lang="+l)
		}
	}
	return topics
}

// feed gives what was asked for, without its address.
func (h discovery) feed(view store.LiveView, r feedRequest) (feed.Feed, error) {
	var f feed.Feed
	listing, err := view.Articles(r.filter, store.Page{Limit: r.limit, Sort: []store.SortKey{newestFirst}}, r.full)
	if err != nil {
		return f, err
	}
	terms, err := view.Terms(listing.Items...)
	if err != nil {
		return f, err
	}
	site, err := view.Site()
	if err != nil {
		return f, err
	}
	name := h.translated(site.Translations, cmp.Or(r.language, h.languages.Default()), site.Name, translatedName)
	f = feed.Feed{
		Title: h.feedTitle(name, r, terms), Language: h.feedLanguage(r), Site: h.siteURL, Publisher: name,
		Updated: site.UpdatedAt.In(h.zone),
	}
	if f.Entries, err = h.entries(view, listing.Items, terms, r); err != nil {
		return f, err
	}
	if r.kills {
		f.Withdrawn, err = h.withdrawn(view)
	}
	for _, e := range f.Entries {
		f.Updated = later(f.Updated, e.Updated)
	}
	for _, w := range f.Withdrawn {
		f.Updated = later(f.Updated, w.At.In(h.zone))
	}
	return f, err
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// feedLanguage gives the one language of a feed, or "".
func (h discovery) feedLanguage(r feedRequest) string {
	if r.language == "" && len(h.languages) == 1 {
		return h.languages.Default()
	}
	return r.language
}

// feedTitle gives the name of the site and, of a feed of just one section, tag or author, theirs.
func (h discovery) feedTitle(site string, r feedRequest, terms store.Terms) string {
	language := cmp.Or(r.language, h.languages.Default())
	parts := []string{site}
	if ref := r.filter.Sections.Only(); ref != "" {
		parts = append(parts, nameIn(h.wire, terms.Sections, ref, language, func(s newsroom.Section) newsroom.Term { return s.Term })...)
	}
	if ref := r.filter.Tags.Only(); ref != "" {
		parts = append(parts, nameIn(h.wire, terms.Tags, ref, language, func(t newsroom.Tag) newsroom.Term { return t.Term })...)
	}
	if ref := r.filter.Authors.Only(); ref != "" {
		parts = append(parts, nameIn(h.wire, terms.Authors, ref, language, func(a newsroom.Author) newsroom.Term { return a.Term })...)
	}
	return strings.Join(parts, " · ")
}

// nameIn gives the name of the term of that slug or id, if it is among all.
func nameIn[T any](w wire, all map[uuid.UUID]T, ref, language string, term func(T) newsroom.Term) []string {
	for id, t := range all {
		if t := term(t); t.Slug == ref || id.String() == ref {
			return []string{w.name(t, language)}
		}
	}
	return nil
}

// entries gives articles as a feed has them.
func (h discovery) entries(view store.LiveView, articles []store.LiveArticle, terms store.Terms, r feedRequest) ([]feed.Entry, error) {
	siblings, err := h.siblings(view, articles)
	if err != nil {
		return nil, err
	}
	notes := map[uuid.UUID][]newsroom.Correction{}
	if r.full {
		all, err := view.Corrections(idsOf(articles)...)
		if err != nil {
			return nil, err
		}
		for _, n := range all {
			notes[n.ArticleID] = append(notes[n.ArticleID], n)
		}
	}
	entries := make([]feed.Entry, len(articles))
	for i, a := range articles {
		card := h.card(a, terms, r.language)
		if r.full {
			b := body(a.Body, nil)
			card.Body = &b
		}
		entries[i] = h.entry(card, corrections(notes[a.ArticleID]))
		for _, t := range h.translations(card.Lang, siblings[a.TranslationGroup]) {
			entries[i].Translations = append(entries[i].Translations, feed.Alternate{Language: t.Lang, URL: t.URL})
		}
	}
	return entries, nil
}

// siblings gives the live texts that belong together, by their group.
func (h discovery) siblings(view store.LiveView, articles []store.LiveArticle) (map[uuid.UUID][]newsroom.Text, error) {
	groups := make([]uuid.UUID, len(articles))
	for i, a := range articles {
		groups[i] = a.TranslationGroup
	}
	rows, err := view.Translations(groups...)
	texts := map[uuid.UUID][]newsroom.Text{}
	for _, r := range rows {
		texts[r.TranslationGroup] = append(texts[r.TranslationGroup], r.Text)
	}
	return texts, err
}

func idsOf(articles []store.LiveArticle) []uuid.UUID {
	ids := make([]uuid.UUID, len(articles))
	for i, a := range articles {
		ids[i] = a.ArticleID
	}
	return ids
}

// entry gives a card as a feed has it, below its body what was put right in it.
func (h discovery) entry(c Card, notes []Correction) feed.Entry {
	e := feed.Entry{
		ID: permanent(c.ID), URL: c.URL, Language: c.Lang, Title: c.Title, Summary: valueOf(c.Summary),
		Published: c.PublishedAt.In(h.zone), Updated: c.UpdatedAt.In(h.zone), Image: picture(c.Image),
	}
	for _, a := range c.Authors {
		e.Authors = append(e.Authors, a.Name)
	}
	if c.Section != nil {
		e.Categories = append(e.Categories, feed.Category{Scheme: h.publicURL + "/v1/content/sections", Term: c.Section.Slug, Label: c.Section.Name})
	}
	for _, t := range c.Tags {
		e.Categories = append(e.Categories, feed.Category{Scheme: h.publicURL + "/v1/content/tags", Term: t.Slug, Label: t.Name})
	}
	if c.Body != nil {
		e.HTML = feed.Absolute(valueOf(c.Body.HTML), c.URL)
		for _, n := range notes {
			e.HTML += "\n<p><em>" + n.At.In(h.zone).Format(time.DateOnly) + ": " + html.EscapeString(n.Text) + "</em></p>"
		}
	}
	return e
}

// permanent gives the name of an article that stays whatever its address is.
func permanent(id string) string { return "urn:uuid:" + id }

func picture(i *Image) *feed.Image {
	if i == nil {
		return nil
	}
	return &feed.Image{
		URL: i.URL, Type: cmp.Or(mime.TypeByExtension(path.Ext(i.URL)), "image/jpeg"), Width: i.Width, Height: i.Height,
		Alt: valueOf(i.Alt), Caption: valueOf(i.Caption), Credit: valueOf(i.Credit),
	}
}

// withdrawn gives what those who keep copies are to delete.
func (h discovery) withdrawn(view store.LiveView) ([]feed.Withdrawal, error) {
	kills, err := view.Withdrawn(h.now().Add(-withdrawnFor), 100)
	out := make([]feed.Withdrawal, len(kills))
	for i, k := range kills {
		out[i] = feed.Withdrawal{ID: permanent(k.ArticleID.String()), Reason: k.Reason, At: k.KilledAt}
	}
	return out, err
}

// getRobots tells search engines what they may read, and where the sitemaps are.
//
// @Summary What search engines may read
// @ID      getRobots
// @Tags    feeds
// @Produce text/plain
// @Success 200 {string} string
// @Router  /robots.txt [get]
func (h discovery) getRobots(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=300")
	const text = "User-agent: *\nAllow: /\n\nSitemap: %[1]s/sitemap.xml\nSitemap: %[1]s/sitemaps/news.xml\n"
	return write(c, http.StatusOK, "text/plain; charset=utf-8", fmt.Appendf(nil, text, h.publicURL))
}
