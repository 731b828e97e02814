package api_test

import (
	"strings"
	"testing"
	"time"
)

// step takes an article a step on, as somebody.
func (s *server) step(t *testing.T, who, id, verb string, body any) answer {
	t.Helper()
	return s.do(t, call{as: who, method: "POST", path: "/v1/manage/articles/" + id + "/" + verb, body: body})
}

// impossible takes a step that is not possible from where the article stands.
func (s *server) impossible(t *testing.T, who, id, verb string, body any) {
	t.Helper()
	s.refused(t, call{as: who, method: "POST", path: "/v1/manage/articles/" + id + "/" + verb, body: body, status: 409, code: "invalid_transition"})
}

var whatever = map[string]string{"If-Match": "*"}

func TestReview(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, contributor, object{"title": "Mine"})
		path := "/v1/manage/articles/" + id
		s.impossible(t, editor, id, "return", object{"note": "Too early."})
		s.clock.Advance(time.Minute)
		sent := s.step(t, contributor, id, "submit", nil).is("data.status", "in_review").is("data.submitted_at", "2026-03-06T09:01:00Z").is("data.version", 2)
		if sent.header.Get("ETag") != `"2"` {
			t.Errorf("ETag %s", sent.header.Get("ETag"))
		}
		s.impossible(t, contributor, id, "submit", nil)
		for _, method := range []string{"PATCH", "DELETE"} {
			s.refused(t, call{as: contributor, method: method, path: path, body: object{"title": "Changed"}, header: whatever, status: 403, code: "forbidden"})
		}
		s.do(t, call{as: editor, path: "/v1/manage/articles?status=in_review"}).is("meta.total", 1).is("data.0.submitted_at", "2026-03-06T09:01:00Z")
		s.do(t, call{as: editor, path: "/v1/manage/articles?status=draft"}).is("meta.total", 0)
		s.do(t, call{as: editor, method: "PATCH", path: path, body: object{"title": "Ours"}, header: whatever}).is("data.status", "in_review")

		s.refused(t, call{as: author, method: "POST", path: path + "/return", body: object{"note": "No."}, status: 403, code: "forbidden"})
		for _, body := range []object{{}, {"note": nil}, {"note": " \n"}, {"note": 5}, {"note": strings.Repeat("x", 2001)}, {"note": "x", "more": 1}} {
			s.refused(t, call{as: editor, method: "POST", path: path + "/return", body: body, status: 422, code: "validation_failed"})
		}
		s.step(t, editor, id, "return", object{"note": " Name your source. "}).is("data.status", "draft").is("data.note", "Name your source.").is("data.submitted_at", nil)
		s.do(t, call{as: contributor, path: path}).is("data.note", "Name your source.")
		s.do(t, call{as: contributor, method: "PATCH", path: path, body: object{"kicker": "With source"}, header: whatever}).is("data.note", "Name your source.")
		s.step(t, contributor, id, "submit", nil).is("data.note", nil)
		s.publish(t, id, object{}).is("data.status", "published").is("data.submitted_at", nil).is("data.note", nil)
		s.impossible(t, editor, id, "submit", nil)
		s.impossible(t, editor, id, "return", object{"note": "Too late."})
		s.step(t, editor, id, "unpublish", nil).is("data.status", "unpublished")
		s.refused(t, call{as: contributor, method: "PATCH", path: path, body: object{"title": "Mine"}, header: whatever, status: 403, code: "forbidden"})
		s.step(t, editor, id, "submit", nil).is("data.status", "in_review")
		s.step(t, editor, id, "return", object{"note": "Once more."}).is("data.status", "unpublished")
		s.do(t, call{as: contributor, method: "PATCH", path: path, body: object{"title": "Mine again"}, header: whatever})
		s.step(t, contributor, id, "submit", nil).is("data.status", "in_review")
		s.publish(t, id, object{"at": s.clock.Now().Add(time.Hour)}).is("data.status", "scheduled")
		s.impossible(t, editor, id, "submit", nil)
	})
}

func TestReviewWithAVersion(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, author, object{"title": "Mine"})
		c := call{as: author, method: "POST", path: "/v1/manage/articles/" + id + "/submit", header: map[string]string{"If-Match": `"7"`}, status: 412, code: "stale_version"}
		if got := s.refused(t, c).header.Get("ETag"); got != `"1"` {
			t.Errorf("ETag %s", got)
		}
		c.header, c.status, c.code = map[string]string{"If-Match": `"1"`}, 200, ""
		s.do(t, c).is("data.version", 2)
	})
}

