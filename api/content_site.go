package api

import (
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
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
	language := h.language(q)
	if err := q.err(); err != nil {
		return err
	}
	view := h.view(c)
	s, err := view.Site()
	if err != nil {
		return err
	}
	sections, err := view.Sections()
	if err != nil {
		return err
	}
	site := h.site(s)
	for _, top := range h.below(sections, nil, language) {
		site.Navigation = append(site.Navigation, NavigationItem{Title: top.Name, Section: top.Slug, Path: top.Path})
	}
	return public(c, Data[Site]{site}, s.UpdatedAt)
}

// site gives the site without its navigation.
func (w wire) site(s newsroom.Site) Site {
	return Site{
		Name: s.Name, URL: w.siteURL, Languages: w.languages, DefaultLanguage: w.languages.Default(),
		Timezone: w.zone.String(), Navigation: []NavigationItem{},
	}
}
