// Package editorial holds the verbs of a newsroom: what changes more than one row. There is a file for each verb. All
// of them work the same way: one transaction, in which the thing is loaded, the rule in package newsroom is asked, the
// rows are written and the event is appended.
package editorial

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// Desk carries out what users ask for.
type Desk struct {
	Store     *store.Store
	Languages lang.Set         // of the site
	Now       func() time.Time // UTC, whole milliseconds
}

// change loads an article, asks allow, lets do change it and writes it under the next version, all in one transaction.
// When do does not say what happened, nothing has, and nothing is written.
func (d *Desk) change(ctx context.Context, actor newsroom.Actor, id uuid.UUID, p newsroom.Precondition,
	allow func(newsroom.Standing) error, do func(*work) error,
) (newsroom.Standing, error) {
	var after newsroom.Standing
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		w, err := d.begin(tx, actor, id, p, allow)
		if err != nil {
			return err
		}
		if err := do(w); err != nil {
			return err
		}
		if err := w.finish(); err != nil {
			return err
		}
		after, err = tx.Standing(id, w.now)
		return err
	})
	return after, err
}

// begin loads an article for a verb, unless allow or the precondition forbids it.
func (d *Desk) begin(tx *store.Tx, actor newsroom.Actor, id uuid.UUID, p newsroom.Precondition, allow func(newsroom.Standing) error) (*work, error) {
	now := d.Now()
	s, err := tx.Standing(id, now)
	if err != nil {
		return nil, notFound(err, "article")
	}
	if err := allow(s); err != nil {
		return nil, err
	}
	return &work{tx: tx, desk: d, actor: actor, now: now, Standing: s}, p.Check(s.Version)
}

// work is an article while a verb changes it.
type work struct {
	newsroom.Standing
	tx    *store.Tx
	desk  *Desk
	actor newsroom.Actor
	now   time.Time
	// revision is the new revision of the text, or nil.
	revision *newsroom.Revision
	// event is what happened; an empty Type means nothing did.
	event newsroom.Event
}

// finish writes the article and the event.
func (w *work) finish() error {
	if w.event.Type == "" {
		return nil
	}
	w.Version++
	if err := w.tx.UpdateArticle(&w.Article, w.revision); err != nil {
		return err
	}
	return w.tx.AppendEvent(&w.event)
}

// revise makes the text, of which those fields have changed, the next revision.
func (w *work) revise(changed []string) {
	w.Revision++
	w.Article.UpdatedAt = w.now
	w.revision = &newsroom.Revision{
		ArticleID: w.Article.ID, Revision: w.Revision, Text: w.Text, SavedBy: w.actor.ID, SavedAt: w.now, Changed: changed,
	}
}

// happened says what w did. Readers can see it when public is set.
func (w *work) happened(what string, public bool, data map[string]any) (err error) {
	data["revision"], data["lang"], data["slug"] = w.Revision, w.Lang, w.Slug
	w.event, err = newEvent(w.now, w.actor, what, w.Article.ID, public, data)
	return err
}

func newEvent(now time.Time, actor newsroom.Actor, what string, subject uuid.UUID, public bool, data map[string]any) (newsroom.Event, error) {
	raw, err := json.Marshal(data)
	e := newsroom.Event{At: now, Type: what, SubjectID: subject, ActorID: &actor.ID, Public: public, Data: raw}
	if actor.Token != nil {
		e.TokenID = &actor.Token.ID
	}
	return e, err
}

// siteID stands for the site in events.
var siteID = uuid.Nil

func newID() (uuid.UUID, error) { return uuid.NewV7() }

// notFound gives a not_found that says what was looked for; other errors stay as they are.
func notFound(err error, what string) error {
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return newsroom.Errorf(newsroom.CodeNotFound, "There is no such %s.", what)
	}
	return err
}
