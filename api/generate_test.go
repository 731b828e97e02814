package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/internal/generate"
)

func TestWhatIsGeneratedIsLikeWhatIsWritten(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		plan := generate.Plan{Articles: 120, Seed: 1, Until: s.clock.Now(), Languages: s.desk.Languages}
		_, err := plan.Fill(t.Context(), s.desk, func(int) {})
		must(t, err)
		list := s.do(t, call{path: "/v1/content/articles?limit=100&include=body"}).is("meta.total", 120)
		for _, slug := range list.all("slug")[:20] {
			s.do(t, call{path: "/v1/content/articles/" + slug + "?format=html,blocks,markdown,text"})
		}
		tagged := list.text("data.0.tags.0.slug")
		s.do(t, call{path: "/v1/content/articles?tag=" + tagged}).is("data.0.id", list.at("data.0.id"))
		s.do(t, call{path: "/v1/content/sections"}).is("meta.total", 7) // and 5 below them
		s.do(t, call{path: "/v1/content/authors"}).is("meta.total", generate.Authors)
		s.do(t, call{path: "/v1/content/tags"}).is("meta.total", generate.Tags)

		id := list.text("data.0.id")
		own := s.do(t, call{as: editor, path: "/v1/manage/articles/" + id}).is("data.status", "published").is("data.version", 2).
			is("data.has_changes", false).is("data.live.revision", 1)
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + id + "/revisions"}).is("meta.total", 1)
		changed := s.do(t, call{
			as: editor, method: "PATCH", path: "/v1/manage/articles/" + id, body: object{"slug": "of-another-seed"},
			header: map[string]string{"If-Match": own.header.Get("ETag")},
		}).is("data.status", "published")
		s.clock.Advance(time.Minute)
		s.publish(t, id, object{})
		former := s.do(t, call{path: "/v1/content/articles/" + list.text("data.0.slug"), status: 308})
		if to := former.header.Get("Location"); !strings.Contains(to, changed.text("data.slug")) {
			t.Errorf("the former slug redirects to %q", to)
		}
		events := s.do(t, call{as: admin, path: "/v1/manage/events?type=article.published&limit=100"})
		if n := len(events.all("type")); n != 100 {
			t.Errorf("%d events", n)
		}
	})
}