func TestTrashAndBack(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, contributor, object{"title": "Mine", "body": object{"markdown": "Kept."}})
		path := "/v1/manage/articles/" + id
		s.impossible(t, contributor, id, "restore", nil)
		s.refused(t, call{as: admin, method: "DELETE", path: path + "?purge=true", header: whatever, status: 409, code: "invalid_transition"})
		s.step(t, contributor, id, "submit", nil)
		s.do(t, call{as: editor, method: "DELETE", path: path, header: whatever, status: 204})
		for verb, body := range map[string]object{"submit": nil, "return": {"note": "x"}, "publish": nil, "unpublish": nil} {
			var sent any
			if body != nil {
				sent = body
			}
			s.impossible(t, editor, id, verb, sent)
		}
		s.step(t, contributor, id, "restore", nil).is("data.status", "draft").is("data.body.html", "<p>Kept.</p>").is("data.revision", 1)

		live := s.story(t, object{"title": "Seen"})
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/articles/" + live, header: whatever, status: 204})
		s.do(t, call{path: "/v1/content/articles/seen", status: 404, code: "not_found"})
		s.step(t, editor, live, "restore", nil).is("data.status", "unpublished").is("data.slug", "seen")
		s.publish(t, live, object{}).is("data.status", "published")
		s.do(t, call{path: "/v1/content/articles/seen"})
	})
}

func TestPurge(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"title": "Seen", "tags": []any{object{"name": "Rain"}}})
		path := "/v1/manage/articles/" + id
		s.patch(t, "articles/"+id, object{"title": "Seen again", "slug": "other"})
		s.publish(t, id, object{})
		s.step(t, editor, id, "corrections", object{"text": "It did not rain."})
		s.do(t, call{as: editor, method: "DELETE", path: path, header: whatever, status: 204})
		s.refused(t, call{as: editor, method: "DELETE", path: path + "?purge=true", header: whatever, status: 403, code: "forbidden"})
		s.refused(t, call{as: admin, method: "DELETE", path: path + "?purge=true", status: 428, code: "precondition_required"})
		s.refused(t, call{as: admin, method: "DELETE", path: path + "?purge=true", header: map[string]string{"If-Match": `"1"`}, status: 412, code: "stale_version"})
		s.refused(t, call{as: admin, method: "DELETE", path: path + "?purge=maybe", header: whatever, status: 400, code: "invalid_parameter"})
		s.refused(t, call{as: admin, method: "DELETE", path: path + "?purge=false", header: whatever, status: 409, code: "invalid_transition"})
		s.do(t, call{as: admin, method: "DELETE", path: path + "?purge=true", header: whatever, status: 204})
		s.do(t, call{as: admin, path: path, status: 404, code: "not_found"})
		s.do(t, call{as: admin, path: "/v1/manage/articles?status=trashed"}).is("meta.total", 0)
		s.do(t, call{path: "/v1/content/articles/seen", status: 404, code: "not_found"})
		s.story(t, object{"title": "New", "slug": "seen"})
		s.do(t, call{path: "/v1/content/articles/seen"}).is("data.title", "New")
	})
}

// Two articles cannot both be the Russian text of one story, so the one from the trash is on its own.
func TestRestoreAfterItsPlaceWasTaken(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		first := s.write(t, editor, object{"title": "English"})
		old := s.write(t, editor, object{"title": "Old", "lang": "ru", "translation_of": first})
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/articles/" + old, header: whatever, status: 204})
		s.write(t, editor, object{"title": "New", "lang": "ru", "translation_of": first})
		s.step(t, editor, old, "restore", nil).is("data.translations", []any{}).is("data.revision", 2)
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + first}).is("data.translations.0.slug", "new")
	})
}

