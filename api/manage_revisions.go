package api

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/richtext"
	"github.com/nashr-cms/nashr/internal/store"
)

// RevisionCard is one save of an article's text, as lists show it.
type RevisionCard struct {
	revisionFacts
	Title     string `json:"title" example:"Eski kanal ustida yangi koʻprik ochildi"`
	WordCount int    `json:"word_count" minimum:"0" example:"812"`
}

// Revision is one save of an article's text. References to what is no more are left out; views are those of now.
type Revision struct {
	cardBase
	revisionFacts
	Body      Body            `json:"body"`
	SEO       SEO             `json:"seo"`
	Custom    json.RawMessage `json:"custom" swaggertype:"object"`
	WordCount int             `json:"word_count" minimum:"0" example:"812"`
}

// revisionFacts is what is known of a revision beside its text.
type revisionFacts struct {
	// Counts the saves of the text, from 1.
	Revision int       `json:"revision" minimum:"1" example:"4"`
	SavedAt  time.Time `json:"saved_at" format:"date-time"`
	SavedBy  UserRef   `json:"saved_by"`
	// The fields that differ from the revision before, by the names under which they are written.
	Changed []string `json:"changed" example:"title,body"`
	// The revision whose text it took back.
	RestoredFrom *int `json:"restored_from" minimum:"1" example:"2"`
	// Readers see this revision now.
	Live bool `json:"live"`
}

// RevisionDiff is what differs between two revisions.
type RevisionDiff struct {
	// The revision that the other is compared with; 0 for nothing.
	From int `json:"from" minimum:"0" example:"3"`
	// The revision that was asked for.
	To int `json:"to" minimum:"1" example:"4"`
	// The fields that differ, but for the body.
	Fields []FieldDiff `json:"fields"`
	// Both bodies in one: all blocks, those that are equal among them.
	Body []BlockDiff `json:"body"`
}

// FieldDiff is a field that differs.
type FieldDiff struct {
	// By the name under which it is written.
	Field string `json:"field" example:"title"`
	// As a revision shows it; of translation_of, the other articles of the group, as they are now. Null when it is compared with nothing.
	Before any `json:"before"`
	// Likewise.
	After any `json:"after"`
	// Of the title, the kicker, the subtitle and the summary; else empty.
	Words []WordDiff `json:"words"`
}

// BlockDiff is what became of one block of a body.
type BlockDiff struct {
	Op string `json:"op" enums:"equal,insert,delete,change" example:"change"`
	// Null when the block is new.
	Before *newsroom.Block `json:"before"`
	// Null when the block is gone.
	After *newsroom.Block `json:"after"`
	// Of a block that changed: what became of its plain text.
	Words []WordDiff `json:"words"`
	// A change that leaves the plain text as it was: of markup, a link, an address, the level of a heading.
	SameText bool `json:"same_text"`
}

// WordDiff is a stretch of plain text that stayed, came or went. Equal and deleted ones together are the text before, equal
// and inserted ones the text after.
type WordDiff struct {
	Op   string `json:"op" enums:"equal,insert,delete" example:"insert"`
	Text string `json:"text" example:"yangi "`
}

// pathRevision gives the number in the path, or not_found.
func pathRevision(c echo.Context) (int, error) {
	text := param(c, "revision")
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != text {
		return 0, noRevision()
	}
	return int(n), nil
}

func noRevision() error { return newsroom.Errorf(newsroom.CodeNotFound, "There is no such revision.") }

// findRevision gives a revision of an article, or not_found.
func findRevision(q store.Queries, article uuid.UUID, number int) (newsroom.Revision, error) {
	r, err := q.Revision(article, number)
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		err = noRevision()
	}
	return r, err
}

