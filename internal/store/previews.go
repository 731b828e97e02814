package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// CreatePreviewLink inserts a preview link.
func (tx *Tx) CreatePreviewLink(l *newsroom.PreviewLink) error { return tx.db.Create(l).Error }

// DeletePreviewLink deletes a preview link.
func (tx *Tx) DeletePreviewLink(l newsroom.PreviewLink) error {
	return tx.db.Where("id = ?", l.ID).Delete(&newsroom.PreviewLink{}).Error
}

// PreviewLink gives the link of that id to an article, or not_found, also when it has expired at now.
func (q Queries) PreviewLink(article, id uuid.UUID, now time.Time) (newsroom.PreviewLink, error) {
	var l newsroom.PreviewLink
	err := q.db.Where("id = ? AND article_id = ? AND expires_at > ?", id, article, now).Take(&l).Error
	return l, err
}

// PreviewLinks gives a page of the links to an article that have not expired at now, sortable by created_at and
// expires_at.
func (q Queries) PreviewLinks(article uuid.UUID, page Page, now time.Time) (Listing[newsroom.PreviewLink], error) {
	query := q.db.Model(&newsroom.PreviewLink{}).Where("article_id = ? AND expires_at > ?", article, now)
	return list(query, "*", previewOrder, page)
}

var previewOrder = order[newsroom.PreviewLink]{
	columns: map[string]column[newsroom.PreviewLink]{
		"created_at": {"created_at", func(l *newsroom.PreviewLink) any { return l.CreatedAt }},
		"expires_at": {"expires_at", func(l *newsroom.PreviewLink) any { return l.ExpiresAt }},
	},
	id:   "id",
	idOf: func(l *newsroom.PreviewLink) uuid.UUID { return l.ID },
}

// Previewed gives the revision that a link shows at now, or not_found when there is no such link any more.
func (q Queries) Previewed(l newsroom.PreviewLink, now time.Time) (newsroom.Revision, error) {
	var r newsroom.Revision
	err := q.db.Table("revisions AS r").Select("r.*").
		Joins("JOIN preview_links l ON l.article_id = r.article_id AND l.revision = r.revision").
		Where("l.id = ? AND l.article_id = ? AND l.revision = ? AND l.expires_at > ?", l.ID, l.ArticleID, l.Revision, now).
		Take(&r).Error
	return r, err
}

// SweepDesk deletes preview links that have expired at now, and who is in an article no more.
func (s *Store) SweepDesk(ctx context.Context, now time.Time) error {
	db := s.writer.WithContext(ctx)
	return errors.Join(
		db.Where("expires_at <= ?", now).Delete(&newsroom.PreviewLink{}).Error,
		db.Where("until <= ?", now).Delete(&newsroom.Editing{}).Error,
	)
}
