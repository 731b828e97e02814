package api_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// preview makes a preview link as somebody.
func (s *server) preview(t *testing.T, who, id string, ask object) answer {
	t.Helper()
	return s.do(t, call{as: who, method: "POST", path: "/v1/manage/articles/" + id + "/preview-links", body: ask, status: 201})
}

// unseen opens a preview that cannot be had, which must look like any other such.
func (s *server) unseen(t *testing.T, token string) {
	t.Helper()
	want := s.do(t, call{path: "/v1/preview/x", status: 404, code: "not_found"}).without("request_id", "instance")
	if got := s.do(t, call{path: "/v1/preview/" + token, status: 404}).without("request_id", "instance"); got != want {
		t.Errorf("%s differs from %s", got, want)
	}
}

func TestAPreviewShowsOneRevision(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		newPlace(t, s)
		id := s.write(t, contributor, object{"title": "First", "section": "world", "body": object{"markdown": "**One.**"}})
		link := s.preview(t, contributor, id, object{})
		token := link.text("data.token")
		link.is("data.url", publicURL+"/v1/preview/"+token).is("data.revision", 1).is("data.created_by.name", contributor).
			is("data.created_at", "2026-03-06T09:00:00Z").is("data.expires_at", "2026-03-07T09:00:00Z")
		s.patch(t, "articles/"+id, object{"title": "Second", "body": object{"markdown": "Two."}})
		s.patch(t, "sections/world", object{"name": "The World"})

		for _, method := range []string{http.MethodGet, http.MethodHead} {
			header := s.do(t, call{method: method, path: "/v1/preview/" + token}).header
			for name, want := range map[string]string{
				"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer", "ETag": "", "Last-Modified": "",
			} {
				if got := header.Get(name); got != want {
					t.Errorf("%s: %s is %q", method, name, got)
				}
			}
		}
		s.do(t, call{path: "/v1/preview/" + token}).is("data.title", "First").is("data.body.html", "<p><strong>One.</strong></p>").
			is("data.section.name", "The World").is("data.published_at", "2026-03-06T09:00:00Z")
		s.do(t, call{path: "/v1/preview/" + token + "?format=markdown,text&fields=slug,body"}).
			is("data", map[string]any{"slug": "first", "body": map[string]any{"markdown": "**One.**\n", "text": "One."}})
		second := s.preview(t, editor, id, object{"revision": 2})
		s.do(t, call{path: "/v1/preview/" + second.text("data.token")}).is("data.title", "Second")
		s.preview(t, editor, id, object{"revision": 1, "expires_in": nil}).is("data.revision", 1)
		if a := s.do(t, call{path: "/v1/preview/" + token + "?lang=en&format=pdf", status: 400}); a.errors() != "format invalid_value\nlang unknown_field\n" {
			t.Error(a.errors())
		}
		if a := s.do(t, call{path: "/v1/preview/x", status: 404}); a.header.Get("X-Robots-Tag") != "noindex" {
			t.Error("a refusal may be indexed")
		}
	})
}

func TestAPreviewIsWhatReadersWillGet(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		newPlace(t, s)
		ru := s.story(t, object{"title": "Дождь", "lang": "ru"})
		s.write(t, editor, object{"title": "Yomgʻir", "lang": "uz-Latn", "translation_of": ru}) // which no reader sees
		id := s.write(t, author, object{
			"title": "It rains again", "kicker": "Weather", "subtitle": "And again", "body": object{"html": "<h2>Rain</h2><p>More &amp; more.</p>"},
			"section": "world", "authors": []string{"ann"}, "tags": []any{"rain", object{"name": "Snow"}}, "type": "opinion", "featured": true,
			"breaking": true, "seo": object{"title": "Rain", "no_index": true}, "custom": object{"mm": 12.5}, "translation_of": ru,
		})
		token := s.preview(t, author, id, object{}).text("data.token")
		const formats = "?format=html,blocks,markdown,text"
		without := func(a answer) object {
			data := a.at("data").(object)
			delete(data, "published_at")
			delete(data, "updated_at")
			ld := data["seo"].(object)["json_ld"].(object)
			delete(ld, "datePublished")
			delete(ld, "dateModified")
			return data
		}
		before := without(s.do(t, call{path: "/v1/preview/" + token + formats}))
		s.clock.Advance(time.Minute)
		s.publish(t, id, object{})
		s.patch(t, "articles/"+id, object{"title": "It rained"})
		s.clock.Advance(time.Minute)
		if after := without(s.do(t, call{path: "/v1/content/articles/" + id + formats})); !reflect.DeepEqual(before, after) {
			t.Errorf("the preview was %v\nreaders got     %v", before, after)
		}
		live := s.do(t, call{path: "/v1/content/articles/" + id})
		if now := s.do(t, call{path: "/v1/preview/" + token}); now.raw != live.raw {
			t.Errorf("the preview is %s\nreaders get    %s", now.raw, live.raw)
		}
	})
}

