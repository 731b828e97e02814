package editorial

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/richtext"
	"github.com/nashr-cms/nashr/internal/store"
)

// summaryLength is the longest summary that is made from a body, in characters.
const summaryLength = 200

// Draft is the text of an article as a writer sends it: complete, but with references still to be looked up.
type Draft struct {
	Text    newsroom.Text // without SectionID, AuthorIDs, TagIDs and TranslationGroup; an empty Slug is made from the title
	Section string        // slug or id; empty: none
	Authors []string      // slugs or ids
	Tags    []TagRef
	// TranslationOf is the id, or the slug, of an article that this one translates. Nil keeps what is, empty unlinks.
	TranslationOf *string
	// Invalid is what the sender of the draft has broken already; it is reported together with the rest.
	Invalid []newsroom.FieldError
}

// TagRef names a tag by slug or id, or by a name under which it is made when missing.
type TagRef struct {
	Ref  string
	Name string
}

// CreateArticle makes a draft of actor's own.
func (d *Desk) CreateArticle(ctx context.Context, actor newsroom.Actor, draft Draft) (newsroom.Standing, error) {
	id, err := newID()
	if err != nil {
		return newsroom.Standing{}, err
	}
	var after newsroom.Standing
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		now := d.Now()
		a := newsroom.Article{ID: id, Text: newsroom.Text{TranslationGroup: id}, Version: 1, CreatedBy: actor.ID, CreatedAt: now}
		w := &work{tx: tx, desk: d, actor: actor, now: now, Standing: newsroom.NewStanding(a, nil, now)}
		if err := w.setText(draft); err != nil {
			return err
		}
		if err := w.happened("article.created", false, map[string]any{}); err != nil {
			return err
		}
		if err := tx.CreateArticle(&w.Article, w.revision); err != nil {
			return err
		}
		after = w.Standing
		return tx.AppendEvent(&w.event)
	})
	return after, err
}

// SaveArticle changes the working copy: edit is given the present one and gives the whole new one. A save that changes
// something is a new revision; one that changes nothing is nothing.
func (d *Desk) SaveArticle(ctx context.Context, actor newsroom.Actor, id uuid.UUID, p newsroom.Precondition,
	edit func(newsroom.Article) (Draft, error),
) (newsroom.Standing, error) {
	return d.change(ctx, actor, id, p, actor.CheckSave, func(w *work) error {
		draft, err := edit(w.Article)
		if err != nil {
			return err
		}
		if err := w.setText(draft); err != nil {
			return err
		}
		if w.revision == nil {
			return nil
		}
		return w.happened("article.updated", false, map[string]any{"changed": w.revision.Changed})
	})
}

// setText looks up what the draft refers to, checks it all, and makes it the article's text and next revision.
func (w *work) setText(draft Draft) error {
	t, invalid := draft.Text, draft.Invalid
	more, err := w.resolve(&t, draft)
	if err != nil {
		return err
	}
	invalid = addUnreported(invalid, slices.Concat(t.Check(), slugForm(t.Slug), more))
	if w.PublishedAt != nil && t.Lang != w.Lang {
		invalid = addUnreported(invalid, []newsroom.FieldError{
			{Pointer: "/lang", Code: newsroom.FieldNotAllowed, Detail: "An article that is published or scheduled keeps its language."},
		})
	}
	if len(invalid) > 0 {
		return newsroom.Invalid(invalid)
	}
	if t.Slug, err = w.slug(t); err != nil {
		return err
	}
	complete(&t)
	changed := []string{}
	if w.Revision > 0 {
		if changed = t.Changed(w.Text); len(changed) == 0 {
			return nil
		}
	}
	w.Text = t
	w.revise(changed)
	return nil
}

// complete fills in what follows from the rest of a text.
func complete(t *newsroom.Text) {
	t.WordCount = richtext.WordCount(t.Body)
	if t.AutoSummary = t.AutoSummary || t.Summary == ""; t.AutoSummary {
		t.Summary = richtext.Summary(t.Body, summaryLength)
	}
}

