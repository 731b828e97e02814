package store

import (
	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Terms are the sections, authors and tags that a set of texts refers to, and for paths all other sections too.
type Terms struct {
	Sections map[uuid.UUID]newsroom.Section
	Authors  map[uuid.UUID]newsroom.Author
	Tags     map[uuid.UUID]newsroom.Tag
}

// Term is one of the three types that embed newsroom.Term.
type Term interface {
	newsroom.Section | newsroom.Author | newsroom.Tag
}

// Terms gives what texts refer to, in three queries whatever their number.
func (q Queries) Terms(texts ...newsroom.Text) (Terms, error) { return q.terms("*", texts) }

// terms is Terms with only some columns of the authors.
func (q Queries) terms(authorFields string, texts []newsroom.Text) (Terms, error) {
	var authors, tags []uuid.UUID
	for _, t := range texts {
		authors = append(authors, t.AuthorIDs...)
		tags = append(tags, t.TagIDs...)
	}
	var t Terms
	sections, err := q.Sections()
	if err != nil {
		return t, err
	}
	t.Sections = sections
	var authorRows []newsroom.Author
	if err := q.db.Select(authorFields).Where("id IN ?", unique(authors)).Find(&authorRows).Error; err != nil {
		return t, err
	}
	t.Authors = byID(authorRows, func(a newsroom.Author) uuid.UUID { return a.ID })
	var tagRows []newsroom.Tag
	if err := q.db.Where("id IN ?", unique(tags)).Find(&tagRows).Error; err != nil {
		return t, err
	}
	t.Tags = byID(tagRows, func(t newsroom.Tag) uuid.UUID { return t.ID })
	return t, nil
}

// Sections gives all sections.
func (q Queries) Sections() (map[uuid.UUID]newsroom.Section, error) {
	var rows []newsroom.Section
	err := q.db.Find(&rows).Error
	return byID(rows, func(s newsroom.Section) uuid.UUID { return s.ID }), err
}

// Subsections gives the sections right below the one of that id.
func (q Queries) Subsections(section uuid.UUID) ([]newsroom.Section, error) {
	var rows []newsroom.Section
	err := q.db.Where("parent_id = ?", section).Order("position, id").Find(&rows).Error
	return rows, err
}

// Section gives the section of that slug or id, or not_found. Author and Tag do the same.
func (q Queries) Section(ref string) (newsroom.Section, error) {
	return findTerm[newsroom.Section](q, ref)
}

// Author gives the author of that slug or id, or not_found.
func (q Queries) Author(ref string) (newsroom.Author, error) {
	return findTerm[newsroom.Author](q, ref)
}

// Tag gives the tag of that slug or id, or not_found.
func (q Queries) Tag(ref string) (newsroom.Tag, error) { return findTerm[newsroom.Tag](q, ref) }

func findTerm[T Term](q Queries, ref string) (T, error) {
	var t T
	err := q.db.Where(named([]string{ref})).Take(&t).Error
	return t, err
}

// ResolveTag is Tag for what refers to tags: one that was merged into another gives that other.
func (q Queries) ResolveTag(ref string) (newsroom.Tag, error) { return q.tagWith(named([]string{ref})) }

// TagByName gives the tag of that name, however it is cased, or the one that a tag of that name was merged into, or
// not_found.
func (q Queries) TagByName(name string) (newsroom.Tag, error) {
	return q.tagWith(expr("name_key = ?", newsroom.FoldName(name)))
}

func (q Queries) tagWith(name clause.Expression) (newsroom.Tag, error) {
	var t newsroom.Tag
	err := q.db.Where("id IN (?)", tagsWith(name)).Take(&t).Error
	return t, err
}

// tagsWith gives a query for the ids of the tags that meet a condition on their slug, id or name, or that a tag which
// met it was merged into.
func tagsWith(name clause.Expression) clause.Expr {
	return expr("SELECT id FROM tags WHERE ? UNION ALL SELECT tag_id FROM merged_tags WHERE ?", name, name)
}

// ListSections gives a page of sections, sortable by position, name, slug, created_at and updated_at.
func (q Queries) ListSections(page Page) (Listing[newsroom.Section], error) {
	o := termOrder(func(s *newsroom.Section) *newsroom.Term { return &s.Term })
	o.columns["position"] = column[newsroom.Section]{"position", func(s *newsroom.Section) any { return int64(s.Position) }}
	return list(q.db.Model(&newsroom.Section{}), "*", o, page)
}

// ListAuthors gives a page of authors, sortable by name, slug, created_at and updated_at.
func (q Queries) ListAuthors(page Page) (Listing[newsroom.Author], error) {
	return list(q.db.Model(&newsroom.Author{}), "*", authorOrder, page)
}

// ListTags gives a page of tags, sortable by name, slug, created_at and updated_at.
func (q Queries) ListTags(page Page) (Listing[newsroom.Tag], error) {
	return list(q.db.Model(&newsroom.Tag{}), "*", tagOrder, page)
}

var (
	authorOrder = termOrder(func(a *newsroom.Author) *newsroom.Term { return &a.Term })
	tagOrder    = termOrder(func(t *newsroom.Tag) *newsroom.Term { return &t.Term })
)

func termOrder[T Term](term func(*T) *newsroom.Term) order[T] {
	return order[T]{
		columns: map[string]column[T]{
			"name":       {"name", func(t *T) any { return term(t).Name }},
			"slug":       {"slug", func(t *T) any { return term(t).Slug }},
			"created_at": {"created_at", func(t *T) any { return term(t).CreatedAt }},
			"updated_at": {"updated_at", func(t *T) any { return term(t).UpdatedAt }},
		},
		id:   "id",
		idOf: func(t *T) uuid.UUID { return term(t).ID },
	}
}

// TakenSlugs gives those of slugs that another term of T's kind than id has.
func TakenSlugs[T Term](tx *Tx, id uuid.UUID, slugs ...string) (map[string]bool, error) {
	var taken []string
	err := tx.db.Model(new(T)).Where("slug IN ? AND id <> ?", slugs, id).Pluck("slug", &taken).Error
	return setOf(taken), err
}

// TakenTagSlugs is TakenSlugs for tags: a tag that was merged into another than id keeps its slug too.
func (tx *Tx) TakenTagSlugs(id uuid.UUID, slugs ...string) (map[string]bool, error) {
	var taken []string
	err := tx.db.Raw(`SELECT slug FROM tags WHERE slug IN ? AND id <> ?
		UNION SELECT slug FROM merged_tags WHERE slug IN ? AND tag_id <> ?`, slugs, id, slugs, id).Scan(&taken).Error
	return setOf(taken), err
}

// CreateTerm inserts a section, an author or a tag.
func CreateTerm[T Term](tx *Tx, t *T) error { return tx.db.Create(t).Error }

// UpdateTerm writes all columns of a section, an author or a tag.
func UpdateTerm[T Term](tx *Tx, t *T) error {
	if s, is := any(t).(*newsroom.Section); is {
		return tx.moveSection(s)
	}
	return tx.db.Select("*").Updates(t).Error
}

// DeleteTerm deletes a section, an author or a tag; in_use when something refers to it.
func DeleteTerm[T Term](tx *Tx, id uuid.UUID) error {
	return tx.db.Where("id = ?", id).Delete(new(T)).Error
}

func byID[T any](rows []T, id func(T) uuid.UUID) map[uuid.UUID]T {
	m := make(map[uuid.UUID]T, len(rows))
	for _, r := range rows {
		m[id(r)] = r
	}
	return m
}

func setOf(words []string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}

func unique(ids []uuid.UUID) []uuid.UUID {
	seen := make(map[uuid.UUID]bool, len(ids))
	out := make([]uuid.UUID, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}
