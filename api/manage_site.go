package api

import (
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// ManagedSite is what admins set of the site.
type ManagedSite struct {
	Name        string  `json:"name" example:"The Laylakkent Courier"`
	Description *string `json:"description" example:"News of a town with storks"`
	// Words in other languages, by BCP 47 tag.
	Translations map[string]TermTranslation `json:"translations"`
	// What readers find their way by; null: the top of the tree of sections.
	Navigation *[]ManagedNavigationItem `json:"navigation"`
	// Counts every change; the ETag holds it.
	Version   int       `json:"version" minimum:"1"`
	UpdatedAt time.Time `json:"updated_at" format:"date-time"`
}

// SiteInput is what admins set of the site.
type SiteInput struct {
	Name         string                          `json:"name" validate:"required" minLength:"1" maxLength:"200" example:"The Laylakkent Courier"`
	Description  string                          `json:"description" maxLength:"2000" extensions:"x-nullable" example:"News of a town with storks"`
	Translations map[string]TermTranslationInput `json:"translations" extensions:"x-nullable"`
	// In order; null: the top of the tree of sections, whatever they are.
	Navigation []NavigationItemInput `json:"navigation" validate:"max=50" extensions:"x-nullable"`
}

// ManagedNavigationItem is one entry of the site's navigation: a section or a link.
type ManagedNavigationItem struct {
	// Null for the name of the section.
	Title *string `json:"title" example:"Jahon"`
	// The title in other languages, by BCP 47 tag.
	Translations map[string]string `json:"translations"`
	// The slug of the section; null for a link.
	Section *string `json:"section" example:"world"`
	// Null for a section.
	URL      *string                 `json:"url" example:"/about"`
	Children []ManagedNavigationItem `json:"children"`
}

// NavigationItemInput is one entry of the site's navigation: a section or a link.
type NavigationItemInput struct {
	// Needed for a link; of a section, its name when left out.
	Title string `json:"title" maxLength:"200" extensions:"x-nullable" example:"Jahon"`
	// The title in other languages, by BCP 47 tag.
	Translations map[string]string `json:"translations" extensions:"x-nullable"`
	// Slug or id of the section.
	Section string `json:"section" maxLength:"100" extensions:"x-nullable" example:"world"`
	// Instead of a section: an absolute http or https URL, or a path of the site, which begins with a slash.
	URL string `json:"url" maxLength:"2000" extensions:"x-nullable" example:"/about"`
	// What stands below it, which has nothing below it.
	Children []NavigationItemInput `json:"children" validate:"max=50" extensions:"x-nullable"`
}

// getSite gives what can be set.
//
// @Summary  Read the site's settings
// @ID       getManagedSite
// @Tags     manage-site
// @Security BearerAuth
// @Success  200 {object} Data[ManagedSite]
// @Header   200 {string} ETag "x"
// @Failure  403 {object} Problem
// @Router   /v1/manage/site [get]
func (h manage) getSite(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	s, err := h.read(c).Site()
	if err != nil {
		return err
	}
	return h.answerSite(c, s)
}

// updateSite sets it.
//
// @Summary     Change the site's settings
// @Description A JSON merge patch (RFC 7396). A section that the navigation names can only be deleted with replace_with.
// @ID          updateSite
// @Tags        manage-site
// @Security    BearerAuth
// @Param       body body SiteInput true "What changes"
// @Success     200 {object} Data[ManagedSite]
// @Header      200 {string} ETag "x"
// @Failure     403,412,428 {object} Problem
// @Router      /v1/manage/site [patch]
func (h manage) updateSite(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	expected, err := ifMatch(c)
	if err != nil {
		return err
	}
	patch, err := readJSON(c, false)
	if err != nil {
		return err
	}
	s, err := h.desk.ChangeSite(c.Request().Context(), actor(c), expected, func(before newsroom.Site) (newsroom.Site, []newsroom.FieldError, error) {
		var in SiteInput
		broken := bindPatch(siteInputOf(before), canonicalTranslations(patch), &in)
		after, broken := in.site(before, broken)
		return after, broken, nil
	})
	if err != nil {
		return err
	}
	return h.answerSite(c, s)
}

// site gives what a client has sent in the place of before, with all that is wrong with it so far.
func (in SiteInput) site(before newsroom.Site, broken []newsroom.FieldError) (newsroom.Site, []newsroom.FieldError) {
	trim(&in.Name, &in.Description)
	s := before
	s.Name, s.Description, s.Navigation = in.Name, in.Description, nil
	s.Translations, broken = translationsFrom(in.Translations, TermTranslationInput.translation, broken)
	if in.Navigation != nil {
		items, more := navigationFrom("/navigation", in.Navigation)
		s.Navigation, broken = &items, append(broken, more...)
	}
	return s, broken
}

// navigationFrom gives the entries that a client has sent at a pointer, and what is wrong with their languages.
func navigationFrom(at string, items []NavigationItemInput) (out []newsroom.NavigationItem, broken []newsroom.FieldError) {
	out = make([]newsroom.NavigationItem, len(items))
	for i, in := range items {
		here := fmt.Sprintf("%s/%d", at, i)
		trim(&in.Title, &in.Section, &in.URL)
		translations, more := translationsFrom(in.Translations, func(title string) newsroom.Translation { return newsroom.Translation{Name: title} }, nil)
		for _, f := range more {
			f.Pointer = here + f.Pointer
			broken = append(broken, f)
		}
		out[i] = newsroom.NavigationItem{Title: in.Title, Section: in.Section, URL: in.URL}
		if len(translations) > 0 {
			out[i].Translations = translations
		}
		if len(in.Children) > 0 {
			out[i].Children, more = navigationFrom(here+"/children", in.Children)
			broken = append(broken, more...)
		}
	}
	return out, broken
}

// siteInputOf gives the settings as a client would have sent them.
func siteInputOf(s newsroom.Site) SiteInput {
	in := SiteInput{Name: s.Name, Description: s.Description, Translations: translationsTo(s.Translations, termTranslationInputOf)}
	if s.Navigation != nil {
		in.Navigation = navigationInputOf(*s.Navigation)
	}
	return in
}

func navigationInputOf(items []newsroom.NavigationItem) []NavigationItemInput {
	out := make([]NavigationItemInput, len(items))
	for i, item := range items {
		out[i] = NavigationItemInput{
			Title: item.Title, Translations: translationsTo(item.Translations, translatedName), Section: item.Section, URL: item.URL,
			Children: navigationInputOf(item.Children),
		}
	}
	return out
}

func (h manage) answerSite(c echo.Context, s newsroom.Site) error {
	sections, err := h.read(c).Sections()
	if err != nil {
		return err
	}
	shown := ManagedSite{
		Name: s.Name, Description: nullable(s.Description), Translations: translationsTo(s.Translations, termTranslationOf),
		Version: s.Version, UpdatedAt: s.UpdatedAt,
	}
	if s.Navigation != nil {
		items := managedNavigation(*s.Navigation, sections)
		shown.Navigation = &items
	}
	return versioned(c, http.StatusOK, s.Version, Data[ManagedSite]{shown})
}

func managedNavigation(items []newsroom.NavigationItem, sections map[uuid.UUID]newsroom.Section) []ManagedNavigationItem {
	out := make([]ManagedNavigationItem, len(items))
	for i, item := range items {
		out[i] = ManagedNavigationItem{
			Title: nullable(item.Title), Translations: translationsTo(item.Translations, translatedName), URL: nullable(item.URL),
			Children: managedNavigation(item.Children, sections),
		}
		if item.Section != "" {
			out[i].Section = nullable(sections[uuid.MustParse(item.Section)].Slug)
		}
	}
	return out
}