// listRevisions gives the saves of an article's text.
//
// @Summary     List the revisions of an article
// @Description Every save of its text, newest first, kept forever. For those who may see the working copy.
// @ID          listRevisions
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id    path  string    true  "Article id"
// @Param       query query PageQuery false "paging"
// @Param       sort  query []string  false "Order; - means descending." default(-revision) collectionFormat(csv) Enums(revision,-revision)
// @Success     200 {object} Page[RevisionCard]
// @Header      200 {string} Link "x"
// @Failure     403,404 {object} Problem
// @Router      /v1/manage/articles/{id}/revisions [get]
func (h manage) listRevisions(c echo.Context) error {
	q := queryOf(c)
	page := q.page([]string{"revision"}, store.SortKey{Field: "revision", Desc: true})
	if err := q.err(); err != nil {
		return err
	}
	var answer Page[RevisionCard]
	err := h.workingCopy(c, func(q store.Queries, s newsroom.Standing) error {
		listing, err := q.Revisions(s.ID, page.Page)
		if err != nil {
			return err
		}
		facts, err := factsOf(q, s, listing.Items...)
		cards := make([]RevisionCard, len(listing.Items))
		for i, r := range listing.Items {
			cards[i] = RevisionCard{facts[i], r.Title, r.WordCount}
		}
		answer = pageOf(c, cards, page, listing)
		return err
	})
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, answer)
}

// factsOf gives what is known of revisions of an article beside their text, in one query.
func factsOf(q store.Queries, s newsroom.Standing, revisions ...newsroom.Revision) ([]revisionFacts, error) {
	writers := make([]uuid.UUID, len(revisions))
	for i, r := range revisions {
		writers[i] = r.SavedBy
	}
	users, err := q.UsersByID(writers...)
	facts := make([]revisionFacts, len(revisions))
	for i, r := range revisions {
		facts[i] = revisionFacts{
			Revision: r.Revision, SavedAt: r.SavedAt, SavedBy: UserRef{ID: r.SavedBy.String(), Name: users[r.SavedBy].Name},
			Changed: r.Changed, RestoredFrom: r.RestoredFrom, Live: s.Live != nil && s.Live.Revision == r.Revision,
		}
	}
	return facts, err
}

// getRevision gives one save of an article's text.
//
// @Summary     Read a revision of an article
// @Description The whole text as it was saved then. Sections, authors and tags have their present names; those that are no more are left out.
// @ID          getRevision
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id       path  string   true  "Article id"
// @Param       revision path  integer  true  "Number of the revision" minimum(1) example(4)
// @Param       format   query []string false "Formats of the body." collectionFormat(csv) Enums(html,blocks,markdown,text) default(html)
// @Success     200 {object} Data[Revision]
// @Failure     403,404 {object} Problem
// @Router      /v1/manage/articles/{id}/revisions/{revision} [get]
func (h manage) getRevision(c echo.Context) error {
	q := queryOf(c)
	formats := q.list("format", bodyFormats)
	number, missing := pathRevision(c)
	if err := errors.Join(q.err(), missing); err != nil {
		return err
	}
	var answer Revision
	err := h.workingCopy(c, func(q store.Queries, s newsroom.Standing) error {
		r, err := findRevision(q, s.ID, number)
		if err != nil {
			return err
		}
		terms, err := q.Terms(r.Text)
		if err != nil {
			return err
		}
		facts, err := factsOf(q, s, r)
		answer = h.revision(s, r.Text, terms, formats)
		answer.revisionFacts = facts[0]
		return err
	})
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, Data[Revision]{answer})
}

// revision gives the text of a revision of s, without the facts.
func (w wire) revision(s newsroom.Standing, t newsroom.Text, terms store.Terms, formats []string) Revision {
	return Revision{
		cardBase: w.cardBase(s.ID, t, terms, s.Views, ""),
		Body:     body(t.Body, formats), SEO: seo(t.SEO), Custom: t.Custom, WordCount: t.WordCount,
	}
}

// diffRevision compares two revisions.
//
// @Summary     Compare two revisions of an article
// @Description What differs in the revision, compared with the one before it or with another, older or newer: field by field, and the
// @Description body block by block, with the words of each block that changed.
// @ID          diffRevision
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id       path  string  true  "Article id"
// @Param       revision path  integer true  "Number of the revision" minimum(1) example(4)
// @Param       against  query integer false "The revision to compare it with; 0 is nothing. The one before when left out." minimum(0) maximum(2147483647) example(2)
// @Success     200 {object} Data[RevisionDiff]
// @Failure     403,404 {object} Problem
// @Router      /v1/manage/articles/{id}/revisions/{revision}/diff [get]
func (h manage) diffRevision(c echo.Context) error {
	q := queryOf(c)
	number, missing := pathRevision(c)
	against := q.number("against", 0, math.MaxInt32, number-1)
	if err := errors.Join(q.err(), missing); err != nil {
		return err
	}
	answer := RevisionDiff{From: against, To: number}
	err := h.workingCopy(c, func(q store.Queries, s newsroom.Standing) error {
		after, err := findRevision(q, s.ID, number)
		if err != nil {
			return err
		}
		var before newsroom.Revision
		if against > 0 {
			if before, err = findRevision(q, s.ID, against); err != nil {
				return err
			}
		}
		answer.Body = blockDiffs(richtext.Diff(before.Body, after.Body))
		answer.Fields, err = h.fieldDiffs(q, actor(c).User, s, before.Text, after.Text)
		return err
	})
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, Data[RevisionDiff]{answer})
}

