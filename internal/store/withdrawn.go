package store

import (
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// CreateKill keeps why an article was withdrawn for good.
func (tx *Tx) CreateKill(k newsroom.Kill) error { return tx.db.Create(&k).Error }

// Kills gives those of the articles that were withdrawn for good.
func (q Queries) Kills(articles ...uuid.UUID) (map[uuid.UUID]newsroom.Kill, error) {
	var rows []newsroom.Kill
	err := q.db.Where("article_id IN ?", articles).Find(&rows).Error
	return byID(rows, func(k newsroom.Kill) uuid.UUID { return k.ArticleID }), err
}

// Killed gives why the article of that id, or once published under that slug, was withdrawn for good, chosen as Article
// does; or not_found.
func (v LiveView) Killed(ref, only string, order []string) (newsroom.Kill, error) {
	query := v.db.Table("kills AS k").Select("k.*").Joins("JOIN slug_history h ON h.article_id = k.article_id").
		Where("k.killed_at <= ?", v.now)
	if id, err := uuid.Parse(ref); err == nil {
		query = query.Where("k.article_id = ?", id)
	} else {
		query = query.Where("h.slug = ?", ref)
	}
	var k newsroom.Kill
	err := inLanguage(query, "h.lang", only, order).Take(&k).Error
	return k, err
}

// CreateCorrection inserts a correction.
func (tx *Tx) CreateCorrection(c *newsroom.Correction) error { return tx.db.Create(c).Error }

// DropCorrection takes a correction of an article back, or gives not_found. The row stays, to tell what readers saw.
func (tx *Tx) DropCorrection(article, correction uuid.UUID, now time.Time) error {
	r := tx.db.Model(&newsroom.Correction{}).Where("id = ? AND article_id = ? AND deleted_at IS NULL", correction, article).
		Update("deleted_at", now)
	if r.Error == nil && r.RowsAffected == 0 {
		return newsroom.Errorf(newsroom.CodeNotFound, "There is no such correction.")
	}
	return r.Error
}

// Corrections gives the public notes of articles that readers see, oldest first.
func (v LiveView) Corrections(articles ...uuid.UUID) ([]newsroom.Correction, error) {
	var rows []newsroom.Correction
	err := v.db.Where("article_id IN ? AND at <= ? AND (deleted_at IS NULL OR deleted_at > ?)", articles, v.now, v.now).
		Order("at, id").Find(&rows).Error
	return rows, err
}
