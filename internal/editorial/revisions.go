package editorial

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// RestoreRevision makes the text of an earlier revision the working copy, as a new revision; not_found when there is none
// of that number. What it refers to and is no more is left out; a slug that another article has taken since gives way to the
// present one. Translations stay as they are. When the working copy has this text already, nothing happens.
func (d *Desk) RestoreRevision(ctx context.Context, actor newsroom.Actor, id uuid.UUID, p newsroom.Precondition, number int) (newsroom.Standing, error) {
	return d.change(ctx, actor, id, p, actor.CheckSave, func(w *work) error {
		r, err := w.tx.Revision(id, number)
		if err != nil {
			return notFound(err, "revision")
		}
		draft, err := w.draftOf(r.Text)
		if err != nil {
			return err
		}
		if err := w.setText(draft); err != nil || w.revision == nil {
			return err
		}
		w.revision.RestoredFrom = &number
		return w.happened("article.updated", false, map[string]any{"changed": w.revision.Changed, "restored_from": number})
	})
}

// draftOf gives a text that the article once had as a draft, with what is left of what it referred to.
func (w *work) draftOf(t newsroom.Text) (Draft, error) {
	if err := w.follow(t.TagIDs); err != nil {
		return Draft{}, err
	}
	terms, err := w.tx.Terms(t)
	if err != nil {
		return Draft{}, err
	}
	draft := Draft{Text: t}
	draft.Text.SectionID = nil
	if t.SectionID != nil && has(terms.Sections, *t.SectionID) {
		draft.Section = t.SectionID.String()
	}
	for _, id := range t.AuthorIDs {
		if has(terms.Authors, id) {
			draft.Authors = append(draft.Authors, id.String())
		}
	}
	for i, id := range t.TagIDs {
		if has(terms.Tags, id) && !slices.Contains(t.TagIDs[:i], id) {
			draft.Tags = append(draft.Tags, TagRef{Ref: id.String()})
		}
	}
	draft.Text.Slug, err = w.firstFree(t.Lang, t.Slug, w.Slug)
	return draft, err
}

// follow puts in place of each tag that was merged into another that other.
func (w *work) follow(tags []uuid.UUID) error {
	into, err := w.tx.MergedTags(tags...)
	for i, id := range tags {
		if other, merged := into[id]; merged {
			tags[i] = other
		}
	}
	return err
}

func has[T any](terms map[uuid.UUID]T, id uuid.UUID) bool {
	_, there := terms[id]
	return there
}

// firstFree gives the first of slugs that this article may have in a language, or "".
func (w *work) firstFree(language string, slugs ...string) (string, error) {
	taken, err := w.tx.ReservedSlugs(language, w.Article.ID, slugs...)
	for _, slug := range slugs {
		if !taken[slug] {
			return slug, err
		}
	}
	return "", err
}
