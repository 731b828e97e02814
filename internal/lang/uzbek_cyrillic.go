package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// latinLetter reports whether a Latin word may begin with a character of this first byte.
func latinLetter(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || 0xc3 <= b && b <= 0xc9 || b == 0xe1
}

// readLatin reads the letters of the Latin word that starts at w.start.
func (w *word) readLatin() {
	w.letters, w.strange = w.letters[:0], false
	for i := w.start; i < len(w.text); {
		l := letter{r: rune(w.text[i]), size: 1}
		switch {
		case 'a' <= l.r && l.r <= 'z':
		case 'A' <= l.r && l.r <= 'Z':
			l.r, l.upper = l.r+'a'-'A', true
		case l.r < utf8.RuneSelf && l.r != '\'' && l.r != '`' || !w.latinSign(i, &l):
			return
		}
		w.letters = append(w.letters, l)
		i += int(l.size)
	}
}

// latinSign reads what is not in a-z into l: an apostrophe or a letter that Uzbek does not have. It reports whether the character
// belongs to the word.
func (w *word) latinSign(i int, l *letter) bool {
	r, size := utf8.DecodeRuneInString(w.text[i:])
	l.size = uint8(size)
	switch {
	case isApostrophe(r):
		l.r = '\''
		return joinsLatin(w, i, r, size)
	case unicode.Is(unicode.Latin, r) || unicode.Is(unicode.Mn, r) && len(w.letters) > 0:
		l.r, l.upper, w.strange = unicode.ToLower(r), unicode.IsUpper(r), true
		return true
	}
	return false
}

// joinsLatin reports whether the apostrophe at i belongs to the word before it, and is no quotation mark: it does between
// letters, and at the end of a word where it makes a letter that words end in.
func joinsLatin(w *word, i int, r rune, size int) bool {
	n := len(w.letters)
	if n == 0 || w.letters[n-1].r == '\'' {
		return false
	}
	if next, _ := utf8.DecodeRuneInString(w.text[i+size:]); unicode.Is(unicode.Latin, next) {
		return true
	}
	switch last := w.letters[n-1].r; {
	case r == 'ʻ' || r == '‘':
		return last == 'o' || last == 'g'
	case last == 'g' && w.at(n-2) != 'n': // togʻ, but not mening’
		before, _ := utf8.DecodeLastRuneInString(w.text[:w.start])
		return !isApostrophe(before)
	default:
		return r == 'ʼ' && last != 'o'
	}
}

// toCyrillic appends the word that starts at w.start, and gives its length in bytes: 0 where there is none.
func toCyrillic(out []byte, w *word) ([]byte, int) {
	w.readLatin()
	n := len(w.letters)
	size := w.size(n)
	if besideDigit(w, size) || romanNumeral(w, size) {
		return append(out, w.source(n)...), size
	}
	e := uzbek().latin.find(w)
	if e.length == 0 && foreign(w) || e.length > 0 && e.spelling == "" {
		return keepForeign(out, w, e.length)
	}
	return spellCyrillic(e.write(out, w), w, e.length), size
}

// keepForeign appends a foreign word as it is and its Uzbek suffix in Cyrillic. The stem has so many letters, unless that is 0. What
// a hyphen joins to it is foreign too when it has a capital: Wi-Fi, Coca-Cola.
func keepForeign(out []byte, w *word, stem int) ([]byte, int) {
	start := w.start
	for {
		if stem == 0 {
			stem = ownPart(w)
		}
		if w.at(stem) == '\'' {
			stem++
		}
		out = spellCyrillic(append(out, w.source(stem)...), w, stem)
		end := w.start + w.size(len(w.letters))
		if stem < len(w.letters) || end+1 >= len(w.text) || w.text[end] != '-' || w.text[end+1] < 'A' || w.text[end+1] > 'Z' {
			return out, end - start
		}
		out, stem = append(out, '-'), 0
		w.start = end + 1
		w.readLatin()
	}
}

