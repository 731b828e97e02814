package store

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Match narrows a list by one attribute: of every group in AnyOf one value must be there, and no value of None may.
// Values are slugs or ids where the attribute has both.
type Match struct {
	AnyOf [][]string
	None  []string
}

// ArticleFilter narrows a list of articles; the zero value keeps all.
type ArticleFilter struct {
	Langs    Match
	Twin     string // of what is live: articles of this language stand in where the one of Langs has no edition
	Sections Match  // a section takes its subsections along
	Tags     Match
	Authors  Match
	Types    Match
	IDs      Match
	From     *time.Time // published at or after
	To       *time.Time // published before
	Featured *bool
	Breaking *bool
}

// standIns gives the condition that p is in the one language of f.Langs, or in its twin and without a live edition in that language.
func (f ArticleFilter) standIns(now time.Time) clause.Expression {
	language := f.Langs.AnyOf[0][0]
	return expr(`(p.lang = ? OR p.lang = ? AND NOT EXISTS (SELECT 1 FROM publications e WHERE e.translation_group = p.translation_group
		AND e.lang = ? AND e.visible_from <= ? AND (e.visible_until IS NULL OR e.visible_until > ?)))`, language, f.Twin, language, now, now)
}

// liveConditions gives f as conditions on the publications p, all of which must hold.
func (f ArticleFilter) liveConditions(now time.Time) []clause.Expression {
	if f.Twin == "" {
		return f.conditions(publications)
	}
	standIns := f.standIns(now)
	f.Langs = Match{}
	return append(f.conditions(publications), standIns)
}

// textTable names a table of texts and the tables that link it to authors and tags, so that one filter serves the working
// copies and the publications.
type textTable struct {
	alias   string // of the table in the query
	id      string // the column with the article's id
	authors string // author link table
	tags    string // tag link table
	key     string // the link tables' column that points to alias.id
}

var (
	workingCopies = textTable{alias: "a", id: "a.id", authors: "article_authors", tags: "article_tags", key: "article_id"}
	publications  = textTable{alias: "p", id: "p.article_id", authors: "publication_authors", tags: "publication_tags", key: "publication_id"}
)

// conditions gives f as conditions on the texts of s, all of which must hold.
func (f ArticleFilter) conditions(s textTable) []clause.Expression {
	c := f.Langs.conditions(func(v []string) clause.Expression { return expr(s.alias+".lang IN ?", v) })
	c = append(c, f.Types.conditions(func(v []string) clause.Expression { return expr(s.alias+".type IN ?", v) })...)
	c = append(c, f.Sections.conditions(s.inSection)...)
	c = append(c, f.Authors.conditions(s.linked(s.authors, "author_id", authorsNamed))...)
	c = append(c, f.Tags.conditions(s.linked(s.tags, "tag_id", tagsNamed))...)
	c = append(c, f.IDs.conditions(func(v []string) clause.Expression { return expr(s.id+" IN ?", v) })...)
	if f.From != nil {
		c = append(c, expr(s.alias+".published_at >= ?", *f.From))
	}
	if f.To != nil {
		c = append(c, expr(s.alias+".published_at < ?", *f.To))
	}
	if f.Featured != nil {
		c = append(c, expr(s.alias+".featured = ?", *f.Featured))
	}
	if f.Breaking != nil {
		c = append(c, expr(s.alias+".breaking = ?", *f.Breaking))
	}
	return c
}

// conditions turns each group of m into a condition by has, which says that a text has one of the values.
func (m Match) conditions(has func([]string) clause.Expression) []clause.Expression {
	var c []clause.Expression
	for _, group := range m.AnyOf {
		c = append(c, has(group))
	}
	if len(m.None) > 0 {
		c = append(c, expr("NOT coalesce(?, ?)", has(m.None), false))
	}
	return c
}

// keeps reports whether m keeps what has the one value.
func (m Match) keeps(value string) bool {
	for _, group := range m.AnyOf {
		if !slices.Contains(group, value) {
			return false
		}
	}
	return !slices.Contains(m.None, value)
}

// Only gives the one value that m asks for when it asks for nothing else, or "".
func (m Match) Only() string {
	if len(m.AnyOf) == 1 && len(m.AnyOf[0]) == 1 && len(m.None) == 0 {
		return m.AnyOf[0][0]
	}
	return ""
}

func (s textTable) inSection(values []string) clause.Expression {
	return expr(s.alias+`.section_id IN (
		WITH RECURSIVE below AS (
			SELECT id FROM sections WHERE ?
			UNION SELECT c.id FROM sections c JOIN below ON c.parent_id = below.id
		) SELECT id FROM below)`, named(values))
}

