package editorial_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// However sections, authors and tags are renamed and moved, what readers saw of them at each moment is told.
func TestTheNamesOfThenAreTold(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		l := newNaming(t, r)
		rapid.Check(t, func(t *rapid.T) {
			var moments []time.Time
			var told []string
			for range rapid.IntRange(1, 8).Draw(t, "moments") {
				for range rapid.IntRange(0, 3).Draw(t, "changes") {
					l.change(t)
				}
				moments = append(moments, r.clock.Now())
				told = append(told, l.read(t, r.Store.Live().At(context.Background(), r.clock.Now())))
				r.clock.Advance(time.Second)
			}
			for i, at := range moments {
				if got := l.read(t, r.Store.Read(context.Background()).Past(at)); got != told[i] {
					t.Fatalf("at %v readers saw %s, and are said to have seen %s", at, told[i], got)
				}
			}
		})
	})
}

// naming is a live article with a section, an author and a tag.
type naming struct {
	*room
	sections []string // ids
	author   string
	tag      string
	article  uuid.UUID
}

func newNaming(t *testing.T, r *room) *naming {
	ctx := context.Background()
	n := &naming{room: r}
	for i := range 3 {
		s, err := r.Sections().Create(ctx, r.editor, editorial.TermDraft[newsroom.Section]{Value: newsroom.Section{Term: n.term(fmt.Sprint(i))}})
		must(t, err)
		n.sections = append(n.sections, s.ID.String())
	}
	a, err := r.Authors().Create(ctx, r.editor, editorial.TermDraft[newsroom.Author]{Value: newsroom.Author{Term: n.term("author"), Links: []newsroom.AuthorLink{}}})
	must(t, err)
	tag, err := r.Tags().Create(ctx, r.editor, editorial.TermDraft[newsroom.Tag]{Value: newsroom.Tag{Term: n.term("tag")}})
	must(t, err)
	n.author, n.tag = a.ID.String(), tag.ID.String()
	draft := draftOf("Bridge " + uuid.NewString())
	draft.Section, draft.Authors, draft.Tags = n.sections[0], []string{n.author}, []editorial.TagRef{{Ref: n.tag}}
	s, err := r.CreateArticle(ctx, r.editor, draft)
	must(t, err)
	n.article = s.Article.ID
	_, err = r.Publish(ctx, r.editor, n.article, anyVersion, nil, nil)
	must(t, err)
	return n
}

func (n *naming) term(name string) newsroom.Term {
	return newsroom.Term{Name: name + " " + uuid.NewString(), Translations: newsroom.Translations{"ru": {Name: uuid.NewString()}}}
}

// change renames a term or moves a section.
func (n *naming) change(t *rapid.T) {
	ctx := context.Background()
	var err error
	switch rapid.IntRange(0, 3).Draw(t, "what") {
	case 0:
		_, err = n.Authors().Change(ctx, n.editor, n.author, anyVersion, func(a newsroom.Author) (editorial.TermDraft[newsroom.Author], error) {
			a.Term, a.JobTitle, a.Avatar = n.term("author"), uuid.NewString(), "https://news.example/"+uuid.NewString()
			return editorial.TermDraft[newsroom.Author]{Value: a}, nil
		})
	case 1:
		_, err = n.Tags().Change(ctx, n.editor, n.tag, anyVersion, func(tag newsroom.Tag) (editorial.TermDraft[newsroom.Tag], error) {
			tag.Term = n.term("tag")
			return editorial.TermDraft[newsroom.Tag]{Value: tag}, nil
		})
	default:
		section := rapid.SampledFrom(n.sections).Draw(t, "section")
		parent := rapid.SampledFrom(append([]string{""}, n.sections...)).Draw(t, "parent")
		_, err = n.Sections().Change(ctx, n.editor, section, anyVersion, func(s newsroom.Section) (editorial.TermDraft[newsroom.Section], error) {
			s.Term = n.term("section")
			return editorial.TermDraft[newsroom.Section]{Value: s, Parent: parent}, nil
		})
	}
	if err != nil && !newsroom.IsCode(err, newsroom.CodeValidationFailed) { // a section below itself
		t.Fatalf("%v", err)
	}
}

// read gives all that readers are told of what the article refers to.
func (n *naming) read(t *rapid.T, view store.LiveView) string {
	a, err := view.Article(n.article.String(), "", []string{"en"})
	must(t, err)
	terms, err := view.Terms(a)
	must(t, err)
	section, author, tag := terms.Sections[*a.SectionID], terms.Authors[a.AuthorIDs[0]], terms.Tags[a.TagIDs[0]]
	return fmt.Sprint(newsroom.SectionPath(terms.Sections, *a.SectionID), section.Name, section.Translations,
		author.Slug, author.Name, author.Translations, author.JobTitle, author.Avatar, author.Email, tag.Slug, tag.Name, tag.Translations)
}
