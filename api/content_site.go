package api

import (
	"cmp"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// getSite gives what a frontend must know before its first page.
//
// @Summary     Read the site
// @Description Name, description, languages, time zone and navigation.
// @ID          getSite
// @Tags        content
// @Param       lang query string false "Language of the name, the description and the navigation." maxlength(35) minlength(2) example(ru)
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
	site := h.site(settings, sections, cmp.Or(language, h.languages.Default()))
	return &site, nil
}

func (w wire) site(s newsroom.Site, sections map[uuid.UUID]newsroom.Section, language string) Site {
	return Site{
		Name:        w.translated(s.Translations, language, s.Name, translatedName),
		Description: nullable(w.translated(s.Translations, language, s.Description, translatedDescription)),
		URL:         w.siteURL, Languages: w.languages, DefaultLanguage: w.languages.Default(), Timezone: w.zone.String(),
		Navigation: w.navigation(s, sections, language),
	}
}

// navigation gives what was set for the site or, when nothing was, the top of the tree of sections, in order.
func (w wire) navigation(s newsroom.Site, sections map[uuid.UUID]newsroom.Section, language string) []NavigationItem {
	if s.Navigation != nil {
		return w.navigationItems(*s.Navigation, sections, language)
	}
	var top []newsroom.Section
	for _, s := range sections {
		if s.ParentID == nil {
			top = append(top, s)
		}
	}
	slices.SortFunc(top, func(a, b newsroom.Section) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(w.name(a.Term, language), w.name(b.Term, language)), cmp.Compare(a.Slug, b.Slug))
	})
	items := make([]newsroom.NavigationItem, len(top))
	for i, s := range top {
		items[i].Section = s.ID.String()
	}
	return w.navigationItems(items, sections, language)
}

func (w wire) navigationItems(items []newsroom.NavigationItem, sections map[uuid.UUID]newsroom.Section, language string) []NavigationItem {
	out := make([]NavigationItem, len(items))
	for i, item := range items {
		out[i] = NavigationItem{
			Title: w.translated(item.Translations, language, item.Title, translatedName), URL: item.URL,
			Children: w.navigationItems(item.Children, sections, language),
		}
		switch {
		case item.Section != "":
			section := sections[uuid.MustParse(item.Section)]
			path := newsroom.SectionPath(sections, section.ID)
			out[i].Title = cmp.Or(out[i].Title, w.name(section.Term, language))
			out[i].Section, out[i].Path, out[i].URL = &section.Slug, &path, w.siteURL+"/"+language+"/"+path
		case strings.HasPrefix(item.URL, "/"):
			out[i].URL = w.siteURL + item.URL
		}
	}
	return out
}
