package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

const events = "/v1/manage/events"

// newest gives the number to go on after to get only what comes.
func (s *server) newest(t *testing.T) string {
	t.Helper()
	a := s.do(t, call{as: editor, path: events + "?after=latest"})
	if len(a.at("data").([]any)) != 0 {
		t.Errorf("after the latest there is %s", a.raw)
	}
	return fmt.Sprint(a.at("meta.last"))
}

// disable ends all that somebody may do.
func (s *server) disable(t *testing.T, who string) {
	t.Helper()
	must(t, s.accounts.Disable(t.Context(), s.users[who].Email))
}

func TestEventsTellWhatHappened(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		after := s.newest(t)
		id := s.write(t, author, object{"title": "Bridge"})
		s.clock.Advance(time.Second)
		s.do(t, call{
			as: editor, method: "PATCH", path: "/v1/manage/articles/" + id, header: map[string]string{"If-Match": "*"},
			body: object{"kicker": "City", "featured": true},
		})
		s.publish(t, id, object{})
		section := s.add(t, "sections", object{"name": "World"})
		a := s.do(t, call{as: editor, path: events + "?after=" + after}).
			is("data.0.type", "article.created").is("data.0.at", "2026-03-06T09:00:00Z").is("data.0.public", false).is("data.0.token_id", nil).
			is("data.0.subject.type", "article").is("data.0.subject.id", id).
			is("data.0.actor.id", s.users[author].ID).is("data.0.actor.name", author).
			is("data.1.type", "article.updated").is("data.1.data.changed", "[kicker featured]").is("data.1.actor.name", editor).is("data.1.data.revision", 2).
			is("data.2.type", "article.published").is("data.2.public", true).
			is("data.3.type", "section.created").is("data.3.subject.type", "section").is("data.3.subject.id", section).is("data.3.data.after.name", "World").
			is("meta.total", nil).is("meta.page", nil).is("meta.next_cursor", nil).is("meta.limit", 20).is("links.next", nil).is("links.prev", nil)
		ids := a.all("id")
		if len(ids) != 4 || ids[3] != fmt.Sprint(a.at("meta.last")) || a.header.Get("Cache-Control") != "no-store" || !strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Accept") {
			t.Errorf("%v %v", ids, a.header)
		}
		s.do(t, call{as: editor, path: events + "?after=" + ids[3]}).is("data", "[]").is("meta.last", ids[3])
		for _, far := range []string{"999999999999999999", "9223372036854775807"} { // of a database that was restored from a copy, say
			s.do(t, call{as: editor, path: events + "?after=" + far}).is("data", "[]").is("meta.last", ids[3])
		}
		if head := s.do(t, call{as: editor, method: "HEAD", path: events + "?after=" + after}); head.header.Get("Content-Length") != strconv.Itoa(len(a.raw)) {
			t.Errorf("HEAD: %v", head.header)
		}
	})
}

func TestEventsInParts(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		after := s.newest(t)
		for n := range 5 {
			s.add(t, "tags", object{"name": fmt.Sprint("Tag ", n)})
		}
		want := s.do(t, call{as: editor, path: events + "?limit=100&after=" + after}).all("id")
		var got []string
		for next := events + "?type=tag.*&limit=2&after=" + after; next != ""; {
			a := s.do(t, call{as: editor, path: next})
			ids := a.all("id")
			got = append(got, ids...)
			a.is("meta.last", ids[len(ids)-1])
			if next, _ = a.at("links.next").(string); next != "" {
				a.is("meta.next_cursor", ids[1])
				if a.header.Get("Link") != "<"+next+`>; rel="next"` {
					t.Errorf("Link is %s", a.header.Get("Link"))
				}
			}
		}
		if len(want) != 5 || !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		s.queries.Store(0)
		s.do(t, call{as: editor, path: events + "?limit=2"})
		few := s.queries.Swap(0)
		s.do(t, call{as: editor, path: events + "?limit=100"})
		if many := s.queries.Load(); many != few {
			t.Errorf("%d queries for two events, %d for many", few, many)
		}
	})
}

