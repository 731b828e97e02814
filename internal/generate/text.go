package generate

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// How long texts are to be.
const (
	titleLength   = 60   // characters
	summaryLength = 200  // characters
	bodyLength    = 4300 // bytes of text, at which a body is complete; its markup and last paragraph add to that
)

// writer writes one article.
type writer struct {
	*rand.Rand
	phrases
	language string
	towns    []int // that it tells of
}

// newWriter gives a writer in a language, or in English where it knows no other.
func newWriter(r *rand.Rand, language string, towns []int) writer {
	if _, known := languages[language]; !known {
		base, _, _ := strings.Cut(language, "-")
		language = "en"
		for _, l := range []string{"ru", "uz-Latn"} {
			if strings.HasPrefix(l, base) {
				language = l
			}
		}
	}
	return writer{r, languages[language], language, towns}
}

func (w writer) of(words []string) string { return words[w.IntN(len(words))] }

// place gives a place, now and then one of the towns.
func (w writer) place() string {
	if w.IntN(3) == 0 {
		return fmt.Sprintf(w.town, townName(w.towns[w.IntN(len(w.towns))]).in(w.language))
	}
	return w.of(w.places)
}

// title gives the first headline of about the length that it is to have.
func (w writer) title() string {
	for {
		s := fmt.Sprintf(w.phrases.title, w.of(w.subjects), w.of(w.verbs), w.of(w.objects))
		if w.IntN(4) > 0 {
			s = townName(w.towns[w.IntN(len(w.towns))]).in(w.language) + ": " + s
		}
		if off := utf8.RuneCountInString(s) - titleLength; -10 <= off && off <= 12 {
			return s
		}
	}
}

func (w writer) kicker() string {
	if w.IntN(4) > 0 {
		return ""
	}
	return townName(w.towns[0]).in(w.language)
}

func (w writer) sentence() string {
	return capital(fmt.Sprintf(w.pattern, w.of(w.subjects), w.of(w.verbs), w.of(w.objects), w.place(), w.of(w.times))) + "."
}

// capital makes the first letter a capital, and the others what they are.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// summary gives sentences of about the length of a summary.
func (w writer) summary() string {
	s := w.sentence()
	for utf8.RuneCountInString(s) < summaryLength-40 {
		s += " " + w.sentence()
	}
	return s
}

// body gives paragraphs with a heading now and then, and one or two blocks of other kinds.
func (w writer) body() []newsroom.Block {
	body := []newsroom.Block{w.paragraph()}
	size := len(body[0].Text)
	if w.IntN(2) == 0 {
		body = append(body, w.image())
	}
	for extra := 2 + w.IntN(4); size < bodyLength; {
		b := w.paragraph()
		switch {
		case len(body) == extra:
			b = w.extra()
		case len(body)%5 == 4:
			b = newsroom.Block{Type: newsroom.BlockHeading, Level: 2, Text: w.of(w.headings)}
		}
		body = append(body, b)
		size += len(b.Text)
	}
	return body
}

func (w writer) paragraph() newsroom.Block {
	sentences := make([]string, 3+w.IntN(3))
	for i := range sentences {
		sentences[i] = w.sentence()
	}
	switch i := w.IntN(len(sentences)); w.IntN(6) {
	case 0:
		sentences[i] = "<strong>" + sentences[i] + "</strong>"
	case 1:
		sentences[i] = `<a href="https://source.example/` + strconv.Itoa(w.IntN(10_000)) + `">` + sentences[i] + "</a>"
	}
	return newsroom.Block{Type: newsroom.BlockParagraph, Text: strings.Join(sentences, " ")}
}

func (w writer) image() newsroom.Block {
	return newsroom.Block{
		Type: newsroom.BlockImage, URL: fmt.Sprintf("https://media.example/%d.jpg", w.IntN(10_000)),
		Alt: capital(w.place()), Caption: w.sentence(), Credit: authorName(w.IntN(Authors)).in(w.language),
	}
}

// extra gives a block of a kind that is not in every article.
func (w writer) extra() newsroom.Block {
	switch w.IntN(4) {
	case 0:
		items := make([]newsroom.ListItem, 3+w.IntN(3))
		for i := range items {
			items[i].Text = w.sentence()
		}
		return newsroom.Block{Type: newsroom.BlockList, Items: items}
	case 1:
		rows := [][]string{{"", "2024", "2025"}}
		for range 3 {
			rows = append(rows, []string{capital(w.of(w.objects)), strconv.Itoa(w.IntN(900)), strconv.Itoa(w.IntN(900))})
		}
		return newsroom.Block{Type: newsroom.BlockTable, Header: true, Rows: rows}
	}
	return newsroom.Block{Type: newsroom.BlockQuote, Text: w.of(w.says) + ".", Attribution: authorName(w.IntN(Authors)).in(w.language)}
}
