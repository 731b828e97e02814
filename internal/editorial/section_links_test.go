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
	"github.com/nashr-cms/nashr/internal/testkit"
)

// TestLinksFollowTheTree moves sections about, replaces some by others, and publishes in them: what readers find in a
// section is always what stands in it and below it.
func TestLinksFollowTheTree(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		number := 0
		rapid.Check(t, func(t *rapid.T) {
			number++
			g := &grove{room: r, name: fmt.Sprint("g", number)}
			for range 4 {
				g.plant(t)
			}
			steps := map[string]func(*rapid.T){"plant": g.plant, "publish": g.publish, "move": g.move, "rename": g.rename, "replace": g.replace}
			names := []string{"plant", "publish", "publish", "move", "move", "rename", "replace"}
			for range rapid.IntRange(3, 10).Draw(t, "steps") {
				steps[rapid.SampledFrom(names).Draw(t, "step")](t)
				g.clock.Advance(time.Minute)
				must(t, testkit.CheckLinks(context.Background(), g.tables))
			}
		})
	})
}

// grove is a newsroom whose sections are moved about.
type grove struct {
	*room
	name     string
	sections []uuid.UUID
	planted  int
}

func (g *grove) one(t *rapid.T) uuid.UUID { return rapid.SampledFrom(g.sections).Draw(t, "section") }

func (g *grove) plant(t *rapid.T) {
	g.planted++
	term := newsroom.Term{Name: fmt.Sprint(g.name, " ", g.planted), Translations: newsroom.Translations{}}
	parent := ""
	if len(g.sections) > 0 && rapid.Bool().Draw(t, "below") {
		parent = g.one(t).String()
	}
	s, err := g.Sections().Create(context.Background(), g.editor, editorial.TermDraft[newsroom.Section]{Value: newsroom.Section{Term: term}, Parent: parent})
	must(t, err)
	g.sections = append(g.sections, s.ID)
}

// publish publishes a new article in a section, and at times another text of it in another section later.
func (g *grove) publish(t *rapid.T) {
	d := draftOf("Of a section")
	d.Section = g.one(t).String()
	s, err := g.CreateArticle(context.Background(), g.editor, d)
	must(t, err)
	_, err = g.Publish(context.Background(), g.editor, s.Article.ID, anyVersion, nil, nil)
	must(t, err)
	if rapid.Bool().Draw(t, "again") {
		d.Section = g.one(t).String()
		_, err = g.SaveArticle(context.Background(), g.editor, s.Article.ID, anyVersion, func(newsroom.Article) (editorial.Draft, error) { return d, nil })
		must(t, err)
		at := g.clock.Now().Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "minutes")) * time.Minute)
		_, err = g.Publish(context.Background(), g.editor, s.Article.ID, anyVersion, &at, nil)
		must(t, err)
	}
}

// change changes a section in a way that may be refused.
func (g *grove) change(t *rapid.T, edit func(*editorial.TermDraft[newsroom.Section])) {
	_, err := g.Sections().Change(context.Background(), g.editor, g.one(t).String(), anyVersion, func(s newsroom.Section) (editorial.TermDraft[newsroom.Section], error) {
		d := editorial.TermDraft[newsroom.Section]{Value: s}
		if s.ParentID != nil {
			d.Parent = s.ParentID.String()
		}
		edit(&d)
		return d, nil
	})
	if err != nil && !newsroom.IsCode(err, newsroom.CodeValidationFailed) {
		t.Fatal(err)
	}
}

func (g *grove) move(t *rapid.T) {
	parent := ""
	if rapid.IntRange(0, 3).Draw(t, "to the top") > 0 {
		parent = g.one(t).String()
	}
	g.change(t, func(d *editorial.TermDraft[newsroom.Section]) { d.Parent = parent })
}

func (g *grove) rename(t *rapid.T) {
	g.change(t, func(d *editorial.TermDraft[newsroom.Section]) { d.Value.Description += "." })
}

func (g *grove) replace(t *rapid.T) {
	old := rapid.IntRange(0, len(g.sections)-1).Draw(t, "old")
	err := g.Sections().Replace(context.Background(), g.editor, g.sections[old].String(), anyVersion, g.one(t).String())
	switch {
	case err == nil:
		g.sections = append(g.sections[:old], g.sections[old+1:]...)
	case !newsroom.IsCode(err, newsroom.CodeInvalidParameter):
		t.Fatal(err)
	}
}
