package store

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nashr-cms/nashr/internal/search"
)

// The bounds of a suggestion.
const (
	maxMisspelt    = 3   // words of a query
	maxCandidates  = 10  // for a word
	countedMatches = 100 // of a candidate, to find the commonest
)

// Suggestion gives q with other spellings for the words that find nothing by themselves among the articles that f keeps,
// or "" when there are none that would make it find something. It tells of no word that stands only in what is not live.
func (v LiveView) Suggestion(q search.Query, f ArticleFilter) (string, error) {
	instead := map[string]string{}
	misspelt := 0
	for _, word := range q.Words() {
		if n, err := v.matches(q.Only(word), f, 1); err != nil || n > 0 {
			if err != nil {
				return "", err
			}
			continue
		}
		if misspelt++; misspelt > maxMisspelt {
			return "", nil
		}
		better, err := v.respelt(word, f)
		if err != nil || better == "" {
			return "", err
		}
		instead[word] = better
	}
	if len(instead) == 0 {
		return "", nil
	}
	text := q.Replace(instead)
	better, err := search.Parse(text)
	if err != nil {
		return "", nil //nolint:nilerr // it has become too long to be searched for
	}
	if n, err := v.matches(better, f, 1); err != nil || n == 0 {
		return "", err
	}
	return text, nil
}

// respelt gives the spelling nearest to word that finds something, the commonest of those that are equally near, or "".
func (v LiveView) respelt(word string, f ArticleFilter) (string, error) {
	s, ok := search.SpellingOf(word)
	if !ok {
		return "", nil
	}
	near, err := v.candidates(s)
	if err != nil {
		return "", err
	}
	best, most, distance := "", 0, 0
	for _, c := range near {
		if best != "" && c.distance > distance {
			break
		}
		q, err := search.Parse(c.Word + " ")
		if err != nil {
			return "", err
		}
		n, err := v.matches(q, f, countedMatches)
		if err != nil {
			return "", err
		}
		if n > most {
			best, most, distance = c.Word, n, c.distance
		}
	}
	return best, nil
}

// candidate is a spelling that another may be mistaken for. Those in another script are farther by one letter and a half.
type candidate struct {
	search.Spelling
	distance int // in halves of letters
}

// candidates gives the spellings that s may be mistaken for, the nearest first.
func (v LiveView) candidates(s search.Spelling) ([]candidate, error) {
	alike, err := engineOf(v.db).alike(v.db, s)
	var near []candidate
	for _, other := range alike {
		typos, ok := s.Typos(other)
		if !ok || other.Word == s.Word {
			continue
		}
		c := candidate{other, 2 * typos}
		if !s.SameScript(other) {
			c.distance += 3
		}
		near = append(near, c)
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(a.distance-b.distance, strings.Compare(a.Word, b.Word))
	})
	return near[:min(len(near), maxCandidates)], err
}

// matches counts what q finds among the articles that f keeps, up to most.
func (v LiveView) matches(q search.Query, f ArticleFilter, most int) (int, error) {
	s := v.seeking(q, f)
	if len(s.tiers) == 0 {
		return 0, nil
	}
	hits, err := s.hits(s.everything, stretch{limit: most})
	return len(hits), err
}
