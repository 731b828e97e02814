package newsroom

import (
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
)

// Term is what sections, authors and tags have in common: a name by which articles are found.
type Term struct {
	ID           uuid.UUID `gorm:"primaryKey"`
	Slug         string    // unique among terms of its kind
	Name         string
	Description  string
	Translations Translations `gorm:"serializer:json"`
	Version      int          // counts changes; its ETag
	CreatedAt    time.Time
	UpdatedAt    time.Time `gorm:"autoUpdateTime:false"`
}

// Translations holds the words of a term in other languages, by BCP 47 tag. It is stored as JSON.
type Translations map[string]Translation

// Translation is the words of a term in one language; what is empty falls back to the term's own.
type Translation struct {
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	JobTitle    string `json:"job_title,omitempty"` // of an author
	Bio         string `json:"bio,omitempty"`       // of an author
}

// Section is a department of the site. Sections form a tree.
type Section struct {
	Term     `gorm:"embedded"`
	ParentID *uuid.UUID
	Position int // order among siblings, then by name
}

// Author is a name that stands in a byline. It may stand apart from any user.
type Author struct {
	Term     `gorm:"embedded"`
	JobTitle string
	Bio      string
	Avatar   string       // URL, or empty
	Email    string       // never public
	Links    []AuthorLink `gorm:"serializer:json"`
}

// AuthorLink is a public page of an author. It is stored as JSON.
type AuthorLink struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

// Tag is a subject of articles.
type Tag struct {
	Term    `gorm:"embedded"`
	NameKey string // FoldName(Name), unique
	Listed  bool   // shown to readers even before a live article has it; false when made while writing a draft
}

// MergedTag is what is left of a tag that was merged into another: its slug redirects there, and its name finds it.
type MergedTag struct {
	ID       uuid.UUID `gorm:"primaryKey"` // of the tag that is no more
	Slug     string
	NameKey  string
	TagID    uuid.UUID // the tag that took it over
	MergedAt time.Time
}

// FoldName gives the form in which two names count as the same: composed, lower case, single spaces.
func FoldName(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFC.String(name)), " "))
}

// MaxSectionDepth is how many levels the tree of sections may have.
const MaxSectionDepth = 8

// SectionPath gives the slugs from the root of the tree to the section of that id, joined by slashes.
func SectionPath(sections map[uuid.UUID]Section, id uuid.UUID) string {
	var slugs []string
	for s, ok := sections[id]; ok && len(slugs) < MaxSectionDepth; s, ok = parentOf(sections, s) {
		slugs = append([]string{s.Slug}, slugs...)
	}
	return strings.Join(slugs, "/")
}

// CheckParent gives the rules that section id would break under parent: it cannot stand under itself, nor below its own
// descendants, nor too deep.
func CheckParent(sections map[uuid.UUID]Section, id uuid.UUID, parent *uuid.UUID) []FieldError {
	depth := height(sections, id)
	for p := parent; p != nil; p = sections[*p].ParentID {
		depth++
		if *p == id {
			return []FieldError{{"/parent", FieldNotAllowed, "A section cannot stand below itself."}}
		}
		if depth > MaxSectionDepth {
			return []FieldError{{"/parent", FieldOutOfRange, "The tree of sections has at most 8 levels."}}
		}
	}
	return nil
}

// CheckReplacement gives the rules that would be broken if by took the place of section id, with all that stands below
// it: by cannot be that section, nor stand below it, and the tree cannot grow too deep. Their pointer is empty.
func CheckReplacement(sections map[uuid.UUID]Section, id, by uuid.UUID) []FieldError {
	for p := &by; p != nil; p = sections[*p].ParentID {
		if *p == id {
			return []FieldError{{"", FieldNotAllowed, "A section is not replaced by itself, nor by one below it."}}
		}
	}
	for _, s := range sections {
		if s.ParentID != nil && *s.ParentID == id && len(CheckParent(sections, s.ID, &by)) > 0 {
			return []FieldError{{"", FieldOutOfRange, "With the sections below this one, the tree would have more than 8 levels."}}
		}
	}
	return nil
}

func parentOf(sections map[uuid.UUID]Section, s Section) (Section, bool) {
	if s.ParentID == nil {
		return Section{}, false
	}
	p, ok := sections[*s.ParentID]
	return p, ok
}

// height is the number of levels from section id down to its deepest descendant, 1 for a section without children.
func height(sections map[uuid.UUID]Section, id uuid.UUID) int {
	deepest := 0
	for _, s := range sections {
		if s.ParentID != nil && *s.ParentID == id {
			deepest = max(deepest, height(sections, s.ID))
		}
	}
	return deepest + 1
}
