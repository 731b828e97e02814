package newsroom

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
)

// Candidate is what decides whether one article is like another.
type Candidate struct {
	ArticleID   uuid.UUID
	Title       string
	SectionID   *uuid.UUID
	TagIDs      []uuid.UUID `gorm:"serializer:json"`
	PublishedAt time.Time
	Picked      bool // by editors: it is featured, or among EditorsPicks
}

// EditorsPicks is the key of the collection whose articles come first among similar ones.
const EditorsPicks = "editors-picks"

// How much of what two articles have in common makes them alike. A shared tag weighs between 0.63, when only one article
// has it, and 0.1, when a thousand have.
const (
	sameSection = 0.15
	sameTitle   = 0.5 // when all its words are the same
	oldest      = 0.5 // what is left of the likeness of an article that is far older than the newest candidate
	halfFresh   = 90 * 24 * time.Hour
)

// MostLike gives those candidates that have something in common with an article, the most like it first: by the tags they
// share, of which carriers says how many articles have each, by section and words of the title; newer ones are preferred.
// Those that editors picked come first when they share a tag or a word. The order depends on nothing but the arguments.
func MostLike(to Candidate, candidates []Candidate, carriers map[uuid.UUID]int64) []Candidate {
	words := titleWords(to.Title)
	var newest time.Time
	for _, c := range candidates {
		if c.PublishedAt.After(newest) {
			newest = c.PublishedAt
		}
	}
	type ranked struct {
		Candidate
		first bool
		like  float64
	}
	var all []ranked
	for _, c := range candidates {
		subject := sharedTags(to, c, carriers) + sameTitle*share(words, titleWords(c.Title))
		like := subject
		if to.SectionID != nil && c.SectionID != nil && *to.SectionID == *c.SectionID {
			like += sameSection
		}
		if like == 0 {
			continue
		}
		fresh := math.Exp2(-float64(newest.Sub(c.PublishedAt)) / float64(halfFresh))
		all = append(all, ranked{c, c.Picked && subject > 0, like * (oldest + (1-oldest)*fresh)})
	}
	slices.SortFunc(all, func(a, b ranked) int {
		if a.first != b.first {
			if a.first {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.like, a.like), b.PublishedAt.Compare(a.PublishedAt), strings.Compare(b.ArticleID.String(), a.ArticleID.String()))
	})
	out := make([]Candidate, len(all))
	for i, r := range all {
		out[i] = r.Candidate
	}
	return out
}

func sharedTags(a, b Candidate, carriers map[uuid.UUID]int64) (weight float64) {
	for _, id := range a.TagIDs {
		if slices.Contains(b.TagIDs, id) {
			weight += 1 / math.Log2(2+float64(carriers[id]))
		}
	}
	return weight
}

// apostrophes are written in many ways, and left out in some.
var apostrophes = strings.NewReplacer("'", "", "‘", "", "’", "", "`", "", "ʻ", "", "ʼ", "")

// titleWords gives the beginnings of the longer words of a title, since endings differ.
func titleWords(title string) []string {
	const least, beginning = 4, 5
	var words []string
	notInWord := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for w := range strings.FieldsFuncSeq(apostrophes.Replace(FoldName(title)), notInWord) {
		runes := []rune(w)
		if len(runes) >= least {
			words = append(words, string(runes[:min(len(runes), beginning)]))
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// share is how much of the smaller of two sets the other has, from 0 to 1.
func share(a, b []string) float64 {
	n := 0
	for _, w := range a {
		if slices.Contains(b, w) {
			n++
		}
	}
	return float64(n) / float64(max(1, min(len(a), len(b))))
}
