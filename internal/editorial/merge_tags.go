package editorial

import (
	"context"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// MergeTag makes two tags one: it puts into, a slug or id, in the place of the tag of that ref, and gives the tag that
// stays. Its own fields stay as they were, and so do its words in other languages. The slug, the id and the name of the
// tag that is gone find it from then on, and nobody else may take them.
func (d *Desk) MergeTag(ctx context.Context, actor newsroom.Actor, ref string, p newsroom.Precondition, into string) (newsroom.Tag, error) {
	var target newsroom.Tag
	t := d.Tags()
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		tag, err := t.load(tx, ref, p)
		if err != nil {
			return err
		}
		by, broken, err := t.replacement(tx, tag, into, "/into")
		if err != nil {
			return err
		}
		if err := newsroom.Invalid(broken); err != nil {
			return err
		}
		moved, err := store.MergeTag(tx, tag.ID, by.ID, d.Now())
		if err != nil {
			return err
		}
		if err := d.replaceReferences(tx, actor, tag.ID, by.ID); err != nil {
			return err
		}
		data := map[string]any{"into": named(&by.Term), "articles": moved.Articles, "publications": moved.Publications}
		if err := t.happened(tx, actor, "merged", &tag, true, d.Now(), data); err != nil {
			return err
		}
		target, err = tx.Tag(by.ID.String())
		return err
	})
	return target, err
}

// checkTagName gives already_exists when a tag that was merged into another had this name.
func checkTagName(tx *store.Tx, t newsroom.Tag) error {
	other, err := tx.TagByName(t.Name)
	switch {
	case newsroom.IsCode(err, newsroom.CodeNotFound):
		return nil
	case err == nil && other.ID != t.ID:
		return newsroom.Errorf(newsroom.CodeAlreadyExists, "The tag %q has this name, or took it over.", other.Slug)
	}
	return err
}