// addUnreported adds to known what more says of places where nothing is known to be wrong yet.
func addUnreported(known, more []newsroom.FieldError) []newsroom.FieldError {
	for _, f := range more {
		if !reported(known, f.Pointer) {
			known = append(known, f)
		}
	}
	return known
}

// reported reports whether something at pointer, or above or below it, is known to be wrong already.
func reported(fields []newsroom.FieldError, pointer string) bool {
	for _, f := range fields {
		if f.Pointer == pointer || strings.HasPrefix(pointer, f.Pointer+"/") || strings.HasPrefix(f.Pointer, pointer+"/") {
			return true
		}
	}
	return false
}

// resolve turns the references of a draft into the ids of t. An unknown one is reported, a missing tag is made.
func (w *work) resolve(t *newsroom.Text, draft Draft) ([]newsroom.FieldError, error) {
	r := resolver{}
	t.AuthorIDs, t.TagIDs, t.TranslationGroup = []uuid.UUID{}, []uuid.UUID{}, w.TranslationGroup
	if draft.Section != "" {
		if s, err := w.tx.Section(draft.Section); r.found("/section", draft.Section, err) {
			t.SectionID = &s.ID
		}
	}
	for i, ref := range draft.Authors {
		pointer := fmt.Sprintf("/authors/%d", i)
		if a, err := w.tx.Author(ref); r.found(pointer, ref, err) {
			t.AuthorIDs = r.add(t.AuthorIDs, a.ID, pointer)
		}
	}
	for i, ref := range draft.Tags {
		pointer := fmt.Sprintf("/tags/%d", i)
		if tag, err := w.tag(ref); r.found(pointer, ref.Ref, err) {
			t.TagIDs = r.add(t.TagIDs, tag.ID, pointer)
		}
	}
	if draft.TranslationOf != nil {
		group, err := w.translationGroup(*draft.TranslationOf, t.Lang)
		if r.found("/translation_of", *draft.TranslationOf, err) {
			t.TranslationGroup = group
		}
	}
	return r.fields, r.err
}

// resolver gathers what goes wrong while references are looked up.
type resolver struct {
	fields []newsroom.FieldError
	err    error
}

// found reports whether a look-up ended without err.
func (r *resolver) found(pointer, ref string, err error) bool {
	switch {
	case newsroom.IsCode(err, newsroom.CodeNotFound):
		r.unknown(pointer, ref)
	case newsroom.IsCode(err, newsroom.CodeValidationFailed): // a tag that cannot be made
		for _, f := range newsroom.FieldsOf(err) {
			r.fields = append(r.fields, newsroom.FieldError{Pointer: pointer + f.Pointer, Code: f.Code, Detail: f.Detail})
		}
	case err != nil && r.err == nil:
		r.err = err
	}
	return err == nil
}

// unknown reports that nothing is called ref.
func (r *resolver) unknown(pointer, ref string) {
	r.fields = append(r.fields, newsroom.FieldError{
		Pointer: pointer, Code: newsroom.FieldUnknownReference, Detail: fmt.Sprintf("There is no %q.", ref),
	})
}

// add appends an id; naming the same thing twice is an error of its own.
func (r *resolver) add(ids []uuid.UUID, id uuid.UUID, pointer string) []uuid.UUID {
	for _, known := range ids {
		if known == id {
			r.fields = append(r.fields, newsroom.FieldError{Pointer: pointer, Code: newsroom.FieldDuplicate, Detail: "This one is named twice."})
			return ids
		}
	}
	return append(ids, id)
}