func TestKill(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, author, object{"title": "Wrong"})
		reason := object{"reason": "The document was forged."}
		s.impossible(t, editor, id, "kill", reason) // nobody has seen it
		s.publish(t, id, object{"at": s.clock.Now().Add(time.Hour)})
		s.impossible(t, editor, id, "kill", reason)
		s.publish(t, id, object{})
		s.clock.Advance(time.Second)
		s.patch(t, "articles/"+id, object{"slug": "still-wrong"})
		s.publish(t, id, object{})
		s.refused(t, call{as: author, method: "POST", path: "/v1/manage/articles/" + id + "/kill", body: reason, status: 403, code: "forbidden"})
		s.refused(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/kill", body: object{"reason": ""}, status: 422, code: "validation_failed"})
		s.clock.Advance(time.Second)
		s.step(t, editor, id, "kill", reason).is("data.status", "unpublished").is("data.live", nil).
			is("data.killed.reason", "The document was forged.").is("data.killed.at", "2026-03-06T09:00:02Z")
		for _, address := range []string{"wrong", "still-wrong", id, "wrong?lang=en", id + "?fields=title"} {
			s.do(t, call{path: "/v1/content/articles/" + address, status: 410, code: "gone", has: []string{"The document was forged."}})
		}
		s.do(t, call{path: "/v1/content/articles/wrong?lang=ru", status: 404, code: "not_found"})
		s.do(t, call{path: "/v1/content/articles/" + id + "?lang=ru", status: 404, code: "not_found"})
		s.do(t, call{path: "/v1/content/articles", hasNot: []string{"rong"}}).is("meta.total", 0)
		for verb, body := range map[string]any{"publish": nil, "submit": nil, "unpublish": nil, "kill": reason, "corrections": object{"text": "x"}} {
			s.impossible(t, editor, id, verb, body)
		}
		s.do(t, call{as: editor, path: "/v1/manage/articles"}).is("data.0.killed.reason", "The document was forged.")
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles", body: object{"title": "x", "slug": "wrong"}, status: 409, code: "slug_taken"})
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/articles/" + id, header: whatever, status: 204})
		s.do(t, call{path: "/v1/content/articles/wrong", status: 410, code: "gone"})
		s.refused(t, call{as: admin, method: "DELETE", path: "/v1/manage/articles/" + id + "?purge=true", header: whatever, status: 409, code: "invalid_transition"})
	})
}

func TestCorrections(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, author, object{"title": "Flood"})
		path := "/v1/manage/articles/" + id
		s.impossible(t, author, id, "corrections", object{"text": "Too early."})
		s.publish(t, id, object{})
		before := s.do(t, call{path: "/v1/content/articles/flood"}).is("data.corrections", []any{})
		for _, body := range []object{{}, {"text": " "}, {"text": strings.Repeat("x", 2001)}} {
			s.refused(t, call{as: author, method: "POST", path: path + "/corrections", body: body, status: 422, code: "validation_failed"})
		}
		s.clock.Advance(time.Minute)
		s.step(t, author, id, "corrections", object{"text": "It was <b>Tuesday</b>."}).is("data.version", 3).is("data.revision", 1).is("data.has_changes", false)
		s.clock.Advance(time.Minute)
		noted := s.step(t, editor, id, "corrections", object{"text": "In May."})
		after := s.do(t, call{path: "/v1/content/articles/flood?fields=corrections"})
		after.is("data.corrections.0.text", "It was <b>Tuesday</b>.").is("data.corrections.0.at", "2026-03-06T09:01:00Z").is("data.corrections.1.text", "In May.")
		if before.header.Get("ETag") == s.do(t, call{path: "/v1/content/articles/flood"}).header.Get("ETag") {
			t.Error("the ETag has not changed")
		}
		s.patch(t, "articles/"+id, object{"title": "The flood"})
		s.publish(t, id, object{}).is("data.corrections.1.text", "In May.")

		one := path + "/corrections/" + noted.text("data.corrections.0.id")
		s.refused(t, call{as: author, method: "DELETE", path: one, status: 428, code: "precondition_required"})
		s.refused(t, call{as: other, method: "DELETE", path: one, header: whatever, status: 403, code: "forbidden"})
		s.refused(t, call{as: author, method: "DELETE", path: path + "/corrections/" + id, header: whatever, status: 404, code: "not_found"})
		s.do(t, call{as: author, method: "DELETE", path: one, header: whatever, status: 204})
		s.refused(t, call{as: author, method: "DELETE", path: one, header: whatever, status: 404, code: "not_found"})
		s.do(t, call{path: "/v1/content/articles/flood", hasNot: []string{"Tuesday"}}).is("data.corrections.0.text", "In May.")
	})
}