func TestWhichEvents(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		after := s.newest(t)
		one := s.write(t, editor, object{"title": "One"})
		s.publish(t, one, object{})
		two := s.write(t, editor, object{"title": "Two", "tags": []object{{"name": "New"}}})
		tag := s.do(t, call{as: editor, path: "/v1/manage/tags/new"}).text("data.id")
		s.disable(t, other)
		last := s.newest(t)
		for query, want := range map[string]string{
			"":                                         "[article.created article.published tag.created article.created]",
			"type=article.*":                           "[article.created article.published article.created]",
			"type=article.published,tag.created":       "[article.published tag.created]",
			"type=article.*&type=-article.published":   "[article.created article.created]",
			"type=-article.*":                          "[tag.created]",
			"type=user.*":                              "[]",
			"type=user.disabled,article.published":     "[article.published]",
			"type=weather.changed":                     "[]",
			"article=" + one:                           "[article.created article.published]",
			"article=" + two + "&type=article.created": "[article.created]",
			"article=" + tag:                           "[]",
			"article=" + uuid.NewString():              "[]",
			"article=" + s.users[other].ID.String():    "[]",
		} {
			a := s.do(t, call{as: editor, path: events + "?after=" + after + "&" + query}).is("meta.last", last)
			if got := fmt.Sprint(a.all("type")); got != want {
				t.Errorf("%s: %s, want %s", query, got, want)
			}
		}
		for query, wrong := range map[string]string{
			"after=-1": "after", "after=x": "after", "after=%2B1": "after", "after=1.5": "after", "after=9223372036854775808": "after", "after=": "after",
			"after=1&after=2": "after", "limit=0": "limit", "limit=101": "limit", "wait=-1": "wait", "wait=61": "wait", "wait=x": "wait",
			"type=": "type", "type=article": "type", "type=*": "type", "type=.*": "type", "type=a.b.c": "type", "type=Article.created": "type",
			"type=article.created,": "type", "article=one": "article", "article=": "article", "page=1": "page", "cursor=x": "cursor", "sort=id": "sort",
		} {
			a := s.do(t, call{as: editor, path: events + "?" + query, status: 400, code: "invalid_parameter"})
			a.is("errors.0.pointer", wrong)
		}
		a := s.do(t, call{as: editor, path: events + "?after=x&limit=0&wait=x&type=x&article=x&y=z", status: 400, code: "invalid_parameter"})
		if n := len(a.at("errors").([]any)); n != 6 {
			t.Errorf("%d errors", n)
		}
	})
}

// What is told of accounts is for admins who are signed in. Nobody else can tell that there is anything.
func TestWhoSeesEventsAboutAccounts(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		after := s.newest(t)
		s.add(t, "tags", object{"name": "Seen"})
		s.disable(t, other)
		a := s.do(t, call{as: admin, path: events + "?after=" + after}).is("data.1.type", "user.disabled").is("data.1.actor", nil).
			is("data.1.subject.type", "user").is("data.1.subject.id", s.users[other].ID)
		if n := len(a.all("id")); n != 2 {
			t.Errorf("an admin sees %d events", n)
		}
		a = s.do(t, call{as: editor, path: events + "?limit=1&after=" + after, hasNot: []string{"user"}})
		a.is("meta.next_cursor", nil).is("meta.last", a.all("id")[0])
		s.do(t, call{as: editor, path: events + "?type=user.disabled"}).is("data", "[]")
	})
}

func TestWaitingForEvents(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		after := s.newest(t)
		s.do(t, call{as: editor, path: events + "?wait=1&after=" + after}).is("data", "[]").is("meta.last", after)
		for _, from := range []string{after, "latest"} {
			var waiting sync.WaitGroup
			r := s.request(t, call{as: editor, path: events + "?wait=60&type=tag.created&after=" + from})
			before := s.queries.Load()
			waiting.Go(func() {
				a := s.send(t, r)
				checkAgainstDocument(t, r, a)
				if fmt.Sprint(a.all("type")) != "[tag.created]" {
					t.Errorf("waited for %s", a.raw)
				}
				a.is("data.0.id", a.at("meta.last"))
			})
			s.untilQueries(t, before+4) // after who it is, and the keys to tell, where the feed ends
			s.add(t, "sections", object{"name": "Of another type " + from})
			s.add(t, "tags", object{"name": "Awaited " + from})
			waiting.Wait()
		}
	})
}

// untilQueries waits until the database was sent so many statements in all.
func (s *server) untilQueries(t *testing.T, n int64) {
	t.Helper()
	wait(t, func() bool { return s.queries.Load() >= n })
}

// wait waits until something is so.
func wait(t *testing.T, so func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-t.Context().Done():
			t.Fatal("it never was")
		}
	}
}

func TestOneEventWakesAll(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		const clients = 200
		path := events + "?wait=60&after=" + s.newest(t)
		var waiting sync.WaitGroup
		before := s.queries.Load()
		for range clients {
			r := s.request(t, call{as: editor, path: path})
			waiting.Go(func() {
				if got := fmt.Sprint(s.send(t, r).all("type")); got != "[tag.created]" {
					t.Errorf("waited for %s", got)
				}
			})
		}
		s.untilQueries(t, before+3*clients)
		s.add(t, "tags", object{"name": "Awaited"})
		waiting.Wait()
	})
}

func TestEventsOfAnotherNodeArrive(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		desk := s.anotherNode(t)
		r := s.request(t, call{as: editor, path: events + "?wait=60&after=" + s.newest(t)})
		var waiting sync.WaitGroup
		before := s.queries.Load()
		waiting.Go(func() {
			if got := fmt.Sprint(s.send(t, r).all("type")); got != "[tag.created]" {
				t.Errorf("waited for %s", got)
			}
		})
		s.untilQueries(t, before+3)
		s.tag(t, desk, "Far")
		waiting.Wait()
	})
}