// tag looks a tag up, and makes the one that is given by name when it is missing. It is gone again if the text is refused.
func (w *work) tag(ref TagRef) (newsroom.Tag, error) {
	if ref.Name == "" {
		return w.tx.ResolveTag(ref.Ref)
	}
	tag, err := w.tx.TagByName(ref.Name)
	if !newsroom.IsCode(err, newsroom.CodeNotFound) {
		return tag, err
	}
	tag = newsroom.Tag{Term: newsroom.Term{Name: strings.TrimSpace(ref.Name), Translations: newsroom.Translations{}}, NameKey: newsroom.FoldName(ref.Name)}
	if err := newsroom.Invalid(tag.Check()); err != nil {
		return tag, err
	}
	return tag, w.desk.Tags().create(w.tx, w.actor, &tag)
}

// translationGroup gives the group of the article that ref names, or for an empty ref one without any other article.
func (w *work) translationGroup(ref, language string) (uuid.UUID, error) {
	if ref == "" {
		return w.groupOfOne()
	}
	id, err := uuid.Parse(ref)
	if err != nil {
		if id, err = w.tx.ArticleID(ref, w.desk.Languages); err != nil {
			return uuid.Nil, err
		}
	}
	other, err := w.tx.Standing(id, w.now)
	if err != nil {
		return uuid.Nil, err
	}
	if _, err := other.SeenBy(w.actor.User); err != nil {
		return uuid.Nil, err
	}
	siblings, err := w.tx.Translations(other.TranslationGroup)
	for _, s := range siblings {
		if s.Lang == language && s.ID != w.Article.ID {
			return uuid.Nil, newsroom.Errorf(newsroom.CodeAlreadyExists, "That article has a translation into %s already.", language)
		}
	}
	return other.TranslationGroup, err
}

// groupOfOne gives the article's group when nothing else is in it, and otherwise a new one.
func (w *work) groupOfOne() (uuid.UUID, error) {
	siblings, err := w.tx.Translations(w.TranslationGroup)
	for _, s := range siblings {
		if s.ID != w.Article.ID {
			return newID()
		}
	}
	return w.TranslationGroup, err
}

// slug gives the slug that t asks for, if it is free, or one made from its title.
func (w *work) slug(t newsroom.Text) (string, error) {
	taken := func(slugs ...string) (map[string]bool, error) {
		return w.tx.ReservedSlugs(t.Lang, w.Article.ID, slugs...)
	}
	if t.Slug != "" {
		return t.Slug, checkSlug(t.Slug, taken)
	}
	base := lang.Slug(t.Title, t.Lang)
	if base == "" {
		base = newsroom.DefaultType + "-" + w.Article.ID.String()[24:] // a type need not be a slug
	}
	return freeSlug(base, taken)
}

// slugForm gives what is wrong with the form of a slug that somebody asks for.
func slugForm(slug string) []newsroom.FieldError {
	if slug == "" || lang.ValidSlug(slug) {
		return nil
	}
	return []newsroom.FieldError{{
		Pointer: "/slug", Code: newsroom.FieldInvalid,
		Detail: "A slug is made of lower-case letters a-z, digits and single hyphens, at most 100, and does not look like an id.",
	}}
}

// checkSlug gives slug_taken when the slug is.
func checkSlug(slug string, taken func(...string) (map[string]bool, error)) error {
	known, err := taken(slug)
	if known[slug] {
		return newsroom.Errorf(newsroom.CodeSlugTaken, "The slug %q is taken.", slug)
	}
	return err
}

// freeSlug gives base, or base-2, base-3 and so on: the first that is not taken. It asks for ever more at once, since a
// headline such as "Weather" may have been used thousands of times.
func freeSlug(base string, taken func(...string) (map[string]bool, error)) (string, error) {
	candidates := []string{base}
	for n := 2; ; {
		known, err := taken(candidates...)
		if err != nil {
			return "", err
		}
		for _, slug := range candidates {
			if !known[slug] {
				return slug, nil
			}
		}
		count := 10 * len(candidates)
		candidates = candidates[:0]
		for range min(count, 1000) {
			candidates = append(candidates, lang.NumberedSlug(base, n))
			n++
		}
	}
}
