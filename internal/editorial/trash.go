package editorial

import (
	"context"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
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
		w.TrashedAt, w.SubmittedAt = &w.now, nil
		return w.happened("article.trashed", wasPublic, map[string]any{})
	})
	return err
}

// RestoreArticle takes an article out of the trash. When another one has become its story's text in this language
// meanwhile, the two are parted.
func (d *Desk) RestoreArticle(ctx context.Context, actor newsroom.Actor, id uuid.UUID, p newsroom.Precondition) (newsroom.Standing, error) {
	return d.change(ctx, actor, id, p, actor.CheckRestore, func(w *work) error {
		w.TrashedAt = nil
		siblings, err := w.tx.Translations(w.TranslationGroup)
		if err != nil {
			return err
		}
		for _, s := range siblings {
			if s.Lang == w.Lang {
				if err := w.part(); err != nil {
					return err
				}
			}
		}
		return w.happened("article.restored", false, map[string]any{})
	})
}

// part leaves the other translations of the story: a new revision with a translation group of its own.
func (w *work) part() (err error) {
	if w.TranslationGroup, err = newID(); err != nil {
		return err
	}
	w.revise([]string{"translation_of"})
	return nil
}

// PurgeArticle deletes an article in the trash with all of its revisions, for good. Its slugs are free again.
func (d *Desk) PurgeArticle(ctx context.Context, actor newsroom.Actor, id uuid.UUID, p newsroom.Precondition) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		w, err := d.begin(tx, actor, id, p, actor.CheckPurge)
		if err != nil {
			return err
		}
		if err := w.happened("article.purged", false, map[string]any{}); err != nil {
			return err
		}
		if err := tx.DeleteArticle(id); err != nil {
			return err
		}
		return tx.AppendEvent(&w.event)
	})
}
