package search

import (
	"strings"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/russian"
)

// language is how words are folded and stemmed. It is part of every term, so that a text is found by the rules of its
// own language only.
type language byte

const (
	anyOther  language = 'x' // folded only
	inEnglish language = 'e'
	inRussian language = 'r'
	inUzbek   language = 'u' // both scripts, which share their terms
)

var allLanguages = []language{inEnglish, inRussian, inUzbek, anyOther}

// languageOf gives that of a BCP 47 tag.
func languageOf(tag string) language {
	switch base, _, _ := strings.Cut(tag, "-"); base {
	case "en":
		return inEnglish
	case "ru":
		return inRussian
	case "uz":
		return inUzbek
	}
	return anyOther
}

// stem gives what the forms of a folded word have in common.
func (l language) stem(folded string) string {
	switch l {
	case inEnglish:
		return english.Stem(folded, true)
	case inRussian:
		return russian.Stem(folded, true)
	case inUzbek:
		return stemUzbek(folded)
	}
	return folded
}
