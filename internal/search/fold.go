package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/nashr-cms/nashr/internal/lang"
)

// maxTerm is how many characters of a word count.
const maxTerm = 64

// token is a word of a text, from byte start up to byte end.
type token struct {
	start, end int
	word       string // as it is written
}

// tokens gives the words of a text: letters, digits and their accents. An apostrophe or an invisible sign within a word
// is part of it.
func tokens(text string) []token {
	var all []token
	start, end := -1, 0
	for at, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && (start < 0 || !unicode.IsMark(r)) {
			continue
		}
		if start >= 0 && end < at && !joined(text[end:at]) {
			all = append(all, token{start, end, text[start:end]})
			start = -1
		}
		if start < 0 {
			start = at
		}
		end = at + utf8.RuneLen(r)
	}
	if start >= 0 {
		all = append(all, token{start, end, text[start:end]})
	}
	return all
}

// joined reports whether what stands between two letters parts no words.
func joined(between string) bool {
	r, size := utf8.DecodeRuneInString(between)
	return size == len(between) && (lang.IsApostrophe(r) || unicode.Is(unicode.Cf, r) && r != zeroWidthSpace)
}

const zeroWidthSpace = '\u200b'

// fold gives the one form of all spellings of a word: small letters without accents and apostrophes, ё as е and, in
// Uzbek, in Latin letters. It consists of letters, digits and their marks, and may be empty.
func (l language) fold(word string) string {
	if isPlain(word) {
		return l.respell(cut(strings.ToLower(word)))
	}
	var out strings.Builder
	before := ' '
	for _, r := range norm.NFKC.String(word) {
		r = unicode.ToLower(r)
		switch {
		case lang.IsApostrophe(r):
			continue
		case unicode.IsMark(r):
			if !unicode.In(before, unicode.Latin, unicode.Cyrillic, unicode.Greek) {
				out.WriteRune(r)
			}
			continue
		case unicode.IsLetter(r), unicode.IsNumber(r):
			l.writeLetter(&out, r, before)
		}
		before = r
	}
	return l.respell(cut(out.String()))
}

func (l language) writeLetter(out *strings.Builder, r, before rune) {
	switch {
	case l == inUzbek && r == 'о' && before == 'ь': // батальон is batalyon
		out.WriteString("yo")
	case l == inUzbek && (r == 'ь' || r == 'ъ'):
	case l == inUzbek && uzbekLetters[r] != "":
		out.WriteString(uzbekLetters[r])
	case r == 'ё':
		out.WriteRune('е')
	case unicode.Is(unicode.Latin, r):
		out.WriteString(lang.BareLatin(r))
	default:
		out.WriteRune(r)
	}
}

// isPlain reports whether a word is all of ASCII letters and digits.
func isPlain(word string) bool {
	for i := range len(word) {
		c := word[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// cut gives the part of a word that counts.
func cut(word string) string {
	if len(word) <= maxTerm || utf8.RuneCountInString(word) <= maxTerm {
		return word
	}
	return string([]rune(word)[:maxTerm])
}
