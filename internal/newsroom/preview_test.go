package newsroom_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

func TestWhoMayMakePreviewLinks(t *testing.T) {
	t.Parallel()
	owner := newsroom.Actor{User: newsroom.User{ID: uuid.New(), Role: newsroom.RoleContributor}}
	other := newsroom.Actor{User: newsroom.User{ID: uuid.New(), Role: newsroom.RoleAuthor}}
	editor := newsroom.Actor{User: newsroom.User{ID: uuid.New(), Role: newsroom.RoleEditor}}
	live := publication(1, at(-1), nil)
	article := newsroom.Article{CreatedBy: owner.ID, Revision: 1}
	trashed := article
	trashed.TrashedAt = at(-1)
	for _, c := range []struct {
		who      newsroom.Actor
		standing newsroom.Standing
		code     newsroom.Code
	}{
		{owner, newsroom.Standing{Article: article}, ""},
		{owner, newsroom.Standing{Article: article, Live: &live}, ""},
		{editor, newsroom.Standing{Article: article}, ""},
		{other, newsroom.Standing{Article: article}, newsroom.CodeNotFound},
		{other, newsroom.Standing{Article: article, Live: &live}, newsroom.CodeForbidden},
		{owner, newsroom.Standing{Article: trashed}, newsroom.CodeInvalidTransition},
		{editor, newsroom.Standing{Article: article, Killed: &newsroom.Kill{}}, newsroom.CodeInvalidTransition},
	} {
		if err := c.who.CheckPreview(c.standing); (err != nil || c.code != "") && !newsroom.IsCode(err, c.code) {
			t.Errorf("%s, %s: %v, want %q", c.who.Role, c.standing.Status(), err, c.code)
		}
	}
}

func TestWhatAPreviewShows(t *testing.T) {
	t.Parallel()
	r := newsroom.Revision{Revision: 2, Text: newsroom.Text{Title: "Second"}}
	live := publication(1, at(-3), nil)
	live.UpdatedAt = *at(-2)
	for _, c := range []struct {
		standing           newsroom.Standing
		published, updated time.Time
	}{
		{newsroom.Standing{At: now}, now, now},
		{newsroom.Standing{At: now, Article: newsroom.Article{PublishedAt: at(-9)}}, now, now},
		{newsroom.Standing{At: now, Live: &live}, *at(-3), *at(-2)},
	} {
		p, err := c.standing.Preview(r)
		if err != nil || p.Title != "Second" || p.Revision != 2 || p.PublishedAt != c.published || p.UpdatedAt != c.updated {
			t.Errorf("got %+v, %v", p, err)
		}
	}
	for name, s := range map[string]newsroom.Standing{
		"in the trash":       {Article: newsroom.Article{TrashedAt: at(-1)}},
		"withdrawn for good": {Killed: &newsroom.Kill{Reason: "private"}},
	} {
		if p, err := s.Preview(r); !newsroom.IsCode(err, newsroom.CodeNotFound) || p.Title != "" {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}

// Whatever is asked, a link that is made ends within its time, at a whole second, and shows a revision that there is.
func TestPlannedPreviewLinksKeepTheirLimits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := newsroom.Standing{
			At:      now.Add(time.Duration(rapid.IntRange(0, 999).Draw(t, "ms")) * time.Millisecond),
			Article: newsroom.Article{ID: uuid.New(), Revision: rapid.IntRange(1, 9).Draw(t, "revisions")},
		}
		var r newsroom.PreviewRequest
		if rapid.Bool().Draw(t, "names a revision") {
			n := rapid.IntRange(-1, 11).Draw(t, "revision")
			r.Revision = &n
		}
		if rapid.Bool().Draw(t, "says when") {
			end := s.At.Add(time.Duration(rapid.Int64Range(-2000, newsroom.PreviewLifetime.Milliseconds()+2000).Draw(t, "life")) * time.Millisecond)
			r.ExpiresAt = &end
		}
		if rapid.Bool().Draw(t, "says how long") {
			seconds := rapid.OneOf(rapid.Int(), rapid.IntRange(-1, 2_592_001)).Draw(t, "seconds")
			r.ExpiresIn = &seconds
		}
		link, err := s.PlanPreview(r)
		if err != nil {
			if len(newsroom.FieldsOf(err)) == 0 || r == (newsroom.PreviewRequest{}) {
				t.Fatal(err)
			}
			return
		}
		life := link.ExpiresAt.Sub(s.At)
		if life <= 0 || life > newsroom.PreviewLifetime || link.ExpiresAt.Nanosecond() != 0 {
			t.Fatalf("it lives for %v, until %v", life, link.ExpiresAt)
		}
		if link.Revision < 1 || link.Revision > s.Revision || link.ArticleID != s.ID || !link.CreatedAt.Equal(s.At) {
			t.Fatalf("%+v", link)
		}
	})
}
