package editorial

import (
	"context"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// TrashArticle throws an article away, and takes it from its readers. It keeps its slug and its revisions.
func (d *Desk) TrashArticle(ctx context.Context, actor newsroom.Actor, id uuid.UUID, p newsroom.Precondition) error {
	_, err := d.change(ctx, actor, id, p, actor.CheckTrash, func(w *work) error {
		wasPublic := w.Live != nil || w.Scheduled != nil
		if wasPublic {
			if err := w.withdraw(); err != nil {
				return err
			}
		}
		w.TrashedAt = &w.now
		return w.happened("article.trashed", wasPublic, map[string]any{})
	})
	return err
}
