package editorial

import (
	"context"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// EnterArticle notes that actor has the article open, for newsroom.EditingLifetime. It is no change of the article:
// nobody waits for it, and nothing is written into its history.
func (d *Desk) EnterArticle(ctx context.Context, actor newsroom.Actor, article uuid.UUID) error {
	if err := d.checkWorkingCopy(ctx, actor, article); err != nil {
		return err
	}
	now := d.Now()
	e := newsroom.Editing{ArticleID: article, UserID: actor.ID, Since: now, Until: now.Add(newsroom.EditingLifetime)}
	return notFound(d.Store.PutEditing(ctx, e), "article")
}

// LeaveArticle notes that actor has closed the article.
func (d *Desk) LeaveArticle(ctx context.Context, actor newsroom.Actor, article uuid.UUID) error {
	if err := d.checkWorkingCopy(ctx, actor, article); err != nil {
		return err
	}
	return d.Store.DeleteEditing(ctx, article, actor.ID)
}

func (d *Desk) checkWorkingCopy(ctx context.Context, actor newsroom.Actor, article uuid.UUID) error {
	s, err := d.Store.Read(ctx).Standing(article, d.Now())
	if err != nil {
		return notFound(err, "article")
	}
	return actor.CheckWorkingCopy(s)
}
