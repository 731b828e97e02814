package newsroom

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// MaxCollection is how many articles a collection holds at most, and up to how many it is filled.
const MaxCollection = 100

// Collection is a list of articles that editors put together by hand: the front page, breaking news, editors' picks.
type Collection struct {
	ID           uuid.UUID `gorm:"primaryKey"`
	Key          string    // by which frontends ask for it; unique, in the form of a slug
	Name         string
	Description  string
	Translations Translations `gorm:"serializer:json"`
	Fill         *Fill        `gorm:"serializer:json"` // nil: what was put there is all
	Version      int          // counts changes; its ETag
	CreatedAt    time.Time
	UpdatedAt    time.Time   `gorm:"autoUpdateTime:false"`
	ArticleIDs   []uuid.UUID `gorm:"-"` // in order, live or not; in a table of their own
}

// Fill says how a collection is filled up: with the newest live articles that it keeps, until there are Limit. It is stored
// as JSON, and names sections, tags and authors by their ids.
type Fill struct {
	Langs    Match `json:"langs,omitzero"`
	Sections Match `json:"sections,omitzero"`
	Tags     Match `json:"tags,omitzero"`
	Authors  Match `json:"authors,omitzero"`
	Types    Match `json:"types,omitzero"`
	Featured *bool `json:"featured,omitempty"`
	Breaking *bool `json:"breaking,omitempty"`
	Limit    int   `json:"limit"`
}

// Match is what a Fill asks of one attribute: of every group in AnyOf one value must be there, and no value of None may.
type Match struct {
	AnyOf [][]string `json:"any_of,omitempty"`
	None  []string   `json:"none,omitempty"`
}

// Map gives m with each value as to gives it, once in each group.
func (m Match) Map(to func(string) string) Match {
	var out Match
	for _, group := range m.AnyOf {
		out.AnyOf = append(out.AnyOf, mapped(group, to))
	}
	out.None = mapped(m.None, to)
	return out
}

func mapped(values []string, to func(string) string) []string {
	var out []string
	for _, v := range values {
		if v = to(v); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// Values are all that m names, in no group.
func (m Match) Values() []string { return slices.Concat(append(slices.Clone(m.AnyOf), m.None)...) }

// RefersTo reports whether f names the section, tag or author of that id.
func (f *Fill) RefersTo(id uuid.UUID) bool {
	return f != nil && slices.Contains(slices.Concat(f.Sections.Values(), f.Tags.Values(), f.Authors.Values()), id.String())
}

// MapTerms gives f with each section, tag and author as the functions give them.
func (f Fill) MapTerms(section, tag, author func(string) string) Fill {
	f.Sections, f.Tags, f.Authors = f.Sections.Map(section), f.Tags.Map(tag), f.Authors.Map(author)
	return f
}

// Check gives each rule that the collection breaks by itself.
func (c Collection) Check() []FieldError {
	var r checker
	r.required("/key", c.Key, MaxName)
	r.words(c.Name, c.Description, c.Translations)
	if c.Fill != nil && (c.Fill.Limit < 1 || c.Fill.Limit > MaxCollection) {
		r.add("/fill/limit", FieldOutOfRange, fmt.Sprintf("The limit is a number from 1 to %d.", MaxCollection))
	}
	return r.fields
}

// CheckCollectionSize gives the rule that n articles in one collection break.
func CheckCollectionSize(pointer string, n int) []FieldError {
	if n <= MaxCollection {
		return nil
	}
	return []FieldError{{pointer, FieldTooLong, fmt.Sprintf("A collection holds at most %d articles.", MaxCollection)}}
}
