package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Live reads what readers may see, and can reach nothing else: publications whose time it is, and what is public of
// sections, authors, tags and the site. No draft lies in any table that it queries.
type Live struct{ store *Store }

// At gives what is live at now.
func (l *Live) At(ctx context.Context, now time.Time) LiveView {
	return LiveView{db: l.store.reading(ctx), snapshot: l.store.dialect.snapshot, now: now}
}

// Snapshot runs read with a view whose answers belong together: they are all of one state of the database.
func (v LiveView) Snapshot(read func(LiveView) error) error {
	return inSnapshot(v.db, v.snapshot, func(db *gorm.DB) error { return read(LiveView{db: db, now: v.now}) })
}

// Live gives what readers see at now, for those who may see more.
func (q Queries) Live(now time.Time) LiveView { return LiveView{db: q.db, now: now} }

// LiveView is what is live at one moment.
type LiveView struct {
	db       *gorm.DB
	snapshot *sql.TxOptions // unless it is in one already
	now      time.Time
	past     bool // now is over: what was replaced since counts too
}

// LiveArticle is a publication that readers see, with how often they opened the article.
type LiveArticle struct {
	newsroom.Publication `gorm:"embedded"`
	Views                int64
	tier                 int // in which a search has found it, 0 for the best
}

const liveFields = publicationFields + ", v.views"

func (v LiveView) articles() *gorm.DB {
	table := "publications AS p"
	if v.past {
		table = everPublished
	}
	return v.db.Table(table).
		Joins("JOIN article_views v ON v.article_id = p.article_id").
		Where(liveAt(v.now))
}

// keeping adds to a query of publications what f keeps.
func (v LiveView) keeping(f ArticleFilter, query *gorm.DB) *gorm.DB {
	return keep(query, f.liveConditions(publications, v.now))
}

var liveOrder = order[LiveArticle]{
	columns: map[string]column[LiveArticle]{
		"published_at": {"p.published_at", func(a *LiveArticle) any { return a.PublishedAt }},
		"updated_at":   {"p.updated_at", func(a *LiveArticle) any { return a.UpdatedAt }},
		"title":        {"p.title", func(a *LiveArticle) any { return a.Title }},
		"views":        {"v.views", func(a *LiveArticle) any { return a.Views }},
		"relevance":    {"", func(a *LiveArticle) any { return int64(a.tier) }}, // for cursors only
	},
	id:   "p.article_id",
	idOf: func(a *LiveArticle) uuid.UUID { return a.ArticleID },
}

// Article gives the live article of that slug or id in the language only or, when that is empty, in the first of order
// that has one, else in any; or not_found.
func (v LiveView) Article(ref, only string, order []string) (LiveArticle, error) {
	var a LiveArticle
	query := inLanguage(v.articles().Select(liveFields+", p.body"), "p.lang", only, order)
	if id, err := uuid.Parse(ref); err == nil {
		query = query.Where("p.article_id = ?", id)
	} else {
		query = query.Where("p.slug = ?", ref)
	}
	err := query.Take(&a).Error
	return a, err
}

// Moved gives the live article that was once published under slug and has another one now, as Article chooses, or
// not_found.
func (v LiveView) Moved(slug, only string, order []string) (LiveArticle, error) {
	var a LiveArticle
	query := v.articles().Select(liveFields).
		Joins("JOIN slug_history h ON h.article_id = p.article_id").
		Where("h.slug = ? AND h.created_at <= ?", slug, v.now)
	err := inLanguage(query, "h.lang", only, order).Take(&a).Error
	return a, err
}

// inLanguage keeps rows of one language or, when that is empty, puts those first whose language comes first in order.
func inLanguage(query *gorm.DB, column, only string, order []string) *gorm.DB {
	if only != "" {
		return query.Where(column+" = ?", only)
	}
	return query.Order(langRank(column, order))
}

// Translations gives the live articles of translation groups, without bodies, ordered by language.
func (v LiveView) Translations(groups ...uuid.UUID) ([]LiveArticle, error) {
	var rows []LiveArticle
	err := v.articles().Select(liveFields).Where("p.translation_group IN ?", groups).Order("p.lang").Find(&rows).Error
	return rows, err
}

// Terms gives what articles refer to, in three queries whatever their number.
func (v LiveView) Terms(articles ...LiveArticle) (Terms, error) {
	texts := make([]newsroom.Text, len(articles))
	for i, a := range articles {
		texts[i] = a.Text
	}
	if v.past {
		return v.pastTerms(texts)
	}
	return Queries{v.db}.terms(publicAuthor, texts)
}

// Changed gives when what readers see was last changed, by somebody or by the clock; the zero time when nothing was.
func (v LiveView) Changed() (time.Time, error) {
	var moments []time.Time
	err := v.db.Raw(`SELECT at FROM (SELECT at FROM events WHERE public ORDER BY id DESC LIMIT 1) AS e
		UNION ALL SELECT visible_from FROM (SELECT visible_from FROM publications WHERE visible_from <= ? ORDER BY visible_from DESC LIMIT 1) AS f
		UNION ALL SELECT visible_until FROM (SELECT visible_until FROM publications WHERE visible_until <= ? ORDER BY visible_until DESC LIMIT 1) AS u
		UNION ALL SELECT expires_at FROM (SELECT expires_at FROM widgets WHERE expires_at <= ? ORDER BY expires_at DESC LIMIT 1) AS w`,
		v.now, v.now, v.now).Scan(&moments).Error
	var last time.Time
	for _, m := range moments {
		if m.After(last) {
			last = m
		}
	}
	return last, err
}

