package search

import (
	"html"
	"strings"
	"unicode/utf8"
)

// Marker marks what a query finds in texts of one language.
type Marker struct {
	language language
	wanted   []form
}

// form is a part of a query in the words of a language.
type form struct {
	stems     []string
	beginning string // of a whole word or, in a phrase, of the last stem; empty: none
}

// Marker gives what marks texts in the language of that BCP 47 tag.
func (q Query) Marker(tag string) Marker {
	m := Marker{language: languageOf(tag)}
	for _, p := range q.wanted() {
		var f form
		for _, t := range p.words {
			f.stems = append(f.stems, m.language.stem(m.language.fold(t.word)))
		}
		last := m.language.fold(p.words[len(p.words)-1].word)
		if p.beginning && utf8.RuneCountInString(last) >= minBeginning {
			f.beginning = last
		}
		m.wanted = append(m.wanted, f)
	}
	return m
}

// mark is a place in a text that a part of the query has found.
type mark struct{ start, end, part int }

// All gives text as HTML with all that was found in <mark>, or "" when nothing was.
func (m Marker) All(text string) string {
	marks := m.marks(text)
	if len(marks) == 0 {
		return ""
	}
	return markup(text, 0, len(text), marks)
}

// snippetLength is how many characters a snippet has, more or less: it begins and ends with whole words.
const snippetLength = 200

// Snippet gives the part of text in which most was found, as HTML with what was found in <mark>, with an ellipsis where
// text goes on; or "" when nothing was found.
func (m Marker) Snippet(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	marks := m.marks(text)
	if len(marks) == 0 {
		return ""
	}
	first, last := bestCluster(text, marks)
	room := max(0, snippetLength-utf8.RuneCountInString(text[first.start:last.end]))
	start := backward(text, first.start, room/2)
	end := forward(text, last.end, room-utf8.RuneCountInString(text[start:first.start]))
	out := markup(text, start, end, marks)
	if start > 0 {
		out = "… " + out
	}
	if end < len(text) {
		out += " …"
	}
	return out
}

// marks finds the parts of the query in text, in its order and none within another.
func (m Marker) marks(text string) []mark {
	var words []token
	var folded, stems []string
	for _, t := range tokens(text) {
		if w := m.language.fold(t.word); w != "" {
			words, folded, stems = append(words, t), append(folded, w), append(stems, m.language.stem(w))
		}
	}
	var marks []mark
	for i := 0; i < len(words); i++ {
		longest, part := 0, 0
		for n, f := range m.wanted {
			if len(f.stems) > longest && f.fits(folded[i:], stems[i:]) {
				longest, part = len(f.stems), n
			}
		}
		if longest > 0 {
			marks = append(marks, mark{words[i].start, words[i+longest-1].end, part})
			i += longest - 1
		}
	}
	return marks
}

// fits reports whether f stands at the beginning of words.
func (f form) fits(folded, stems []string) bool {
	last := len(f.stems) - 1
	if len(stems) <= last {
		return false
	}
	for i, s := range f.stems[:last] {
		if stems[i] != s {
			return false
		}
	}
	begun := folded[last]
	if last > 0 {
		begun = stems[last]
	}
	return stems[last] == f.stems[last] || f.beginning != "" && strings.HasPrefix(begun, f.beginning)
}

// bestCluster gives the ends of the marks that fit into a snippet together: most parts of the query, then most marks,
// then the first ones.
func bestCluster(text string, marks []mark) (first, last mark) {
	best := -1
	for i, from := range marks {
		parts, to := map[int]bool{}, from
		length, n := 0, 0
		for at := from.start; n < len(marks)-i; n++ {
			m := marks[i+n]
			length += utf8.RuneCountInString(text[at:m.end])
			if n > 0 && length > snippetLength*3/4 {
				break
			}
			parts[m.part], to, at = true, m, m.end
		}
		if score := len(parts)*snippetLength + n; score > best {
			best, first, last = score, from, to
		}
	}
	return first, last
}

// backward goes n characters back from a byte of text, and then to the beginning of a word.
func backward(text string, at, n int) int {
	from := at
	for range n {
		_, size := utf8.DecodeLastRuneInString(text[:from])
		from -= size
	}
	if from > 0 {
		if space := strings.IndexByte(text[from-1:at], ' '); space >= 0 {
			return from + space
		}
		return at
	}
	return from
}

// forward goes n characters on from a byte of text, and then back to the end of a word.
func forward(text string, at, n int) int {
	to := at
	for range n {
		_, size := utf8.DecodeRuneInString(text[to:])
		to += size
	}
	if to < len(text) {
		if space := strings.LastIndexByte(text[at:to+1], ' '); space >= 0 {
			return at + space
		}
		return at
	}
	return to
}

// markup gives a part of text as HTML with the marks in it.
func markup(text string, start, end int, marks []mark) string {
	var out strings.Builder
	at := start
	for _, m := range marks {
		if m.start < start || m.end > end {
			continue
		}
		out.WriteString(html.EscapeString(text[at:m.start]) + "<mark>" + html.EscapeString(text[m.start:m.end]) + "</mark>")
		at = m.end
	}
	return out.String() + html.EscapeString(text[at:end])
}
