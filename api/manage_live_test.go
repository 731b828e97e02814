package api_test

import (
	"encoding/json"
	"net/url"
	"reflect"
	"testing"
	"time"
)

// witness keeps what readers were served of some articles, to hold it against what the desk says afterwards.
type witness struct {
	*server
	articles []string
	seen     []sight
}

// sight is an article as readers saw it at a moment: nil when they saw nothing.
type sight struct {
	at      time.Time
	article string
	data    any
}

// look notes what readers see of each article now, and lets the clock go on.
func (w *witness) look(t *testing.T) {
	t.Helper()
	for _, id := range w.articles {
		a := w.send(t, w.request(t, call{path: "/v1/content/articles/" + id + "?format=html,blocks,text"}))
		seen := sight{at: w.clock.Now(), article: id}
		if a.status == 200 {
			seen.data = a.at("data")
		}
		w.seen = append(w.seen, seen)
	}
	w.clock.Advance(time.Minute)
}

// check asks for each moment what readers saw.
func (w *witness) check(t *testing.T) {
	t.Helper()
	for _, s := range w.seen {
		path := "/v1/manage/articles/" + s.article + "/live?format=html,blocks,text&as_of=" + s.at.Format(time.RFC3339Nano)
		if s.data == nil {
			w.do(t, call{as: editor, path: path, status: 404, code: "not_found"})
			continue
		}
		if got := w.do(t, call{as: editor, path: path}).at("data"); !reflect.DeepEqual(got, s.data) {
			now, _ := json.Marshal(got)
			then, _ := json.Marshal(s.data)
			t.Errorf("at %v readers saw\n%s\nand not\n%s", s.at, then, now)
		}
	}
}

func TestWhatReadersSawIsToldForEver(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		force := map[string]string{"If-Match": "*"}
		world := s.add(t, "sections", object{"name": "World", "translations": object{"ru": object{"name": "Мир"}}})
		asia := s.add(t, "sections", object{"name": "Asia", "parent": world})
		far := s.add(t, "sections", object{"name": "Far"})
		tag := s.add(t, "tags", object{"name": "Bridges"})
		second := s.add(t, "tags", object{"name": "Boats"})
		dilnoza := s.add(t, "authors", object{"name": "Dilnoza", "job_title": "editor", "email": "d@nashr.example"})
		id := s.write(t, editor, object{"title": "Bridge", "section": asia, "authors": []string{dilnoza}, "tags": []string{tag, second}, "body": object{"markdown": "One."}})
		ru := s.write(t, editor, object{"title": "Most", "lang": "ru", "section": asia, "tags": []string{tag}, "translation_of": id})
		w := &witness{server: s, articles: []string{id, ru}}
		change := func(kind, term string, patch object) func() {
			return func() {
				s.do(t, call{as: editor, method: "PATCH", path: "/v1/manage/" + kind + "/" + term, body: patch, header: force})
			}
		}
		post := func(id, verb string) func() {
			return func() { s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/" + verb}) }
		}
		publish := func(id string, at, until time.Duration) func() {
			return func() {
				when := object{"at": s.clock.Now().Add(at)}
				if until > 0 {
					when["until"] = s.clock.Now().Add(until)
				}
				s.publish(t, id, when)
			}
		}
		for _, step := range []func(){
			func() {},
			publish(id, 90*time.Second, 0),
			func() {}, func() {},
			change("sections", world, object{"name": "The world", "slug": "the-world"}),
			func() {
				s.save(t, id, object{"title": "The bridge", "slug": "the-bridge", "section": far, "tags": []string{second}})
			},
			change("tags", second, object{"name": "Ships", "slug": "ships"}),
			func() {
				s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/corrections", body: object{"text": "Its name was wrong."}})
			},
			publish(ru, -24*time.Hour, 0),
			publish(id, 90*time.Second, 5*time.Minute),
			func() {}, func() {},
			change("sections", far, object{"name": "Far away", "parent": world, "translations": object{"ru": object{"name": "Далеко"}}}),
			change("authors", dilnoza, object{"name": "Dilnoza Yusupova", "slug": "yusupova", "job_title": "writer", "avatar": "https://news.example/d.jpg"}),
			func() { s.save(t, ru, object{"title": "Novyy most", "slug": "novyy-most"}) },
			publish(ru, time.Hour, 0),
			func() {}, func() {}, func() {}, // it expires
			publish(id, 0, 0),
			publish(ru, 90*time.Second, 0),
			func() {}, func() {},
			change("sections", world, object{"name": "Globe"}),
			post(id, "unpublish"),
			publish(id, time.Hour, 0),
			post(id, "unpublish"),
			publish(id, 0, 0),
			func() { s.save(t, ru, object{"translation_of": nil, "tags": []string{}}) },
			publish(ru, 0, 0),
			change("tags", tag, object{"name": "Old bridges"}),
			func() { s.save(t, id, object{"section": nil, "authors": []string{}, "tags": []string{}}) },
			publish(id, 0, 0),
			func() {
				for _, gone := range []string{"authors/" + dilnoza, "tags/" + tag, "tags/" + second} {
					s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/" + gone, header: force, status: 204})
				}
			},
			func() {
				s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/articles/" + id, header: force, status: 204})
			},
			func() {},
		} {
			step()
			w.look(t)
		}
		w.check(t)
		seen := map[bool]int{}
		for _, s := range w.seen {
			seen[s.data != nil]++
		}
		if seen[true] < 30 || seen[false] < 10 {
			t.Errorf("readers saw something %d times and nothing %d times", seen[true], seen[false])
		}
	})
}

