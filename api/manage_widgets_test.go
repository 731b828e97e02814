package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

func TestWidgetsComeAndGo(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		const path = "/v1/manage/widgets/weather"
		made := s.do(t, call{as: editor, method: "POST", path: "/v1/manage/widgets", body: object{"key": "weather", "value": object{"degrees": 21, "sky": "clear"}}, status: 201})
		made.is("data.key", "weather").is("data.value", object{"degrees": 21, "sky": "clear"}).is("data.expires_at", nil).is("data.version", 1)
		if made.header.Get("Location") != path || made.header.Get("ETag") != `"1"` {
			t.Errorf("%v", made.header)
		}
		if read := s.do(t, call{as: contributor, path: path}); read.raw != made.raw {
			t.Errorf("made %s\nread %s", made.raw, read.raw)
		}
		s.do(t, call{path: "/v1/content/widgets/weather"}).is("data.value.degrees", 21).is("data.expires_at", nil).is("data.key", "weather")
		s.do(t, call{as: contributor, path: "/v1/manage/widgets?fields=key,version"}).is("data.0", object{"key": "weather", "version": 1})

		s.clock.Advance(time.Minute)
		all := s.everything(t)
		s.patch(t, "widgets/weather", object{})
		s.patch(t, "widgets/weather", object{"value": object{"sky": "clear"}, "expires_at": nil})
		s.do(t, call{as: editor, method: "PUT", path: path, body: `{"value": {"sky":"clear", "degrees":21}}`})
		if s.everything(t) != all {
			t.Error("a change of nothing changed something")
		}
		s.patch(t, "widgets/weather", object{"value": object{"sky": nil, "wind": object{"from": "NW"}}, "ttl_seconds": 60}).
			is("data.value", object{"degrees": 21, "wind": object{"from": "NW"}}).is("data.expires_at", "2026-03-06T09:02:00Z").is("data.version", 2)
		s.patch(t, "widgets/weather", object{"ttl_seconds": 120}).is("data.expires_at", "2026-03-06T09:03:00Z").is("data.value.degrees", 21)
		s.patch(t, "widgets/weather", object{"expires_at": nil, "value": []int{1, 2}}).is("data.expires_at", nil).is("data.value", []any{1, 2})
		s.do(t, call{as: editor, method: "DELETE", path: path, header: force, status: 204})
		if e := s.lastEvent(t); e.Type != "widget.deleted" || !e.Public {
			t.Errorf("%+v", e)
		}
		s.do(t, call{as: editor, path: path, status: 404, code: "not_found"})
		s.do(t, call{path: "/v1/content/widgets/weather", status: 404, code: "not_found"})
	})
}

// What is pushed comes back as it was, to the last digit.
func TestAnyJSONIsAWidget(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for i, value := range []string{
			`{"a":[1,{"b":null}],"big":12345678901234567890123,"c":1.10,"exp":1E40,"zero":-0}`, `[]`, `{}`, `""`, `"<b>&\u2028 текст"`, `0`, `false`,
			`12345678901234567890123`, `3.141592653589793238462643383279`, `[[[[null]]]]`, strings.Repeat("[", 98) + strings.Repeat("]", 98), `"` + strings.Repeat("x", newsroom.MaxWidgetBytes-2) + `"`,
		} {
			key := fmt.Sprint("any-", i)
			s.do(t, call{as: editor, method: "PUT", path: "/v1/manage/widgets/" + key, body: `{"value":` + value + `}`, status: http.StatusCreated})
			for _, surface := range []string{"content", "manage"} {
				want := strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(value)
				if got := s.do(t, call{as: editor, path: "/v1/" + surface + "/widgets/" + key}).raw; !strings.Contains(got, `"value":`+want+`,`) {
					t.Errorf("%.100s became %.200s", value, got)
				}
			}
			s.patch(t, "widgets/"+key, object{}).is("data.version", 1)
		}
	})
}

func TestWhatIsWrongWithAWidget(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "widgets", object{"key": "weather", "value": 1})
		for body, want := range map[string]string{
			`{}`:                        "/value required\n",
			`{"value":null}`:            "/value required\n",
			`{"value":"a\u0000","x":1}`: "/value invalid_value\n/x unknown_field\n",
			`{"value":{"a\u0000":1}}`:   "/value invalid_value\n",
			`{"value":"` + strings.Repeat("x", newsroom.MaxWidgetBytes) + `"}`: "/value too_long\n",
			`{"value":1,"expires_at":"2026-03-06T09:00:00Z"}`:                  "/expires_at out_of_range\n",
			`{"value":1,"expires_at":"soon"}`:                                  "/expires_at invalid_value\n",
			`{"value":1,"ttl_seconds":0}`:                                      "/ttl_seconds out_of_range\n",
			`{"value":1,"ttl_seconds":31536001}`:                               "/ttl_seconds out_of_range\n",
			`{"value":1,"ttl_seconds":"1h"}`:                                   "/ttl_seconds wrong_type\n",
			`{"value":1,"ttl_seconds":5,"expires_at":"2026-03-06T10:00:00Z"}`:  "/ttl_seconds not_allowed\n",
			`{"value":1,"key2":"weather"}`:                                     "/key2 unknown_field\n",
		} {
			for _, c := range []call{
				{method: "PUT", path: "/v1/manage/widgets/weather", body: body},
				{method: "PATCH", path: "/v1/manage/widgets/weather", body: body, header: force},
				{method: "POST", path: "/v1/manage/widgets", body: strings.Replace(body, "{", `{"key":"new",`, 1)},
			} {
				if c.method == "PATCH" && body == "{}" || c.method == "POST" && body == "{}" {
					continue
				}
				c.as, c.status, c.code = editor, 422, "validation_failed"
				if got := s.refused(t, c).errors(); got != want {
					t.Errorf("%s %.80s: got\n%swant\n%s", c.method, body, got, want)
				}
			}
		}
		for body, want := range map[string]string{`{}`: "/key required\n/value required\n", `{"key":"A b","value":1}`: "/key invalid_value\n", `{"key":null,"value":1}`: "/key required\n"} {
			if got := s.refused(t, call{as: editor, method: "POST", path: "/v1/manage/widgets", body: body, status: 422}).errors(); got != want {
				t.Errorf("%s: %s", body, got)
			}
		}
		s.refused(t, call{as: editor, method: "POST", path: "/v1/manage/widgets", body: object{"key": "weather", "value": 2}, status: 409, code: "already_exists"})
		s.do(t, call{as: editor, method: "PUT", path: "/v1/manage/widgets/" + strings.Repeat("a", 101), body: `{"value":1}`, status: 404})
	})
}

