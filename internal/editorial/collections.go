package editorial

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// CollectionDraft is a collection as a client sends it: complete, but with references still to be looked up.
type CollectionDraft struct {
	Value    newsroom.Collection // without ArticleIDs; its Fill names terms by slug or id
	Articles []string            // slugs or ids, in order
	// Invalid is what the sender of the draft has broken already; it is reported together with the rest.
	Invalid []newsroom.FieldError
}

// CreateCollection adds a collection; already_exists when there is one of that key.
func (d *Desk) CreateCollection(ctx context.Context, actor newsroom.Actor, draft CollectionDraft) (newsroom.Collection, error) {
	var c newsroom.Collection
	err := d.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if c, err = d.collection(tx, newsroom.Collection{}, draft); err != nil {
			return err
		}
		if c.ID, err = newID(); err != nil {
			return err
		}
		now := d.Now()
		c.Version, c.CreatedAt, c.UpdatedAt = 1, now, now
		if err := tx.CreateCollection(&c); err != nil {
			return keyTaken(err, "collection", c.Key)
		}
		return collectionSaved(tx, actor, c, nil)
	})
	return c, err
}

// ChangeCollection changes the collection of that key or id: edit is given the present one and gives the whole new one.
// A change of nothing is nothing.
func (d *Desk) ChangeCollection(ctx context.Context, actor newsroom.Actor, ref string, p newsroom.Precondition,
	edit func(newsroom.Collection) CollectionDraft,
) (newsroom.Collection, error) {
	return d.changeCollection(ctx, actor, ref, p, func(tx *store.Tx, before newsroom.Collection) (newsroom.Collection, error) {
		return d.collection(tx, before, edit(before))
	})
}

// AddToCollection puts the article of a slug or id into a collection, at a position or, when that is nil, at its end. One that is
// there already moves.
func (d *Desk) AddToCollection(ctx context.Context, actor newsroom.Actor, ref string, p newsroom.Precondition, article string, position *int) (newsroom.Collection, error) {
	return d.changeCollection(ctx, actor, ref, p, func(tx *store.Tx, c newsroom.Collection) (newsroom.Collection, error) {
		ids, broken, err := d.articles(tx, []string{article}, c.ArticleIDs, func(int) string { return "/article" })
		if err != nil {
			return c, err
		}
		if len(broken) > 0 {
			return c, newsroom.Invalid(broken)
		}
		list := slices.DeleteFunc(slices.Clone(c.ArticleIDs), func(id uuid.UUID) bool { return id == ids[0] })
		at := len(list)
		if position != nil {
			at = min(at, *position)
		}
		c.ArticleIDs = slices.Insert(list, at, ids[0])
		return c, newsroom.Invalid(newsroom.CheckCollectionSize("/article", len(c.ArticleIDs)))
	})
}

// RemoveFromCollection takes the article of that id out of a collection, or gives not_found when it is not in there.
func (d *Desk) RemoveFromCollection(ctx context.Context, actor newsroom.Actor, ref string, p newsroom.Precondition, article uuid.UUID) (newsroom.Collection, error) {
	return d.changeCollection(ctx, actor, ref, p, func(_ *store.Tx, c newsroom.Collection) (newsroom.Collection, error) {
		list := slices.DeleteFunc(slices.Clone(c.ArticleIDs), func(id uuid.UUID) bool { return id == article })
		if len(list) == len(c.ArticleIDs) {
			return c, newsroom.Errorf(newsroom.CodeNotFound, "The article is not in this collection.")
		}
		c.ArticleIDs = list
		return c, nil
	})
}

func (d *Desk) changeCollection(ctx context.Context, actor newsroom.Actor, ref string, p newsroom.Precondition,
	change func(*store.Tx, newsroom.Collection) (newsroom.Collection, error),
) (newsroom.Collection, error) {
	var c newsroom.Collection
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		before, err := loadCollection(tx, ref, p)
		if err != nil {
			return err
		}
		if c, err = change(tx, before); err != nil || reflect.DeepEqual(c, before) {
			return err
		}
		return d.saveCollection(tx, actor, &c, before)
	})
	return c, err
}

// DeleteCollection deletes the collection of that key or id. Its articles stay.
func (d *Desk) DeleteCollection(ctx context.Context, actor newsroom.Actor, ref string, p newsroom.Precondition) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		c, err := loadCollection(tx, ref, p)
		if err != nil {
			return err
		}
		if err := tx.DeleteCollection(c.ID); err != nil {
			return err
		}
		return collectionHappened(tx, actor, "deleted", c, d.Now(), map[string]any{})
	})
}

func loadCollection(tx *store.Tx, ref string, p newsroom.Precondition) (newsroom.Collection, error) {
	c, err := tx.Collection(ref)
	if err != nil {
		return c, notFound(err, "collection")
	}
	return c, p.Check(c.Version)
}

func (d *Desk) saveCollection(tx *store.Tx, actor newsroom.Actor, c *newsroom.Collection, before newsroom.Collection) error {
	c.Version++
	c.UpdatedAt = d.Now()
	if err := tx.UpdateCollection(c); err != nil {
		return keyTaken(err, "collection", c.Key)
	}
	return collectionSaved(tx, actor, *c, &before)
}

