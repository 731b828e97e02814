package api_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// editing gives who is in an article, as the admin sees it without entering.
func (s *server) editing(t *testing.T, id string) []string {
	t.Helper()
	names := []string{}
	for _, present := range s.do(t, call{as: admin, path: "/v1/manage/articles/" + id + "/editing"}).at("data.editing").([]any) {
		names = append(names, present.(object)["user"].(object)["name"].(string))
	}
	return names
}

// enter notes that somebody is in an article.
func (s *server) enter(t *testing.T, who, id string) answer {
	t.Helper()
	return s.do(t, call{as: who, method: "POST", path: "/v1/manage/articles/" + id + "/editing"})
}

func TestWhoIsEditing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, author, object{"title": "Storks"})
		at := func(want ...string) {
			t.Helper()
			if got := s.editing(t, id); !slices.Equal(got, want) {
				t.Errorf("%v are there, want %v", got, want)
			}
		}
		at()
		s.enter(t, author, id).is("data.editing.0.user.name", author).is("data.editing.0.user.id", s.users[author].ID).is("data.editing.0.me", true).
			is("data.editing.0.since", "2026-03-06T09:00:00Z").is("data.editing.0.until", "2026-03-06T09:01:00Z")
		s.clock.Advance(40 * time.Second)
		s.enter(t, editor, id).is("data.editing.0.me", false).is("data.editing.1.user.name", editor).is("data.editing.1.me", true)
		at(author, editor)
		s.enter(t, author, id).is("data.editing.0.since", "2026-03-06T09:00:00Z").is("data.editing.0.until", "2026-03-06T09:01:40Z")
		at(author, editor) // who is there in two windows is there once
		s.clock.Set(time.Date(2026, 3, 6, 9, 1, 39, 999e6, time.UTC))
		at(author, editor)
		s.clock.Advance(time.Millisecond)
		at()
		s.enter(t, author, id).is("data.editing.0.since", "2026-03-06T09:01:40Z")
		leave := call{as: editor, method: "DELETE", path: "/v1/manage/articles/" + id + "/editing", status: 204}
		s.do(t, leave)
		at(author)
		s.enter(t, editor, id)
		leave.as = author
		s.do(t, leave)
		s.do(t, leave)
		at(editor)
		if elsewhere := s.editing(t, s.write(t, author, object{"title": "Herons"})); len(elsewhere) != 0 {
			t.Errorf("%v are in another article", elsewhere)
		}
		s.do(t, call{as: author, method: "POST", path: leave.path, body: object{"until": "later"}, status: 422})
		s.do(t, call{as: author, method: "POST", path: leave.path + "?for=1", status: 400})

		s.clock.Advance(newsroom.EditingLifetime)
		s.enter(t, author, id)
		must(t, s.desk.Tidy(t.Context()))
		rows, err := s.store.Read(t.Context()).Editing(uuid.MustParse(id), time.Time{})
		must(t, err)
		if len(rows) != 1 || rows[0].UserID != s.users[author].ID {
			t.Errorf("kept are %+v", rows)
		}
	})
}

func TestEditingBlocksAndChangesNothing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, author, object{"title": "Storks"})
		before := s.everything(t)
		tag := s.do(t, call{as: author, path: "/v1/manage/articles/" + id}).header.Get("ETag")
		s.token(t, editor)
		s.token(t, author)
		var wg sync.WaitGroup
		for i := range 8 {
			r := s.request(t, call{as: []string{author, editor}[i%2], method: "POST", path: "/v1/manage/articles/" + id + "/editing"})
			wg.Go(func() {
				if a := s.send(t, r); a.status != 200 {
					t.Errorf("at once: %s", a.raw)
				}
			})
		}
		wg.Wait()
		if got := sorted(s.editing(t, id)); !slices.Equal(got, []string{author, editor}) {
			t.Errorf("%v are there", got)
		}
		if s.everything(t) != before {
			t.Error("something has changed")
		}
		s.do(t, call{as: author, method: "PATCH", path: "/v1/manage/articles/" + id, body: object{"title": "Herons"}, header: map[string]string{"If-Match": tag}})
		if s.store.Embedded() {
			return // where all writing goes through one connection
		}
		must(t, s.store.Write(t.Context(), func(*store.Tx) error {
			s.enter(t, author, id) // waits for nobody
			return nil
		}))
	})
}

func TestOthersArticlesShowNobody(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		x := newSecrets(t, s)
		for id, status := range map[string]int{x.live: 403, x.hidden[0]: 404, uuid.NewString(): 404, "x": 404} {
			for _, who := range []string{contributor, author} {
				for _, method := range []string{"GET", "POST", "DELETE"} {
					s.do(t, call{as: who, method: method, path: "/v1/manage/articles/" + id + "/editing", status: status})
				}
			}
		}
		for _, id := range []string{x.live, x.hidden[0]} {
			s.enter(t, other, id)
			if got := s.editing(t, id); !slices.Equal(got, []string{other}) {
				t.Errorf("%v are there", got)
			}
		}
	})
}