func TestWhereAPreviewLinkEnds(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, author, object{"title": "Storks"})
		s.clock.Advance(300 * time.Millisecond)
		for _, c := range []struct {
			ask   object
			until string
		}{
			{object{"expires_in": 1}, "2026-03-06T09:00:01Z"},
			{object{"expires_at": "2026-03-06T14:30:00.999+05:00"}, "2026-03-06T09:30:00Z"},
			{object{"expires_in": 2592000}, "2026-04-05T09:00:00Z"},
			{object{"expires_at": "2026-04-05T09:00:00.300Z"}, "2026-04-05T09:00:00Z"},
		} {
			link := s.preview(t, author, id, c.ask)
			link.is("data.expires_at", c.until)
			until, err := time.Parse(time.RFC3339, c.until)
			must(t, err)
			made := s.clock.Now()
			s.clock.Set(until.Add(-time.Millisecond))
			s.do(t, call{path: "/v1/preview/" + link.text("data.token")})
			s.clock.Set(until)
			s.unseen(t, link.text("data.token"))
			s.do(t, call{as: author, method: "DELETE", path: "/v1/manage/articles/" + id + "/preview-links/" + link.text("data.id"), status: 404})
			s.clock.Set(made)
		}
	})
}

func TestADeletedPreviewLinkShowsNothing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, author, object{"title": "Storks"})
		kept, taken := s.preview(t, author, id, object{}), s.preview(t, editor, id, object{})
		path := "/v1/manage/articles/" + id + "/preview-links/"
		elsewhere := "/v1/manage/articles/" + s.write(t, author, object{"title": "Herons"}) + "/preview-links/"
		var wg sync.WaitGroup
		gone := make(chan int, 4)
		for range cap(gone) {
			r := s.request(t, call{as: author, method: "DELETE", path: path + taken.text("data.id")})
			wg.Go(func() { gone <- s.send(t, r).status })
		}
		wg.Wait()
		close(gone)
		if got := slices.Sorted(func(yield func(int) bool) {
			for status := range gone {
				yield(status)
			}
		}); !slices.Equal(got, []int{204, 404, 404, 404}) {
			t.Errorf("deleted at once: %v", got)
		}
		s.unseen(t, taken.text("data.token"))
		for _, link := range []string{elsewhere + kept.text("data.id"), path + uuid.NewString(), path + "x", path + "{" + kept.text("data.id") + "}"} {
			s.refused(t, call{as: author, method: "DELETE", path: link, status: 404, code: "not_found"})
		}
		s.do(t, call{path: "/v1/preview/" + kept.text("data.token")})

		force := map[string]string{"If-Match": "*"}
		s.do(t, call{as: author, method: "DELETE", path: "/v1/manage/articles/" + id, header: force, status: 204})
		s.unseen(t, kept.text("data.token"))
		s.refused(t, call{as: author, method: "POST", path: "/v1/manage/articles/" + id + "/preview-links", status: 409, code: "invalid_transition"})
		s.do(t, call{as: author, method: "DELETE", path: path + kept.text("data.id"), status: 204})
	})
}

func TestWhatNoPreviewLinkMayAsk(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, author, object{"title": "Storks"})
		now := s.clock.Now()
		for want, asks := range map[string][]object{
			"/revision unknown_reference":                           {{"revision": 0}, {"revision": -1}, {"revision": 2}, {"revision": 1 << 40}},
			"/expires_in out_of_range":                              {{"expires_in": 0}, {"expires_in": -5}, {"expires_in": 2592001}, {"expires_in": 1 << 50}},
			"/expires_at out_of_range":                              {{"expires_at": now}, {"expires_at": now.AddDate(0, 0, -1)}, {"expires_at": now.AddDate(0, 0, 30).Add(time.Millisecond)}, {"expires_at": "9999-01-01T00:00:00Z"}},
			"/expires_in not_allowed":                               {{"expires_in": 5, "expires_at": now.Add(time.Hour)}},
			"/revision unknown_reference\n/expires_in out_of_range": {{"revision": 9, "expires_in": 0}},
			"/expires_at invalid_value\n/expires_in wrong_type\n/revision wrong_type\n/token unknown_field": {{"revision": "1", "expires_at": "soon", "expires_in": 1.5, "token": "x"}},
		} {
			for _, ask := range asks {
				a := s.refused(t, call{as: author, method: "POST", path: "/v1/manage/articles/" + id + "/preview-links", body: ask, status: 422, code: "validation_failed"})
				got := strings.Split(strings.TrimSpace(a.errors()), "\n")
				if !slices.Equal(sorted(got), sorted(strings.Split(want, "\n"))) {
					t.Errorf("%v: %v", ask, got)
				}
			}
		}
	})
}