func TestWhatReadersSawIsAskedFor(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"title": "Bridge", "body": object{"markdown": "One."}})
		path := "/v1/manage/articles/" + id + "/live"
		s.save(t, id, object{"title": "The bridge"})
		s.do(t, call{as: editor, path: path}).is("data.title", "Bridge").is("data.body.html", "<p>One.</p>")
		s.do(t, call{as: contributor, path: path + "?fields=title,slug"}).is("data", object{"title": "Bridge", "slug": "bridge"})
		s.do(t, call{as: editor, path: path + "?format=text&as_of=" + url.QueryEscape("2026-03-06T14:00:00.0004+05:00")}).is("data.body.text", "One.")
		s.do(t, call{as: editor, path: path + "?as_of=2026-03-06T08:59:59.999Z", status: 404, code: "not_found"})
		for _, bad := range []string{"2026-03-06", "now", "", "2026-03-06T09:01:00.001Z", "2026-13-06T09:00:00Z", "12026-03-06T09:00:00Z"} {
			a := s.do(t, call{as: editor, path: path + "?as_of=" + bad, status: 400, code: "invalid_parameter"})
			if a.is("errors.0.pointer", "as_of"); len(a.at("errors").([]any)) != 1 {
				t.Errorf("%s: %s", bad, a.raw)
			}
		}
		s.do(t, call{as: editor, path: path + "?fields=email", status: 400, code: "invalid_parameter"})

		before := s.queries.Load()
		s.do(t, call{as: editor, path: path + "?as_of=2026-03-06T09:00:00Z"})
		if n := s.queries.Load() - before; n > 20 {
			t.Errorf("%d queries", n)
		}

		start := s.clock.Now()
		correct := func(text string) string {
			a := s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/corrections", body: object{"text": text}})
			notes := a.at("data.corrections").([]any)
			return notes[len(notes)-1].(object)["id"].(string)
		}
		correct("It is of steel.")
		s.clock.Advance(10 * time.Second)
		wrong := correct("It is of wood.")
		s.clock.Advance(10 * time.Second)
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/articles/" + id + "/corrections/" + wrong, header: map[string]string{"If-Match": "*"}, status: 204})
		for seconds, want := range map[int]int{-1: 0, 0: 1, 9: 1, 10: 2, 19: 2, 20: 1} {
			a := s.do(t, call{as: editor, path: path + "?as_of=" + start.Add(time.Duration(seconds)*time.Second).Format(time.RFC3339)})
			if got := a.at("data.corrections").([]any); len(got) != want || want > 0 && got[0].(object)["text"] != "It is of steel." {
				t.Errorf("after %d seconds: %v", seconds, got)
			}
		}

		s.clock.Advance(time.Minute)
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/kill", body: object{"reason": "The photograph was forged."}})
		s.clock.Advance(time.Minute)
		for _, now := range []string{"", "?as_of=" + s.clock.Now().Format(time.RFC3339), "?as_of=" + s.clock.Now().Add(-time.Minute).Format(time.RFC3339)} {
			s.do(t, call{as: editor, path: path + now, status: 410, code: "gone", has: []string{"The photograph was forged."}})
		}
		s.do(t, call{as: editor, path: path + "?as_of=" + start.Format(time.RFC3339)}).is("data.title", "Bridge")
		s.do(t, call{as: editor, path: path + "?as_of=2026-03-06T08:00:00Z", status: 404, code: "not_found"})
	})
}