// besideDigit reports whether a word of that many bytes is part of a name with digits: H5N1, MP3, 5G. What follows a number in
// small letters is a suffix or a unit.
func besideDigit(w *word, size int) bool {
	if end := w.start + size; end < len(w.text) && isDigit(w.text[end]) {
		return true
	}
	return w.start > 0 && isDigit(w.text[w.start-1]) && len(w.letters) <= 2 && w.allUpper(len(w.letters))
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// romanNumeral reports whether the word is one: at most LXXXIX. A letter with a point after it is somebody's initial.
func romanNumeral(w *word, size int) bool {
	if len(w.letters) == 0 || len(w.letters) > 7 || !w.letters[0].upper || !strings.ContainsRune("ivxl", w.letters[0].r) {
		return false
	}
	numeral := w.source(len(w.letters))
	if len(numeral) == 1 && (numeral == "L" || strings.HasPrefix(w.text[w.start+size:], ".")) {
		return false
	}
	units := strings.TrimLeft(numeral, "XL")
	tens := numeral[:len(numeral)-len(units)]
	return romanDigit(tens, "X", "L", "C") && romanDigit(units, "I", "V", "X")
}

// romanDigit reports whether s writes a digit from 0 to 9 by the signs for one, five and ten.
func romanDigit(s, one, five, ten string) bool {
	if s == one+five || s == one+ten {
		return true
	}
	s = strings.TrimPrefix(s, five)
	return strings.Trim(s, one) == "" && len(s) <= 3
}

// foreign reports whether the word has a letter that Uzbek does not have, or letters in an order in which no Uzbek word has
// them, or ends as English ones do.
func foreign(w *word) bool {
	if w.strange {
		return true
	}
	abbreviation := w.allUpper(len(w.letters))
	for i, l := range w.letters {
		switch next := w.at(i + 1); l.r {
		case 'w':
			return true
		case 'c':
			if next != 'h' {
				return true
			}
		case 'k', 'g':
			if next == 'h' && w.letters[0].upper && !abbreviation && w.at(i-1) != 'n' {
				return true
			}
		case 'y':
			if i > 0 && latinConsonant(w.at(i-1)) && !latinVowel(next) && !abbreviation {
				return true
			}
		case '\'':
			if i+2 == len(w.letters) && next == 's' || next == 't' && w.at(i-1) == 'n' && i+2 == len(w.letters) {
				return true
			}
		}
	}
	return false
}

// ownPart is how many letters of a foreign word stand before the apostrophe and the Uzbek suffix, or all.
func ownPart(w *word) int {
	for i := len(w.letters) - 2; i > 0; i-- {
		if w.letters[i].r == '\'' && uzbek().latin.suffixes.follow(w.letters[i+1:]) {
			return i
		}
	}
	return len(w.letters)
}

func latinVowel(r rune) bool {
	switch r {
	case 'a', 'e', 'i', 'o', 'u':
		return true
	}
	return false
}

// latinConsonant leaves y out, which may be doubled.
func latinConsonant(r rune) bool { return 'a' <= r && r <= 'z' && r != 'y' && !latinVowel(r) }

// cyrillicFor has the letters that are always spelt alike.
var cyrillicFor = [128]rune{
	'a': 'а', 'b': 'б', 'c': 'ч', 'd': 'д', 'f': 'ф', 'h': 'ҳ', 'i': 'и', 'j': 'ж', 'k': 'к', 'l': 'л', 'm': 'м', 'n': 'н',
	'p': 'п', 'q': 'қ', 'r': 'р', 'u': 'у', 'v': 'в', 'x': 'х', 'z': 'з', '\'': 'ъ',
}

// spellCyrillic appends the word from the letter i on by the rules.
func spellCyrillic(out []byte, w *word, i int) []byte {
	for i < len(w.letters) {
		l := w.letters[i]
		r, n := cyrillicFor[l.r&127], 1
		switch l.r {
		case 'o', 'g':
			r, n = rounded(w, i)
		case 'e':
			r = cyrillicE(w, i)
		case 's', 'c', 't':
			r, n = sibilant(w, i)
		case '\'':
			l.upper = i > 0 && w.letters[i-1].upper && (i+1 == len(w.letters) || w.letters[i+1].upper)
		case 'y':
			if r, n = iotated(w, i); r == 'ь' { // премьера
				out = utf8.AppendRune(out, sized(r, l.upper))
				r = 'е'
			}
		}
		out = utf8.AppendRune(out, sized(r, l.upper))
		i += n
	}
	return out
}

// sized is a Cyrillic letter as a capital, if it is to be one.
func sized(r rune, upper bool) rune {
	switch {
	case !upper:
		return r
	case 'а' <= r && r <= 'я':
		return r - ('а' - 'А')
	}
	return unicode.ToUpper(r)
}

// rounded spells o and g, with the apostrophe that makes other letters of them, and gives how many letters that is.
func rounded(w *word, i int) (rune, int) {
	o, apostrophe := w.at(i) == 'o', w.at(i+1) == '\''
	switch {
	case o && apostrophe:
		return 'ў', 2
	case o:
		return 'о', 1
	case apostrophe:
		return 'ғ', 2
	}
	return 'г', 1
}

// cyrillicE spells the e at i after what is before it: э at the start and after a vowel.
func cyrillicE(w *word, i int) rune {
	before := w.at(i - 1)
	if before == '\'' && w.at(i-2) == 'o' || before == 0 || latinVowel(before) {
		return 'э'
	}
	return 'е'
}

// sibilant spells s, c and t with what follows them.
func sibilant(w *word, i int) (rune, int) {
	next := w.at(i + 1)
	switch r := w.at(i); {
	case r == 'c':
		return 'ч', 2
	case r == 't' && next == 's' && w.at(i+2) != 'h' && affricate(w, i):
		return 'ц', 2
	case r == 't':
		return 'т', 1
	case next == 'h':
		return 'ш', 2
	case next == '\'' && w.at(i+2) == 'h': // Исҳоқ; the apostrophe only keeps them apart
		return 'с', 2
	case softS(w, i):
		return 'ц', 1
	}
	return 'с', 1
}

// affricate reports whether the ts at i is one sound: in loan words at the start or after a vowel, but not where the s begins a
// suffix (кетса, ўтсин, одатсиз, роботсоз).
func affricate(w *word, i int) bool {
	if before := w.at(i - 1); i > 0 && !latinVowel(before) && before != '\'' {
		return false
	}
	a, b, c := w.at(i+2), w.at(i+3), w.at(i+4)
	switch {
	case a == 'a' && i > 0, a == 'o' && (b == '\'' || b == 'z'):
		return false
	case a == 'k':
		return b == 'i' && c == 'y'
	case latinConsonant(a):
		return false
	case a == 'i' && b == 'z':
		return c == 'm'
	case a == 'i' && b == 'n':
		return c != 0 && c != 'l'
	case a == 'i' && b == 'm':
		return c != 'o'
	}
	return true
}

// softS reports whether the s at i stands for ц, as it does after a consonant: акция, концепция, потенциал.
func softS(w *word, i int) bool {
	if w.at(i+1) != 'i' {
		return false
	}
	a, b := w.at(i+2), w.at(i+3)
	switch w.at(i - 1) {
	case 'k', 'p', 'n':
		return a == 'y' && b == 'a' || a == 'o' && b == 'n' || a == 'a' && b == 'l' && w.at(i-1) == 'n'
	case 'r':
		return a == 'a' && b == 'l'
	}
	return false
}

// iotated spells y with the vowel after it. It gives ь where ье is to be spelt.
func iotated(w *word, i int) (rune, int) {
	switch w.at(i + 1) {
	case 'a':
		return 'я', 2
	case 'u':
		return 'ю', 2
	case 'o':
		if w.at(i+2) != '\'' {
			return 'ё', 2
		}
	case 'e':
		if latinConsonant(w.at(i - 1)) {
			return 'ь', 2
		}
		return 'е', 2
	}
	return 'й', 1
}
