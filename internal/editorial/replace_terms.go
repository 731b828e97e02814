package editorial

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// Replace deletes the term of that slug or id after it has put another, of slug or id with, in its place: in the working
// copies, in what readers see and will see, and above its subsections. A tag is merged so, see MergeTag. It gives
// invalid_parameter, of replace_with, when the other is unknown or cannot stand there.
func (t TermDesk[T]) Replace(ctx context.Context, actor newsroom.Actor, ref string, p newsroom.Precondition, with string) error {
	return t.desk.Store.Write(ctx, func(tx *store.Tx) error {
		old, err := t.load(tx, ref, p)
		if err != nil {
			return err
		}
		by, broken, err := t.replacement(tx, old, with, "replace_with")
		if err != nil {
			return err
		}
		if len(broken) > 0 {
			return &newsroom.Error{Code: newsroom.CodeInvalidParameter, Detail: broken[0].Detail, Fields: broken}
		}
		now := t.desk.Now()
		var moved store.Moved
		err = t.movingBelow(tx, actor, old, now, func() error {
			moved, err = t.kind.replace(tx, t.kind.term(&old).ID, t.kind.term(&by).ID, now)
			return err
		})
		if err != nil {
			return err
		}
		if err := t.desk.replaceReferences(tx, actor, t.kind.term(&old).ID, t.kind.term(&by).ID); err != nil {
			return err
		}
		return t.happened(tx, actor, "deleted", &old, t.kind.public(old) || moved.Publications > 0, now, map[string]any{
			"replaced_by": named(t.kind.term(&by)), "articles": moved.Articles, "publications": moved.Publications,
		})
	})
}

// movingBelow runs move, which puts what stands below old somewhere else, and appends an event for each of these terms.
func (t TermDesk[T]) movingBelow(tx *store.Tx, actor newsroom.Actor, old T, now time.Time, move func() error) error {
	if t.kind.below == nil {
		return move()
	}
	below, err := t.kind.below(tx.Queries, t.kind.term(&old).ID)
	if err != nil {
		return err
	}
	if err := move(); err != nil {
		return err
	}
	for _, before := range below {
		after, err := t.kind.find(tx.Queries, t.kind.term(&before).ID.String())
		if err != nil {
			return err
		}
		if err := t.saved(tx, actor, "updated", &after, &before, now); err != nil {
			return err
		}
	}
	return nil
}

// replacement looks up what is to take the place of old, and says at pointer what speaks against it.
func (t TermDesk[T]) replacement(tx *store.Tx, old T, ref, pointer string) (T, []newsroom.FieldError, error) {
	var r resolver
	by, err := t.kind.refer(tx.Queries, ref)
	if !r.found(pointer, ref, err) {
		return by, r.fields, r.err
	}
	broken, err := t.kind.checkReplacement(tx, t.kind.term(&old).ID, t.kind.term(&by).ID)
	for i := range broken {
		broken[i].Pointer = pointer
	}
	return by, broken, err
}

// checkAnother is checkReplacement for terms that stand in no tree.
func checkAnother(_ *store.Tx, old, by uuid.UUID) ([]newsroom.FieldError, error) {
	if old == by {
		return []newsroom.FieldError{{Code: newsroom.FieldNotAllowed, Detail: "This is the same one."}}, nil
	}
	return nil, nil
}

// checkUnused gives in_use, with how much it is used, when something refers to a term.
func checkUnused[T store.Term](tx *store.Tx, id uuid.UUID) error {
	uses, err := store.UsesOf[T](tx.Queries, id)
	if err != nil {
		return err
	}
	by, err := referencesTo(tx, id)
	if err != nil || uses == (store.Uses{}) && len(by) == 0 {
		return err
	}
	if uses.Sections > 0 {
		by = append([]string{count(uses.Sections, "subsection")}, by...)
	}
	if uses.Articles > 0 {
		by = append([]string{count(uses.Articles, "article")}, by...)
	}
	return newsroom.Errorf(newsroom.CodeInUse, "It is still in use, by %s. Say with replace_with what takes its place.", strings.Join(by, " and "))
}

func count(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// named is how events name a term that they do not tell of.
func named(t *newsroom.Term) map[string]any {
	return map[string]any{"id": t.ID, "slug": t.Slug, "name": t.Name}
}
