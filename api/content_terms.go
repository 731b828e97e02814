package api

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// Section is a section as readers see it, with those below it.
type Section struct {
	ID          string  `json:"id" format:"uuid"`
	Slug        string  `json:"slug" example:"world"`
	Name        string  `json:"name" example:"Jahon"`
	Description *string `json:"description"`
	// The slugs from the root of the tree to this section.
	Path string `json:"path" example:"news/world"`
	// The slug of the section above; null at the top.
	Parent   *string `json:"parent" example:"news"`
	Position int     `json:"position" minimum:"0"`
	// How many live articles there are in it and below it.
	ArticleCount int64     `json:"article_count" minimum:"0" example:"214"`
	Children     []Section `json:"children"`
}

// Author is an author as readers see them.
type Author struct {
	ID          string       `json:"id" format:"uuid"`
	Slug        string       `json:"slug" example:"dilnoza-yusupova"`
	Name        string       `json:"name" example:"Dilnoza Yusupova"`
	Description *string      `json:"description"`
	JobTitle    *string      `json:"job_title" example:"political scientist"`
	Bio         *string      `json:"bio"`
	Avatar      *string      `json:"avatar" format:"uri"`
	Links       []AuthorLink `json:"links"`
	// How many live articles carry the name.
	ArticleCount int64 `json:"article_count" minimum:"0" example:"37"`
}

// AuthorLink is a public page of an author.
type AuthorLink struct {
	Label string `json:"label" example:"Blog"`
	URL   string `json:"url" format:"uri" example:"https://blog.example"`
}

// Tag is a tag as readers see it.
type Tag struct {
	ID          string  `json:"id" format:"uuid"`
	Slug        string  `json:"slug" example:"football"`
	Name        string  `json:"name" example:"Futbol"`
	Description *string `json:"description"`
	// How many live articles have it.
	ArticleCount int64 `json:"article_count" minimum:"0" example:"88"`
}

var (
	sectionFields = []string{"id", "slug", "name", "description", "path", "parent", "position", "article_count", "children"}
	authorFields  = []string{"id", "slug", "name", "description", "job_title", "bio", "avatar", "links", "article_count"}
	tagFields     = []string{"id", "slug", "name", "description", "article_count"}
	byName        = store.SortKey{Field: "name"}
)

// language reads the language that is asked for, or "".
func (h content) language(q *query) string {
	l := q.one("lang")
	if l == "" {
		return ""
	}
	languages := h.languages.Readable()
	tag, ok := languages.Canonical(l)
	if !ok {
		q.fail("lang", "The site is in "+strings.Join(languages, ", ")+".")
	}
	return tag
}

// nameLanguage reads the language that names are wanted in.
func (h content) nameLanguage(q *query) string { return cmp.Or(h.language(q), h.languages.Default()) }

// listSections gives the tree.
//
// @Summary     List sections
// @Description The tree of sections: each entry of the list is a top section with those below it.
// @ID          listSections
// @Tags        content
// @Param       lang   query string    false "Language of the names." maxlength(35) minlength(2) example(ru)
// @Param       query  query PageQuery false "paging"
// @Param       fields query []string  false "Only these fields of each top section." collectionFormat(csv) Enums(id,slug,name,description,path,parent,position,article_count,children)
// @Success     200 {object} Page[Section]
// @Header      200 {string} ETag "x"
// @Header      200 {string} Link "x"
// @Success     304
// @Router      /v1/content/sections [get]
func (h content) listSections(c echo.Context) error {
	q := queryOf(c)
	language := h.nameLanguage(q)
	page := q.page(nil)
	fields := q.list("fields", sectionFields)
	if err := q.err(); err != nil {
		return err
	}
	return h.answer(c, func(view store.LiveView) (any, error) {
		tree, err := h.tree(view, language)
		if err != nil {
			return nil, err
		}
		listing, err := slicePage(tree.below(nil, ""), page, func(s Section) string { return s.ID })
		if err != nil {
			return nil, err
		}
		items, err := sparse(listing.Items, fields)
		return pageOf(c, items, page, listing), err
	})
}

// sectionTree makes the tree of sections that readers see.
type sectionTree struct {
	wire
	language string
	children map[uuid.UUID][]store.Counted[newsroom.Section] // by parent; those at the top by the nil id
}

func (h content) tree(view store.LiveView, language string) (sectionTree, error) {
	sections, err := view.Sections()
	t := sectionTree{wire: h.wire, language: language, children: map[uuid.UUID][]store.Counted[newsroom.Section]{}}
	for _, s := range sections {
		var parent uuid.UUID
		if s.Term.ParentID != nil {
			parent = *s.Term.ParentID
		}
		t.children[parent] = append(t.children[parent], s)
	}
	return t, err
}