// SectionNames gives all sections, without counting what is in them.
func (v LiveView) SectionNames() (map[uuid.UUID]newsroom.Section, error) {
	return Queries{v.db}.Sections()
}

// Site gives what the newsroom says of itself.
func (v LiveView) Site() (newsroom.Site, error) { return Queries{v.db}.Site() }

// Counted is a term with the number of live articles that readers find under it.
type Counted[T Term] struct {
	Term     T
	Articles int64
}

// Sections gives all sections. The articles of a section count for those above it too.
func (v LiveView) Sections() (map[uuid.UUID]Counted[newsroom.Section], error) {
	sections, err := Queries{v.db}.Sections()
	if err != nil {
		return nil, err
	}
	counts, err := v.counts(sectionLinks, nil)
	out := make(map[uuid.UUID]Counted[newsroom.Section], len(sections))
	for id, s := range sections {
		out[id] = Counted[newsroom.Section]{s, counts[id]}
	}
	return out, err
}

// Authors gives a page of authors, sortable by name and slug. Their e-mail addresses are left empty.
func (v LiveView) Authors(page Page) (Listing[Counted[newsroom.Author]], error) {
	rows, err := list(v.db.Model(&newsroom.Author{}), publicAuthor, authorOrder, page)
	if err != nil {
		return Listing[Counted[newsroom.Author]]{}, err
	}
	return counted(rows, func(a newsroom.Author) uuid.UUID { return a.ID }, v.authorCounts)
}

// Author gives the author of that slug or id, or not_found.
func (v LiveView) Author(ref string) (Counted[newsroom.Author], error) {
	var a newsroom.Author
	if err := v.db.Select(publicAuthor).Where(named([]string{ref})).Take(&a).Error; err != nil {
		return Counted[newsroom.Author]{}, err
	}
	n, err := v.authorCounts([]uuid.UUID{a.ID})
	return Counted[newsroom.Author]{a, n[a.ID]}, err
}

// publicAuthor are the columns of authors that readers may see.
const publicAuthor = "id, slug, name, description, translations, job_title, bio, avatar, links, version, created_at, updated_at"

// Tags gives a page of tags, sortable by name and slug. A tag that was made while writing is there once an article
// with it is live.
func (v LiveView) Tags(page Page) (Listing[Counted[newsroom.Tag]], error) {
	rows, err := list(v.tags(), "*", tagOrder, page)
	if err != nil {
		return Listing[Counted[newsroom.Tag]]{}, err
	}
	return counted(rows, func(t newsroom.Tag) uuid.UUID { return t.ID }, v.tagCounts)
}

// Tag gives the tag of that slug or id, or not_found.
func (v LiveView) Tag(ref string) (Counted[newsroom.Tag], error) {
	var t newsroom.Tag
	if err := v.tags().Where(named([]string{ref})).Take(&t).Error; err != nil {
		return Counted[newsroom.Tag]{}, err
	}
	n, err := v.tagCounts([]uuid.UUID{t.ID})
	return Counted[newsroom.Tag]{t, n[t.ID]}, err
}

// MergedInto gives the tag that the one of that former slug or id was merged into, or not_found.
func (v LiveView) MergedInto(ref string) (newsroom.Tag, error) {
	var t newsroom.Tag
	err := v.tags().Where("id IN (SELECT tag_id FROM merged_tags WHERE ?)", named([]string{ref})).Take(&t).Error
	return t, err
}

func (v LiveView) tags() *gorm.DB {
	return v.db.Model(&newsroom.Tag{}).Where(`(listed OR EXISTS (
		SELECT 1 FROM publication_tags l WHERE l.tag_id = tags.id AND ?))`, visible("l", v.now))
}

func (v LiveView) authorCounts(ids []uuid.UUID) (map[uuid.UUID]int64, error) {
	return v.counts(authorLinks, ids)
}

func (v LiveView) tagCounts(ids []uuid.UUID) (map[uuid.UUID]int64, error) {
	return v.counts(tagLinks, ids)
}

// counts gives the number of live articles of the terms of those ids, or of all when ids is nil.
func (v LiveView) counts(l links, ids []uuid.UUID) (map[uuid.UUID]int64, error) {
	query := v.db.Table(l.table + " AS l").Select("l." + l.key + " AS id, count(*) AS n").Where(visible("l", v.now))
	if ids != nil {
		query = query.Where("l."+l.key+" IN ?", ids)
	}
	var rows []struct {
		ID uuid.UUID
		N  int64
	}
	err := query.Group("l." + l.key).Find(&rows).Error
	out := make(map[uuid.UUID]int64, len(rows))
	for _, r := range rows {
		out[r.ID] = r.N
	}
	return out, err
}

func counted[T Term](rows Listing[T], id func(T) uuid.UUID, count func([]uuid.UUID) (map[uuid.UUID]int64, error)) (Listing[Counted[T]], error) {
	ids := make([]uuid.UUID, len(rows.Items))
	for i, t := range rows.Items {
		ids[i] = id(t)
	}
	n, err := count(ids)
	out := Listing[Counted[T]]{Total: rows.Total, Next: rows.Next, Prev: rows.Prev}
	for i, t := range rows.Items {
		out.Items = append(out.Items, Counted[T]{t, n[ids[i]]})
	}
	return out, err
}
