package api

import (
	"slices"

	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// Beside is what include adds beside the data of an answer, so that one call is enough for a page.
type Beside struct {
	// Similar articles, the most similar first.
	Related *[]Card `json:"related,omitempty"`
	// The newest articles.
	Latest *[]Card `json:"latest,omitempty"`
	// What was viewed most often in the last day.
	Popular *[]Card `json:"popular,omitempty"`
	Site    *Site   `json:"site,omitempty"`
	// What integrations have pushed, by key.
	Widgets *map[string]Widget `json:"widgets,omitempty"`
}

// Answer holds one thing and what was included.
type Answer[T any] struct {
	Data T `json:"data"`
	Beside
}

// ListAnswer holds a part of a list and what was included.
type ListAnswer[T any] struct {
	Data  []T        `json:"data"`
	Meta  SearchMeta `json:"meta"`
	Links Links      `json:"links"`
	Beside
}

// inclusion is what a request wants beside the data.
type inclusion struct {
	words    []string
	limit    int    // cards in each list
	language string // that lists keep, and that names are in; "" for any
}

var besideWords = []string{"latest", "popular", "site", "widgets"}

// inclusion reads include and include_limit.
func (q *query) inclusion(allowed ...string) inclusion {
	return inclusion{words: q.list("include", allowed), limit: q.number("include_limit", 1, 50, 10)}
}

func (i inclusion) has(word string) bool { return slices.Contains(i.words, word) }

// beside reads what is wanted. article, unless nil, is the one that the lists are beside: they leave it out.
func (h content) beside(view store.LiveView, want inclusion, article *store.LiveArticle) (b Beside, err error) {
	lists := []struct {
		word string
		to   **[]Card
		read func() ([]store.LiveArticle, error)
	}{
		{"related", &b.Related, func() ([]store.LiveArticle, error) {
			return view.Related(*article, want.language, lang.Twin(want.language), want.limit)
		}},
		{"latest", &b.Latest, func() ([]store.LiveArticle, error) { return h.latest(view, want) }},
		{"popular", &b.Popular, func() ([]store.LiveArticle, error) {
			return view.Popular(newsroom.Windows[1], want.filter(), want.limit+1)
		}},
	}
	var found []store.LiveArticle
	counts := make([]int, len(lists))
	for i, l := range lists {
		if !want.has(l.word) {
			continue
		}
		articles, err := l.read()
		if err != nil {
			return b, err
		}
		articles = slices.DeleteFunc(articles, func(a store.LiveArticle) bool { return article != nil && a.ArticleID == article.ArticleID })
		counts[i] = min(len(articles), want.limit)
		found = append(found, articles[:counts[i]]...)
	}
	var cards []Card
	if len(found) > 0 {
		if cards, err = h.cards(view, want.language, found); err != nil {
			return b, err
		}
	}
	for i, l := range lists {
		if want.has(l.word) {
			*l.to, cards = new(cards[:counts[i]:counts[i]]), cards[counts[i]:]
		}
	}
	if want.has("site") {
		if b.Site, err = h.readSite(view, want.language); err != nil {
			return b, err
		}
	}
	if want.has("widgets") {
		b.Widgets, err = readWidgets(view)
	}
	return b, err
}

func readWidgets(view store.LiveView) (*map[string]Widget, error) {
	all, err := view.Widgets()
	byKey := make(map[string]Widget, len(all))
	for _, w := range all {
		byKey[w.Key] = widget(w)
	}
	return &byKey, err
}

// filter keeps what is in the language of the page.
func (i inclusion) filter() store.ArticleFilter {
	if i.language == "" {
		return store.ArticleFilter{}
	}
	return store.ArticleFilter{Langs: store.Match{AnyOf: [][]string{{i.language}}}, Twin: lang.Twin(i.language)}
}

func (h content) latest(view store.LiveView, want inclusion) ([]store.LiveArticle, error) {
	page := store.Page{Limit: want.limit + 1, Sort: []store.SortKey{newestFirst}}
	listing, err := view.Articles(want.filter(), page, false)
	return listing.Items, err
}
