package newsroom

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest texts that are kept, in characters.
const (
	MaxTitle       = 300
	MaxName        = 200
	MaxKicker      = 200
	MaxSubtitle    = 500
	MaxSummary     = 2000
	MaxDescription = 2000
	MaxBio         = 5000
	MaxNote        = 2000
	MaxURL         = 2000
	MaxCustomBytes = 64 << 10
	MaxAuthors     = 50
	MaxTags        = 100
	MaxLinks       = 50
)

var typeWord = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)

// Check gives each rule that t breaks. What it refers to is checked where it is looked up.
func (t Text) Check() []FieldError {
	var c checker
	c.required("/title", t.Title, MaxTitle)
	c.length("/kicker", t.Kicker, MaxKicker)
	c.length("/subtitle", t.Subtitle, MaxSubtitle)
	c.length("/summary", t.Summary, MaxSummary)
	if !typeWord.MatchString(t.Type) {
		c.add("/type", FieldInvalid, "A type is a word of lower-case letters, digits, - and _, at most 32.")
	}
	c.length("/seo/title", t.SEO.Title, MaxTitle)
	c.length("/seo/description", t.SEO.Description, MaxSummary)
	c.webURL("/seo/canonical", t.SEO.Canonical)
	if len(t.Custom) > MaxCustomBytes {
		c.add("/custom", FieldTooLong, "The newsroom's own fields take at most 64 KiB.")
	}
	return c.fields
}

// Check gives each rule that the section breaks by itself.
func (s Section) Check() []FieldError {
	var c checker
	c.term(s.Term)
	if s.Position < 0 || s.Position > 1_000_000 {
		c.add("/position", FieldOutOfRange, "A position is a number from 0 to 1,000,000.")
	}
	return c.fields
}

// Check gives each rule that the author breaks by itself.
func (a Author) Check() []FieldError {
	var c checker
	c.term(a.Term)
	c.length("/job_title", a.JobTitle, MaxName)
	c.length("/bio", a.Bio, MaxBio)
	c.webURL("/avatar", a.Avatar)
	if a.Email != "" && !isEmail(a.Email) {
		c.add("/email", FieldInvalid, "This is not an e-mail address.")
	}
	if len(a.Links) > MaxLinks {
		c.add("/links", FieldTooLong, "An author has at most 50 links.")
	}
	for i, l := range a.Links {
		c.length(fmt.Sprintf("/links/%d/label", i), l.Label, MaxName)
		c.requiredURL(fmt.Sprintf("/links/%d/url", i), l.URL)
	}
	return c.fields
}

// Check gives each rule that the tag breaks by itself.
func (t Tag) Check() []FieldError {
	var c checker
	c.term(t.Term)
	return c.fields
}

// CheckNote gives the rules that a note of one person to another, or to the readers, breaks.
func CheckNote(pointer, note string) []FieldError {
	var c checker
	c.required(pointer, note, MaxNote)
	return c.fields
}

// checker gathers broken rules.
type checker struct{ fields []FieldError }

func (c *checker) add(pointer, code, detail string) {
	c.fields = append(c.fields, FieldError{pointer, code, detail})
}

func (c *checker) term(t Term) { c.words(t.Name, t.Description, t.Translations) }

// words checks a name and a description, in all languages.
func (c *checker) words(name, description string, all Translations) {
	c.required("/name", name, MaxName)
	c.length("/description", description, MaxDescription)
	c.translations("", all)
}

// translations checks the words in other languages of what stands at a pointer.
func (c *checker) translations(of string, all Translations) {
	for _, tag := range slices.Sorted(maps.Keys(all)) {
		at, tr := of+"/translations/"+tag, all[tag]
		c.length(at+"/name", tr.Name, MaxName)
		c.length(at+"/description", tr.Description, MaxDescription)
		c.length(at+"/job_title", tr.JobTitle, MaxName)
		c.length(at+"/bio", tr.Bio, MaxBio)
	}
}

func (c *checker) required(pointer, value string, most int) {
	if !strings.ContainsFunc(value, visible) {
		c.add(pointer, FieldRequired, "This is needed.")
	}
	c.length(pointer, value, most)
}

// visible reports whether readers see anything of r.
func visible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

func (c *checker) length(pointer, value string, most int) {
	if utf8.RuneCountInString(value) > most {
		c.add(pointer, FieldTooLong, fmt.Sprintf("At most %d characters.", most))
	}
}

func (c *checker) requiredURL(pointer, value string) {
	if value == "" {
		c.add(pointer, FieldRequired, "This is needed.")
	}
	c.webURL(pointer, value)
}

func (c *checker) webURL(pointer, value string) {
	if value == "" {
		return
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(value) > MaxURL {
		c.add(pointer, FieldInvalid, "This is not an absolute http or https URL.")
	}
}