func TestOthersArticlesHaveNoPreviewLinks(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		x := newSecrets(t, s)
		for _, id := range append([]string{x.live}, x.hidden[0]) {
			link := s.preview(t, other, id, object{}).text("data.id")
			status, code := 404, "not_found"
			if id == x.live {
				status, code = 403, "forbidden"
			}
			path := "/v1/manage/articles/" + id + "/preview-links"
			for _, who := range []string{contributor, author} {
				s.refused(t, call{as: who, method: "POST", path: path, status: status, code: code})
				s.refused(t, call{as: who, path: path, status: status, code: code})
				s.refused(t, call{as: who, method: "DELETE", path: path + "/" + link, status: status, code: code})
			}
			s.preview(t, editor, id, object{})
			s.do(t, call{as: other, path: path}).is("meta.total", 2)
		}
		for _, id := range []string{uuid.NewString(), "x"} {
			path := "/v1/manage/articles/" + id + "/preview-links"
			s.refused(t, call{as: editor, method: "POST", path: path, status: 404, code: "not_found"})
			s.refused(t, call{as: editor, path: path, status: 404, code: "not_found"})
			s.refused(t, call{as: editor, method: "DELETE", path: path + "/" + uuid.NewString(), status: 404, code: "not_found"})
		}
	})
}

func TestListOfPreviewLinks(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, author, object{"title": "Storks"})
		path := "/v1/manage/articles/" + id + "/preview-links"
		before := s.do(t, call{as: author, path: "/v1/manage/articles/" + id})
		made := []string{}
		for i, who := range []string{author, editor, author, author} {
			link := s.preview(t, who, id, object{"expires_in": 3600 * (10 - i)})
			made = append([]string{link.text("data.id")}, made...)
			s.clock.Advance(time.Second)
		}
		brief := s.preview(t, author, id, object{"expires_in": 1})
		s.clock.Advance(time.Second)
		all := s.do(t, call{as: author, path: path, hasNot: []string{"token", "preview/", brief.text("data.id")}})
		all.is("meta.total", 4).is("data.2.created_by.name", editor).is("data.2.revision", 1)
		if got := all.all("id"); !slices.Equal(got, made) {
			t.Errorf("%v, want %v", got, made)
		}
		if got := s.do(t, call{as: author, path: path + "?sort=expires_at"}).all("id"); !slices.Equal(got, made) {
			t.Errorf("by end: %v, want %v", got, made)
		}
		for _, direction := range []string{"page=1&limit=3", "limit=1"} {
			next, got := path+"?"+direction, []string{}
			for next != "" {
				a := s.do(t, call{as: author, path: next})
				got = append(got, a.all("id")...)
				if next = ""; a.at("meta.next_cursor") != nil {
					next = path + "?limit=1&cursor=" + a.text("meta.next_cursor")
				}
			}
			if !slices.Equal(got, made) {
				t.Errorf("%s: %v, want %v", direction, got, made)
			}
		}
		s.do(t, call{as: author, path: path + "?sort=revision", status: 400})
		if after := s.do(t, call{as: author, path: "/v1/manage/articles/" + id}); after.raw != before.raw {
			t.Errorf("the article has changed: %s", after.raw)
		}

		must(t, s.desk.Tidy(t.Context()))
		kept, err := s.store.Read(t.Context()).PreviewLinks(uuid.MustParse(id), store.Page{Limit: 9}, s.clock.Now().Add(-time.Hour))
		must(t, err)
		if len(kept.Items) != 4 {
			t.Errorf("%d links are kept", len(kept.Items))
		}
	})
}

func TestPreviewLinksLeaveATrail(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, author, object{"title": "Storks"})
		link := s.preview(t, editor, id, object{})
		s.do(t, call{as: author, method: "DELETE", path: "/v1/manage/articles/" + id + "/preview-links/" + link.text("data.id"), status: 204})
		events, err := s.store.Read(t.Context()).Events(0, 1000)
		must(t, err)
		events = events[len(events)-2:]
		for i, want := range []struct{ what, who string }{{"article.preview_link_created", editor}, {"article.preview_link_deleted", author}} {
			e := events[i]
			if e.Type != want.what || e.Public || e.SubjectID.String() != id || *e.ActorID != s.users[want.who].ID {
				t.Errorf("got %+v, want %+v", e, want)
			}
			if data := string(e.Data); !strings.Contains(data, link.text("data.id")) || strings.Contains(data, link.text("data.token")) {
				t.Errorf("%s says %s", e.Type, data)
			}
		}
	})
}

