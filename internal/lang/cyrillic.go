package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// cyrillic spells small Cyrillic letters in a-z, for slugs only: it is lossy. It follows the usual English spelling of
// Russian, and adds the letters of the neighbours whose names come up in the news.
var cyrillic = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "yo", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f",
	'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",

	'ў': "o", 'қ': "q", 'ғ': "g", 'ҳ': "h", // Uzbek, and in part Karakalpak, Tajik and Kazakh
	'ә': "a", 'ң': "n", 'ө': "o", 'ү': "u", 'ұ': "u", 'һ': "h", 'ҷ': "j", // Kazakh, Kyrgyz, Tajik
	'і': "i", 'ї': "yi", 'є': "ye", 'ґ': "g", // Ukrainian
	'ђ': "dj", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'џ': "dz", // Serbian
}

// uzbekRoman is where the Uzbek Latin alphabet differs from cyrillic.
var uzbekRoman = map[rune]string{'ж': "j", 'х': "x", 'ы': "i"}

// romanise replaces the Cyrillic letters of an NFC text by their slug spelling in lang, in lower case. All else stays.
func romanise(text, lang string) string {
	uzbek := base(lang) == "uz"
	var out strings.Builder
	before := ' ' // the last character that was no accent and not invisible
	for _, r := range text {
		letter := unicode.ToLower(r)
		switch {
		case !unicode.Is(unicode.Cyrillic, letter):
			out.WriteRune(r)
		case uzbek && letter == 'е' && startsSyllable(before):
			out.WriteString("ye")
		case uzbek && letter == 'о' && before == 'ь': // батальон is batalyon
			out.WriteString("yo")
		default:
			out.WriteString(romanLetter(letter, uzbek))
		}
		if !unicode.In(r, unicode.Mn, unicode.Cf) {
			before = letter
		}
	}
	return out.String()
}

// startsSyllable reports whether an Uzbek е after this character is said, and in Latin spelt, "ye": at the start of a
// word, after a vowel, and after the two signs (объект is obyekt) or the apostrophe that some type for them.
func startsSyllable(before rune) bool {
	return !unicode.IsLetter(before) || strings.ContainsRune("аеёиоуўыэюяъь"+apostrophes, before)
}

// romanLetter spells one small Cyrillic letter. A letter with an accent that no table lists (stressed ѐ, Tajik ӣ)
// counts as the bare one; an unknown letter stays as it is.
func romanLetter(letter rune, uzbek bool) string {
	if spelling, ok := uzbekRoman[letter]; ok && uzbek {
		return spelling
	}
	if spelling, ok := cyrillic[letter]; ok {
		return spelling
	}
	bare, _ := utf8.DecodeRuneInString(norm.NFD.String(string(letter)))
	if spelling, ok := cyrillic[bare]; ok {
		return spelling
	}
	return string(letter)
}
