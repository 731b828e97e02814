package editorial

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Submit asks for review of an article. What an editor once wrote to the writer is answered by it, and goes.
func (d *Desk) Submit(ctx context.Context, actor newsroom.Actor, id uuid.UUID, p newsroom.Precondition) (newsroom.Standing, error) {
	return d.change(ctx, actor, id, p, actor.CheckSubmit, func(w *work) error {
		w.SubmittedAt, w.Note = &w.now, nil
		return w.happened("article.submitted", false, map[string]any{})
	})
}

// Return gives an article that is in review back to its writer, with a note.
func (d *Desk) Return(ctx context.Context, actor newsroom.Actor, id uuid.UUID, p newsroom.Precondition, note string) (newsroom.Standing, error) {
	note = strings.TrimSpace(note)
	return d.change(ctx, actor, id, p, actor.CheckReturn, func(w *work) error {
		if err := newsroom.Invalid(newsroom.CheckNote("/note", note)); err != nil {
			return err
		}
		w.SubmittedAt, w.Note = nil, &note
		return w.happened("article.returned", false, map[string]any{"note": note})
	})
}
