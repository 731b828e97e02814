package api_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
)

// while runs change again and again as long as check runs.
func while(change, check func()) {
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				change()
			}
		}
	})
	check()
	close(done)
	wg.Wait()
}

// What an answer says belongs together, however often the article is published and taken back meanwhile.
func TestAnswersAreOfOneState(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"title": "Flicker"})
		ctx, article, force := t.Context(), uuid.MustParse(id), newsroom.Precondition{Any: true}
		toggle := func() {
			if _, err := s.desk.Unpublish(ctx, newsroom.Actor{User: s.users[editor]}, article, force); err != nil {
				t.Error(err)
			}
			if _, err := s.desk.Publish(ctx, newsroom.Actor{User: s.users[editor]}, article, force, nil, nil); err != nil {
				t.Error(err)
			}
			s.clock.Advance(time.Millisecond)
		}
		while(toggle, func() {
			for range 60 {
				a := s.send(t, s.request(t, call{path: "/v1/content/articles?ids=" + id}))
				if total, rows := a.at("meta.total").(float64), len(a.at("data").([]any)); int(total) != rows {
					t.Errorf("total %v with %d rows", total, rows)
				}
			}
		})
	})
}

// A new password ends what the old one opened, also a sign-in that was under way.
func TestANewPasswordEndsEverySignInWithTheOldOne(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		email := s.users[author].Email
		var mu sync.Mutex
		var grants []account.Grant
		login := func() {
			if g, err := s.accounts.Login(t.Context(), account.Credentials{Email: email, Password: password}, account.Client{Address: "192.0.2.9"}); err == nil {
				mu.Lock()
				grants = append(grants, g)
				mu.Unlock()
			}
		}
		while(login, func() { must(t, s.accounts.SetPassword(t.Context(), email, "herons under the bridge")) })
		for _, g := range grants {
			if _, err := s.accounts.Authenticate(t.Context(), g.AccessToken); err == nil {
				t.Error("a session of the old password goes on")
			}
		}
	})
}

func TestGuessingAtAPasswordChangeSlowsDown(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		wrong := call{
			as: author, method: "PUT", path: "/v1/auth/password", status: 422,
			body: object{"current_password": "a wrong password", "new_password": "herons under the bridge"},
		}
		for range 6 {
			s.do(t, wrong)
		}
		wrong.status, wrong.code = http.StatusTooManyRequests, "rate_limited"
		if s.do(t, wrong).header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	})
}

func TestWhatIsForbiddenTellsNoVersion(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"title": "Theirs"})
		path := "/v1/manage/articles/" + id
		for range 3 {
			s.patch(t, "articles/"+id, object{"kicker": s.clock.Advance(time.Second).String()})
		}
		stale := map[string]string{"If-Match": `"999"`}
		for _, c := range []call{
			{method: "PATCH", path: path, body: object{"title": "Mine"}},
			{method: "DELETE", path: path},
			{method: "POST", path: path + "/publish"},
			{method: "POST", path: path + "/unpublish"},
		} {
			c.as, c.header, c.status, c.code = other, stale, 403, "forbidden"
			s.do(t, c)
		}
		s.do(t, call{as: other, path: path}).is("data.version", 1).is("data.revision", 1).is("data.kicker", nil)
	})
}

func TestReadersOfWorkingCopiesSeeLiveTranslations(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		en := s.story(t, object{"title": "River"})
		ru := s.story(t, object{"title": "Река", "lang": "ru", "translation_of": en})
		s.write(t, editor, object{"title": "Daryo", "lang": "uz-Latn", "translation_of": en})
		s.patch(t, "articles/"+ru, object{"slug": "secret-plans"})
		s.do(t, call{as: other, path: "/v1/manage/articles/" + en, hasNot: []string{"uz-Latn", "secret"}}).is("data.translations.0.slug", "reka")
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + en}).is("data.translations.0.slug", "secret-plans").is("data.translations.1.lang", "uz-Latn")
	})
}

