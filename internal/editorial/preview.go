package editorial

import (
	"context"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// CreatePreviewLink makes a link that shows one revision of an article. The article itself does not change.
func (d *Desk) CreatePreviewLink(ctx context.Context, actor newsroom.Actor, article uuid.UUID, r newsroom.PreviewRequest) (newsroom.PreviewLink, error) {
	var link newsroom.PreviewLink
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		s, err := tx.Standing(article, d.Now())
		if err != nil {
			return notFound(err, "article")
		}
		if err := actor.CheckPreview(s); err != nil {
			return err
		}
		if link, err = s.PlanPreview(r); err != nil {
			return err
		}
		if link.ID, err = newID(); err != nil {
			return err
		}
		link.CreatedBy = actor.ID
		if err := tx.CreatePreviewLink(&link); err != nil {
			return err
		}
		return d.previewEvent(tx, actor, "article.preview_link_created", link)
	})
	return link, err
}

// DeletePreviewLink takes back a link, which shows nothing from then on.
func (d *Desk) DeletePreviewLink(ctx context.Context, actor newsroom.Actor, article, id uuid.UUID) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		now := d.Now()
		s, err := tx.Standing(article, now)
		if err != nil {
			return notFound(err, "article")
		}
		if err := actor.CheckWorkingCopy(s); err != nil {
			return err
		}
		link, err := tx.PreviewLink(article, id, now)
		if err != nil {
			return notFound(err, "preview link")
		}
		if err := tx.DeletePreviewLink(link); err != nil {
			return err
		}
		return d.previewEvent(tx, actor, "article.preview_link_deleted", link)
	})
}

func (d *Desk) previewEvent(tx *store.Tx, actor newsroom.Actor, what string, l newsroom.PreviewLink) error {
	event, err := newEvent(d.Now(), actor, what, l.ArticleID, false, map[string]any{
		"preview_link": l.ID, "revision": l.Revision, "expires_at": l.ExpiresAt,
	})
	if err != nil {
		return err
	}
	return tx.AppendEvent(&event)
}

// Tidy deletes preview links that have expired, and who is in an article no more.
func (d *Desk) Tidy(ctx context.Context) error { return d.Store.SweepDesk(ctx, d.Now()) }
