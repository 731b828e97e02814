package store

import (
	"reflect"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// links is a table that says which publications have which terms of a kind. A section has what is in those below it too.
// Each row repeats published_at, the article's id and the visibility of its publication, and the rows of a term stand in
// the order of lists: what has a term is listed and counted from here.
type links struct {
	table  string
	copies string                            // the table of the same for working copies, whose key column comes with article_id alone
	key    string                            // the column with the term's id
	named  func(values []string) clause.Expr // a query for the ids of the terms of those slugs or ids
}

var (
	sectionLinks = links{"publication_sections", "", "section_id", sectionsNamed}
	authorLinks  = links{"publication_authors", "article_authors", "author_id", authorsNamed}
	tagLinks     = links{"publication_tags", "article_tags", "tag_id", tagsNamed}
	allLinks     = []links{sectionLinks, authorLinks, tagLinks}
)

// repeated are the columns of links that repeat those of the publication.
const repeated = "published_at, article_id, publication_id, visible_from, visible_until"

// oneOf gives the condition that a row of the links, as that table is called in the query, is of one of the terms that the
// values name. For a single one it is an equation, since an index has the rows of one term in order.
func (l links) oneOf(table string, values ...string) clause.Expr {
	if len(values) == 1 {
		return expr(table+"."+l.key+" = (SELECT id FROM (?) AS term LIMIT 1)", l.named(values))
	}
	return expr(table+"."+l.key+" IN (?)", l.named(values))
}

// linkPublications writes which terms publications have.
func (tx *Tx) linkPublications(all []newsroom.Publication) error {
	var ids []uuid.UUID // of what is in a section
	var authors, tags []map[string]any
	for _, p := range all {
		if p.SectionID != nil {
			ids = append(ids, p.ID)
		}
		authors = append(authors, authorLinks.rows(p, p.AuthorIDs)...)
		tags = append(tags, tagLinks.rows(p, p.TagIDs)...)
	}
	if err := insert(tx.db, authorLinks.table, authors, ""); err != nil {
		return err
	}
	if err := insert(tx.db, tagLinks.table, tags, ""); err != nil || len(ids) == 0 {
		return err
	}
	return tx.db.Exec(`INSERT INTO publication_sections (section_id, `+repeated+`)
		WITH RECURSIVE up (publication_id, section_id) AS (
			SELECT id, section_id FROM publications WHERE id IN ?
			UNION SELECT up.publication_id, s.parent_id FROM up JOIN sections s ON s.id = up.section_id WHERE s.parent_id IS NOT NULL
		) SELECT up.section_id, p.published_at, p.article_id, p.id, p.visible_from, p.visible_until
		FROM up JOIN publications p ON p.id = up.publication_id`, ids).Error
}

// rows gives the rows of a publication that has the terms of those ids.
func (l links) rows(p newsroom.Publication, ids []uuid.UUID) []map[string]any {
	rows := make([]map[string]any, len(ids))
	for i, id := range ids {
		rows[i] = map[string]any{
			l.key: id, "published_at": p.PublishedAt, "article_id": p.ArticleID, "publication_id": p.ID,
			"visible_from": p.VisibleFrom, "visible_until": p.VisibleUntil,
		}
	}
	return rows
}

// endLinks repeats the end of a publication.
func (tx *Tx) endLinks(p newsroom.Publication) error {
	for _, l := range allLinks {
		if err := tx.db.Table(l.table).Where("publication_id = ?", p.ID).Update("visible_until", p.VisibleUntil).Error; err != nil {
			return err
		}
	}
	return nil
}

// beginLinks repeats that publications have become visible at now, which were visible before.
func (tx *Tx) beginLinks(now time.Time) error {
	for _, l := range allLinks {
		err := tx.db.Exec("UPDATE "+l.table+" SET visible_from = ? WHERE visible_from < ? AND publication_id IN (SELECT id FROM publications WHERE visible_from = ?)",
			now, now, now).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// takeOut gives the statement that takes what is in a section from those above it.
func takeOut(section uuid.UUID) clause.Expr {
	return expr(`DELETE FROM publication_sections WHERE section_id IN (?) AND section_id <> ?
		AND publication_id IN (SELECT publication_id FROM publication_sections WHERE section_id = ?)`, upFrom(section), section, section)
}

// putIn gives the statement that puts what is in a section into another one, and those above that.
func putIn(section, other uuid.UUID) clause.Expr {
	return expr("INSERT INTO publication_sections (section_id, "+repeated+") SELECT up.id, "+repeated+`
		FROM publication_sections l CROSS JOIN (?) AS up WHERE l.section_id = ? ON CONFLICT DO NOTHING`, upFrom(other), section)
}

// upFrom is a query for the ids of a section and of those above it.
func upFrom(section uuid.UUID) clause.Expr {
	return expr(`WITH RECURSIVE up (id, parent_id) AS (
		SELECT id, parent_id FROM sections WHERE id = ?
		UNION SELECT s.id, s.parent_id FROM sections s JOIN up ON s.id = up.parent_id
	) SELECT id FROM up`, section)
}

// moveSection writes all columns of a section, and moves what is in it along when it has another parent.
func (tx *Tx) moveSection(s *newsroom.Section) error {
	var before newsroom.Section
	if err := tx.db.Select("parent_id").Where("id = ?", s.ID).Take(&before).Error; err != nil {
		return err
	}
	if reflect.DeepEqual(before.ParentID, s.ParentID) {
		return tx.db.Select("*").Updates(s).Error
	}
	if _, err := tx.run(takeOut(s.ID)); err != nil {
		return err
	}
	if err := tx.db.Select("*").Updates(s).Error; err != nil || s.ParentID == nil {
		return err
	}
	_, err := tx.run(putIn(s.ID, *s.ParentID))
	return err
}
