package editorial

import (
	"context"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Unpublish takes an article from its readers at once, and cancels what was scheduled. One that no reader has seen yet
// is a draft again.
func (d *Desk) Unpublish(ctx context.Context, actor newsroom.Actor, id uuid.UUID, p newsroom.Precondition) (newsroom.Standing, error) {
	return d.change(ctx, actor, id, p, actor.CheckUnpublish, func(w *work) error {
		if err := w.withdraw(); err != nil {
			return err
		}
		return w.happened("article.unpublished", true, map[string]any{})
	})
}

// withdraw ends all that readers see or would see.
func (w *work) withdraw() error {
	if err := w.makeRoom(w.now); err != nil {
		return err
	}
	if w.PublishedAt != nil && w.PublishedAt.After(w.now) {
		w.PublishedAt = nil
		return nil
	}
	w.UnpublishedAt = &w.now
	return nil
}
