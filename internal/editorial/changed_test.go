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
