package editorial

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Publish makes the working copy what readers see: from at, or now when at is nil, or now but dated back when at has
// passed; and until until, or for good when that is nil. It replaces whatever readers would have seen from then on.
func (d *Desk) Publish(ctx context.Context, actor newsroom.User, id uuid.UUID, p newsroom.Precondition, at, until *time.Time) (newsroom.Standing, error) {
	return d.change(ctx, actor, id, p, func(w *work) error {
		if err := actor.CheckPublish(w.Standing); err != nil {
			return err
		}
		plan, err := newsroom.PlanPublication(w.Standing, at, until, w.now)
		if err != nil {
			return err
		}
		if first := w.PublishedAt; first != nil && first.Before(plan.VisibleFrom) {
			plan.PublishedAt, plan.UpdatedAt = *first, plan.VisibleFrom // the first may be one that is still to come
		}
		if err := w.endPublications(plan.VisibleFrom); err != nil {
			return err
		}
		if err := w.publish(plan); err != nil {
			return err
		}
		w.PublishedAt, w.UnpublishedAt = &plan.PublishedAt, nil
		w.happened("article.published", true, map[string]any{"visible_from": plan.VisibleFrom, "visible_until": plan.VisibleUntil})
		return nil
	})
}

// publish writes the working copy as a publication.
func (w *work) publish(plan newsroom.Plan) error {
	id, err := newID()
	if err != nil {
		return err
	}
	return w.tx.CreatePublication(&newsroom.Publication{
		ID:               id,
		ArticleID:        w.Article.ID,
		Revision:         w.Revision,
		Text:             w.Text,
		TranslationGroup: w.TranslationGroup,
		PublishedAt:      plan.PublishedAt,
		UpdatedAt:        plan.UpdatedAt,
		VisibleFrom:      plan.VisibleFrom,
		VisibleUntil:     plan.VisibleUntil,
		PublishedBy:      w.actor.ID,
	})
}

// endPublications makes room from a moment on, now or to come: publications that would begin then are dropped, the one
// that is visible then ends there, and those whose time is over move to history.
func (w *work) endPublications(from time.Time) error {
	all, err := w.tx.Publications(w.Article.ID)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := w.endPublication(p, from); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) endPublication(p newsroom.Publication, from time.Time) error {
	if !p.VisibleFrom.Before(from) {
		return w.tx.DropPublication(p)
	}
	if p.VisibleUntil == nil || p.VisibleUntil.After(from) {
		p.VisibleUntil = &from
		if from.After(w.now) {
			return w.tx.EndPublication(p)
		}
	}
	if p.VisibleUntil.After(w.now) {
		return nil
	}
	return w.tx.RetirePublication(p)
}
