package lang

import (
	"unicode"
	"unicode/utf8"
)

// ToCyrillic gives Uzbek text in the Cyrillic script. Words that are Cyrillic already or of another language, Roman numerals,
// and what is no prose (addresses, handles, hashtags, file names, code) stay as they are. Any apostrophe is understood.
func ToCyrillic(text string) string { return transliterate(text, latinLetter, toCyrillic) }

// ToLatin gives Uzbek text in the Latin script of 1995, with U+02BB in oʻ and gʻ and U+02BC for the tutuq belgisi. Latin
// words stay as they are, as do words with letters that neither Uzbek nor Russian has, and what is no prose.
func ToLatin(text string) string { return transliterate(text, cyrillicLetter, toLatin) }

// The two editions of Uzbek that are made of each other.
const (
	uzbekLatin    = "uz-Latn"
	uzbekCyrillic = "uz-Cyrl"
)

// Twin gives the canonical tag of the same language in the script that a text can be transliterated from and to, or "" when there
// is none.
func Twin(tag string) string {
	switch tag {
	case uzbekLatin:
		return uzbekCyrillic
	case uzbekCyrillic:
		return uzbekLatin
	}
	return ""
}

// Transliterate gives a text of the twin of the canonical tag to in the script of to. For other tags it gives the text as it is.
func Transliterate(text, to string) string {
	switch to {
	case uzbekLatin:
		return ToLatin(text)
	case uzbekCyrillic:
		return ToCyrillic(text)
	}
	return text
}

// letter is one letter of a word as the rules see it.
type letter struct {
	r     rune // in lower case; any apostrophe is ', and what is to be copied (accents, soft hyphens) is itself
	upper bool
	size  uint8 // in bytes
}

// word is a run of letters of one script, with the apostrophes between them.
type word struct {
	letters []letter
	text    string // all of the text
	start   int    // of the word in it
	strange bool   // there is a letter that Uzbek does not have
}

// size is the length of the first n letters in the text, in bytes.
func (w *word) size(n int) int {
	size := 0
	for _, l := range w.letters[:n] {
		size += int(l.size)
	}
	return size
}

// source is the first n letters as they stand in the text.
func (w *word) source(n int) string { return w.text[w.start : w.start+w.size(n)] }

// at is the letter at i, or 0 outside the word.
func (w *word) at(i int) rune {
	if i < 0 || i >= len(w.letters) {
		return 0
	}
	return w.letters[i].r
}

// allUpper reports whether the first n letters are capitals; apostrophes do not count.
func (w *word) allUpper(n int) bool {
	for _, l := range w.letters[:n] {
		if !l.upper && l.r != '\'' {
			return false
		}
	}
	return n > 0
}

// anyUpper reports whether one of the first n letters is a capital.
func (w *word) anyUpper(n int) bool {
	for _, l := range w.letters[:n] {
		if l.upper {
			return true
		}
	}
	return false
}

// cased appends the spelling of the first n letters, with capitals where they have them.
func (w *word) cased(out []byte, spelling string, n int) []byte {
	switch {
	case n > 1 && w.allUpper(n):
		for _, r := range spelling {
			out = utf8.AppendRune(out, unicode.ToUpper(r))
		}
		return out
	case w.letters[0].upper:
		first, size := utf8.DecodeRuneInString(spelling)
		return append(utf8.AppendRune(out, unicode.ToUpper(first)), spelling[size:]...)
	}
	return append(out, spelling...)
}

// isApostrophe reports whether r is what people type for the signs of oʻ, gʻ and sanʼat.
func isApostrophe(r rune) bool {
	switch r {
	case '\'', '`', '´', 'ʹ', 'ʻ', 'ʼ', 'ʽ', 'ʾ', 'ʿ', 'ˈ', '‘', '’', '‛', '′', '＇':
		return true
	}
	return false
}
