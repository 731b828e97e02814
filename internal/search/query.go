package search

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of a query.
const (
	MaxQuery     = 200 // characters
	maxWords     = 16
	minBeginning = 3 // letters from which the last word stands for all that begin with it
)

// quotes all do what " does.
const quotes = `"“”„«»`

// Query is what somebody looks for. The zero value finds nothing.
type Query struct {
	text  string
	parts []part
}

// part is a word, or a phrase: words that stand one after the other.
type part struct {
	words     []token
	excluded  bool
	beginning bool // the last word may go on
}

// Parse reads what somebody has typed: words that must all be there, "a phrase", and -word or -"a phrase" that must not.
// The last word is a beginning too, unless something follows it. Signs within a word make a phrase of it, all others do
// not count. The error, of a text with too many characters or words, is for whoever typed it.
func Parse(text string) (Query, error) {
	if utf8.RuneCountInString(text) > MaxQuery {
		return Query{}, fmt.Errorf("At most %d characters are possible.", MaxQuery) //nolint:staticcheck // a sentence for clients
	}
	q := Query{text: text}
	words := 0
	for at := 0; at < len(text); {
		p, next := parsePart(text, at)
		at = next
		if len(p.words) > 0 {
			q.parts = append(q.parts, p)
			words += len(p.words)
		}
	}
	if words > maxWords {
		return Query{}, fmt.Errorf("At most %d words are possible.", maxWords) //nolint:staticcheck // a sentence for clients
	}
	return q, nil
}

// parsePart reads one part from byte at on, and tells where the next one begins.
func parsePart(text string, at int) (part, int) {
	var p part
	rest := strings.TrimLeftFunc(text[at:], unicode.IsSpace)
	if after, ok := strings.CutPrefix(rest, "-"); ok {
		p.excluded, rest = true, after
	}
	quoted := strings.IndexAny(rest, quotes) == 0
	if quoted {
		_, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
	}
	at = len(text) - len(rest)
	end := strings.IndexFunc(rest, func(r rune) bool {
		return strings.ContainsRune(quotes, r) || !quoted && unicode.IsSpace(r)
	})
	next := at + end
	if end < 0 {
		end, next = len(rest), len(text)
	} else if _, size := utf8.DecodeRuneInString(rest[end:]); quoted {
		next += size
	}
	for _, t := range tokens(rest[:end]) {
		if anyOther.fold(t.word) != "" {
			p.words = append(p.words, token{t.start + at, t.end + at, t.word})
		}
	}
	last := len(p.words) - 1
	p.beginning = last >= 0 && !quoted && !p.excluded && p.words[last].end == len(text)
	return p, next
}

// wanted gives the parts that must be there.
func (q Query) wanted() []part {
	return slices.DeleteFunc(slices.Clone(q.parts), func(p part) bool { return p.excluded })
}

// Empty reports whether nothing is looked for, so that nothing is found.
func (q Query) Empty() bool { return len(q.wanted()) == 0 }

// Words gives the words that are looked for, those of phrases too.
func (q Query) Words() []string {
	var words []string
	for _, p := range q.wanted() {
		for _, t := range p.words {
			words = append(words, t.word)
		}
	}
	return words
}

// Only gives the query for one of the words that q looks for, as q takes it.
func (q Query) Only(word string) Query {
	for _, p := range q.wanted() {
		last := len(p.words) - 1
		for i, t := range p.words {
			if t.word == word {
				return Query{q.text, []part{{words: []token{t}, beginning: p.beginning && i == last}}}
			}
		}
	}
	return Query{}
}

// Replace gives the text of q with other words in the place of some that it looks for.
func (q Query) Replace(words map[string]string) string {
	var out strings.Builder
	at := 0
	for _, p := range q.wanted() {
		for _, t := range p.words {
			if other, ok := words[t.word]; ok {
				out.WriteString(q.text[at:t.start] + other)
				at = t.end
			}
		}
	}
	return out.String() + q.text[at:]
}
