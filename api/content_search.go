package api

import (
	"github.com/nashr-cms/nashr/internal/richtext"
	"github.com/nashr-cms/nashr/internal/search"
	"github.com/nashr-cms/nashr/internal/store"
)

// SearchMeta says which part of a list this is, and what else to search for.
type SearchMeta struct {
	Meta
	// Where nothing was found: what to search for instead, with misspelt words put right. It does find something.
	Suggestion *string `json:"suggestion" example:"parliament"`
}

// Highlight shows where a search has found something, as HTML: all is escaped, and what was found is in mark elements.
type Highlight struct {
	// The title; null when nothing was found in it.
	Title *string `json:"title" example:"Eski kanal ustida yangi <mark>koʻprik</mark> ochildi"`
	// The summary; null when nothing was found in it.
	Summary *string `json:"summary" example:"<mark>Koʻprik</mark> ikki mahallani bogʻladi."`
	// About 200 characters of the body, with … where they are cut; null when nothing was found in it.
	Body *string `json:"body" example:"… ikki yil qurilgan <mark>koʻprik</mark> orqali …"`
}

// SearchQuery documents the parameters of a search.
type SearchQuery struct {
	// Finds articles that have all these words, in any of their forms, in title, summary or body. "Words" in quotation
	// marks must follow each other, -word or -"a phrase" must not be there, and the last word, from its third letter on,
	// may be the beginning of one. Uzbek is found in both scripts, whatever the apostrophes. What has the words in its
	// title comes first, then what has them in its summary; the newest of equals. At most 16 words.
	Q string `form:"q" maxLength:"200" minLength:"1" example:"night bus -\"line 7\""`
	// With q: adds to each card where it was found.
	Highlight bool `form:"highlight" default:"false"`
}

// searched is what a request searches for; the zero value, of a request without q, is no search.
type searched struct {
	given     bool
	query     search.Query
	highlight bool
}

func readSearch(q *query) (s searched) {
	text := q.one("q")
	s.given = text != ""
	var err error
	if s.query, err = search.Parse(text); err != nil {
		q.fail("q", err.Error())
	}
	if highlight := q.boolean("highlight"); highlight != nil {
		s.highlight = *highlight
	}
	if s.highlight && !q.values.Has("q") {
		q.fail("highlight", "This is possible with q only.")
	}
	return s
}

// order is how what is found is sorted unless the request says otherwise.
func (s searched) order() []store.SortKey {
	if s.given {
		return store.ByRelevance
	}
	return []store.SortKey{newestFirst}
}

func (s searched) articles(view store.LiveView, f store.ArticleFilter, page store.Page, bodies bool) (store.Listing[store.LiveArticle], error) {
	if !s.given {
		return view.Articles(f, page, bodies)
	}
	return view.Search(s.query, f, page, bodies || s.highlight)
}

// mark gives where the search has found something in an article, as readers of language get it, or nil when nobody asks.
func (s searched) mark(a store.LiveArticle, language string) *Highlight {
	if !s.highlight {
		return nil
	}
	text, _ := inScript(a.Text, language)
	m := s.query.Marker(text.Lang)
	return &Highlight{
		Title: nullable(m.All(text.Title)), Summary: nullable(m.All(text.Summary)),
		Body: nullable(m.Snippet(richtext.Text(blocksInScript(a.Text, language)))),
	}
}

// meta says which part of the list p is, with a suggestion when a search has found nothing.
func (s searched) meta(view store.LiveView, f store.ArticleFilter, asked pageRequest, p Page[any]) (SearchMeta, error) {
	meta := SearchMeta{Meta: p.Meta}
	if !s.given || len(p.Data) > 0 || asked.Cursor != nil || asked.number > 1 {
		return meta, nil
	}
	suggestion, err := view.Suggestion(s.query, f)
	meta.Suggestion = nullable(suggestion)
	return meta, err
}
