package api_test

import (
	"strings"
	"testing"
	"time"
)

func TestJSONLD(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "sections", object{"slug": "world", "name": "World"})
		s.add(t, "authors", object{"slug": "ann", "name": "Ann", "job_title": "reporter", "email": "secret@nashr.example"})
		s.add(t, "authors", object{"slug": "bob", "name": "Bob"})
		id := s.story(t, object{
			"title": "A </script><!-- bridge", "slug": "bridge", "summary": "It opens.", "section": "world", "authors": []string{"bob", "ann"},
			"tags": []any{object{"name": "Rain"}}, "body": object{"markdown": "One two three."}, "type": "opinion",
		})
		s.clock.Advance(time.Hour)
		s.publish(t, id, object{})
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/corrections", body: object{"text": "Not two."}})
		a := s.do(t, call{path: "/v1/content/articles/" + id, has: []string{`"headline":"A \u003c/script\u003e\u003c!-- bridge"`}, hasNot: []string{"secret@"}})
		ld := "data.seo.json_ld."
		a.is(ld+"@context", "https://schema.org").is(ld+"@type", "OpinionNewsArticle").is(ld+"headline", "A </script><!-- bridge").
			is(ld+"description", "It opens.").is(ld+"inLanguage", "en").is(ld+"datePublished", "2026-03-06T09:00:00Z").is(ld+"dateModified", "2026-03-06T10:00:00Z").
			is(ld+"url", "https://news.example/en/bridge").is(ld+"mainEntityOfPage.@id", "https://news.example/en/bridge").
			is(ld+"author.0.name", "Bob").is(ld+"author.1.name", "Ann").is(ld+"author.1.jobTitle", "reporter").is(ld+"author.1.@type", "Person").
			is(ld+"publisher.name", "Nashr").is(ld+"publisher.url", "https://news.example").is(ld+"articleSection", "World").is(ld+"keywords.0", "Rain").
			is(ld+"wordCount", 3).is(ld+"isAccessibleForFree", true).is(ld+"correction.0.text", "Not two.").is(ld+"correction.0.@type", "CorrectionComment")

		long := strings.Repeat("я", 111)
		plain := s.story(t, object{"title": long, "slug": "long", "type": "interview", "seo": object{"description": "For machines.", "canonical": "https://agency.example/x"}})
		a = s.do(t, call{path: "/v1/content/articles/long"})
		a.is(ld+"@type", "NewsArticle").is(ld+"headline", strings.Repeat("я", 109)+"…").is(ld+"description", "For machines.").
			is(ld+"isBasedOn", "https://agency.example/x").is("data.seo.canonical", "https://agency.example/x")
		if got := a.at("data.seo.json_ld").(object); got["author"] != nil || got["articleSection"] != nil || got["correction"] != nil || got["image"] != nil {
			t.Errorf("%v", got)
		}
		s.do(t, call{path: "/v1/content/articles/long?fields=seo", has: []string{`"json_ld":{`}})
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + plain, hasNot: []string{"json_ld"}})
	})
}
