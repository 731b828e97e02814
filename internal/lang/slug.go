package lang

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
)

const (
	maxMadeSlug  = 80  // of the slugs that we make, in bytes
	maxValidSlug = 100 // of the slugs that we accept
)

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// apostrophes are what people type inside words: oʻzbek, san'at, don’t. They vanish instead of parting the word.
const apostrophes = "'`´ʹʻʼʽʾʿˈ‘’‛′＇"

// latinLetters spells the small Latin letters that do not fall apart into a letter of a-z and an accent.
var latinLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ı': "i", 'ħ': "h", 'ŧ': "t",
	'ŋ': "n", 'ə': "e",
}

// Slug makes the part of a URL that names an article from its title in lang: words of a-z and 0-9 joined by single
// hyphens, at most 80 characters, cut between words. Uzbek gets the same slug from either script, apart from loan words
// that the two spell by different rules (акция, сентябрь). Cyrillic in any other language is read as Russian. Latin
// letters lose their accents, apostrophes vanish, and all other signs only part words.
//
// The result is "" where the title has nothing to offer: only emoji, or a script that has no table here, such as
// Arabic or Chinese; and where it would look like an id. The caller then names the article by other means.
func Slug(title, lang string) string {
	var out strings.Builder
	for _, r := range romanise(norm.NFC.String(title), lang) {
		out.WriteString(ascii(r))
	}
	words := strings.FieldsFunc(out.String(), func(r rune) bool { return r == '-' })
	slug := cutSlug(strings.Join(words, "-"), maxMadeSlug)
	if !ValidSlug(slug) {
		return ""
	}
	return slug
}

// ascii spells one character in a-z and 0-9: "" when it is to vanish, "-" when it parts words.
func ascii(r rune) string {
	r = unicode.ToLower(r)
	switch {
	case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
		return string(r)
	case strings.ContainsRune(apostrophes, r), unicode.In(r, unicode.Mn, unicode.Cf):
		return ""
	case latinLetters[r] != "":
		return latinLetters[r]
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return asciiParts(r)
	}
	return "-"
}

// asciiParts spells a letter or number by what Unicode decomposes it into: é, ﬁ, ², Ⅳ.
func asciiParts(r rune) string {
	parts := norm.NFKD.String(string(r))
	if parts == string(r) {
		return "-"
	}
	var out strings.Builder
	for _, part := range parts {
		out.WriteString(ascii(part))
	}
	return out.String()
}

// cutSlug shortens a slug to at most limit bytes, between words unless the first one alone is longer.
func cutSlug(slug string, limit int) string {
	if len(slug) <= limit {
		return slug
	}
	if i := strings.LastIndexByte(slug[:limit+1], '-'); i > 0 {
		return slug[:i]
	}
	return slug[:limit]
}

// ValidSlug reports whether s may be a slug: words of a-z and 0-9 joined by single hyphens, at most 100 characters, and
// nothing that parses as a UUID, with hyphens or without, because paths take a slug or an id in the same place.
func ValidSlug(s string) bool {
	if len(s) > maxValidSlug || !slugForm.MatchString(s) {
		return false
	}
	_, err := uuid.Parse(s)
	return err != nil
}

// NumberedSlug tells a slug from others of the same title: "base-2", "base-3". The base is a valid slug, and is cut
// between words so that the whole stays within 80 characters.
func NumberedSlug(base string, n int) string {
	suffix := "-" + strconv.Itoa(n)
	return cutSlug(base, maxMadeSlug-len(suffix)) + suffix
}
