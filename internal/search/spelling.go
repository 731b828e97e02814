package search

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Spelling is a word as it is written, in small letters, and the skeleton by which it is compared with others: Latin
// letters for both Latin and Cyrillic, so that a word typed in the wrong script is near too.
type Spelling struct {
	Word     string
	Skeleton string
}

// SpellingOf gives that of a word, or false for one that is too short or too long to be misspelt, or no word.
func SpellingOf(word string) (Spelling, bool) {
	s := Spelling{strings.ToLower(word), inUzbek.fold(word)}
	ok := len(s.Skeleton) >= minSpelling && len(s.Skeleton) <= maxSpelling
	for _, r := range s.Skeleton {
		ok = ok && r >= 'a' && r <= 'z'
	}
	return s, ok
}

const (
	minSpelling = 4
	maxSpelling = 32
)

// Spellings gives the words of the title and the summary that can be offered for misspelt ones, each once.
func (d Document) Spellings() []Spelling {
	var all []Spelling
	seen := map[string]bool{}
	for _, t := range tokens(d.Title + "\n" + d.Summary) {
		s, ok := SpellingOf(t.word)
		if ok && !seen[s.Word] {
			all = append(all, s)
			seen[s.Word] = true
		}
	}
	return all
}

// Typos gives how many letters of s must change to make other of it, where a letter may be added, left out, replaced or
// swapped with the next one; false when those are too many for a misspelling.
func (s Spelling) Typos(other Spelling) (int, bool) {
	most := 2
	if len(s.Skeleton) < 6 {
		most = 1
	}
	n := distance(s.Skeleton, other.Skeleton)
	return n, n <= most
}

// SameScript reports whether both are written in the same letters.
func (s Spelling) SameScript(other Spelling) bool { return s.isCyrillic() == other.isCyrillic() }

func (s Spelling) isCyrillic() bool {
	r, _ := utf8.DecodeRuneInString(s.Word)
	return unicode.Is(unicode.Cyrillic, r)
}

// Alike is the least Similarity of words that one may be mistaken for.
const Alike = 0.2

// Similarity is how many of the parts of three letters that two words have are in both, from 0 to 1, as pg_trgm counts.
func (s Spelling) Similarity(other Spelling) float64 {
	ours, theirs := s.trigrams("  "), other.trigrams("  ")
	shared := 0
	for t := range ours {
		if theirs[t] {
			shared++
		}
	}
	return float64(shared) / float64(len(ours)+len(theirs)-shared)
}

// Trigrams gives the parts of three letters, one of which at least a word that is alike has too. A space is the end.
func (s Spelling) Trigrams() []string { return slices.Sorted(maps.Keys(s.trigrams(" "))) }

func (s Spelling) trigrams(padding string) map[string]bool {
	padded := padding + s.Skeleton + " "
	all := map[string]bool{}
	for i := range len(padded) - 2 {
		all[padded[i:i+3]] = true
	}
	return all
}

// distance counts the letters that must change to make b of a.
func distance(a, b string) int {
	before, last, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(last[j]+cost, last[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, last, next = last, next, before
	}
	return last[len(b)]
}
