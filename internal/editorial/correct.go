package editorial

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Correct adds a public note to an article that readers see. They see the note at once; the text is published by itself.
func (d *Desk) Correct(ctx context.Context, actor newsroom.Actor, id uuid.UUID, p newsroom.Precondition, note string) (newsroom.Standing, error) {
	note = strings.TrimSpace(note)
	return d.change(ctx, actor, id, p, actor.CheckCorrect, func(w *work) error {
		if err := newsroom.Invalid(newsroom.CheckNote("/text", note)); err != nil {
			return err
		}
		correction, err := newID()
		if err != nil {
			return err
		}
		err = w.tx.CreateCorrection(&newsroom.Correction{ID: correction, ArticleID: id, At: w.now, Text: note, CreatedBy: actor.ID})
		if err != nil {
			return err
		}
		return w.happened("article.corrected", true, map[string]any{"correction": correction, "text": note})
	})
}

// DropCorrection takes a public note back; not_found when the article has none of that id.
func (d *Desk) DropCorrection(ctx context.Context, actor newsroom.Actor, id uuid.UUID, p newsroom.Precondition, correction uuid.UUID) error {
	_, err := d.change(ctx, actor, id, p, actor.CheckCorrect, func(w *work) error {
		if err := w.tx.DropCorrection(id, correction, w.now); err != nil {
			return notFound(err, "correction")
		}
		return w.happened("article.correction_deleted", true, map[string]any{"correction": correction})
	})
	return err
}
