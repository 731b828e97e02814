package store

import (
	"math"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/search"
)

// sqliteSearch finds by FTS5. Rows are numbered in the order of publication, so that the newest can be read first.
type sqliteSearch struct{}

// perSecond is how many rows of one second have a number, as a power of two.
const perSecond = 24

// numbers gives the first and the last number of rows that were published in a second since 1970.
func numbers(second int64) (first, last int64) {
	return second << perSecond, second<<perSecond | (1<<perSecond - 1)
}

func (sqliteSearch) prepare(*gorm.DB) error { return nil }

// write writes the terms last, and many at once: FTS5 writes to disk what it has gathered whenever another statement is run.
func (sqliteSearch) write(db *gorm.DB, all []newsroom.Publication, found []Found) error {
	ids := make([]int64, len(all))
	used := map[int64]int64{} // the last number of a second
	for i, p := range all {
		first, last := numbers(p.PublishedAt.Unix())
		if _, known := used[first]; !known {
			var before *int64
			if err := db.Raw("SELECT max(id) FROM search_documents WHERE id BETWEEN ? AND ?", first, last).Scan(&before).Error; err != nil {
				return err
			}
			used[first] = first - 1
			if before != nil {
				used[first] = *before
			}
		}
		used[first]++
		ids[i] = used[first]
	}
	var documents, rows []map[string]any
	for i, p := range all {
		documents = append(documents, map[string]any{"id": ids[i], "publication_id": p.ID, "version": search.Version})
		rows = append(rows, map[string]any{"rowid": ids[i], "terms": fts5Text(found[i].terms)})
	}
	if err := insert(db, "search_documents", documents, ""); err != nil {
		return err
	}
	return insert(db, "search_terms", rows, "")
}

func (sqliteSearch) found(m search.Match) clause.Expression {
	return expr(`p.id IN (SELECT d.publication_id FROM search_terms x JOIN search_documents d ON d.id = x.rowid WHERE x.search_terms MATCH ?)`, fts5Query(m))
}

// nearest reads rows in their order, up to the second of the last one that is asked for: within it they are not sorted.
func (sqliteSearch) nearest(view *gorm.DB, m search.Match, s stretch) (*gorm.DB, error) {
	query := view.Table("search_terms AS x").
		Joins("CROSS JOIN search_documents d ON d.id = x.rowid").Joins("CROSS JOIN publications p ON p.id = d.publication_id").
		Where("x.search_terms MATCH ?", fts5Query(m))
	if s.after != nil {
		first, last := numbers(s.after.PublishedAt.Unix())
		if s.back {
			query = query.Where("x.rowid >= ?", first)
		} else {
			query = query.Where("x.rowid <= ?", last)
		}
	}
	edge := query.Session(&gorm.Session{}).Select("x.rowid").Order("x.rowid" + direction(!s.back)).Offset(s.offset + s.limit - 1).Limit(1)
	if a := s.after; a != nil {
		edge = edge.Where("(p.published_at, p.article_id)"+beyond(SortKey{Desc: true}, s.back)+"(?, ?)", a.PublishedAt, a.ArticleID)
	}
	if s.back {
		return query.Session(&gorm.Session{}).Where("x.rowid <= coalesce(((?) >> ? << ?) + ?, ?)", edge, perSecond, perSecond, 1<<perSecond-1, math.MaxInt64), nil
	}
	return query.Session(&gorm.Session{}).Where("x.rowid >= coalesce((?) >> ? << ?, ?)", edge, perSecond, perSecond, math.MinInt64), nil
}

func (sqliteSearch) alike(db *gorm.DB, s search.Spelling) ([]search.Spelling, error) {
	var near []search.Spelling
	err := db.Raw(`SELECT s.word, s.skeleton FROM search_trigrams t JOIN search_spellings s ON s.id = t.rowid WHERE t.search_trigrams MATCH ?`,
		`"`+strings.Join(s.Trigrams(), `" OR "`)+`"`).Scan(&near).Error
	all := near[:0]
	for _, n := range near {
		if s.Similarity(n) >= search.Alike {
			all = append(all, n)
		}
	}
	return all, err
}

// gap is a word that nobody looks for: it keeps phrases from reaching across it.
const gap = "0"

// fts5Text gives terms as the text of which FTS5 makes them again.
func fts5Text(terms search.Terms) string {
	var out strings.Builder
	for _, t := range terms.Ordered {
		if t == "" {
			t = gap
		}
		out.WriteString(t + " ")
	}
	for _, t := range terms.Loose {
		out.WriteString(gap + " " + t + " ")
	}
	return out.String()
}

// fts5Query gives m in the language of FTS5. Terms have no quotation marks in them.
func fts5Query(m search.Match) string {
	switch {
	case m.Without != nil:
		return "(" + fts5Query(m.Without.Wanted) + " NOT " + fts5Query(m.Without.Unwanted) + ")"
	case m.All != nil:
		return fts5Joined(m.All, " AND ")
	case m.Any != nil:
		return fts5Joined(m.Any, " OR ")
	}
	phrase := `"` + strings.Join(m.Phrase, " ") + `"`
	if m.Beginning {
		phrase += " *"
	}
	return phrase
}

func fts5Joined(parts []search.Match, by string) string {
	queries := make([]string, len(parts))
	for i, p := range parts {
		queries[i] = fts5Query(p)
	}
	return "(" + strings.Join(queries, by) + ")"
}
