package lang

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// maxTag is the length in bytes that RFC 5646, section 4.4.1, asks implementations to provide for.
const maxTag = 35

// Parse gives the canonical form of a BCP 47 tag: "uz-latn" becomes "uz-Latn", "EN" "en", the deprecated "iw" "he".
// It keeps the script even where the language is usually written in it, for uz-Latn and uz-Cyrl are two editions of a
// site. It refuses what is no registered language, und, tags over 35 characters, and extensions (-u-, -t-, -x-): they
// say how to sort or print, which is nothing that a text is written in, and have no one canonical form.
//
// The error is plain, not a newsroom.Error: only the caller knows which field or parameter to blame.
func Parse(tag string) (string, error) {
	if len(tag) > maxTag {
		return "", fmt.Errorf("language tag %.*q... is over %d characters", maxTag, tag, maxTag)
	}
	parsed, err := language.Parse(tag)
	if err != nil {
		return "", fmt.Errorf("%q is not a language tag", tag)
	}
	if len(parsed.Extensions()) > 0 {
		return "", fmt.Errorf("language tag %q has an extension", tag)
	}
	if named, _, _ := parsed.Raw(); named.String() == "und" {
		return "", fmt.Errorf("%q names no language", tag)
	}
	canonical := parsed.String()
	// The library overlooks rubbish behind variants that it has to sort, but not when they are in order.
	again, err := language.Parse(canonical)
	if err != nil || again.String() != canonical || len(canonical) > maxTag {
		return "", fmt.Errorf("%q has no canonical form of at most %d characters", tag, maxTag)
	}
	return canonical, nil
}

// base is the language of a canonical tag without script, region and the rest: "uz" of "uz-Latn".
func base(tag string) string {
	language, _, _ := strings.Cut(tag, "-")
	return language
}

// Set is the languages of a site as canonical tags; the first is the default. One made by ParseSet is never empty.
type Set []string

// ParseSet reads a comma-separated list such as "uz-Latn,uz-Cyrl,ru,en"; spaces around an entry do not count. The
// error, which names the entry at fault, is for whoever configures the site.
func ParseSet(list string) (Set, error) {
	var set Set
	for i, entry := range strings.Split(list, ",") {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			return nil, fmt.Errorf("languages: entry %d of %q is blank", i+1, list)
		}
		tag, err := Parse(entry)
		if err != nil {
			return nil, fmt.Errorf("languages: entry %d: %w", i+1, err)
		}
		if set.Has(tag) {
			return nil, fmt.Errorf("languages: entry %d: %q is there twice", i+1, entry)
		}
		set = append(set, tag)
	}
	return set, nil
}

// Default is the first language of the set, and "" of an empty one.
func (s Set) Default() string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

// Has reports whether the canonical tag is one of the set. For what a client typed, use Canonical.
func (s Set) Has(tag string) bool { return slices.Contains(s, tag) }

// Canonical finds the tag of the set that a client means, whatever case it is typed in. A bare language finds its
// first edition: "uz" gives "uz-Latn" where that is configured before "uz-Cyrl". A tag that asks for a script or a
// region finds just that one, so that nobody who asks for Cyrillic gets Latin unawares.
func (s Set) Canonical(tag string) (string, bool) {
	asked, err := Parse(tag)
	if err != nil {
		return "", false
	}
	if s.Has(asked) {
		return asked, true
	}
	i := slices.IndexFunc(s, func(member string) bool { return base(member) == asked })
	if i < 0 {
		return "", false
	}
	return s[i], true
}

// Rank is the place of a canonical tag in the set, 0 for the default; a tag outside it ranks after all of them.
func (s Set) Rank(tag string) int {
	if i := slices.Index(s, tag); i >= 0 {
		return i
	}
	return len(s)
}

// Readable is the set with the twins of its languages behind it: what readers can ask for.
func (s Set) Readable() Set {
	all := slices.Clone(s)
	for _, tag := range s {
		if twin := Twin(tag); twin != "" && !all.Has(twin) {
			all = append(all, twin)
		}
	}
	return all
}

// Pick chooses the name to show in lang for a section, tag or author: the translation into lang itself, else the first
// one of the same language in another script or region, else the untranslated name. That name is taken to be in the
// default language, so it stands in that language's place in the order. An empty translation counts as none. What is found in
// the twin of lang is transliterated.
func (s Set) Pick(translations map[string]string, lang, untranslated string) string {
	if name := translations[lang]; name != "" {
		return name
	}
	name, from := untranslated, s.Default()
	for _, tag := range s.Readable() {
		if base(tag) != base(lang) {
			continue
		}
		if translations[tag] != "" {
			name, from = translations[tag], tag
			break
		}
		if tag == s.Default() {
			break
		}
	}
	if from != "" && Twin(from) == lang {
		return Transliterate(name, lang)
	}
	return name
}