func TestPreviewTokensAreNoAccessTokens(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, editor, object{"title": "Storks"})
		token := s.preview(t, editor, id, object{}).text("data.token")
		s.me(t, token, 401)
		access, refresh := s.signIn(t, editor)
		s.unseen(t, access)
		s.unseen(t, refresh)

		parts := strings.Split(token, ".")
		queries := s.queries.Load()
		for _, forged := range []string{
			access, "x", "..", token + "x", parts[0] + "." + parts[1] + ".", parts[0] + "." + parts[1] + "." + strings.Repeat("A", 86),
			parts[0] + ".e30." + parts[2], strings.Repeat("a", 5000), token + "%0a", "%00", "%ff",
		} {
			s.do(t, call{path: "/v1/preview/" + forged, status: 404})
		}
		if n := s.queries.Load() - queries; n != 0 {
			t.Errorf("forged tokens cost %d queries", n)
		}
		s.do(t, call{path: "/v1/preview/" + token})
	})
}

// A genuine signature is not enough: what was signed must be a link that there is.
func TestPreviewTokensNeedTheirLink(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, editor, object{"title": "Storks"})
		s.patch(t, "articles/"+id, object{"title": "More storks"})
		made := s.preview(t, editor, id, object{})
		link := newsroom.PreviewLink{
			ID: uuid.MustParse(made.text("data.id")), ArticleID: uuid.MustParse(id), Revision: 2,
			CreatedAt: s.clock.Now(), ExpiresAt: s.clock.Now().Add(time.Hour),
		}
		sign := func(change func(*newsroom.PreviewLink)) string {
			l := link
			change(&l)
			token, err := s.accounts.SignPreview(t.Context(), l)
			must(t, err)
			return token
		}
		s.do(t, call{path: "/v1/preview/" + sign(func(*newsroom.PreviewLink) {})})
		s.unseen(t, sign(func(l *newsroom.PreviewLink) { l.ID = uuid.New() }))
		s.unseen(t, sign(func(l *newsroom.PreviewLink) { l.ArticleID = uuid.New() }))
		s.unseen(t, sign(func(l *newsroom.PreviewLink) { l.Revision = 1 }))
		stretched := sign(func(l *newsroom.PreviewLink) { l.ExpiresAt = l.CreatedAt.Add(newsroom.PreviewLifetime) })
		s.clock.Advance(24 * time.Hour)
		s.unseen(t, stretched)
	})
}

func TestPreviewLinksOutliveTheKeyThatSignedThem(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, editor, object{"title": "Storks"})
		day := 24 * time.Hour
		s.clock.Advance(auth.KeyLifetime - time.Minute)
		token := s.preview(t, editor, id, object{"expires_in": 2592000}).text("data.token")
		access, _ := s.signIn(t, editor)
		end := s.clock.Now().Add(newsroom.PreviewLifetime)
		for _, at := range []time.Duration{-29 * day, -15 * day, -time.Hour, -time.Millisecond} {
			s.clock.Set(end.Add(at))
			s.signIn(t, editor)
			s.do(t, call{path: "/v1/preview/" + token})
		}
		s.me(t, access, 401)
		if n := len(s.published(t)); n != 1 {
			t.Errorf("%d keys are published", n)
		}
		s.change(func(o *api.Options) { o.Accounts = account.New(s.store, publicURL, s.clock.Now) })
		s.do(t, call{path: "/v1/preview/" + token}) // also after a restart
		s.clock.Set(end)
		s.unseen(t, token)
		s.clock.Advance(auth.KeyAnnounce + auth.KeyOverlap)
		s.signIn(t, editor)
		s.do(t, call{path: "/.well-known/jwks.json"})
		keys, err := s.store.Read(t.Context()).SigningKeys()
		must(t, err)
		if len(keys) != 2 { // the first one is gone by now
			t.Errorf("%d keys are kept", len(keys))
		}
	})
}

func TestLogsKeepNoPreviewToken(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, editor, object{"title": "Storks"})
		token := s.preview(t, editor, id, object{}).text("data.token")
		var log bytes.Buffer
		s.change(func(o *api.Options) {
			o.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		})
		path := "/v1/preview/" + token
		for _, c := range []call{
			{path: path},
			{method: "HEAD", path: path},
			{path: path + "?fields=title"},
			{path: path + "?x=y", status: 400},
			{method: "POST", path: path, status: 405, foreign: true},
			{path: path + "/", status: 404, foreign: true},
			{path: path + "/x", status: 404, foreign: true},
			{path: "/v1/%70review/" + token, status: 404, foreign: true},
			{path: "/api/v1/preview/" + token, status: 404, foreign: true},
		} {
			s.do(t, c)
		}
		if n := strings.Count(log.String(), fmt.Sprintf("%q:%q", "path", "/v1/preview/:token")); n != 8 {
			t.Errorf("%d of 8 requests are logged by their route", n)
		}
		if strings.Contains(log.String(), token) {
			t.Errorf("the token is in %s", log.String())
		}
	})
}