// collection gives what a draft makes of before, with all that it refers to looked up, or all that is wrong with it.
func (d *Desk) collection(tx *store.Tx, before newsroom.Collection, draft CollectionDraft) (newsroom.Collection, error) {
	c := draft.Value
	c.ID, c.Version, c.CreatedAt, c.UpdatedAt = before.ID, before.Version, before.CreatedAt, before.UpdatedAt
	broken := slices.Concat(c.Check(), keyForm(c.Key), newsroom.CheckCollectionSize("/articles", len(draft.Articles)))
	refs := draft.Articles[:min(len(draft.Articles), newsroom.MaxCollection)]
	ids, unknown, err := d.articles(tx, refs, before.ArticleIDs, func(i int) string { return fmt.Sprintf("/articles/%d", i) })
	if err != nil {
		return c, err
	}
	c.ArticleIDs = ids
	var r resolver
	if c.Fill != nil {
		fill := r.fill(tx, *c.Fill)
		c.Fill = &fill
	}
	if r.err != nil {
		return c, r.err
	}
	return c, newsroom.Invalid(addUnreported(draft.Invalid, slices.Concat(broken, unknown, r.fields)))
}

// articles looks up the articles that a collection is to hold, of slugs or ids. A slug means the article that readers find by
// it: that of the first language that has one. What is in the trash can stay, but not come. The strings that at gives point to them.
func (d *Desk) articles(tx *store.Tx, refs []string, present []uuid.UUID, at func(int) string) ([]uuid.UUID, []newsroom.FieldError, error) {
	ids, slugs := []uuid.UUID{}, []string{}
	for _, ref := range refs {
		if id, err := uuid.Parse(ref); err == nil {
			ids = append(ids, id)
		} else {
			slugs = append(slugs, ref)
		}
	}
	found, err := tx.ArticlesNamed(ids, slugs, d.Languages)
	if err != nil {
		return nil, nil, err
	}
	found = slices.DeleteFunc(found, func(a newsroom.Article) bool { return a.TrashedAt != nil && !slices.Contains(present, a.ID) })
	slices.SortFunc(found, func(a, b newsroom.Article) int { return d.Languages.Rank(a.Lang) - d.Languages.Rank(b.Lang) })
	var r resolver
	listed := []uuid.UUID{}
	for i, ref := range refs {
		n := slices.IndexFunc(found, func(a newsroom.Article) bool { return a.Slug == ref || strings.EqualFold(a.ID.String(), ref) })
		if n < 0 {
			r.unknown(at(i), ref)
			continue
		}
		listed = r.add(listed, found[n].ID, at(i))
	}
	return listed, r.fields, nil
}

// fill looks up the terms that f names by slug or id, and names them by id.
func (r *resolver) fill(tx *store.Tx, f newsroom.Fill) newsroom.Fill {
	return f.MapTerms(
		func(ref string) string { s, err := tx.Section(ref); return r.id("/fill/section", ref, s.ID, err) },
		func(ref string) string { t, err := tx.ResolveTag(ref); return r.id("/fill/tag", ref, t.ID, err) },
		func(ref string) string { a, err := tx.Author(ref); return r.id("/fill/author", ref, a.ID, err) },
	)
}

// id gives the id that a look-up of ref has found, or ref.
func (r *resolver) id(pointer, ref string, id uuid.UUID, err error) string {
	if !r.found(pointer, ref, err) {
		return ref
	}
	return id.String()
}

// keyForm gives what is wrong with the form of the key of a collection or a widget.
func keyForm(key string) []newsroom.FieldError {
	if key == "" || lang.ValidSlug(key) {
		return nil
	}
	return []newsroom.FieldError{{
		Pointer: "/key", Code: newsroom.FieldInvalid,
		Detail: "A key is made of lower-case letters a-z, digits and single hyphens, at most 100, and does not look like an id.",
	}}
}

// keyTaken says which key it is that already_exists; other errors stay as they are.
func keyTaken(err error, what, key string) error {
	if newsroom.IsCode(err, newsroom.CodeAlreadyExists) {
		return newsroom.Errorf(newsroom.CodeAlreadyExists, "There is a %s of the key %q.", what, key)
	}
	return err
}

// collectionSaved appends the event of a collection that is new or changed: all that readers can know of it from then on and,
// unless before is nil, which fields differ.
func collectionSaved(tx *store.Tx, actor newsroom.Actor, c newsroom.Collection, before *newsroom.Collection) error {
	data := map[string]any{"after": collectionFields(c)}
	if before == nil {
		return collectionHappened(tx, actor, "created", c, c.UpdatedAt, data)
	}
	data["changed"] = differing(collectionFields(c), collectionFields(*before))
	return collectionHappened(tx, actor, "updated", c, c.UpdatedAt, data)
}

func collectionFields(c newsroom.Collection) map[string]any {
	return map[string]any{
		"key": c.Key, "name": c.Name, "description": c.Description, "translations": c.Translations, "articles": c.ArticleIDs, "fill": c.Fill,
	}
}

func collectionHappened(tx *store.Tx, actor newsroom.Actor, what string, c newsroom.Collection, now time.Time, data map[string]any) error {
	data["key"], data["name"] = c.Key, c.Name
	e, err := newEvent(now, actor, "collection."+what, c.ID, true, data)
	if err != nil {
		return err
	}
	return tx.AppendEvent(&e)
}
