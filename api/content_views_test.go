package api_test

import (
	"strings"
	"testing"
	"time"
)

// view opens an article with a browser of its own.
func (s *server) view(t *testing.T, id, userAgent string) {
	t.Helper()
	s.do(t, call{method: "POST", path: "/v1/content/articles/" + id + "/views", header: map[string]string{"User-Agent": userAgent}, status: 202})
	must(t, s.views.Flush(t.Context()))
}

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

func TestAViewCountsOnceInHalfAnHour(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id, another := s.story(t, object{"title": "Read"}), s.story(t, object{"title": "Read too"})
		path := "/v1/content/articles/" + id
		s.view(t, id, firefox)
		s.view(t, id, firefox)
		s.view(t, another, firefox)
		s.do(t, call{path: path}).is("data.views", 1)
		s.view(t, id, "NewsApp/3 CFNetwork/1410.0.3")
		s.view(t, id, "okhttp/4.12.0")
		s.do(t, call{path: path}).is("data.views", 3)
		for _, bot := range []string{
			"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "bingbot/2.0", "facebookexternalhit/1.1", "WhatsApp/2.23", "Mozilla/5.0 (compatible; YandexBot/3.0)",
		} {
			s.view(t, id, bot)
		}
		s.do(t, call{path: path}).is("data.views", 3)

		s.clock.Advance(30*time.Minute - time.Millisecond)
		s.view(t, id, firefox)
		s.do(t, call{path: path}).is("data.views", 3)
		s.clock.Advance(time.Millisecond)
		s.view(t, id, firefox)
		s.do(t, call{path: path}).is("data.views", 4)
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + id}).is("data.views", 4)
		s.do(t, call{path: "/v1/content/articles?sort=-views"}).is("data.0.id", id).is("data.1.id", another)
	})
}

func TestOnlyWhatIsLiveIsViewed(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		draft := s.write(t, editor, object{"title": "Draft"})
		later := s.write(t, editor, object{"title": "Later"})
		s.publish(t, later, object{"at": s.clock.Now().Add(time.Hour)})
		for _, id := range []string{draft, later, "01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42", "no-id", "draft"} {
			s.do(t, call{method: "POST", path: "/v1/content/articles/" + id + "/views", status: 404, code: "not_found"})
		}
		live := s.story(t, object{"title": "Live"})
		path := "/v1/content/articles/" + live + "/views"
		s.do(t, call{method: "POST", path: path, body: `{"whatever": "a beacon sends"`, status: 202})
		s.do(t, call{method: "POST", path: path + "?again=true", status: 400, code: "invalid_parameter"})
		s.do(t, call{path: path, status: 405, code: "method_not_allowed", foreign: true})
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + live + "/unpublish"})
		must(t, s.views.Flush(t.Context()))
		s.do(t, call{method: "POST", path: path, status: 404})
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + live}).is("data.views", 1) // the visit was when it was live
	})
}

func TestPopularIsOfTheWindow(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "sections", object{"slug": "world", "name": "World"})
		s.add(t, "sections", object{"slug": "europe", "name": "Europe", "parent": "world"})
		old := s.story(t, object{"title": "Old", "section": "europe"})
		fresh := s.story(t, object{"title": "Fresh", "lang": "ru"})
		unseen := s.story(t, object{"title": "Unseen"})
		list := func(query string) string {
			t.Helper()
			return strings.Join(s.do(t, call{path: "/v1/content/popular" + query, hasNot: []string{unseen}}).all("title"), " ")
		}
		same := func(query, want string) {
			t.Helper()
			if got := list(query); got != want {
				t.Errorf("popular%s is %q, want %q", query, got, want)
			}
		}
		for _, who := range []string{"a", "b", "c"} {
			s.view(t, old, firefox+who)
		}
		s.view(t, fresh, firefox)
		for _, window := range []string{"", "?window=1h", "?window=24h", "?window=7d", "?window=30d"} {
			same(window, "Old Fresh")
		}
		s.clock.Advance(time.Hour)
		s.view(t, fresh, firefox)
		must(t, s.views.Age(t.Context()))
		same("?window=1h", "Fresh")
		same("?window=24h", "Old Fresh")
		same("?section=world", "Old")
		same("?section=-world", "Fresh")
		same("?lang=ru", "Fresh")
		same("?limit=1", "Old")
		same("?limit=1&page=2", "Fresh")
		for _, step := range []struct {
			after             time.Duration
			hour, day7, day30 string
		}{
			{24 * time.Hour, "", "Old Fresh", "Old Fresh"}, {6 * 24 * time.Hour, "", "", "Old Fresh"}, {30 * 24 * time.Hour, "", "", ""},
		} {
			s.clock.Advance(step.after)
			must(t, s.views.Age(t.Context()))
			same("?window=1h", step.hour)
			same("?window=7d", step.day7)
			same("?window=30d", step.day30)
		}
		s.do(t, call{path: "/v1/content/articles/" + old}).is("data.views", 3)
		s.do(t, call{path: "/v1/content/popular?window=2h", status: 400, code: "invalid_parameter"}).is("errors.0.pointer", "window")
		s.view(t, old, firefox)
		same("?window=1h", "Old")
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + old + "/unpublish"})
		same("?window=1h", "")
	})
}
