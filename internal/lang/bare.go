package lang

import "strings"

// IsApostrophe reports whether r is one of the many signs that people type within words: oʻzbek, san'at, don’t.
func IsApostrophe(r rune) bool { return strings.ContainsRune(apostrophes, r) }

// BareLatin spells a Latin letter, whatever its accent, in small letters of a-z. One that has no such spelling stays.
func BareLatin(letter rune) string {
	if bare := ascii(letter); bare != "" && bare != "-" {
		return bare
	}
	return string(letter)
}
