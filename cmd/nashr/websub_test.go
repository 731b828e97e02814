package main_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"
)

func TestTheHubIsTold(t *testing.T) {
	eachDatabase(t, func(t *testing.T, database string) {
		calls := make(chan url.Values, 100)
		status := make(chan int, 100) // of the next answers; then all is well
		hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
				t.Errorf("%s, %v", r.Method, err)
			}
			select {
			case code := <-status:
				w.WriteHeader(code)
			default:
				w.WriteHeader(http.StatusNoContent)
			}
			calls <- r.PostForm
		}))
		defer hub.Close()
		told := func() {
			t.Helper()
			select {
			case form := <-calls:
				if form.Get("hub.mode") != "publish" || !slices.Contains(form["hub.url"], "https://api.example/feeds/atom.xml") ||
					!slices.Contains(form["hub.url"], "https://api.example/feeds/rss.xml?full=true&lang=en") {
					t.Errorf("%v", form)
				}
			case <-time.After(patience):
				t.Fatal("nobody told the hub")
			}
		}
		s := serve(t, "NASHR_DATABASE_URL="+database, "NASHR_AUTO_MIGRATE=true", "NASHR_WEBSUB_HUB="+hub.URL, "NASHR_PUBLIC_URL=https://api.example")
		told()
		token := signIn(t, s.url, adminEmail, adminPassword)
		status <- http.StatusInternalServerError
		publishStory(t, s.url, token, "First")
		told()
		told() // once more, since that failed
		if links := (request{path: "/feeds/rss.xml"}).send(t, s.url).header.Values("Link"); len(links) != 2 || links[1] != "<"+hub.URL+`>; rel="hub"` {
			t.Errorf("%v", links)
		}
		create(t, s.url, "/v1/manage/articles", token, map[string]string{"title": "A draft, of which no reader knows"})
		publishStory(t, s.url, token, "Second")
		told()
		if len(calls) > 0 {
			t.Errorf("the hub was told of %d changes too many", len(calls))
		}
		s.stop(t)
	})
}