func TestWidgetsExpireAtThatVeryMillisecond(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "widgets", object{"key": "weather", "value": 1, "expires_at": "2026-03-06T09:10:00.250Z"})
		s.clock.Advance(10*time.Minute + 249*time.Millisecond)
		s.do(t, call{path: "/v1/content/widgets/weather"}).is("data.expires_at", "2026-03-06T09:10:00.25Z")
		s.clock.Advance(time.Millisecond)
		s.do(t, call{path: "/v1/content/widgets/weather", status: 404, code: "not_found"})
		if got := s.do(t, call{path: "/v1/content/site"}).header.Get("Last-Modified"); got != "Fri, 06 Mar 2026 09:10:00 GMT" {
			t.Errorf("last modified %s", got)
		}
		view := s.store.Live().At(t.Context(), s.clock.Now())
		if all, err := view.Widgets(); err != nil || len(all) != 0 {
			t.Errorf("%v, %v", all, err)
		}
		s.do(t, call{as: contributor, path: "/v1/manage/widgets/weather"}).is("data.value", 1)
		// Its expiry is over, and can stay so while something else is changed.
		s.patch(t, "widgets/weather", object{"value": 2}).is("data.value", 2).is("data.version", 2)
		s.do(t, call{path: "/v1/content/widgets/weather", status: 404})
		s.do(t, call{as: editor, method: "PUT", path: "/v1/manage/widgets/weather", body: object{"value": 3, "ttl_seconds": 1}})
		s.do(t, call{path: "/v1/content/widgets/weather"}).is("data.value", 3)
		s.add(t, "widgets", object{"key": "currency", "value": 4})
		all, err := s.store.Live().At(t.Context(), s.clock.Now()).Widgets()
		if err != nil || len(all) != 2 || all[0].Key != "currency" {
			t.Errorf("%v, %v", all, err)
		}
	})
}

func TestPushingAWidget(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		_, token := s.apiToken(t, newsroom.ScopeWidgetsWrite)
		push := call{method: "PUT", path: "/v1/manage/widgets/rates", body: object{"value": object{"usd": 1}}, header: bearer(token), status: 201}
		if made := s.do(t, push); made.header.Get("Location") != push.path {
			t.Errorf("%v", made.header)
		}
		push.status = 200
		events := s.events(t)
		for range 5 {
			s.clock.Advance(time.Second)
			s.do(t, push).is("data.version", 1).is("data.updated_at", "2026-03-06T09:00:00Z")
		}
		if s.events(t) != events {
			t.Error("pushing the same is an event")
		}
		push.body = object{"value": object{"usd": 2}}
		s.do(t, push).is("data.version", 2)
		if e := s.lastEvent(t); e.Type != "widget.updated" || !e.Public || e.TokenID == nil || string(e.Data) != `{"changed":["value"],"expires_at":null,"key":"rates"}` {
			t.Errorf("%+v %s", e, e.Data)
		}
		push.header = map[string]string{"Authorization": "Bearer " + token, "If-Match": `"1"`}
		push.status, push.code = 412, "stale_version"
		s.refused(t, push)
		push.path = "/v1/manage/widgets/none"
		s.refused(t, push)
		_, other := s.apiToken(t, newsroom.ScopeCollectionsWrite)
		push.header, push.status, push.code = bearer(other), 403, "forbidden"
		s.refused(t, push)
	})
}

// Of two who push a new widget at once one makes it, and neither is told of a conflict.
func TestPushersAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.token(t, editor)
		var all sync.WaitGroup
		statuses := make([]int, 6)
		for i := range statuses {
			all.Go(func() {
				statuses[i] = s.send(t, s.request(t, call{as: editor, method: "PUT", path: "/v1/manage/widgets/w", body: object{"value": i}})).status
			})
		}
		all.Wait()
		if got := fmt.Sprint(statuses); strings.Count(got, "201") != 1 || strings.Count(got, "200") != 5 {
			t.Error(got)
		}
		s.do(t, call{path: "/v1/content/widgets/w"})
		s.do(t, call{as: editor, path: "/v1/manage/widgets/w"}).is("data.version", 6)
	})
}