// A language that the site has given up hides nothing: what is listed can be read.
func TestWhatIsListedCanBeRead(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"title": "Река", "lang": "ru"})
		s.change(func(o *api.Options) { o.Languages = lang.Set{"en"} })
		s.do(t, call{path: "/v1/content/articles"}).is("data.0.id", id)
		s.do(t, call{path: "/v1/content/articles/" + id}).is("data.lang", "ru")
		s.do(t, call{path: "/v1/content/articles/" + strings.ToUpper(id)}).is("data.lang", "ru")
		s.do(t, call{path: "/v1/content/articles/reka?lang=en", status: 404})
		s.do(t, call{path: "/v1/content/articles/reka?lang=ru", status: 400})
	})
}

// A tag that is made while writing follows the rules of every tag.
func TestATagMadeWhileWritingIsATag(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for name, want := range map[string]string{"\u200b": "/tags/1/name required", "": "/tags/1/name required", strings.Repeat("x", 201): "/tags/1/name too_long"} {
			refused := s.refused(t, call{
				as: editor, method: "POST", path: "/v1/manage/articles", status: 422,
				body: object{"title": "x", "tags": []any{object{"name": "New"}, object{"name": name}}},
			})
			if got := strings.TrimSpace(refused.errors()); got != want {
				t.Errorf("%q: %s, want %s", name, got, want)
			}
		}
		refused := s.refused(t, call{
			as: editor, method: "POST", path: "/v1/manage/articles", status: 422, body: object{"titel": "x", "tags": []any{object{"name": "New"}}},
		})
		if got := refused.errors(); strings.Contains(got, "tags") {
			t.Errorf("a new tag is held against it: %s", got)
		}
	})
}

func TestSmallPrint(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, editor, object{"title": "  Storks \n", "summary": "  ", "body": object{"html": "<p>They are back.</p>"}, "tags": []any{object{"name": "Storks"}}})
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + id}).is("data.title", "Storks").is("data.summary", "They are back.")
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles", body: object{"title": "\u200b\u202e\u3164"}, status: 422, has: []string{`"/title"`}})
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/unpublish", body: object{"zz": 1}, status: 422, has: []string{`"/zz"`}})
		for _, at := range []string{"9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+05:00"} {
			s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/publish", body: object{"at": at}, status: 422, has: []string{`"/at"`}})
		}
		s.do(t, call{path: "/v1/content/articles?page=10001&limit=1", status: 400, has: []string{"cursor"}})
		s.do(t, call{path: "/v1/content/articles?to=9999-12-31T23:59:59.999Z"}).is("meta.total", 0)

		// A change of nothing does not make a tag of a draft public; naming a translation in another case changes it.
		s.patch(t, "tags/storks", object{}).is("data.version", 1)
		s.do(t, call{path: "/v1/content/tags/storks", status: 404})
		s.patch(t, "tags/storks", object{"translations": object{"RU": object{"name": "Аисты"}}}).is("data.translations.ru.name", "Аисты")
		s.do(t, call{path: "/v1/content/tags/storks"}).is("data.article_count", 0)
		s.do(t, call{path: "/v1/content/tags/st%6frks"}).is("data.slug", "storks")
		s.patch(t, "tags/storks", object{"translations": object{"RU": nil}}).is("data.translations", object{})

		s.publish(t, id, object{})
		s.do(t, call{as: editor, path: "/v1/manage/articles?status=draft&status=published"}).is("meta.total", 0)
		s.do(t, call{as: editor, path: "/v1/manage/articles?status=-draft"}).is("meta.total", 1)
		s.do(t, call{path: "/v1/content/articles?ids=-" + id}).is("meta.total", 0)
		for _, path := range []string{"/v1/content/articles", "/v1/content/articles/" + id, "/v1/content/tags", "/v1/content/site"} {
			if got := s.do(t, call{path: path}).header.Get("Last-Modified"); got != "Fri, 06 Mar 2026 09:00:00 GMT" {
				t.Errorf("%s was last modified %q", path, got)
			}
		}
	})
}
