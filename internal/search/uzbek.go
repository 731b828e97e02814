package search

import "strings"

// uzbekLetters spells the Cyrillic letters as the Latin alphabet does once it has lost its apostrophes. The signs ъ and ь
// vanish like the tutuq belgisi.
var uzbekLetters = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "yo", 'ж': "j", 'з': "z", 'и': "i", 'й': "y", 'к': "k",
	'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "x", 'ц': "s", 'ч': "ch",
	'ш': "sh", 'щ': "sh", 'ы': "i", 'э': "e", 'ю': "yu", 'я': "ya", 'ў': "o", 'қ': "q", 'ғ': "g", 'ҳ': "h",
	'ş': "sh", 'ç': "ch", // of the Latin alphabet that was proposed in 2021
}

// uzbekSpellings levels what the two scripts spell by different rules: ц is ts or s, е is ye or e, and the months.
var uzbekSpellings = strings.NewReplacer("ts", "s", "ye", "e", "tyabr", "tabr")

func (l language) respell(folded string) string {
	if l != inUzbek {
		return folded
	}
	return uzbekSpellings.Replace(folded)
}

// uzbekSuffixes are those of number, possession and case, the longer of two that fit first. Those of verbs and those that
// make new words stay.
var uzbekSuffixes = []struct{ suffix, after string }{
	{"gacha", ""},
	{"dagi", ""},
	{"ning", ""},
	{"ngiz", vowels},
	{"lar", ""},
	{"dan", ""},
	{"miz", vowels},
	{"ka", "k"},
	{"qa", "q"},
	{"ni", ""},
	{"ga", ""},
	{"da", ""},
	{"si", vowels},
	{"i", ""},
	{"n", vowels},
	{"s", vowels}, // no suffixes: see stemUzbek
}

const (
	vowels   = "aeiou"
	minStem  = 3 // letters that a suffix leaves at least
	longStem = 4 // letters of a stem whose end is levelled
)

// uzbekStems are stems that lose a vowel before a suffix.
var uzbekStems = map[string]string{"shahr": "shahar", "singl": "singil"}

// stemUzbek takes suffixes from the end of a folded word. Where a suffix cannot be told from the stem (vatan-i, ona-ni;
// majlis-i, ona-si), the last letter of all such stems goes too, and k, q and g at the end, which change into each other
// (yurak, yuragi; qishloq, qishlogʻi), become one.
func stemUzbek(word string) string {
	for {
		shorter, ok := withoutSuffix(word)
		if !ok {
			break
		}
		word = shorter
	}
	if full, ok := uzbekStems[word]; ok {
		return full
	}
	last := len(word) - 1
	if len(word) >= longStem && strings.IndexByte("qg", word[last]) >= 0 {
		return word[:last] + "k"
	}
	return word
}

func withoutSuffix(word string) (string, bool) {
	for _, s := range uzbekSuffixes {
		stem, ok := strings.CutSuffix(word, s.suffix)
		if ok && len(stem) >= minStem && (s.after == "" || strings.IndexByte(s.after, stem[len(stem)-1]) >= 0) && strings.ContainsAny(stem, vowels) {
			return stem, true
		}
	}
	return word, false
}
