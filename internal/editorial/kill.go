package editorial

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Kill withdraws a story for good. Readers who come to any of its addresses get the reason instead, and it can never be
// published again. The working copy and the revisions stay.
func (d *Desk) Kill(ctx context.Context, actor newsroom.Actor, id uuid.UUID, p newsroom.Precondition, reason string) (newsroom.Standing, error) {
	reason = strings.TrimSpace(reason)
	return d.change(ctx, actor, id, p, actor.CheckKill, func(w *work) error {
		if err := newsroom.Invalid(newsroom.CheckNote("/reason", reason)); err != nil {
			return err
		}
		if err := w.withdraw(); err != nil {
			return err
		}
		w.SubmittedAt = nil
		err := w.tx.CreateKill(newsroom.Kill{ArticleID: id, Reason: reason, KilledAt: w.now, KilledBy: actor.ID})
		if err != nil {
			return err
		}
		return w.happened("article.killed", true, map[string]any{"reason": reason})
	})
}
