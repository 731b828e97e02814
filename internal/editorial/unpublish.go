package editorial

import (
	"context"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Unpublish takes an article from its readers at once, and cancels what was scheduled. One that no reader has seen yet
// is a draft again.
func (d *Desk) Unpublish(ctx context.Context, actor newsroom.User, id uuid.UUID, p newsroom.Precondition) (newsroom.Standing, error) {
	return d.change(ctx, actor, id, p, func(w *work) error {
		if err := actor.CheckUnpublish(w.Standing); err != nil {
			return err
		}
		if err := w.withdraw(); err != nil {
			return err
		}
		w.happened("article.unpublished", true, map[string]any{})
		return nil
	})
}

// withdraw ends all that readers see or would see.
func (w *work) withdraw() error {
	if err := w.endPublications(w.now); err != nil {
		return err
	}
	if w.PublishedAt != nil && w.PublishedAt.After(w.now) {
		w.PublishedAt = nil
		return nil
	}
	w.UnpublishedAt = &w.now
	return nil
}
