package store

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/search"
)

// reindexBatch is how many publications are indexed in one transaction, for which others who write wait.
const reindexBatch = 50

// Reindex makes anew what publications are found by, while readers search and editors publish, and calls progress after
// each batch. It forgets spellings that no publication has any more.
func (s *Store) Reindex(ctx context.Context, progress func(done, total int64)) error {
	err := s.Write(ctx, func(tx *Tx) error { return tx.db.Exec("DELETE FROM search_spellings").Error })
	if err != nil {
		return err
	}
	return s.reindex(ctx, func(db *gorm.DB) *gorm.DB { return db }, progress)
}

// IndexMissing is Reindex for publications that are not indexed, or were by another version of the rules.
func (s *Store) IndexMissing(ctx context.Context, progress func(done, total int64)) error {
	return s.reindex(ctx, func(db *gorm.DB) *gorm.DB {
		return db.Where("NOT EXISTS (SELECT 1 FROM search_documents d WHERE d.publication_id = p.id AND d.version = ?)", search.Version)
	}, progress)
}

func (s *Store) reindex(ctx context.Context, narrow func(*gorm.DB) *gorm.DB, progress func(done, total int64)) error {
	var done, total int64
	if err := narrow(s.reading(ctx).Table("publications AS p")).Count(&total).Error; err != nil || total == 0 {
		return err
	}
	for last, more := uuid.Nil, true; more; {
		err := s.Write(ctx, func(tx *Tx) error {
			var batch []newsroom.Publication
			query := narrow(tx.db.Table("publications AS p")).Where("p.id > ?", last)
			if err := query.Order("p.id").Limit(reindexBatch).Find(&batch).Error; err != nil {
				return err
			}
			if err := tx.indexAgain(batch); err != nil {
				return err
			}
			if more = len(batch) == reindexBatch; more {
				last = batch[len(batch)-1].ID
			}
			done += int64(len(batch))
			return nil
		})
		if err != nil {
			return err
		}
		progress(done, max(done, total))
	}
	return nil
}

func (tx *Tx) indexAgain(batch []newsroom.Publication) error {
	ids, texts := make([]uuid.UUID, len(batch)), make([]newsroom.Text, len(batch))
	for i, p := range batch {
		ids[i], texts[i] = p.ID, p.Text
	}
	if err := tx.db.Exec("DELETE FROM search_documents WHERE publication_id IN ?", ids).Error; err != nil {
		return err
	}
	return tx.index(batch, Find(texts...))
}
