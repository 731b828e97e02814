package store

import (
	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// publicationFields are the columns of a list: all but the body, which can be long.
const publicationFields = `p.id, p.article_id, p.revision, p.lang, p.slug, p.title, p.kicker, p.subtitle, p.summary, p.auto_summary,
	p.word_count, p.section_id, p.author_ids, p.tag_ids, p.type, p.featured, p.breaking, p.seo, p.custom, p.translation_group,
	p.published_at, p.updated_at, p.visible_from, p.visible_until, p.until, p.published_by`

// Publications gives all publications of an article that have not moved to history, bodies included, oldest first.
func (q Queries) Publications(article uuid.UUID) ([]newsroom.Publication, error) {
	var rows []newsroom.Publication
	err := q.db.Where("article_id = ?", article).Order("visible_from").Find(&rows).Error
	return rows, err
}

// CreatePublication inserts a publication with its links and what it is found by, and keeps its slug for the article for
// good.
func (tx *Tx) CreatePublication(p *newsroom.Publication) error {
	return tx.CreatePublications([]newsroom.Publication{*p}, Find(p.Text))
}

// CreatePublications is CreatePublication for many at once, each with what it is found by. All that belongs to a publication is written here. It takes a
// constant number of statements, which bounds how many they can be: hundreds.
func (tx *Tx) CreatePublications(all []newsroom.Publication, found []Found) error {
	if err := tx.db.Create(&all).Error; err != nil {
		return err
	}
	if err := tx.linkPublications(all); err != nil {
		return err
	}
	slugs := make([]newsroom.FormerSlug, len(all))
	for i, p := range all {
		slugs[i] = newsroom.FormerSlug{Lang: p.Lang, Slug: p.Slug, ArticleID: p.ArticleID, CreatedAt: p.VisibleFrom}
	}
	if err := tx.index(all, found); err != nil {
		return err
	}
	return tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&slugs).Error
}

// EndPublication writes when p ceases to be visible.
func (tx *Tx) EndPublication(p newsroom.Publication) error {
	if err := tx.db.Model(&newsroom.Publication{}).Where("id = ?", p.ID).Update("visible_until", p.VisibleUntil).Error; err != nil {
		return err
	}
	return tx.endLinks(p)
}

// DropPublication deletes a publication that no reader has seen, and with it the claim to its slug.
func (tx *Tx) DropPublication(p newsroom.Publication) error {
	err := tx.db.Where("article_id = ? AND lang = ? AND slug = ? AND created_at = ?", p.ArticleID, p.Lang, p.Slug, p.VisibleFrom).
		Delete(&newsroom.FormerSlug{}).Error
	if err != nil {
		return err
	}
	return tx.db.Where("id = ?", p.ID).Delete(&newsroom.Publication{}).Error
}

// RetirePublication moves a publication whose time is over to history.
func (tx *Tx) RetirePublication(p newsroom.Publication) error {
	if err := tx.db.Create(&newsroom.PastPublication{Publication: p}).Error; err != nil {
		return err
	}
	return tx.db.Where("id = ?", p.ID).Delete(&newsroom.Publication{}).Error
}