// anotherNode is a desk of another process on the same database.
func (s *server) anotherNode(t *testing.T) *editorial.Desk {
	t.Helper()
	db, err := store.Open(t.Context(), s.url, s.options.Log)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return &editorial.Desk{Store: db, Languages: s.desk.Languages, Now: s.clock.Now}
}

// tag makes a tag at a desk.
func (s *server) tag(t *testing.T, desk *editorial.Desk, name string) {
	t.Helper()
	_, err := desk.Tags().Create(t.Context(), newsroom.Actor{User: s.users[editor]}, editorial.TermDraft[newsroom.Tag]{
		Value: newsroom.Tag{Term: newsroom.Term{Name: name, Translations: newsroom.Translations{}}},
	})
	if err != nil {
		t.Error(err)
	}
}

// Whoever may not know any more gets nothing, though they began to wait when they might.
func TestThoseWhoWaitAreAskedAgainWhoTheyAre(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for name, lose := range map[string]func(token string){
			"signed out": func(token string) {
				s.do(t, call{method: "POST", path: "/v1/auth/logout", header: bearer(token), status: 204})
			},
			"expired":     func(string) { s.clock.Advance(16 * time.Minute) },
			"not allowed": func(string) { s.setRole(t, editor, newsroom.RoleAuthor) },
			"disabled":    func(string) { s.disable(t, editor) },
		} {
			token, _ := s.signIn(t, editor)
			after := s.newest(t)
			r := s.request(t, call{path: events + "?wait=60&after=" + after, header: bearer(token)})
			var waiting sync.WaitGroup
			before := s.queries.Load()
			waiting.Go(func() {
				a := s.send(t, r)
				if want := map[bool]int{true: 403, false: 401}[name == "not allowed"]; a.status != want || strings.Contains(a.raw, "tag") {
					t.Errorf("%s: %s", name, a.raw)
				}
			})
			s.untilQueries(t, before+3)
			lose(token)
			s.tag(t, s.desk, name)
			waiting.Wait()
			s.restore(t, editor)
		}
	})
}

func (s *server) setRole(t *testing.T, who string, role newsroom.Role) {
	t.Helper()
	u := s.users[who]
	u.Role = role
	must(t, s.store.Write(t.Context(), func(tx *store.Tx) error { return tx.UpdateUser(&u) }))
}

// restore makes somebody what they were.
func (s *server) restore(t *testing.T, who string) {
	t.Helper()
	s.setRole(t, who, s.users[who].Role)
	clear(s.tokens)
}

// An admin who becomes an editor while waiting gets no more of accounts.
func TestARoleThatIsLostCountsAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		after := s.newest(t)
		r := s.request(t, call{as: admin, path: events + "?wait=60&after=" + after})
		var waiting sync.WaitGroup
		before := s.queries.Load()
		waiting.Go(func() {
			if a := s.send(t, r); a.status != http.StatusOK || strings.Contains(a.raw, "user.") {
				t.Errorf("got %s", a.raw)
			}
		})
		s.untilQueries(t, before+3)
		s.setRole(t, admin, newsroom.RoleEditor)
		s.disable(t, other)
		s.tag(t, s.desk, "After")
		waiting.Wait()
	})
}

// Writers on two nodes, some of whose changes fail, and readers over HTTP that wait, stream and break off.
func TestFollowersMissNothing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		const writers, each = 4, 10
		node := s.listen(t, nil)
		after, token := s.newest(t), s.token(t, editor)
		desks := []*editorial.Desk{s.desk, s.desk}
		if !s.store.Embedded() {
			desks[1] = s.anotherNode(t)
		}
		var writing, reading sync.WaitGroup
		polled, streamed := []string{}, []string{}
		reading.Go(func() {
			for at := after; len(polled) < writers*each; {
				a := s.send(t, s.request(t, call{path: events + "?type=tag.*&limit=3&wait=60&after=" + at, header: bearer(token)}))
				polled = append(polled, a.all("id")...)
				at = fmt.Sprint(a.at("meta.last"))
			}
		})
		reading.Go(func() {
			for at := after; len(streamed) < writers*each; {
				stream := node.stream(t, token, "?type=tag.*", at)
				for range min(7, writers*each-len(streamed)) {
					at = stream.event().id
					streamed = append(streamed, at)
				}
				stream.close()
			}
		})
		for w := range writers {
			writing.Go(func() {
				for n := range each {
					s.tag(t, desks[w%2], fmt.Sprintf("Tag %d.%d", w, n))
					_ = desks[w%2].Tags().Delete(t.Context(), newsroom.Actor{User: s.users[editor]}, "none", newsroom.Precondition{Any: true})
				}
			})
		}
		writing.Wait()
		reading.Wait()
		want := s.do(t, call{as: editor, path: events + "?limit=100&type=tag.*&after=" + after}).all("id")
		if !slices.Equal(polled, want) || !slices.Equal(streamed, want) {
			t.Errorf("polled   %v\nstreamed %v\nwant     %v", polled, streamed, want)
		}
	})
}