// linked gives the condition that a text is linked to one of the terms that ids finds by the values.
func (s textTable) linked(links, column string, ids func([]string) clause.Expr) func([]string) clause.Expression {
	return func(values []string) clause.Expression {
		return expr(s.alias+".id IN (SELECT "+s.key+" FROM "+links+" WHERE "+column+" IN (?))", ids(values))
	}
}

func authorsNamed(values []string) clause.Expr {
	return expr("SELECT id FROM authors WHERE ?", named(values))
}

// tagsNamed knows former tags too, so that the address of a list survives a merge.
func tagsNamed(values []string) clause.Expr { return tagsWith(named(values)) }

// named gives the condition that a term has one of the values as its slug or its id.
func named(values []string) clause.Expression {
	ids := []uuid.UUID{}
	for _, v := range values {
		if id, err := uuid.Parse(v); err == nil {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return expr("slug IN ?", values)
	}
	return expr("(slug IN ? OR id IN ?)", values, ids)
}

// liveAt gives the condition that readers see p at now.
func liveAt(now time.Time) clause.Expression {
	return expr("p.visible_from <= ? AND (p.visible_until IS NULL OR p.visible_until > ?)", now, now)
}

// StandingFilter narrows a list of working copies; the zero value keeps all that are not in the trash.
type StandingFilter struct {
	ArticleFilter
	Status     Match // values of newsroom.Status
	Mine       bool
	HasChanges *bool
}

const (
	hasLive      = "EXISTS (SELECT 1 FROM publications p WHERE p.article_id = a.id AND ?)"
	hasScheduled = "EXISTS (SELECT 1 FROM publications p WHERE p.article_id = a.id AND p.visible_from > ?)"
	isAhead      = `a.revision > coalesce((SELECT p.revision FROM publications p WHERE p.article_id = a.id
		AND (p.visible_until IS NULL OR p.visible_until > ?) ORDER BY p.visible_from <= ?, p.visible_from LIMIT 1), a.revision)`
)

// conditions gives f as conditions on working copies.
func (f StandingFilter) conditions(now time.Time) []clause.Expression {
	c := f.ArticleFilter.conditions(workingCopies)
	if f.HasChanges != nil {
		c = append(c, expr("("+isAhead+") = ?", now, now, *f.HasChanges))
	}
	if len(f.Status.AnyOf) == 0 {
		c = append(c, expr("a.trashed_at IS NULL"))
	}
	return append(c, f.Status.conditions(func(v []string) clause.Expression {
		is, vars := make([]string, len(v)), make([]any, len(v))
		for i, s := range v {
			is[i], vars[i] = "(?)", statusIs(newsroom.Status(s), now)
		}
		return expr("("+strings.Join(is, " OR ")+")", vars...)
	})...)
}

// statusIs says in SQL what newsroom.Standing.Status says in Go.
func statusIs(s newsroom.Status, now time.Time) clause.Expression {
	live, scheduled := expr(hasLive, liveAt(now)), expr(hasScheduled, now)
	switch s {
	case newsroom.StatusTrashed:
		return expr("a.trashed_at IS NOT NULL")
	case newsroom.StatusPublished:
		return expr("a.trashed_at IS NULL AND ?", live)
	case newsroom.StatusScheduled:
		return expr("a.trashed_at IS NULL AND NOT ? AND ?", live, scheduled)
	case newsroom.StatusInReview:
		return expr("a.trashed_at IS NULL AND NOT ? AND NOT ? AND a.submitted_at IS NOT NULL", live, scheduled)
	case newsroom.StatusExpired:
		return expr("a.trashed_at IS NULL AND NOT ? AND NOT ? AND a.submitted_at IS NULL AND a.unpublished_at IS NULL AND a.published_at <= ?",
			live, scheduled, now)
	case newsroom.StatusUnpublished:
		return expr("a.trashed_at IS NULL AND NOT ? AND NOT ? AND a.submitted_at IS NULL AND a.unpublished_at IS NOT NULL", live, scheduled)
	default:
		return expr(`a.trashed_at IS NULL AND NOT ? AND NOT ? AND a.submitted_at IS NULL AND a.unpublished_at IS NULL
			AND (a.published_at IS NULL OR a.published_at > ?)`, live, scheduled, now)
	}
}

func expr(sql string, vars ...any) clause.Expr { return clause.Expr{SQL: sql, Vars: vars} }
