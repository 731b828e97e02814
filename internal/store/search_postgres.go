package store

import (
	"strconv"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/search"
)

// postgresSearch finds by a GIN index of tsvectors. It never asks PostgreSQL to make terms: that would need a
// configuration for each language, and could not be done alike elsewhere.
type postgresSearch struct {
	many int // from how many hits on a page is found sooner among the newest publications than by sorting them all
}

// prepare keeps the planner from reading all terms instead of their index: it does not count what it costs to fetch them
// from where long values are.
func (postgresSearch) prepare(db *gorm.DB) error {
	return db.Exec("SET LOCAL enable_seqscan = off").Error
}

func (postgresSearch) write(db *gorm.DB, all []newsroom.Publication, found []Found) error {
	rows := make([]map[string]any, len(all))
	for i, p := range all {
		rows[i] = map[string]any{"publication_id": p.ID, "version": search.Version, "terms": expr("CAST(? AS tsvector)", tsvector(found[i].terms))}
	}
	return insert(db, "search_documents", rows, "")
}

func (postgresSearch) found(m search.Match) clause.Expression {
	return expr("p.id IN (SELECT publication_id FROM search_documents WHERE terms @@ CAST(? AS tsquery))", tsquery(m))
}

// nearest sorts few hits; of many it looks for the first ones by going through the publications. It leaves neither to
// the planner, whose guess of how many there are is a poor one for all but the commonest terms.
func (e postgresSearch) nearest(view *gorm.DB, m search.Match, _ stretch) (*gorm.DB, error) {
	var n int64
	err := view.Session(&gorm.Session{NewDB: true}).
		Raw("SELECT count(*) FROM (SELECT 1 FROM search_documents WHERE terms @@ CAST(? AS tsquery) LIMIT ?) AS found", tsquery(m), e.many).Scan(&n).Error
	query := view.Table("publications AS p")
	if n < int64(e.many) {
		return query.Joins("JOIN (SELECT publication_id FROM search_documents WHERE terms @@ CAST(? AS tsquery) OFFSET 0) AS found ON found.publication_id = p.id",
			tsquery(m)), err
	}
	return query.Joins("CROSS JOIN LATERAL (SELECT 1 FROM search_documents d WHERE d.publication_id = p.id AND d.terms @@ CAST(? AS tsquery) OFFSET 0) AS found",
		tsquery(m)), err
}

func (postgresSearch) alike(db *gorm.DB, s search.Spelling) ([]search.Spelling, error) {
	var all []search.Spelling
	err := db.Exec("SELECT set_config('pg_trgm.similarity_threshold', ?, true)", strconv.FormatFloat(search.Alike, 'f', -1, 64)).Error
	if err == nil {
		err = db.Raw("SELECT word, skeleton FROM search_spellings WHERE skeleton % ?", s.Skeleton).Scan(&all).Error
	}
	return all, err
}

// tsvector gives terms as a literal: each with its positions, if it has any.
func tsvector(terms search.Terms) string {
	positions := map[string][]string{}
	var order []string
	for i, t := range terms.Ordered {
		if t == "" {
			continue
		}
		if positions[t] == nil {
			order = append(order, t)
		}
		positions[t] = append(positions[t], strconv.Itoa(i+1))
	}
	var out strings.Builder
	for _, t := range order {
		out.WriteString(quoted(t) + ":" + strings.Join(positions[t], ",") + " ")
	}
	for _, t := range terms.Loose {
		out.WriteString(quoted(t) + " ")
	}
	return out.String()
}

// tsquery gives m as a literal.
func tsquery(m search.Match) string {
	switch {
	case m.Without != nil:
		return "(" + tsquery(m.Without.Wanted) + " & !" + tsquery(m.Without.Unwanted) + ")"
	case m.All != nil:
		return tsqueryJoined(m.All, " & ")
	case m.Any != nil:
		return tsqueryJoined(m.Any, " | ")
	}
	terms := make([]string, len(m.Phrase))
	for i, t := range m.Phrase {
		terms[i] = quoted(t)
	}
	phrase := strings.Join(terms, " <-> ")
	if m.Beginning {
		phrase += ":*"
	}
	return "(" + phrase + ")"
}

func tsqueryJoined(parts []search.Match, by string) string {
	queries := make([]string, len(parts))
	for i, p := range parts {
		queries[i] = tsquery(p)
	}
	return "(" + strings.Join(queries, by) + ")"
}

// quoted gives a term between apostrophes. Terms are letters, digits and marks, so there is nothing to escape in them.
func quoted(term string) string { return "'" + term + "'" }
