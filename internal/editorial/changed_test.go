package editorial_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
)

// changed gives what the last event says has changed.
func (r *room) changed(t *testing.T) []string {
	t.Helper()
	var data struct{ Changed []string }
	must(t, json.Unmarshal(r.events(t, r.lastEvent(t)-1)[0].Data, &data))
	return data.Changed
}

func TestASaveSaysWhatItChanged(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		s, err := r.CreateArticle(t.Context(), r.editor, draftOf("Bridge"))
		must(t, err)
		if got := r.changed(t); got != nil {
			t.Errorf("the first save changed %v", got)
		}
		save := func(edit func(*editorial.Draft)) {
			t.Helper()
			_, err := r.SaveArticle(t.Context(), r.editor, s.Article.ID, anyVersion, func(a newsroom.Article) (editorial.Draft, error) {
				d := draftOf(a.Title)
				edit(&d)
				return d, nil
			})
			must(t, err)
		}
		save(func(d *editorial.Draft) { d.Text.Featured, d.Tags = true, []editorial.TagRef{{Name: "New"}} })
		if got := r.changed(t); !slices.Equal(got, []string{"tags", "featured"}) {
			t.Errorf("the event says %v", got)
		}
		var changed string
		must(t, r.tables.QueryRowContext(t.Context(), "SELECT changed FROM revisions WHERE revision = 2").Scan(&changed))
		if changed != `["tags","featured"]` {
			t.Errorf("the revision says %s", changed)
		}
		last := r.lastEvent(t)
		save(func(d *editorial.Draft) { d.Text.Featured, d.Tags = true, []editorial.TagRef{{Name: "new"}} })
		if got := r.events(t, last); len(got) != 0 {
			t.Errorf("a save of the same left %v", names(got))
		}
	})
}

// told gives the data of the last event as JSON.
func (r *room) told(t *testing.T) string {
	t.Helper()
	return string(r.events(t, r.lastEvent(t)-1)[0].Data)
}

func TestATermsEventTellsWhatReadersSeeOfIt(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		tells := func(want string) {
			t.Helper()
			if got := r.told(t); got != want {
				t.Errorf("the event says\n%s, want\n%s", got, want)
			}
		}
		_, err := r.Sections().Create(ctx, r.editor, editorial.TermDraft[newsroom.Section]{Value: newsroom.Section{
			Term: newsroom.Term{Name: "World", Translations: newsroom.Translations{"ru": {Name: "Мир"}}}, Position: 3,
		}})
		must(t, err)
		tells(`{"after":{"description":"","name":"World","parent_id":null,"position":3,"slug":"world","translations":{"ru":{"name":"Мир"}}},` +
			`"name":"World","slug":"world"}`)
		_, err = r.Sections().Create(ctx, r.editor, editorial.TermDraft[newsroom.Section]{Value: newsroom.Section{
			Term: newsroom.Term{Name: "Asia", Translations: newsroom.Translations{}},
		}})
		must(t, err)
		below, err := r.Sections().Change(ctx, r.editor, "asia", anyVersion, func(s newsroom.Section) (editorial.TermDraft[newsroom.Section], error) {
			s.Slug = "far"
			return editorial.TermDraft[newsroom.Section]{Value: s, Parent: "world"}, nil
		})
		must(t, err)
		tells(`{"after":{"description":"","name":"Asia","parent_id":"` + below.ParentID.String() + `","position":0,"slug":"far","translations":{}},` +
			`"changed":["parent_id","slug"],"name":"Asia","slug":"far"}`)

		_, err = r.Authors().Create(ctx, r.editor, editorial.TermDraft[newsroom.Author]{Value: newsroom.Author{
			Term: newsroom.Term{Name: "Dilnoza", Translations: newsroom.Translations{}}, JobTitle: "editor", Bio: "Writes.", Email: "d@nashr.example",
			Avatar: "https://news.example/d.jpg", Links: []newsroom.AuthorLink{{Label: "Blog", URL: "https://blog.example"}},
		}})
		must(t, err)
		author := `"after":{"avatar":"https://news.example/d.jpg","bio":"Writes.","description":"","job_title":"editor",` +
			`"links":[{"label":"Blog","url":"https://blog.example"}],"name":"Dilnoza","slug":"dilnoza","translations":{}}`
		tells(`{` + author + `,"name":"Dilnoza","slug":"dilnoza"}`)
		_, err = r.Authors().Change(ctx, r.editor, "dilnoza", anyVersion, func(a newsroom.Author) (editorial.TermDraft[newsroom.Author], error) {
			a.Email = "dilnoza@nashr.example"
			return editorial.TermDraft[newsroom.Author]{Value: a}, nil
		})
		must(t, err)
		tells(`{` + author + `,"changed":["email"],"name":"Dilnoza","slug":"dilnoza"}`)

		must(t, r.Authors().Delete(ctx, r.editor, "dilnoza", anyVersion))
		tells(`{"name":"Dilnoza","replaced_by":null,"slug":"dilnoza"}`)
		_, err = r.CreateArticle(ctx, r.editor, editorial.Draft{Text: draftOf("Bridge").Text, Tags: []editorial.TagRef{{Name: "New"}}})
		must(t, err)
		made := r.events(t, r.lastEvent(t)-2)[0]
		if want := `{"after":{"description":"","name":"New","slug":"new","translations":{}},"name":"New","slug":"new"}`; string(made.Data) != want || made.Public {
			t.Errorf("a tag that was made on the way: public %v, %s", made.Public, made.Data)
		}
		_, err = r.Tags().Change(ctx, r.editor, "new", anyVersion, func(tag newsroom.Tag) (editorial.TermDraft[newsroom.Tag], error) {
			tag.Description = "What is new."
			return editorial.TermDraft[newsroom.Tag]{Value: tag}, nil
		})
		must(t, err)
		tells(`{"after":{"description":"What is new.","name":"New","slug":"new","translations":{}},"changed":["description"],"name":"New","slug":"new"}`)
	})
}