// prose are the fields that are compared word by word.
var prose = map[string]func(newsroom.Text) string{
	"title":    func(t newsroom.Text) string { return t.Title },
	"kicker":   func(t newsroom.Text) string { return t.Kicker },
	"subtitle": func(t newsroom.Text) string { return t.Subtitle },
	"summary":  func(t newsroom.Text) string { return t.Summary },
}

// fieldDiffs gives the fields in which two texts of s differ, but for the body.
func (h manage) fieldDiffs(q store.Queries, viewer newsroom.User, s newsroom.Standing, before, after newsroom.Text) ([]FieldDiff, error) {
	terms, err := q.Terms(before, after)
	if err != nil {
		return nil, err
	}
	var sides [2]map[string]json.RawMessage
	for i, t := range []newsroom.Text{before, after} {
		if t.Lang == "" { // nothing
			continue
		}
		s.TranslationGroup = t.TranslationGroup
		others, err := siblings(q, viewer, s)
		if err != nil {
			return nil, err
		}
		if sides[i], err = object(struct {
			Revision
			Group []TranslationRef `json:"translation_of"`
		}{h.revision(s, t, terms, []string{}), h.translations(t.Lang, others)}); err != nil {
			return nil, err
		}
	}
	out := []FieldDiff{}
	for _, name := range slices.DeleteFunc(after.Changed(before), func(name string) bool { return name == "body" }) {
		d := FieldDiff{Field: name, Before: sides[0][name], After: sides[1][name], Words: []WordDiff{}}
		if text, ok := prose[name]; ok {
			d.Words = wordDiffs(richtext.DiffWords(text(before), text(after)))
		}
		out = append(out, d)
	}
	return out, nil
}

func blockDiffs(diffs []richtext.BlockDiff) []BlockDiff {
	out := make([]BlockDiff, len(diffs))
	for i, d := range diffs {
		out[i] = BlockDiff{Op: string(d.Op), Before: d.Before, After: d.After, Words: wordDiffs(d.Words), SameText: d.SameText()}
	}
	return out
}

func wordDiffs(diffs []richtext.WordDiff) []WordDiff {
	out := make([]WordDiff, len(diffs))
	for i, d := range diffs {
		out[i] = WordDiff{Op: string(d.Op), Text: d.Text}
	}
	return out
}

// restoreRevision takes an earlier text back.
//
// @Summary     Take back a revision of an article
// @Description Makes its text the working copy, as a new revision; readers see it once it is published. Sections, authors and tags that are
// @Description no more are left out, merged tags replaced; the slug stays as it is when another article has taken the former one, and
// @Description translations stay linked as they are. When the text is the present one, nothing changes. With If-Match only if nobody changed
// @Description the article meanwhile.
// @ID          restoreRevision
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       id       path string  true "Article id"
// @Param       revision path integer true "Number of the revision" minimum(1) example(2)
// @Success     200 {object} Data[ManagedArticle]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412,413,415,422 {object} Problem
// @Router      /v1/manage/articles/{id}/revisions/{revision}/restore [post]
func (h manage) restoreRevision(c echo.Context) error {
	if err := errors.Join(noParameters(c), noBody(c)); err != nil {
		return err
	}
	id, err := pathID(c, "article")
	if err != nil {
		return err
	}
	number, err := pathRevision(c)
	if err != nil {
		return err
	}
	s, err := h.desk.RestoreRevision(c.Request().Context(), actor(c), id, optionalIfMatch(c), number)
	if err != nil {
		return err
	}
	return h.answer(c, http.StatusOK, s)
}
