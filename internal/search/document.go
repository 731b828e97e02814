package search

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Version is that of the terms: it grows when Document.Terms gives others for the same text, so that what was indexed
// before is indexed again.
const Version = 1

// Document is a text that can be found.
type Document struct {
	Lang    string // BCP 47
	Title   string
	Summary string // with all else that is shown beside the title
	Body    string // plain
}

// field is the part of a document that a term stands for. Each part has the terms of those before it too.
type field byte

const (
	inTitle    field = '1'
	inLead     field = '2' // title and summary
	anywhere   field = '3'
	beginnings       = 3 // what makes the field of whole words of the field of stems: '4' of '1'
)

// term is a stem in a field of a text in l. It is made of letters, digits and their marks.
func (f field) term(l language, stem string) string { return string([]byte{byte(f), byte(l)}) + stem }

// word is the term of a whole word, which is found by its beginning.
func (f field) word(l language, folded string) string { return (f + beginnings).term(l, folded) }

// Terms are what a document is found by.
type Terms struct {
	Ordered []string // in the order of the text, for phrases; an empty one parts phrases
	Loose   []string // found wherever they stand, in the order of the alphabet
}

// The bounds of what PostgreSQL keeps of an order. What is beyond is found, but not in phrases.
const (
	maxPositions = 16_000
	maxRepeats   = 250 // of a term
)

// Lexicon remembers the words of texts that are indexed one after the other, as they are written.
type Lexicon map[language]map[string]entry

// entry is a word as it is found: folded, and its stem.
type entry struct{ folded, stem string }

func (l Lexicon) of(in language) map[string]entry {
	if l[in] == nil {
		l[in] = map[string]entry{}
	}
	return l[in]
}

// Terms gives what d is found by. Within the bounds the length of the text does not matter.
func (d Document) Terms(lexicon Lexicon) Terms {
	in := languageOf(d.Lang)
	x := indexer{language: in, loose: map[string]bool{}, repeats: map[string]int{}, known: lexicon.of(in)}
	title, summary := x.words(d.Title), x.words(d.Summary)
	x.add(inTitle, title)
	x.add(inLead, title, summary)
	x.add(anywhere, title, summary, x.words(d.Body))
	return Terms{x.ordered, slices.Sorted(maps.Keys(x.loose))}
}

type indexer struct {
	language language
	ordered  []string
	loose    map[string]bool
	repeats  map[string]int
	known    map[string]entry // by words as they are written
}

// words gives the words of a text.
func (x *indexer) words(text string) []entry {
	var words []entry
	for _, t := range tokens(text) {
		w, ok := x.known[t.word]
		if !ok {
			w.folded = x.language.fold(t.word)
			w.stem = x.language.stem(w.folded)
			x.known[strings.Clone(t.word)] = w
		}
		if w.folded != "" {
			words = append(words, w)
		}
	}
	return words
}

// add adds the terms of parts that follow each other to a field.
func (x *indexer) add(f field, parts ...[]entry) {
	for _, words := range parts {
		for _, w := range words {
			x.place(f.term(x.language, w.stem))
			if utf8.RuneCountInString(w.folded) >= minBeginning {
				x.loose[f.word(x.language, w.folded)] = true
			}
		}
		if len(x.ordered) < maxPositions {
			x.ordered = append(x.ordered, "")
		}
	}
}

// place puts a term where it stands in the text, or among the loose ones.
func (x *indexer) place(term string) {
	x.repeats[term]++
	switch n := x.repeats[term]; {
	case len(x.ordered) < maxPositions && n <= maxRepeats:
		x.ordered = append(x.ordered, term)
	case n == 1:
		x.loose[term] = true
	case len(x.ordered) < maxPositions:
		x.ordered = append(x.ordered, "")
	}
}
