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
	if t, values := f.takeTerms(); values != nil {
		p = path{t.table, "l", "l.publication_id", expr("l."+t.key+" IN (?)", t.named(values))}
		if len(values) > 1 {
			count = "count(DISTINCT l.publication_id)"
		}
	}
	var n int64
	err := p.query(v, f).Select(count).Scan(&n).Error
	return n, err
}

// page is a query for the articles of a page and, if there is one, the article beyond it. In the usual order it first
// finds which they are, by a table that has an index in that order.
func (v LiveView) page(f ArticleFilter, page Page) (*gorm.DB, error) {
	if len(page.Sort) != 1 || page.Sort[0].Field != "published_at" {
		return liveOrder.part(keep(v.articles(), f.conditions(publications)), page)
	}
	which, err := v.which(f, page)
	return v.db.Table("(?) AS l", which).Joins("CROSS JOIN publications p CROSS JOIN article_views v").
		Where("p.id = l.id AND v.article_id = p.article_id").Order(liveOrder.by(page.Sort, page.back())), err
}

// which is a query for the ids of the publications of a page in the usual order. Where articles may have any of several
// values, it merges as many of each as the page may need.
func (v LiveView) which(f ArticleFilter, page Page) (*gorm.DB, error) {
	paths, f := f.paths()
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

// paths gives the ways to what f keeps, and what is left of f: one way, or one for each of several values of which any will
// do. The best ways begin with terms, since few articles have each.
func (f ArticleFilter) paths() ([]path, ArticleFilter) {
	t, values := f.takeTerms()
	first := func(value string) path {
		return path{t.table, "l", "l.publication_id", expr("l."+t.key+" = (SELECT id FROM (?) AS term LIMIT 1)", t.named([]string{value}))}
	}
	if values == nil {
		var column string
		if column, values = f.takeWords(); values == nil {
			return []path{{"publications", "p", "p.id", nil}}, f
		}
		first = func(value string) path { return path{"publications", "p", "p.id", expr(column+" = ?", value)} }
	}
	paths := make([]path, len(values))
	for i, value := range values {
		paths[i] = first(value)
	}
	return paths, f
}

// takeTerms takes a group of terms out of f, of a single one if there is such a group. It gives nil when there is none.
func (f *ArticleFilter) takeTerms() (links, []string) {
	for _, single := range []bool{true, false} {
		for _, t := range f.terms() {
			if values := t.match.take(single); values != nil {
				return t.links, values
			}
		}
	}
	return links{}, nil
}

// takeWords takes several languages or types out of f, and gives their column. A single one is left to the database, which
// has other indexes too.
func (f *ArticleFilter) takeWords() (column string, values []string) {
	if len(f.Langs.AnyOf) == 1 && len(f.Langs.AnyOf[0]) > 1 {
		return "p.lang", f.Langs.take(false)
	}
	if len(f.Types.AnyOf) == 1 && len(f.Types.AnyOf[0]) > 1 {
		return "p.type", f.Types.take(false)
	}
	return "", nil
}

// take takes a group of values out of m, one of a single value if so asked. It gives nil when there is none.
func (m *Match) take(single bool) []string {
	i := slices.IndexFunc(m.AnyOf, func(group []string) bool { return len(group) == 1 || !single })
	if i < 0 {
		return nil
	}
	group := m.AnyOf[i]
	m.AnyOf = slices.Concat(m.AnyOf[:i], m.AnyOf[i+1:])
	return group
}

// query is for all that is live on the path, and that f keeps.
func (p path) query(v LiveView, f ArticleFilter) *gorm.DB {
	query := v.db.Table(p.table + " AS " + p.alias).Where(visible(p.alias, v.now))
	if p.first != nil {
		query = query.Where(p.first)
	}
	conditions := f.conditions(publicationsBy(p.alias, p.id))
	if p.alias != "p" && len(conditions) > 0 {
		query = query.Joins("CROSS JOIN publications p").Where("p.id = " + p.id)
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
