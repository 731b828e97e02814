package store

import (
	"fmt"
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
	edition := probe(expr("SELECT 1 FROM publications e WHERE e.translation_group = p.translation_group AND e.lang = ? AND ?", language, visible("e", now)))
	return expr("(p.lang = ? OR p.lang = ? AND NOT ?)", language, f.Twin, edition)
}

// liveConditions gives f as conditions on publications that are live at now, all of which must hold.
func (f ArticleFilter) liveConditions(s textTable, now time.Time) []clause.Expression {
	return append(f.ofLiveText(now), f.ofLinks(s)...)
}

// ofLiveText is ofText for publications p that are live at now.
func (f ArticleFilter) ofLiveText(now time.Time) []clause.Expression {
	if f.Twin == "" {
		return f.ofText("p")
	}
	standIns := f.standIns(now)
	f.Langs = Match{}
	return append(f.ofText("p"), standIns)
}

// textTable is a table of texts, so that one filter serves the working copies and the publications.
type textTable struct {
	alias     string // of the table in the query
	id        string // the column with the article's id
	published string // the column with published_at
	// has gives the condition that a text has one of the terms that the values name. It is never unknown.
	has func(l links, values []string) clause.Expression
}

var (
	workingCopies = textTable{"a", "a.id", "a.published_at", func(l links, values []string) clause.Expression {
		if l.copies == "" {
			return expr("(a.section_id IS NOT NULL AND a.section_id IN (?))", below(values))
		}
		return expr("a.id IN (SELECT article_id FROM "+l.copies+" WHERE "+l.key+" IN (?))", l.named(values))
	}}
	publications = publicationsBy("p", "p.id")
)

// publicationsBy gives the publications p as they are read by way of another table, which repeats what lists need and has
// their ids in a column. That table may be p itself.
func publicationsBy(table, id string) textTable {
	return textTable{"p", table + ".article_id", table + ".published_at", func(l links, values []string) clause.Expression {
		return probe(expr(fmt.Sprintf(`SELECT 1 FROM %s x WHERE ? AND x.published_at = %[2]s.published_at
			AND x.article_id = %[2]s.article_id AND x.publication_id = %[3]s`, l.table, table, id), l.oneOf("x", values...)))
	}}
}

// probe gives the condition that query finds something. OFFSET keeps PostgreSQL from running the query for all rows at
// once: lists are short, and what has a term is not.
func probe(query clause.Expr) clause.Expr { return expr("EXISTS (? LIMIT 1 OFFSET 0)", query) }

// conditions gives f as conditions on the texts of s, all of which must hold.
func (f ArticleFilter) conditions(s textTable) []clause.Expression {
	return append(f.ofText(s.alias), f.ofLinks(s)...)
}

// ofText gives the conditions that need the texts themselves, whose table is called so.
func (f ArticleFilter) ofText(alias string) []clause.Expression {
	c := f.Langs.conditions(func(v []string) clause.Expression { return expr(alias+".lang IN ?", v) })
	c = append(c, f.Types.conditions(func(v []string) clause.Expression { return expr(alias+".type IN ?", v) })...)
	if f.Featured != nil {
		c = append(c, flag(alias+".featured", *f.Featured))
	}
	if f.Breaking != nil {
		c = append(c, flag(alias+".breaking", *f.Breaking))
	}
	return c
}

// ofLinks gives the conditions on what links repeat of the texts.
func (f ArticleFilter) ofLinks(s textTable) []clause.Expression {
	c := f.IDs.conditions(func(v []string) clause.Expression { return expr(s.id+" IN ?", v) })
	if f.From != nil {
		c = append(c, expr(s.published+" >= ?", *f.From))
	}
	if f.To != nil {
		c = append(c, expr(s.published+" < ?", *f.To))
	}
	for _, t := range f.terms() {
		for _, group := range t.match.AnyOf {
			c = append(c, s.has(t.links, group))
		}
		if len(t.match.None) > 0 {
			c = append(c, expr("NOT ?", s.has(t.links, t.match.None)))
		}
	}
	return c
}

// flag gives a condition on a boolean without a value, as indexes on what is flagged have it.
func flag(column string, set bool) clause.Expression {
	if set {
		return expr(column)
	}
	return expr("NOT " + column)
}

// terms gives how f narrows a list by each kind of terms.
func (f *ArticleFilter) terms() []termMatch {
	return []termMatch{{tagLinks, &f.Tags}, {authorLinks, &f.Authors}, {sectionLinks, &f.Sections}}
}

type termMatch struct {
	links
	match *Match
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

// below is a query for the ids of the sections that the values name, and of those below them.
func below(values []string) clause.Expr {
	return expr(`WITH RECURSIVE below AS (
			SELECT id FROM sections WHERE ?
			UNION SELECT c.id FROM sections c JOIN below ON c.parent_id = below.id
		) SELECT id FROM below`, named(values))
}

func sectionsNamed(values []string) clause.Expr {
	return expr("SELECT id FROM sections WHERE ?", named(values))
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
func liveAt(now time.Time) clause.Expression { return visible("p", now) }

// visible is liveAt by another table that repeats when readers see p. It is written so that SQLite, which has no statistics,
// does not take the indexes on these times, by which nearly everything is visible.
func visible(table string, now time.Time) clause.Expression {
	return expr(fmt.Sprintf("NOT %[1]s.visible_from > ? AND NOT coalesce(%[1]s.visible_until <= ?, FALSE)", table), now, now)
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
