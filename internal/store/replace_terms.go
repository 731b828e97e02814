package store

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Moved counts what refers to another term than before.
type Moved struct {
	Articles     int64 // by their working copy, or by what readers see or will see of them
	Publications int64 // that readers see or will see
}

// ReplaceTerm puts the term by in the place of old wherever a text refers to it, or a section stands below it, and
// deletes old. It takes a constant number of statements.
//
// Revisions and history stay as they were, and so does what readers saw until now: a publication that is live goes on
// as one that is visible from now, and a copy of it stays in history. What is over moves there altogether. The times by
// which publications are planned and shown stay: when the story was published and updated, and until when it was to be.
func ReplaceTerm[T Term](tx *Tx, old, by uuid.UUID, now time.Time) (Moved, error) {
	r := referencesTo[T]()
	articles, publications := r.in("article", old), r.in("publication", old)
	seen, err := tx.copySeen(publications, now)
	if err != nil {
		return Moved{}, err
	}
	changed, err := tx.run(append([]clause.Expr{
		seen,
		expr("DELETE FROM publications WHERE visible_until <= ? AND ?", now, publications),
		expr("UPDATE articles SET ?, version = version + 1 WHERE ? OR id IN (SELECT article_id FROM publications WHERE ?)",
			r.set(old, by), articles, publications),
		expr("UPDATE publications SET ?, visible_from = CASE WHEN visible_from < ? THEN ? ELSE visible_from END WHERE ?",
			r.set(old, by), now, now, publications),
	}, r.rest(old, by, now)...)...)
	if err != nil {
		return Moved{}, err
	}
	if err := tx.beginLinks(now); err != nil {
		return Moved{}, err
	}
	return Moved{Articles: changed[2], Publications: changed[3]}, DeleteTerm[T](tx, old)
}

// MergeTag is ReplaceTerm for tags: the slug, the id and the name of old, and of all that was merged into it, find by
// from then on, and by is listed when old was. A slug or name that old had taken back from another stays with old.
func MergeTag(tx *Tx, old, by uuid.UUID, now time.Time) (Moved, error) {
	_, err := tx.run(
		expr(`UPDATE merged_tags SET tag_id = ?,
			slug = CASE WHEN slug IN (SELECT slug FROM tags WHERE id = ?) THEN CAST(id AS text) ELSE slug END,
			name_key = CASE WHEN name_key IN (SELECT name_key FROM tags WHERE id = ?) THEN CAST(id AS text) ELSE name_key END
			WHERE tag_id = ?`, by, old, old, old),
		expr("INSERT INTO merged_tags (id, slug, name_key, tag_id, merged_at) SELECT id, slug, name_key, ?, ? FROM tags WHERE id = ?", by, now, old),
		expr("UPDATE tags SET listed = TRUE WHERE id = ? AND EXISTS (SELECT 1 FROM tags AS o WHERE o.id = ? AND o.listed)", by, old),
	)
	if err != nil {
		return Moved{}, err
	}
	return ReplaceTerm[newsroom.Tag](tx, old, by, now)
}

// run executes statements in order, and gives how many rows each has changed.
func (tx *Tx) run(statements ...clause.Expr) ([]int64, error) {
	changed := make([]int64, len(statements))
	for i, s := range statements {
		result := tx.db.Exec(s.SQL, s.Vars...)
		if result.Error != nil {
			return nil, result.Error
		}
		changed[i] = result.RowsAffected
	}
	return changed, nil
}

// copySeen gives the statement that copies to history what readers have seen until now of the publications that match.
// Of one that became visible at this very moment they have seen nothing yet.
func (tx *Tx) copySeen(match clause.Expr, now time.Time) (clause.Expr, error) {
	past := &gorm.Statement{DB: tx.db}
	if err := past.Parse(&newsroom.PastPublication{}); err != nil {
		return clause.Expr{}, err
	}
	columns := past.Schema.DBNames
	values := slices.Clone(columns)
	values[slices.Index(columns, "id")] = "gen_random_uuid()"
	values[slices.Index(columns, "visible_until")] = "CASE WHEN visible_until <= ? THEN visible_until ELSE ? END"
	return expr(fmt.Sprintf("INSERT INTO publication_history (%s) SELECT %s FROM publications WHERE visible_from < ? AND ?",
		strings.Join(columns, ", "), strings.Join(values, ", ")), now, now, now, match), nil
}

