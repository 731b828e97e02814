package editorial

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Publish makes the working copy what readers see: from at, or now when at is nil, or now but dated back when at has
// passed; and until until, or for good when that is nil. It replaces what readers would have seen from then on, and
// whatever was scheduled: publishing again at another moment moves a story. It ends a review, and with it an editor's note.
func (d *Desk) Publish(ctx context.Context, actor newsroom.Actor, id uuid.UUID, p newsroom.Precondition, at, until *time.Time) (newsroom.Standing, error) {
	return d.change(ctx, actor, id, p, actor.CheckPublish, func(w *work) error {
		plan, err := newsroom.PlanPublication(w.Standing, at, until, w.now)
		if err != nil {
			return err
		}
		if err := w.makeRoom(plan.VisibleFrom); err != nil {
			return err
		}
		if err := w.publish(plan); err != nil {
			return err
		}
		w.PublishedAt, w.UnpublishedAt, w.SubmittedAt, w.Note = &plan.PublishedAt, nil, nil, nil
		return w.published(plan)
	})
}

// published says that w published.
func (w *work) published(plan newsroom.Plan) error {
	return w.happened("article.published", true, map[string]any{"visible_from": plan.VisibleFrom, "visible_until": plan.VisibleUntil})
}

// publish writes the working copy as a publication.
func (w *work) publish(plan newsroom.Plan) error {
	p, err := w.publication(plan)
	if err != nil {
		return err
	}
	return w.tx.CreatePublication(&p)
}

// publication gives the working copy as a publication.
func (w *work) publication(plan newsroom.Plan) (newsroom.Publication, error) {
	id, err := newID()
	return newsroom.Publication{
		ID:           id,
		ArticleID:    w.Article.ID,
		Revision:     w.Revision,
		Text:         w.Text,
		PublishedAt:  plan.PublishedAt,
		UpdatedAt:    plan.UpdatedAt,
		VisibleFrom:  plan.VisibleFrom,
		VisibleUntil: plan.VisibleUntil,
		Until:        plan.VisibleUntil,
		PublishedBy:  w.actor.ID,
	}, err
}

// makeRoom clears the time from a moment on, now or to come: what has not begun is dropped, what readers see ends
// then, or when it was to end anyway, and what is over moves to history.
func (w *work) makeRoom(from time.Time) error {
	all, err := w.tx.Publications(w.Article.ID)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := w.end(p, from); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) end(p newsroom.Publication, from time.Time) error {
	if p.VisibleFrom.After(w.now) || p.VisibleFrom.Equal(from) {
		return w.tx.DropPublication(p)
	}
	if p.VisibleUntil != nil && !p.VisibleUntil.After(w.now) {
		return w.tx.RetirePublication(p)
	}
	p.VisibleUntil = &from
	if p.Until != nil && p.Until.Before(from) {
		p.VisibleUntil = p.Until
	}
	if from.After(w.now) {
		return w.tx.EndPublication(p)
	}
	return w.tx.RetirePublication(p)
}
