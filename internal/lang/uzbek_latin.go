package lang

import (
	"unicode"
	"unicode/utf8"
)

// cyrillicLetter reports whether a Cyrillic word may begin with a character of this first byte.
func cyrillicLetter(b byte) bool { return 0xd0 <= b && b <= 0xd3 }

// readCyrillic reads the letters of the Cyrillic word that starts at w.start.
func (w *word) readCyrillic() {
	w.letters, w.strange = w.letters[:0], false
	for i := w.start; i < len(w.text); {
		r, size := utf8.DecodeRuneInString(w.text[i:])
		l := letter{r: r, size: uint8(size)}
		switch {
		case 'а' <= r && r <= 'я':
		case 'А' <= r && r <= 'Я':
			l.r, l.upper = r+'а'-'А', true
		case 'Ѐ' <= r && r <= 'ӿ' && unicode.IsLetter(r):
			l.r, l.upper = unicode.ToLower(r), unicode.IsUpper(r)
			w.strange = w.strange || latinFor(l.r) == ""
		case len(w.letters) > 0 && compose(&w.letters[len(w.letters)-1], r, size):
			i += size
			continue
		case !w.cyrillicSign(i, &l):
			return
		}
		w.letters = append(w.letters, l)
		i += size
	}
}

// cyrillicSign reads what is no letter into l: an apostrophe for ъ, or an accent. It reports whether the character belongs to the
// word.
func (w *word) cyrillicSign(i int, l *letter) bool {
	if len(w.letters) == 0 || l.r == ' ' {
		return false
	}
	if isApostrophe(l.r) {
		rest := w.text[i+int(l.size):]
		l.r = 'ъ'
		return rest != "" && cyrillicLetter(rest[0])
	}
	return l.r >= '\u00ad' && unicode.In(l.r, unicode.Mn, unicode.Cf)
}

// compose puts the mark on a letter that is one with it: й, ў, ё typed as two characters.
func compose(l *letter, mark rune, size int) bool {
	switch {
	case l.r == 'и' && mark == '\u0306':
		l.r = 'й'
	case l.r == 'у' && mark == '\u0306':
		l.r = 'ў'
	case l.r == 'е' && mark == '\u0308':
		l.r = 'ё'
	default:
		return false
	}
	l.size += uint8(size)
	return true
}

// toLatin appends the word that starts at w.start, and gives its length in bytes: 0 where there is none.
func toLatin(out []byte, w *word) ([]byte, int) {
	w.readCyrillic()
	n := len(w.letters)
	size := w.size(n)
	if n == 0 {
		return out, 0
	}
	e := uzbek().cyrillic.find(w)
	switch {
	case e.length == 0 && (w.strange || russian(w)):
		return append(out, w.source(n)...), size
	case n == 1 && w.letters[0].r == 'с' && w.letters[0].upper && after(w, "°"): // 40 °С
		return append(out, 'C'), size
	}
	return spellLatin(e.write(out, w), w, e.length), size
}

// after reports whether s stands right before the word.
func after(w *word, s string) bool {
	return w.start >= len(s) && w.text[w.start-len(s):w.start] == s
}

// russian reports whether the word has letters that Uzbek never uses, and is no name: names are spelt as they sound.
func russian(w *word) bool {
	if w.letters[0].upper {
		return false
	}
	for _, l := range w.letters {
		if l.r == 'ы' || l.r == 'щ' {
			return true
		}
	}
	return false
}

// spellLatin appends the word from the letter i on by the rules.
func spellLatin(out []byte, w *word, i int) []byte {
	for ; i < len(w.letters); i++ {
		l := w.letters[i]
		spelling := latinSpelling(w, i)
		if !l.upper || spelling == "" || spelling[0] >= utf8.RuneSelf {
			out = append(out, spelling...)
			continue
		}
		out = append(out, spelling[0]-'a'+'A')
		if rest := spelling[1:]; rest != "" && rest[0] < utf8.RuneSelf && wholly(w, i) {
			out = append(out, rest[0]-'a'+'A')
		} else {
			out = append(out, rest...)
		}
	}
	return out
}

// wholly reports whether both letters that a capital becomes are capitals: SHAHAR and AQSHda, but Shahar and Sh.
func wholly(w *word, i int) bool {
	if i+1 < len(w.letters) && w.letters[i+1].upper {
		return true
	}
	return i > 0 && w.letters[i-1].upper
}

// latinSpelling spells the letter i after its neighbours.
func latinSpelling(w *word, i int) string {
	switch r := w.at(i); r {
	case 'е':
		if before := w.before(i); before == 0 || cyrillicVowel(before) || before == 'ъ' || before == 'ь' {
			return "ye"
		}
	case 'о':
		if w.at(i-1) == 'ь' { // батальон
			return "yo"
		}
	case 'ц':
		if cyrillicVowel(w.before(i)) {
			return "ts"
		}
	case 'с':
		if w.at(i+1) == 'ҳ' {
			return "sʼ"
		}
	case 'ъ':
		return hardSign(w.at(i-1), w.at(i+1))
	case 'ь':
		return ""
	default:
		if s := latinFor(r); s != "" {
			return s
		}
		return string(r) // an accent
	}
	return latinFor(w.at(i))
}

// hardSign spells ъ between two letters: it vanishes where the next says it after a consonant (объект), and after ў (мўъжиза).
func hardSign(before, after rune) string {
	if before == 'ў' {
		return ""
	}
	switch after {
	case 'е', 'ё', 'ю', 'я':
		if !cyrillicVowel(before) {
			return ""
		}
	}
	return "ʼ"
}

// before is the letter before i, accents aside, or 0.
func (w *word) before(i int) rune {
	for i--; i >= 0 && unicode.In(w.letters[i].r, unicode.Mn, unicode.Cf); i-- {
	}
	return w.at(i)
}

func cyrillicVowel(r rune) bool {
	switch r {
	case 'а', 'е', 'ё', 'и', 'о', 'у', 'ў', 'ы', 'э', 'ю', 'я':
		return true
	}
	return false
}

// fromCyrillic has the letters from а to я where nothing beside them changes them.
var fromCyrillic = [...]string{
	"a", "b", "v", "g", "d", "e", "j", "z", "i", "y", "k", "l", "m", "n", "o", "p",
	"r", "s", "t", "u", "f", "x", "s", "ch", "sh", "sh", "ʼ", "i", "", "e", "yu", "ya",
}

// latinFor spells a small Cyrillic letter, and gives "" for one that neither Uzbek nor Russian has.
func latinFor(r rune) string {
	switch r {
	case 'ё':
		return "yo"
	case 'ў':
		return "oʻ"
	case 'қ':
		return "q"
	case 'ғ':
		return "gʻ"
	case 'ҳ':
		return "h"
	}
	if 'а' <= r && r <= 'я' {
		return fromCyrillic[r-'а']
	}
	return ""
}