// below gives the sections right below parent with all that is below them, in order.
func (t sectionTree) below(parent *Section, path string) []Section {
	id, slug := uuid.Nil, (*string)(nil)
	if parent != nil {
		id, slug, path = uuid.MustParse(parent.ID), &parent.Slug, path+"/"
	}
	out := []Section{}
	for _, s := range t.children[id] {
		section := Section{
			ID: s.Term.ID.String(), Slug: s.Term.Slug, Path: path + s.Term.Slug, Parent: slug, Position: s.Term.Position,
			Name: t.name(s.Term.Term, t.language), Description: nullable(t.description(s.Term.Term, t.language)),
			ArticleCount: s.Articles,
		}
		section.Children = t.below(&section, section.Path)
		out = append(out, section)
	}
	slices.SortFunc(out, func(a, b Section) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// find gives the section of that slug or id among all and those below them, or nil.
func find(all []Section, ref string) *Section {
	for i := range all {
		if all[i].Slug == ref || all[i].ID == ref {
			return &all[i]
		}
		if s := find(all[i].Children, ref); s != nil {
			return s
		}
	}
	return nil
}

// getSection gives one section with those below it.
//
// @Summary Read a section
// @ID      getSection
// @Tags    content
// @Param   section path  string   true  "Slug or id." minlength(1) maxlength(100) example(world)
// @Param   lang    query string   false "Language of the names." maxlength(35) minlength(2) example(ru)
// @Param   fields  query []string false "Only these fields." collectionFormat(csv) Enums(id,slug,name,description,path,parent,position,article_count,children)
// @Success 200 {object} Data[Section]
// @Header  200 {string} ETag "x"
// @Success 304
// @Failure 404 {object} Problem
// @Router  /v1/content/sections/{section} [get]
func (h content) getSection(c echo.Context) error {
	q := queryOf(c)
	language := h.nameLanguage(q)
	fields := q.list("fields", sectionFields)
	if err := q.err(); err != nil {
		return err
	}
	ref, _ := termRef(param(c, "section")) // what is neither slug nor id finds nothing
	return h.answer(c, func(view store.LiveView) (any, error) {
		tree, err := h.tree(view, language)
		if err != nil {
			return nil, err
		}
		section := find(tree.below(nil, ""), ref)
		if section == nil {
			return nil, newsroom.Errorf(newsroom.CodeNotFound, "There is no such section.")
		}
		data, err := only(*section, fields)
		return Data[any]{data}, err
	})
}

// listAuthors gives authors.
//
// @Summary List authors
// @ID      listAuthors
// @Tags    content
// @Param   lang   query string    false "Language of the names." maxlength(35) minlength(2) example(ru)
// @Param   query  query PageQuery false "paging"
// @Param   sort   query []string    false "Order, the first key first; - means descending." default(name) example(-name) collectionFormat(csv) Enums(name,-name,slug,-slug)
// @Param   fields query []string  false "Only these fields of each author." collectionFormat(csv) Enums(id,slug,name,description,job_title,bio,avatar,links,article_count)
// @Success 200 {object} Page[Author]
// @Header  200 {string} ETag "x"
// @Header  200 {string} Link "x"
// @Success 304
// @Router  /v1/content/authors [get]
func (h content) listAuthors(c echo.Context) error {
	return listTerms(c, h, store.LiveView.Authors, h.author, authorFields)
}

// listTags gives tags.
//
// @Summary List tags
// @ID      listTags
// @Tags    content
// @Param   lang   query string    false "Language of the names." maxlength(35) minlength(2) example(ru)
// @Param   query  query PageQuery false "paging"
// @Param   sort   query []string    false "Order, the first key first; - means descending." default(name) example(-name) collectionFormat(csv) Enums(name,-name,slug,-slug)
// @Param   fields query []string  false "Only these fields of each tag." collectionFormat(csv) Enums(id,slug,name,description,article_count)
// @Success 200 {object} Page[Tag]
// @Header  200 {string} ETag "x"
// @Header  200 {string} Link "x"
// @Success 304
// @Router  /v1/content/tags [get]
func (h content) listTags(c echo.Context) error {
	return listTerms(c, h, store.LiveView.Tags, h.tag, tagFields)
}

// listTerms answers with a page of authors or tags.
func listTerms[T, W any](c echo.Context, h content, list func(store.LiveView, store.Page) (store.Listing[T], error), show func(T, string) W, known []string) error {
	q := queryOf(c)
	language := h.nameLanguage(q)
	page := q.page([]string{"name", "slug"}, byName)
	fields := q.list("fields", known)
	if err := q.err(); err != nil {
		return err
	}
	return h.answer(c, func(view store.LiveView) (any, error) {
		listing, err := list(view, page.Page)
		if err != nil {
			return nil, err
		}
		shown := make([]W, len(listing.Items))
		for i, t := range listing.Items {
			shown[i] = show(t, language)
		}
		items, err := sparse(shown, fields)
		return pageOf(c, items, page, listing), err
	})
}

// getAuthor gives one author.
//
// @Summary Read an author
// @ID      getAuthor
// @Tags    content
// @Param   author path  string   true  "Slug or id." minlength(1) maxlength(100) example(dilnoza-yusupova)
// @Param   lang   query string   false "Language of the names." maxlength(35) minlength(2) example(ru)
// @Param   fields query []string false "Only these fields." collectionFormat(csv) Enums(id,slug,name,description,job_title,bio,avatar,links,article_count)
// @Success 200 {object} Data[Author]
// @Header  200 {string} ETag "x"
// @Success 304
// @Failure 404 {object} Problem
// @Router  /v1/content/authors/{author} [get]
func (h content) getAuthor(c echo.Context) error {
	return getTerm(c, h, "author", store.LiveView.Author, h.author, authorFields)
}

// getTag gives one tag.
//
// @Summary Read a tag
// @Description The slug or id of a tag that was merged into another answers 308.
// @ID      getTag
// @Tags    content
// @Param   tag    path  string   true  "Slug or id." minlength(1) maxlength(100) example(football)
// @Param   lang   query string   false "Language of the names." maxlength(35) minlength(2) example(ru)
// @Param   fields query []string false "Only these fields." collectionFormat(csv) Enums(id,slug,name,description,article_count)
// @Success 200 {object} Data[Tag]
// @Header  200 {string} ETag "x"
// @Success 304
// @Success 308
// @Header  308 {string} Location "x"
// @Failure 404 {object} Problem
// @Router  /v1/content/tags/{tag} [get]
func (h content) getTag(c echo.Context) error {
	err := getTerm(c, h, "tag", store.LiveView.Tag, h.tag, tagFields)
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return h.merged(c, err)
	}
	return err
}

// merged redirects from a tag that was merged into another to that one, with the same parameters, or gives missing.
func (h content) merged(c echo.Context, missing error) error {
	ref, ok := termRef(param(c, "tag"))
	if !ok {
		return missing
	}
	tag, err := h.live.At(c.Request().Context(), h.now()).MergedInto(ref)
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return missing
	}
	if err != nil {
		return err
	}
	to := url.URL{Path: "/v1/content/tags/" + tag.Slug, RawQuery: c.Request().URL.RawQuery}
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=1")
	return c.Redirect(http.StatusPermanentRedirect, to.String())
}

