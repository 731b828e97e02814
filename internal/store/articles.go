package store

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// articleFields are the columns of a list: all but the body, which can be long.
const articleFields = `a.id, a.lang, a.slug, a.title, a.kicker, a.subtitle, a.summary, a.auto_summary, a.word_count, a.section_id,
	a.author_ids, a.tag_ids, a.type, a.featured, a.breaking, a.seo, a.custom, a.translation_group, a.version, a.revision, a.note,
	a.created_by, a.created_at, a.updated_at, a.published_at, a.unpublished_at, a.submitted_at, a.trashed_at`

// Standing gives the article of that id with its body and what readers see of it at now, or not_found.
func (q Queries) Standing(id uuid.UUID, now time.Time) (newsroom.Standing, error) {
	var a newsroom.Article
	if err := q.db.Where("id = ?", id).Take(&a).Error; err != nil {
		return newsroom.Standing{}, err
	}
	var p []newsroom.Publication
	if err := q.db.Where("article_id = ?", id).Find(&p).Error; err != nil {
		return newsroom.Standing{}, err
	}
	s := []newsroom.Standing{newsroom.NewStanding(a, p, now)}
	err := q.complete(s)
	return s[0], err
}

// complete adds to standings what is known of their articles apart from texts.
func (q Queries) complete(standings []newsroom.Standing) error {
	ids := make([]uuid.UUID, len(standings))
	for i, s := range standings {
		ids[i] = s.Article.ID
	}
	views, err := q.views(ids)
	if err != nil {
		return err
	}
	kills, err := q.Kills(ids...)
	for i, id := range ids {
		standings[i].Views = views[id]
		if k, killed := kills[id]; killed {
			standings[i].Killed = &k
		}
	}
	return err
}

// views gives how often readers opened the articles of those ids.
func (q Queries) views(ids []uuid.UUID) (map[uuid.UUID]int64, error) {
	var rows []struct {
		ArticleID uuid.UUID
		Views     int64
	}
	err := q.db.Table("article_views").Where("article_id IN ?", ids).Find(&rows).Error
	views := make(map[uuid.UUID]int64, len(rows))
	for _, r := range rows {
		views[r.ArticleID] = r.Views
	}
	return views, err
}

// SetViews writes how often readers opened articles.
func (tx *Tx) SetViews(views map[uuid.UUID]int64) error {
	rows := make([]map[string]any, 0, len(views))
	for id, n := range views {
		rows = append(rows, map[string]any{"article_id": id, "views": n})
	}
	return tx.db.Table("article_views").Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "article_id"}}, DoUpdates: clause.AssignmentColumns([]string{"views"}),
	}).Create(rows).Error
}

// ArticlesThere gives those of ids that articles have.
func (q Queries) ArticlesThere(ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	var there []uuid.UUID
	err := q.db.Model(&newsroom.Article{}).Where("id IN ?", ids).Pluck("id", &there).Error
	out := make(map[uuid.UUID]bool, len(there))
	for _, id := range there {
		out[id] = true
	}
	return out, err
}

// ArticleID gives the id of the article of that slug, in the first of langs that has one, or not_found.
func (q Queries) ArticleID(slug string, langs []string) (uuid.UUID, error) {
	var a newsroom.Article
	err := q.db.Select("id").Where("slug = ?", slug).Order(langRank("lang", langs)).Take(&a).Error
	return a.ID, err
}

