package editorial

import (
	"context"
	"fmt"

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
		moved, err := t.kind.replace(tx, t.kind.term(&old).ID, t.kind.term(&by).ID, t.desk.Now())
		if err != nil {
			return err
		}
		return t.gone(tx, actor, "deleted", &old, t.kind.public(old) || moved.Publications > 0, map[string]any{
			"replaced_by": named(t.kind.term(&by)), "articles": moved.Articles, "publications": moved.Publications,
		})
	})
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
	if err != nil || uses == (store.Uses{}) {
		return err
	}
	by := count(uses.Articles, "article")
	if uses.Sections > 0 {
		by += " and " + count(uses.Sections, "subsection")
	}
	return newsroom.Errorf(newsroom.CodeInUse, "It is still in use, by %s. Say with replace_with what takes its place.", by)
}

func count(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// gone says that a term is no more. Whatever moved with it, that is one event.
func (t TermDesk[T]) gone(tx *store.Tx, actor newsroom.Actor, what string, old *T, public bool, data map[string]any) error {
	term := t.kind.term(old)
	data["slug"], data["name"] = term.Slug, term.Name
	e, err := newEvent(t.desk.Now(), actor, t.kind.name+"."+what, term.ID, public, data)
	if err != nil {
		return err
	}
	return tx.AppendEvent(&e)
}

// named is how events name a term that they do not tell of.
func named(t *newsroom.Term) map[string]any {
	return map[string]any{"id": t.ID, "slug": t.Slug, "name": t.Name}
}
