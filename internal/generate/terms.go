package generate

import (
	"context"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// terms are the ids of what articles refer to. They are the same for every seed.
type terms struct {
	sections, authors, tags []uuid.UUID
}

// fillTerms makes the sections, authors and tags that are missing, in one transaction. One that is there already, by its
// slug or a tag by its name, is used as it is.
func fillTerms(ctx context.Context, desk *editorial.Desk, actor newsroom.Actor) (t terms, err error) {
	err = desk.Store.Together(ctx, func(ctx context.Context) error {
		now := desk.Store.Read(ctx)
		for i, s := range sections {
			section := newsroom.Section{Term: newTerm('1', i, s.name), Position: i}
			draft := editorial.TermDraft[newsroom.Section]{Value: section, Parent: s.parent}
			if t.sections, err = add(ctx, desk.Sections(), now.Section, t.sections, actor, draft); err != nil {
				return err
			}
		}
		for i := range Authors {
			author := newsroom.Author{Term: newTerm('2', i, authorName(i)), Links: []newsroom.AuthorLink{}}
			draft := editorial.TermDraft[newsroom.Author]{Value: author}
			if t.authors, err = add(ctx, desk.Authors(), now.Author, t.authors, actor, draft); err != nil {
				return err
			}
		}
		for i := range Tags {
			draft := editorial.TermDraft[newsroom.Tag]{Value: newsroom.Tag{Term: newTerm('3', i, townName(i))}}
			if t.tags, err = add(ctx, desk.Tags(), tagOf(now, draft.Value.Name), t.tags, actor, draft); err != nil {
				return err
			}
		}
		return nil
	})
	return t, err
}

// add appends the id of the term that find finds by the slug of the draft, or else of the new one that is made.
func add[T store.Term](ctx context.Context, desk editorial.TermDesk[T], find func(string) (T, error), ids []uuid.UUID,
	actor newsroom.Actor, draft editorial.TermDraft[T],
) ([]uuid.UUID, error) {
	term, err := find(termOf(draft.Value).Slug)
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		term, err = desk.Create(ctx, actor, draft)
	}
	return append(ids, termOf(term).ID), err
}

func termOf[T store.Term](t T) newsroom.Term {
	switch t := any(t).(type) {
	case newsroom.Section:
		return t.Term
	case newsroom.Author:
		return t.Term
	case newsroom.Tag:
		return t.Term
	}
	return newsroom.Term{}
}

// tagOf finds a tag by its slug, or by name.
func tagOf(q store.Queries, name string) func(string) (newsroom.Tag, error) {
	return func(slug string) (newsroom.Tag, error) {
		t, err := q.ResolveTag(slug)
		if newsroom.IsCode(err, newsroom.CodeNotFound) {
			return q.TagByName(name)
		}
		return t, err
	}
}

// newTerm gives the n-th term of a kind.
func newTerm(kind byte, n int, name word) newsroom.Term {
	return newsroom.Term{
		ID: id(newRand(0, kind, n), epoch), Slug: lang.Slug(name.en, "en"), Name: name.en,
		Translations: newsroom.Translations{
			"uz-Latn": {Name: name.latin}, "uz-Cyrl": {Name: name.cyrillic}, "ru": {Name: name.russian},
		},
	}
}

func authorName(n int) word {
	first, last := firstNames[n%len(firstNames)], lastNames[(n/len(firstNames)+n)%len(lastNames)]
	return word{
		first.en + " " + last.en, first.latin + " " + last.latin, first.cyrillic + " " + last.cyrillic, first.russian + " " + last.russian,
	}
}

// townName gives the name of the n-th town, which is that of the n-th tag.
func townName(n int) word {
	a, b := townBegins[n%len(townBegins)], townEnds[(n/len(townBegins)+n)%len(townEnds)]
	return word{a.en + b.en, a.latin + b.latin, a.cyrillic + b.cyrillic, a.russian + b.russian}
}

// in gives the spelling of w in a language.
func (w word) in(language string) string {
	switch language {
	case "uz-Latn":
		return w.latin
	case "uz-Cyrl":
		return w.cyrillic
	case "ru":
		return w.russian
	}
	return w.en
}