// Standings gives a page of the articles that viewer may see, as viewer sees them and without bodies. It takes a
// constant number of queries.
func (q Queries) Standings(viewer newsroom.User, f StandingFilter, page Page, now time.Time) (Listing[newsroom.Standing], error) {
	query := q.db.Table("articles AS a")
	column := func(name string) string { return "a." + name }
	if viewer.Role.AtLeast(newsroom.RoleEditor) {
		query = query.Where(clause.And(f.conditions(now)...))
	} else {
		query = query.Joins("LEFT JOIN publications p ON p.article_id = a.id AND a.created_by <> ? AND ?", viewer.ID, liveAt(now)).
			Where(f.seenBy(viewer, now))
		column = func(name string) string { return "CASE WHEN p.id IS NULL THEN a." + name + " ELSE p." + name + " END" }
	}
	if f.Mine {
		query = query.Where("a.created_by = ?", viewer.ID)
	}
	var standings []newsroom.Standing
	o := articleOrder(column)
	o.complete = func(rows []newsroom.Article) (err error) {
		standings, err = q.standings(viewer, rows, now)
		return err
	}
	rows, err := list(query, articleFields, o, page)
	return Listing[newsroom.Standing]{Items: standings, Total: rows.Total, Next: rows.Next, Prev: rows.Prev}, err
}

// seenBy gives the conditions under which someone who sees only own working copies finds an article: an own one by its
// working copy, any other by what is live of it, joined as p.
func (f StandingFilter) seenBy(viewer newsroom.User, now time.Time) clause.Expression {
	own := append(f.conditions(now), expr("a.created_by = ?", viewer.ID))
	others := append(f.ArticleFilter.conditions(publications), expr("p.id IS NOT NULL AND a.trashed_at IS NULL"))
	if f.HasChanges != nil && *f.HasChanges || !f.Status.keeps(string(newsroom.StatusPublished)) {
		others = append(others, expr("1 = 0"))
	}
	return clause.Or(clause.And(own...), clause.And(others...))
}

// standings adds to articles what readers see of them, in three queries, and reduces each to what viewer may see.
func (q Queries) standings(viewer newsroom.User, rows []newsroom.Article, now time.Time) ([]newsroom.Standing, error) {
	standings, err := q.stand(rows, now)
	if err != nil {
		return nil, err
	}
	for i, s := range standings {
		if s, err = s.SeenBy(viewer); err != nil {
			return nil, err
		}
		standings[i], rows[i] = s, s.Article
	}
	return standings, q.complete(standings)
}

// stand adds to articles what readers see of them at now, in one query.
func (q Queries) stand(rows []newsroom.Article, now time.Time) ([]newsroom.Standing, error) {
	ids := make([]uuid.UUID, len(rows))
	for i, a := range rows {
		ids[i] = a.ID
	}
	var all []newsroom.Publication
	if err := q.db.Table("publications AS p").Select(publicationFields).Where("p.article_id IN ?", ids).Find(&all).Error; err != nil {
		return nil, err
	}
	byArticle := map[uuid.UUID][]newsroom.Publication{}
	for _, p := range all {
		byArticle[p.ArticleID] = append(byArticle[p.ArticleID], p)
	}
	standings := make([]newsroom.Standing, len(rows))
	for i, a := range rows {
		standings[i] = newsroom.NewStanding(a, byArticle[a.ID], now)
	}
	return standings, nil
}

// Translations gives the working copies in the given translation groups, without their bodies and without what is in
// the trash.
func (q Queries) Translations(groups ...uuid.UUID) ([]newsroom.Article, error) {
	var rows []newsroom.Article
	err := q.db.Table("articles AS a").Select(articleFields).
		Where("a.translation_group IN ? AND a.trashed_at IS NULL", groups).Order("a.lang").Find(&rows).Error
	return rows, err
}

// ReservedSlugs gives those of slugs that another article than id has in that language, now or once when it was
// published.
func (tx *Tx) ReservedSlugs(lang string, id uuid.UUID, slugs ...string) (map[string]bool, error) {
	var taken []string
	err := tx.db.Raw(`SELECT slug FROM articles WHERE lang = ? AND slug IN ? AND id <> ?
		UNION SELECT slug FROM slug_history WHERE lang = ? AND slug IN ? AND article_id <> ?`,
		lang, slugs, id, lang, slugs, id).Scan(&taken).Error
	return setOf(taken), err
}