// getTerm answers with one author or tag, by the path parameter called what.
func getTerm[T, W any](c echo.Context, h content, what string, get func(store.LiveView, string) (T, error), show func(T, string) W, known []string) error {
	q := queryOf(c)
	language := h.nameLanguage(q)
	fields := q.list("fields", known)
	if err := q.err(); err != nil {
		return err
	}
	ref, ok := termRef(param(c, what))
	missing := newsroom.Errorf(newsroom.CodeNotFound, "There is no such %s.", what)
	if !ok {
		return missing
	}
	return h.answer(c, func(view store.LiveView) (any, error) {
		t, err := get(view, ref)
		if newsroom.IsCode(err, newsroom.CodeNotFound) {
			return nil, missing
		}
		if err != nil {
			return nil, err
		}
		data, err := only(show(t, language), fields)
		return Data[any]{data}, err
	})
}

func (h content) author(a store.Counted[newsroom.Author], language string) Author {
	t := a.Term
	return Author{
		ID: t.ID.String(), Slug: t.Slug, Name: h.name(t.Term, language), Avatar: nullable(t.Avatar), Links: authorLinks(t.Links),
		Description:  nullable(h.description(t.Term, language)),
		JobTitle:     nullable(h.translated(t.Translations, language, t.JobTitle, jobTitle)),
		Bio:          nullable(h.translated(t.Translations, language, t.Bio, func(t newsroom.Translation) string { return t.Bio })),
		ArticleCount: a.Articles,
	}
}

func (h content) tag(t store.Counted[newsroom.Tag], language string) Tag {
	return Tag{
		ID: t.Term.ID.String(), Slug: t.Term.Slug, Name: h.name(t.Term.Term, language),
		Description: nullable(h.description(t.Term.Term, language)), ArticleCount: t.Articles,
	}
}

func (w wire) description(t newsroom.Term, language string) string {
	return w.translated(t.Translations, language, t.Description, translatedDescription)
}
