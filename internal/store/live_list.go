package store

import (
	"slices"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Articles gives a page of the articles that f keeps, sortable by published_at, updated_at, title and views. Bodies
// are left empty unless asked for.
func (v LiveView) Articles(f ArticleFilter, page Page, bodies bool) (Listing[LiveArticle], error) {
	fields := liveFields
	if bodies {
		fields += ", p.body"
	}
	var l Listing[LiveArticle]
	if page.Total {
		n, err := v.count(f)
		if err != nil {
			return l, err
		}
		l.Total = &n
	}
	query, err := v.page(f, page)
	if err != nil {
		return l, err
	}
	if err := query.Select(fields).Find(&l.Items).Error; err != nil {
		return l, err
	}
	return liveOrder.listing(l, page)
}

// count gives how many articles f keeps. It reads those of one group of terms, if there is one, or else all.
func (v LiveView) count(f ArticleFilter) (int64, error) {
	p, count := path{table: "publications", alias: "p", id: "p.id"}, "count(*)"
	t, _, err := v.takeTerms(&f, false)
	if err != nil {
		return 0, err
	}
	if t.values != nil {
		p = path{t.table, "l", "l.publication_id", t.oneOf("l", t.values...)}
		if len(t.values) > 1 {
			count = "count(DISTINCT l.publication_id)"
		}
	}
	var n int64
	err = p.query(v, f).Select(count).Scan(&n).Error
	return n, err
}

// page is a query for the articles of a page and, if there is one, the article beyond it. In the usual order it first
// finds which they are, by a table that has an index in that order. In another order it sorts what has one of a few terms,
// or else goes by the index of that order.
func (v LiveView) page(f ArticleFilter, page Page) (*gorm.DB, error) {
	if len(page.Sort) == 1 && page.Sort[0].Field == "published_at" {
		which, err := v.which(f, page)
		return v.db.Table("(?) AS l", which).Joins("CROSS JOIN publications p CROSS JOIN article_views v").
			Where("p.id = l.id AND v.article_id = p.article_id").Order(liveOrder.by(page.Sort, page.back())), err
	}
	rest := f
	t, n, err := v.takeTerms(&rest, true)
	if err != nil {
		return nil, err
	}
	query, order := v.articles(), liveOrder
	switch {
	case t.values != nil && n < many:
		f = rest
		query = query.Where("p.id IN (SELECT l.publication_id FROM "+t.table+" AS l WHERE ?)", t.oneOf("l", t.values...))
	case len(page.Sort) > 0 && page.Sort[0].Field == "views":
		query = v.byViews()
		order.id = "v.article_id"
	}
	return order.part(keep(query, f.liveConditions(publications, v.now)), page)
}

// which is a query for the ids of the publications of a page in the usual order. Where articles may have any of several
// values, it merges as many of each as the page may need.
func (v LiveView) which(f ArticleFilter, page Page) (*gorm.DB, error) {
	t, _, err := v.takeTerms(&f, false)
	if err != nil {
		return nil, err
	}
	paths := []path{{"publications", "p", "p.id", nil}}
	if t.values != nil {
		paths = t.paths()
	} else if column, values := f.takeWords(); values != nil {
		paths = byWords(column, values)
	}
	if len(paths) == 1 {
		return paths[0].part(v, f, page)
	}
	each := page
	each.Limit, each.Offset = page.Limit+page.Offset, 0
	union, parts := make([]string, len(paths)), make([]any, len(paths))
	for i, p := range paths {
		part, err := p.part(v, f, each)
		if err != nil {
			return nil, err
		}
		union[i], parts[i] = "SELECT * FROM (?) AS part", part
	}
	return byDate("l").part(v.db.Table("("+strings.Join(union, " UNION ")+") AS l", parts...).Select("l.id"), page)
}

// path is a way to publications in the order of their dates.
type path struct {
	table string
	alias string            // of it: p for the publications themselves, l for links
	id    string            // its column with the publications' ids
	first clause.Expression // what its index begins with, or nil
}

// termGroup is terms of one kind, any of which will do.
type termGroup struct {
	termMatch
	values []string // nil: there is no group
}

// paths gives a way by each of the terms.
func (t termGroup) paths() []path {
	paths := make([]path, len(t.values))
	for i, value := range t.values {
		paths[i] = path{t.table, "l", "l.publication_id", t.oneOf("l", value)}
	}
	return paths
}

// byWords gives a way by each of the values of a column of p.
func byWords(column string, values []string) []path {
	paths := make([]path, len(values))
	for i, value := range values {
		paths[i] = path{"publications", "p", "p.id", expr(column+" = ?", value)}
	}
	return paths
}

// many is how many publications of a group of terms are counted at most. What fewer have is sorted, if it has to be.
const many = 3000

// takeTerms takes the group of terms that the fewest publications have out of f, and gives how many they are, up to many,
// if it had to choose or was asked to count. Of two that many have, the rarer one is that whose newest go further back. It
// takes none where the ids of articles are given.
func (v LiveView) takeTerms(f *ArticleFilter, count bool) (best termGroup, fewest int64, err error) {
	if len(f.IDs.AnyOf) > 0 {
		return best, 0, nil
	}
	var groups []termGroup
	for _, t := range f.terms() {
		for _, values := range t.match.AnyOf {
			groups = append(groups, termGroup{t, values})
		}
	}
	var oldest string
	for _, g := range groups {
		var n int64
		var since string
		if count || len(groups) > 1 {
			if n, since, err = v.size(g); err != nil {
				return best, n, err
			}
		}
		if best.values == nil || n < fewest || n == fewest && since < oldest {
			best, fewest, oldest = g, n, since
		}
	}
	if best.values != nil {
		best.match.AnyOf = slices.DeleteFunc(slices.Clone(best.match.AnyOf), func(group []string) bool { return slices.Equal(group, best.values) })
	}
	return best, fewest, nil
}

// size gives how many publications a group has, up to many, and the date of the last one that was counted, the newest
// being counted first. Several terms have no order, and so the latest date there is.
func (v LiveView) size(g termGroup) (n int64, since string, err error) {
	newest := v.db.Table(g.table + " AS l").Select("l.published_at").Where(g.oneOf("l", g.values...)).Limit(many)
	if len(g.values) > 1 {
		err = v.db.Table("(?) AS newest", newest).Count(&n).Error
		return n, "~", err
	}
	newest = newest.Order("l.published_at DESC")
	err = v.db.Table("(?) AS newest", newest).Select("count(*), coalesce(CAST(min(published_at) AS text), '')").Row().Scan(&n, &since)
	return n, since, err
}

// takeWords takes several languages or types out of f, and gives their column. A single one is left to the database, which
// has other indexes too. A language and its twin are several, and what stands in is still to be found out.
func (f *ArticleFilter) takeWords() (column string, values []string) {
	if f.Twin != "" {
		return "p.lang", []string{f.Langs.AnyOf[0][0], f.Twin}
	}
	for _, words := range []struct {
		column string
		match  *Match
	}{{"p.lang", &f.Langs}, {"p.type", &f.Types}} {
		if groups := words.match.AnyOf; len(groups) == 1 && len(groups[0]) > 1 {
			words.match.AnyOf = nil
			return words.column, groups[0]
		}
	}
	return "", nil
}

// query is for all that is live on the path, and that f keeps.
func (p path) query(v LiveView, f ArticleFilter) *gorm.DB {
	query := v.db.Table(p.table + " AS " + p.alias).Where(visible(p.alias, v.now))
	if p.first != nil {
		query = query.Where(p.first)
	}
	query = keep(query, f.ofLinks(publicationsBy(p.alias, p.id)))
	conditions := f.ofLiveText(v.now)
	if p.alias != "p" && len(conditions) > 0 {
		return query.Where(probe(expr("SELECT 1 FROM publications p WHERE p.id = "+p.id+" AND ?", clause.And(conditions...))))
	}
	return keep(query, conditions)
}

// part is a query for a page of it: the ids of publications, and what they are ordered by.
func (p path) part(v LiveView, f ArticleFilter, page Page) (*gorm.DB, error) {
	return byDate(p.alias).part(p.query(v, f).Select(p.id+" AS id, "+p.alias+".published_at, "+p.alias+".article_id"), page)
}

// byDate is the usual order, by a table that repeats what it needs.
func byDate(table string) order[LiveArticle] {
	date := liveOrder.columns["published_at"]
	date.sql = table + ".published_at"
	return order[LiveArticle]{
		columns: map[string]column[LiveArticle]{"published_at": date},
		id:      table + ".article_id",
		idOf:    func(a *LiveArticle) uuid.UUID { return a.ArticleID },
	}
}

func keep(query *gorm.DB, conditions []clause.Expression) *gorm.DB {
	if len(conditions) == 0 {
		return query
	}
	return query.Where(clause.And(conditions...))
}