// CreateArticle inserts an article with its first revision and its links.
func (tx *Tx) CreateArticle(a *newsroom.Article, r *newsroom.Revision) error {
	return tx.CreateArticles([]newsroom.Article{*a}, []newsroom.Revision{*r})
}

// CreateArticles is CreateArticle for many at once, with the revision of each at its place. It takes a constant number of
// statements, which bounds how many they can be: hundreds.
func (tx *Tx) CreateArticles(articles []newsroom.Article, revisions []newsroom.Revision) error {
	if err := tx.db.Create(&articles).Error; err != nil {
		return err
	}
	views := make([]map[string]any, len(articles))
	for i, a := range articles {
		views[i] = map[string]any{"article_id": a.ID, "views": 0}
	}
	if err := insert(tx.db, "article_views", views, ""); err != nil {
		return err
	}
	if err := tx.db.Create(&revisions).Error; err != nil {
		return err
	}
	return tx.linkArticles(articles)
}

// UpdateArticle writes all columns of an article, and r, unless it is nil, as the new revision of its text.
func (tx *Tx) UpdateArticle(a *newsroom.Article, r *newsroom.Revision) error {
	if err := tx.db.Select("*").Updates(a).Error; err != nil || r == nil {
		return err
	}
	if err := tx.db.Exec("DELETE FROM article_authors WHERE article_id = ?", a.ID).Error; err != nil {
		return err
	}
	if err := tx.db.Exec("DELETE FROM article_tags WHERE article_id = ?", a.ID).Error; err != nil {
		return err
	}
	if err := tx.db.Create(r).Error; err != nil {
		return err
	}
	return tx.linkArticles([]newsroom.Article{*a})
}

// linkArticles writes which authors and tags articles have.
func (tx *Tx) linkArticles(articles []newsroom.Article) error {
	var authors, tags []map[string]any
	for _, a := range articles {
		for _, id := range a.AuthorIDs {
			authors = append(authors, map[string]any{"article_id": a.ID, "author_id": id})
		}
		for _, id := range a.TagIDs {
			tags = append(tags, map[string]any{"article_id": a.ID, "tag_id": id})
		}
	}
	if err := insert(tx.db, "article_authors", authors, ""); err != nil {
		return err
	}
	return insert(tx.db, "article_tags", tags, "")
}

// DeleteArticle deletes an article with all that belongs to it.
func (tx *Tx) DeleteArticle(id uuid.UUID) error {
	return tx.db.Where("id = ?", id).Delete(&newsroom.Article{}).Error
}

// endOfTime stands for the time of what has not been published, so that it sorts as the newest.
var endOfTime = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// articleOrder gives how articles sort; sql turns the name of a column into what the viewer sees of it.
func articleOrder(sql func(string) string) order[newsroom.Article] {
	return order[newsroom.Article]{
		columns: map[string]column[newsroom.Article]{
			"title":      {sql("title"), func(a *newsroom.Article) any { return a.Title }},
			"updated_at": {sql("updated_at"), func(a *newsroom.Article) any { return a.UpdatedAt }},
			"created_at": {"a.created_at", func(a *newsroom.Article) any { return a.CreatedAt }},
			"published_at": {
				"coalesce(" + sql("published_at") + ", '9999-12-31 00:00:00.000')",
				func(a *newsroom.Article) any {
					if a.PublishedAt == nil {
						return endOfTime
					}
					return *a.PublishedAt
				},
			},
		},
		id:   "a.id",
		idOf: func(a *newsroom.Article) uuid.UUID { return a.ID },
	}
}

// langRank orders rows by the place of their language in langs, others last.
func langRank(column string, langs []string) clause.OrderBy {
	var vars []any
	sql := "CASE " + column
	for i, l := range langs {
		sql += fmt.Sprintf(" WHEN ? THEN %d", i)
		vars = append(vars, l)
	}
	sql += fmt.Sprintf(" ELSE %d END, ", len(langs)) + column
	return clause.OrderBy{Expression: expr(sql, vars...)}
}
