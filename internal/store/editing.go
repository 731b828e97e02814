package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Editing gives who is in an article at now, in the order in which they came.
func (q Queries) Editing(article uuid.UUID, now time.Time) ([]newsroom.Editing, error) {
	var rows []newsroom.Editing
	err := q.db.Where("article_id = ? AND until > ?", article, now).Order("since, user_id").Find(&rows).Error
	return rows, err
}

// PutEditing notes that somebody is in an article. Who was in it until then has been since before; not_found when the
// article is gone. It is one statement, which waits for nobody that changes content on PostgreSQL.
func (s *Store) PutEditing(ctx context.Context, e newsroom.Editing) error {
	err := s.writer.WithContext(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "article_id"}, {Name: "user_id"}},
		DoUpdates: clause.Set{
			{Column: clause.Column{Name: "since"}, Value: expr("CASE WHEN editing.until > excluded.since THEN editing.since ELSE excluded.since END")},
			{Column: clause.Column{Name: "until"}, Value: expr("excluded.until")},
		},
	}).Create(&e).Error
	if newsroom.IsCode(err, newsroom.CodeInUse) {
		return newsroom.Errorf(newsroom.CodeNotFound, "There is no such thing here.") // a foreign key says so
	}
	return err
}

// DeleteEditing notes that somebody has left an article.
func (s *Store) DeleteEditing(ctx context.Context, article, user uuid.UUID) error {
	return s.writer.WithContext(ctx).Where("article_id = ? AND user_id = ?", article, user).Delete(&newsroom.Editing{}).Error
}
