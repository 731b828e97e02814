package store

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Collections gives a page of collections, sortable by key, name, created_at and updated_at.
func (q Queries) Collections(page Page) (Listing[newsroom.Collection], error) {
	o := collectionOrder
	o.complete = q.addArticles
	return list(q.db.Model(&newsroom.Collection{}), "*", o, page)
}

var collectionOrder = order[newsroom.Collection]{
	columns: map[string]column[newsroom.Collection]{
		"key":        {"key", func(c *newsroom.Collection) any { return c.Key }},
		"name":       {"name", func(c *newsroom.Collection) any { return c.Name }},
		"created_at": {"created_at", func(c *newsroom.Collection) any { return c.CreatedAt }},
		"updated_at": {"updated_at", func(c *newsroom.Collection) any { return c.UpdatedAt }},
	},
	id:   "id",
	idOf: func(c *newsroom.Collection) uuid.UUID { return c.ID },
}

// Collection gives the collection of that key or id, or not_found.
func (q Queries) Collection(ref string) (newsroom.Collection, error) {
	c, err := collection(q.db, ref)
	if err != nil {
		return c, err
	}
	all := []newsroom.Collection{c}
	err = q.addArticles(all)
	return all[0], err
}

func collection(db *gorm.DB, ref string) (c newsroom.Collection, err error) {
	if id, bad := uuid.Parse(ref); bad == nil {
		db = db.Where("id = ?", id)
	} else {
		db = db.Where("key = ?", ref)
	}
	err = db.Take(&c).Error
	return c, err
}

// FilledCollections gives the collections that are filled up, in the order of their keys.
func (q Queries) FilledCollections() ([]newsroom.Collection, error) {
	var rows []newsroom.Collection
	if err := q.db.Where("fill IS NOT NULL").Order("key").Find(&rows).Error; err != nil {
		return nil, err
	}
	return rows, q.addArticles(rows)
}

// addArticles adds to collections what was put there, in one query.
func (q Queries) addArticles(collections []newsroom.Collection) error {
	at := map[uuid.UUID]int{}
	ids := make([]uuid.UUID, len(collections))
	for i, c := range collections {
		ids[i], at[c.ID] = c.ID, i
		collections[i].ArticleIDs = []uuid.UUID{}
	}
	var rows []struct{ CollectionID, ArticleID uuid.UUID }
	err := q.db.Table("collection_articles").Where("collection_id IN ?", ids).Order("position").Find(&rows).Error
	for _, r := range rows {
		c := &collections[at[r.CollectionID]]
		c.ArticleIDs = append(c.ArticleIDs, r.ArticleID)
	}
	return err
}

// ArticlesNamed gives the articles of those ids, and those of those slugs in one of langs, without their texts.
func (q Queries) ArticlesNamed(ids []uuid.UUID, slugs, langs []string) ([]newsroom.Article, error) {
	var rows []newsroom.Article
	err := q.db.Select("id, lang, slug, trashed_at").Where("id IN ? OR lang IN ? AND slug IN ?", ids, langs, slugs).Find(&rows).Error
	return rows, err
}

// StandingsByID gives the articles of those ids as they stand at now, without bodies, views and kills.
func (q Queries) StandingsByID(ids []uuid.UUID, now time.Time) (map[uuid.UUID]newsroom.Standing, error) {
	var rows []newsroom.Article
	if err := q.db.Table("articles AS a").Select(articleFields).Where("a.id IN ?", unique(ids)).Find(&rows).Error; err != nil {
		return nil, err
	}
	standings, err := q.stand(rows, now)
	return byID(standings, func(s newsroom.Standing) uuid.UUID { return s.Article.ID }), err
}

// CreateCollection inserts a collection; already_exists when there is one of that key.
func (tx *Tx) CreateCollection(c *newsroom.Collection) error {
	if err := tx.db.Create(c).Error; err != nil {
		return err
	}
	return tx.putArticles(c)
}

// UpdateCollection writes all of a collection; already_exists when there is another one of that key.
func (tx *Tx) UpdateCollection(c *newsroom.Collection) error {
	if err := tx.db.Select("*").Updates(c).Error; err != nil {
		return err
	}
	if err := tx.db.Exec("DELETE FROM collection_articles WHERE collection_id = ?", c.ID).Error; err != nil {
		return err
	}
	return tx.putArticles(c)
}