// references says how texts refer to the terms of one kind.
type references struct {
	column string // of the text: the id of a section, or a JSON list of ids
	links  string // how link tables are called after their owner, "tags"; empty: there are none
	key    string // the link tables' column that points to the term
}

func referencesTo[T Term]() references {
	switch any(*new(T)).(type) {
	case newsroom.Section:
		return references{column: "section_id"}
	case newsroom.Author:
		return references{column: "author_ids", links: "authors", key: "author_id"}
	default:
		return references{column: "tag_ids", links: "tags", key: "tag_id"}
	}
}

// in gives the condition that a row of articles or publications refers to the term; owner is "article" or "publication".
func (r references) in(owner string, term uuid.UUID) clause.Expr {
	if r.links == "" {
		return expr(r.column+" = ?", term)
	}
	return expr(fmt.Sprintf("id IN (SELECT %[1]s_id FROM %[1]s_%[2]s WHERE %[3]s = ?)", owner, r.links, r.key), term)
}

// set gives the assignment that puts by in the place of old, if a row refers to old. In a list with both, the first
// keeps its place. Lists are kept as compact JSON, so that each id stands in them between quotes.
func (r references) set(old, by uuid.UUID) clause.Expr {
	if r.links == "" {
		return expr("section_id = CASE WHEN section_id = ? THEN ? ELSE section_id END", old, by)
	}
	before, after := `"`+old.String()+`"`, `"`+by.String()+`"`
	list := "CAST(" + r.column + " AS text)"
	return expr(r.column+" = json(CASE WHEN "+list+" NOT LIKE ? THEN "+list+
		" WHEN "+list+" LIKE ? THEN replace("+list+", ?, '') ELSE replace(replace("+list+", ?, ''), ?, ?) END)",
		"%"+before+"%", "%"+after+"%"+before+"%", ","+before, ","+after, before, after)
}

// rest gives the statements that move what is no text: the sections below, and the rows of the link tables.
func (r references) rest(old, by uuid.UUID, now time.Time) []clause.Expr {
	if r.links == "" {
		return []clause.Expr{
			takeOut(old),
			expr("UPDATE sections SET parent_id = ?, version = version + 1, updated_at = ? WHERE parent_id = ?", by, now, old),
			putIn(old, by),
			expr("DELETE FROM publication_sections WHERE section_id = ?", old),
		}
	}
	var all []clause.Expr
	for table, columns := range map[string]string{"article_" + r.links: "article_id", "publication_" + r.links: repeated} {
		all = append(all,
			expr(fmt.Sprintf("INSERT INTO %[1]s (%[2]s, %[3]s) SELECT ?, %[3]s FROM %[1]s WHERE %[2]s = ? ON CONFLICT DO NOTHING", table, r.key, columns), by, old),
			expr(fmt.Sprintf("DELETE FROM %s WHERE %s = ?", table, r.key), old),
		)
	}
	return all
}

// Uses is what keeps a term from being deleted.
type Uses struct {
	Articles int64 // that refer to it, by their working copy or by a publication
	Sections int64 // right below it
}

// UsesOf counts what refers to a term.
func UsesOf[T Term](q Queries, id uuid.UUID) (Uses, error) {
	r := referencesTo[T]()
	var u Uses
	err := q.db.Raw(`SELECT (SELECT count(*) FROM (SELECT id FROM articles WHERE ? UNION SELECT article_id FROM publications WHERE ?) AS users) AS articles,
		(SELECT count(*) FROM sections WHERE parent_id = ?) AS sections`, r.in("article", id), r.in("publication", id), id).Scan(&u).Error
	return u, err
}
