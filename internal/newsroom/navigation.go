package newsroom

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

// MaxNavigation is how many entries of the navigation may stand beside each other.
const MaxNavigation = 50

// NavigationItem is one entry of the site's navigation: a section or a link. It is stored as JSON.
type NavigationItem struct {
	Title        string           `json:"title,omitempty"` // of a section: empty for its name
	Translations Translations     `json:"translations,omitempty"`
	Section      string           `json:"section,omitempty"` // its id
	URL          string           `json:"url,omitempty"`     // absolute, or a path of the site
	Children     []NavigationItem `json:"children,omitempty"`
}

// RefersTo reports whether the navigation of s names the section of that id.
func (s Site) RefersTo(section uuid.UUID) bool {
	return s.Navigation != nil && slices.ContainsFunc(*s.Navigation, func(i NavigationItem) bool { return i.refersTo(section.String()) })
}

func (i NavigationItem) refersTo(section string) bool {
	return i.Section == section || slices.ContainsFunc(i.Children, func(c NavigationItem) bool { return c.refersTo(section) })
}

// MapSections gives items with each section as to gives it. to is told where it stands, as a JSON pointer below at.
func MapSections(items []NavigationItem, at string, to func(at, section string) string) []NavigationItem {
	out := slices.Clone(items)
	for n, item := range out {
		here := fmt.Sprintf("%s/%d", at, n)
		if item.Section != "" {
			out[n].Section = to(here+"/section", item.Section)
		}
		out[n].Children = MapSections(item.Children, here+"/children", to)
	}
	return out
}

// Check gives each rule that the site breaks by itself.
func (s Site) Check() []FieldError {
	var c checker
	c.words(s.Name, s.Description, s.Translations)
	if s.Navigation != nil {
		c.navigation("/navigation", *s.Navigation, true)
	}
	return c.fields
}

// navigation checks entries that stand beside each other. Those at the top may have others below them.
func (c *checker) navigation(at string, items []NavigationItem, top bool) {
	if len(items) > MaxNavigation {
		c.add(at, FieldTooLong, fmt.Sprintf("At most %d entries stand beside each other.", MaxNavigation))
	}
	for n, item := range items {
		here := fmt.Sprintf("%s/%d", at, n)
		switch {
		case item.Section == "" && item.URL == "", item.Section != "" && item.URL != "":
			c.add(here, FieldInvalid, "An entry is either a section or a link: send one of section and url.")
		case item.URL != "":
			c.required(here+"/title", item.Title, MaxName)
			c.link(here+"/url", item.URL)
		default:
			c.length(here+"/title", item.Title, MaxName)
		}
		c.translations(here, item.Translations)
		if top {
			c.navigation(here+"/children", item.Children, false)
		} else if len(item.Children) > 0 {
			c.add(here+"/children", FieldNotAllowed, "What stands below an entry has nothing below it.")
		}
	}
}

// link checks an absolute URL, or a path of the site.
func (c *checker) link(pointer, value string) {
	if !strings.HasPrefix(value, "/") {
		c.webURL(pointer, value)
		return
	}
	if strings.HasPrefix(value, "//") || len(value) > MaxURL || strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\\' }) {
		c.add(pointer, FieldInvalid, "This is neither an absolute http or https URL nor a path that begins with one slash.")
	}
}