func (tx *Tx) putArticles(c *newsroom.Collection) error {
	if len(c.ArticleIDs) == 0 {
		return nil
	}
	rows := make([]map[string]any, len(c.ArticleIDs))
	for i, id := range c.ArticleIDs {
		rows[i] = map[string]any{"collection_id": c.ID, "article_id": id, "position": i}
	}
	return tx.db.Table("collection_articles").Create(rows).Error
}

// DeleteCollection deletes a collection. Its articles stay.
func (tx *Tx) DeleteCollection(id uuid.UUID) error {
	return tx.db.Where("id = ?", id).Delete(&newsroom.Collection{}).Error
}

// Collections gives a page of collections without what is in them, sortable by key and name.
func (v LiveView) Collections(page Page) (Listing[newsroom.Collection], error) {
	return list(v.db.Model(&newsroom.Collection{}), "*", collectionOrder, page)
}

// Collection gives the collection of that key or id without what is in it, or not_found.
func (v LiveView) Collection(ref string) (newsroom.Collection, error) { return collection(v.db, ref) }

// CollectionArticles gives the live articles of c, at most limit: those that were put there, in that order, then those
// that fill it up. With a language it gives those of that language only; what was put there in another one is replaced by its
// live translation, where there is one. Texts of its twin, if it has one, stand in where it has none. It takes up to three
// queries.
func (v LiveView) CollectionArticles(c newsroom.Collection, language, twin string, limit int) ([]LiveArticle, error) {
	var shown []LiveArticle
	err := v.articles().Select(liveFields).Joins("JOIN collection_articles c ON c.article_id = p.article_id").
		Where("c.collection_id = ?", c.ID).Order("c.position").Find(&shown).Error
	if err == nil && language != "" {
		shown, err = v.inLanguage(shown, language, twin)
	}
	shown = shown[:min(len(shown), limit)]
	if err != nil || c.Fill == nil || len(shown) >= min(limit, c.Fill.Limit) {
		return shown, err
	}
	more, err := v.fill(*c.Fill, language, twin, shown, min(limit, c.Fill.Limit)-len(shown))
	return append(shown, more...), err
}

// inLanguage gives articles in a language, else in its twin: each by itself, by its translation or not at all, and none twice.
func (v LiveView) inLanguage(articles []LiveArticle, language, twin string) ([]LiveArticle, error) {
	groups := make([]uuid.UUID, len(articles))
	for i, a := range articles {
		groups[i] = a.TranslationGroup
	}
	var rows []LiveArticle
	err := v.articles().Select(liveFields).Where("p.translation_group IN ? AND p.lang IN ?", groups, []string{language, twin}).
		Order(langRank("p.lang", []string{twin, language})).Order("p.article_id").Find(&rows).Error
	editions := byID(rows, func(a LiveArticle) uuid.UUID { return a.TranslationGroup }) // the last one stays
	var out []LiveArticle
	for _, a := range articles {
		if a.Lang != language {
			var found bool
			if a, found = editions[a.TranslationGroup]; !found {
				continue
			}
		}
		if !slices.ContainsFunc(out, func(o LiveArticle) bool { return o.ArticleID == a.ArticleID }) {
			out = append(out, a)
		}
	}
	return out, err
}

// fill gives the newest n live articles that f keeps and that are not shown already.
func (v LiveView) fill(f newsroom.Fill, language, twin string, shown []LiveArticle, n int) ([]LiveArticle, error) {
	filter := ArticleFilter{
		Langs: Match(f.Langs), Sections: Match(f.Sections), Tags: Match(f.Tags), Authors: Match(f.Authors), Types: Match(f.Types),
		Featured: f.Featured, Breaking: f.Breaking,
	}
	for _, a := range shown {
		filter.IDs.None = append(filter.IDs.None, a.ArticleID.String())
	}
	if language != "" {
		if len(filter.Langs.AnyOf)+len(filter.Langs.None) == 0 {
			filter.Twin = twin
		}
		filter.Langs.AnyOf = append(slices.Clip(filter.Langs.AnyOf), []string{language})
	}
	newest := Page{Limit: n, Sort: []SortKey{{Field: "published_at", Desc: true}}}
	listing, err := v.Articles(filter, newest, false)
	return listing.Items, err
}
