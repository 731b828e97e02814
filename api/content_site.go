package api

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// getSite gives what a frontend must know before its first page.
//
// @Summary     Read the site
// @Description Name, languages, time zone and navigation.
// @ID          getSite
// @Tags        content
// @Param       lang query string false "Language of the navigation." maxlength(35) minlength(2) example(ru)
// @Success     200 {object} Data[Site]
// @Header      200 {string} ETag "x"
// @Success     304
// @Router      /v1/content/site [get]
func (h content) getSite(c echo.Context) error {
	q := queryOf(c)
	language := h.nameLanguage(q)
	if err := q.err(); err != nil {
		return err
	}
	return h.answer(c, func(view store.LiveView) (any, error) {
		site, err := h.readSite(view, language)
		return Data[*Site]{site}, err
	})
}

func (h content) readSite(view store.LiveView, language string) (*Site, error) {
	settings, err := view.Site()
	if err != nil {
		return nil, err
	}
	sections, err := view.SectionNames()
	if err != nil {
		return nil, err
	}
	site := h.site(settings)
	site.Navigation = h.navigation(sections, cmp.Or(language, h.languages.Default()))
	return &site, nil
}

// navigation gives the top of the tree of sections, in order.
func (w wire) navigation(sections map[uuid.UUID]newsroom.Section, language string) []NavigationItem {
	var top []newsroom.Section
	for _, s := range sections {
		if s.ParentID == nil {
			top = append(top, s)
		}
	}
	slices.SortFunc(top, func(a, b newsroom.Section) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(w.name(a.Term, language), w.name(b.Term, language)), cmp.Compare(a.Slug, b.Slug))
	})
	out := []NavigationItem{}
	for _, s := range top {
		out = append(out, NavigationItem{Title: w.name(s.Term, language), Section: s.Slug, Path: s.Slug})
	}
	return out
}

// site gives the site without its navigation.
func (w wire) site(s newsroom.Site) Site {
	return Site{
		Name: s.Name, URL: w.siteURL, Languages: w.languages, DefaultLanguage: w.languages.Default(),
		Timezone: w.zone.String(), Navigation: []NavigationItem{},
	}
}
