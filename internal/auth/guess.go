package auth

import (
	_ "embed" // for common.txt
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What the pieces of a password cost a guesser, in bits.
const (
	minGuessBits = 40
	wordBits     = 9 // one of some 600 words, or a row of keys
	repeatBits   = 6 // what came before, again
	digitBits    = 3
	runeBits     = 5
	shortestWord = 3
)

// commonText lists, one a line, words and phrases that many people build passwords of.
//
//go:embed common.txt
var commonText string

var commonWords = strings.Fields(commonText)

// keyRows are rows that fingers or minds walk along, one a line.
const keyRows = `01234567890123456789
abcdefghijklmnopqrstuvwxyz
qwertyuiop[]
asdfghjkl;
zxcvbnm,./
qwertzuiop
azertyuiop
!@#$%^&*()_+
1q2w3e4r5t6y7u8i9o0p
q1w2e3r4t5y6u7i8o9p0
1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p
qazwsxedcrfvtgbyhnujmikolp
абвгдеёжзийклмнопрстуфхцчшщъыьэюя
йцукенгшщзхъ
фывапролджэ
ячсмитьбю`

// walks are the keyRows in both directions.
var walks = keyRows + "\n" + reversed(keyRows)

// lookalikes are the characters that people write in place of a letter.
var lookalikes = map[rune]string{
	'a': "4@", 'b': "8", 'e': "3", 'g': "9", 'i': "1!|", 'l': "1!|", 'o': "0", 's': "5$", 't': "7+", 'z': "2",
}

// guessBits estimates how many bits of guessing find password. It reads the password as common words (also those in
// personal), walks along keyRows, repetitions and single characters, in the way that costs the guesser least; best[i]
// is that cost up to the i-th character.
func guessBits(password string, personal []string) int {
	s := []rune(fold(password))
	best := slices.Repeat([]int{math.MaxInt}, len(s)+1)
	best[0] = 0
	for i := range s {
		reach := func(length, bits int) { best[i+length] = min(best[i+length], best[i]+bits) }
		reach(1, singleBits(s[i]))
		reach(walkLength(s[i:]), wordBits)
		for unit := 1; unit <= i; unit++ {
			reach(repeatLength(s, i, unit), repeatBits)
		}
		for _, words := range [][]string{commonWords, personal} {
			for _, w := range words {
				reach(wordLength(s[i:], w), wordBits)
			}
		}
	}
	return best[len(s)]
}

// apostrophes are the marks that Uzbek writes in oʻ and gʻ, in all their spellings.
var apostrophes = strings.NewReplacer("'", "", "`", "", "‘", "", "’", "", "ʻ", "", "ʼ", "")

// fold removes what a guesser tries both ways.
func fold(s string) string { return apostrophes.Replace(strings.ToLower(s)) }

func singleBits(r rune) int {
	if unicode.IsDigit(r) {
		return digitBits
	}
	return runeBits
}

// walkLength is how many characters at the start of s walk along a row: 0, or shortestWord and more.
func walkLength(s []rune) int {
	length := 0
	for n := shortestWord; n <= len(s) && strings.Contains(walks, string(s[:n])); n++ {
		length = n
	}
	return length
}

// repeatLength is how many characters of s from i on equal the one that stands unit before them.
func repeatLength(s []rune, i, unit int) int {
	length := 0
	for i+length < len(s) && s[i+length] == s[i+length-unit] {
		length++
	}
	return length
}

// wordLength is the length of word when s starts with it, in lookalikes or not, and 0 otherwise.
func wordLength(s []rune, word string) int {
	n := 0
	for _, letter := range word {
		if n == len(s) || s[n] != letter && !strings.ContainsRune(lookalikes[letter], s[n]) {
			return 0
		}
		n++
	}
	return n
}

// personalWords are the words that somebody who knows the user would try: the e-mail and the name, whole and in parts.
func personalWords(email, name string) []string {
	email, name = fold(norm.NFKC.String(email)), fold(norm.NFKC.String(name))
	local, domain, _ := strings.Cut(email, "@")
	words := []string{email, local, domain, name, strings.Join(strings.Fields(name), "")}
	words = append(words, strings.FieldsFunc(email+" "+name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})...)
	return slices.DeleteFunc(words, func(w string) bool { return utf8.RuneCountInString(w) < shortestWord })
}

func reversed(s string) string {
	runes := []rune(s)
	slices.Reverse(runes)
	return string(runes)
}
