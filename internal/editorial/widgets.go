package editorial

import (
	"context"
	"slices"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// WidgetDraft is a widget as an integration pushes it.
type WidgetDraft struct {
	Value newsroom.Widget // only Value and ExpiresAt count
	TTL   *int            // instead of ExpiresAt: how many seconds from now
	// Invalid is what the sender of the draft has broken already; it is reported together with the rest.
	Invalid []newsroom.FieldError
}

// CreateWidget adds a widget; already_exists when there is one of that key.
func (d *Desk) CreateWidget(ctx context.Context, actor newsroom.Actor, key string, draft WidgetDraft) (newsroom.Widget, error) {
	var w newsroom.Widget
	err := d.Store.Write(ctx, func(tx *store.Tx) (err error) {
		w, err = d.saveWidget(tx, actor, newsroom.Widget{Key: key}, draft)
		return err
	})
	return w, keyTaken(err, "widget", key)
}

// PutWidget makes the widget of that key what draft says, and creates it when there is none, of which made tells. To push the
// same again is nothing.
func (d *Desk) PutWidget(ctx context.Context, actor newsroom.Actor, key string, p newsroom.Precondition, draft WidgetDraft) (w newsroom.Widget, made bool, err error) {
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		before, err := tx.Widget(key)
		if newsroom.IsCode(err, newsroom.CodeNotFound) {
			before, made, err = newsroom.Widget{Key: key}, true, nil
		}
		if err != nil {
			return err
		}
		if err := p.Check(before.Version); err != nil {
			return err
		}
		w, err = d.saveWidget(tx, actor, before, draft)
		return err
	})
	return w, made, err
}

// ChangeWidget changes the widget of that key: edit is given the present one and gives the whole new one. A change of nothing is
// nothing.
func (d *Desk) ChangeWidget(ctx context.Context, actor newsroom.Actor, key string, p newsroom.Precondition,
	edit func(newsroom.Widget) WidgetDraft,
) (newsroom.Widget, error) {
	var w newsroom.Widget
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		before, err := loadWidget(tx, key, p)
		if err != nil {
			return err
		}
		w, err = d.saveWidget(tx, actor, before, edit(before))
		return err
	})
	return w, err
}

// DeleteWidget deletes the widget of that key.
func (d *Desk) DeleteWidget(ctx context.Context, actor newsroom.Actor, key string, p newsroom.Precondition) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		w, err := loadWidget(tx, key, p)
		if err != nil {
			return err
		}
		if err := tx.DeleteWidget(w.ID); err != nil {
			return err
		}
		w.UpdatedAt = d.Now()
		return widgetHappened(tx, actor, "deleted", w, nil)
	})
}

func loadWidget(tx *store.Tx, key string, p newsroom.Precondition) (newsroom.Widget, error) {
	w, err := tx.Widget(key)
	if err != nil {
		return w, notFound(err, "widget")
	}
	return w, p.Check(w.Version)
}

// saveWidget writes what a draft makes of before, which is new when it has no version.
func (d *Desk) saveWidget(tx *store.Tx, actor newsroom.Actor, before newsroom.Widget, draft WidgetDraft) (newsroom.Widget, error) {
	now := d.Now()
	w := before
	w.Value, w.ExpiresAt = draft.Value.Value, draft.Value.ExpiresAt
	broken := slices.Concat(keyForm(w.Key), w.Check(now, before.ExpiresAt))
	if draft.TTL != nil {
		broken = append(broken, w.ExpireIn(*draft.TTL, now)...)
	}
	if err := newsroom.Invalid(addUnreported(draft.Invalid, broken)); err != nil {
		return w, err
	}
	changed := w.Changed(before)
	what := "updated"
	switch {
	case w.Version > 0 && len(changed) == 0:
		return before, nil
	case w.Version == 0:
		id, err := newID()
		if err != nil {
			return w, err
		}
		what, w.ID, w.CreatedAt = "created", id, now
	}
	w.Version++
	w.UpdatedAt = now
	if err := tx.SaveWidget(w); err != nil {
		return w, err
	}
	return w, widgetHappened(tx, actor, what, w, changed)
}

// widgetHappened appends the event of a widget. What is in it is left out, for some are pushed every few seconds.
func widgetHappened(tx *store.Tx, actor newsroom.Actor, what string, w newsroom.Widget, changed []string) error {
	data := map[string]any{"key": w.Key, "expires_at": w.ExpiresAt}
	if what == "updated" {
		data["changed"] = changed
	}
	e, err := newEvent(w.UpdatedAt, actor, "widget."+what, w.ID, true, data)
	if err != nil {
		return err
	}
	return tx.AppendEvent(&e)
}
