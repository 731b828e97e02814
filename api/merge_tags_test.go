package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// mergeTag merges a tag into another as the editor.
func (s *server) mergeTag(t *testing.T, tag, into string) answer {
	t.Helper()
	return s.do(t, call{as: editor, method: "POST", path: "/v1/manage/tags/" + tag + "/merge", body: object{"into": into}})
}

// replaceTerm deletes a term as the editor, and puts with in its place.
func (s *server) replaceTerm(t *testing.T, term, with string) answer {
	t.Helper()
	return s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/" + term + "?replace_with=" + with, header: ifAny, status: 204})
}

var ifAny = map[string]string{"If-Match": "*"}

// termSlugs gives the slugs of a list of references, joined.
func termSlugs(a answer, path string) string {
	a.t.Helper()
	var all []string
	for _, item := range a.at(path).([]any) {
		all = append(all, item.(object)["slug"].(string))
	}
	return strings.Join(all, " ")
}

func TestMergingTags(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		soccer := s.add(t, "tags", object{"name": "Soccer", "translations": object{"ru": object{"name": "Соккер"}}})
		for _, name := range []string{"Football", "Sport"} {
			s.add(t, "tags", object{"name": name})
		}
		both := s.story(t, object{"title": "Both", "tags": []string{"sport", "soccer", "football"}})
		first := s.story(t, object{"title": "First", "tags": []string{"football", "sport", "soccer"}})
		draft := s.write(t, author, object{"title": "Draft", "tags": []string{"soccer", "sport"}})
		later := s.write(t, editor, object{"title": "Later", "tags": []string{"soccer"}})
		s.publish(t, later, object{"at": s.clock.Now().Add(time.Hour)})
		apart := s.story(t, object{"title": "Apart", "tags": []string{"sport"}})
		s.clock.Advance(time.Minute)

		before := s.do(t, call{as: editor, path: "/v1/manage/articles/" + both})
		untouched := s.do(t, call{as: editor, path: "/v1/manage/articles/" + apart}).raw
		merged := s.mergeTag(t, "soccer", "football")
		merged.is("data.slug", "football").is("data.name", "Football").is("data.version", 1).is("data.updated_at", "2026-03-06T09:00:00Z").is("data.translations", object{})
		if merged.header.Get("ETag") != `"1"` {
			t.Error(merged.header)
		}

		for title, want := range map[string]string{"both": "sport football", "first": "football sport"} {
			a := s.do(t, call{path: "/v1/content/articles/" + title})
			if got := termSlugs(a, "data.tags"); got != want {
				t.Errorf("%s has %q, want %q", title, got, want)
			}
			a.is("data.updated_at", "2026-03-06T09:00:00Z").is("data.published_at", "2026-03-06T09:00:00Z")
		}
		after := s.do(t, call{as: editor, path: "/v1/manage/articles/" + both})
		after.is("data.version", before.at("data.version").(float64)+1).is("data.revision", 1).is("data.has_changes", false).
			is("data.updated_at", "2026-03-06T09:00:00Z").is("data.live.visible_from", "2026-03-06T09:01:00Z").is("data.live.published_at", "2026-03-06T09:00:00Z")
		if s.do(t, call{as: editor, path: "/v1/manage/articles/" + apart}).raw != untouched {
			t.Error("an article with neither has changed")
		}
		if got := termSlugs(s.do(t, call{as: author, path: "/v1/manage/articles/" + draft}).is("data.version", 2).is("data.live", nil), "data.tags"); got != "football sport" {
			t.Errorf("the draft has %q", got)
		}
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + later}).is("data.scheduled.visible_from", "2026-03-06T10:00:00Z").is("data.tags.0.slug", "football")
		s.do(t, call{path: "/v1/content/tags/football"}).is("data.article_count", 2)

		for _, ref := range []string{"soccer", soccer, strings.ToUpper(soccer), "football"} {
			for query, want := range map[string]int{"tag=" + ref: 2, "tag=-" + ref: 1, "tag=sport&tag=" + ref: 2, "tag=" + ref + ",sport": 3} {
				s.do(t, call{path: "/v1/content/articles?" + query}).is("meta.total", want)
			}
			s.do(t, call{as: editor, path: "/v1/manage/articles?tag=" + ref}).is("meta.total", 4)
			s.do(t, call{as: author, path: "/v1/manage/articles?tag=" + ref}).is("meta.total", 3)
		}
		s.clock.Advance(time.Hour)
		s.do(t, call{path: "/v1/content/articles/later"}).is("data.tags.0.slug", "football")
		s.do(t, call{path: "/v1/content/articles?tag=soccer"}).is("meta.total", 3)
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + first}).is("data.version", 3)
	})
}

func TestAMergedTagLeadsToTheOther(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		a, b, c := s.add(t, "tags", object{"name": "A"}), s.add(t, "tags", object{"name": "B"}), s.add(t, "tags", object{"name": "C"})
		s.mergeTag(t, "a", b)
		s.mergeTag(t, b, "c")
		leads := func(ref, to string) {
			t.Helper()
			got := s.do(t, call{path: "/v1/content/tags/" + ref + "?lang=ru&fields=slug", status: 308}).header
			if got.Get("Location") != "/v1/content/tags/"+to+"?lang=ru&fields=slug" || got.Get("Cache-Control") != "public, max-age=1" {
				t.Errorf("%s leads to %s, kept %s", ref, got.Get("Location"), got.Get("Cache-Control"))
			}
		}
		for _, ref := range []string{"a", "b", a, b} {
			leads(ref, "c")
			for _, method := range []string{"GET", "PATCH", "DELETE"} {
				s.do(t, call{as: editor, method: method, path: "/v1/manage/tags/" + ref, body: object{}, header: ifAny, status: 404, code: "not_found"})
			}
		}
		for _, tag := range []any{"a", a, "b", "c", c, object{"name": " a "}, object{"name": "B"}} {
			id := s.write(t, contributor, object{"title": "Tagged", "tags": []any{tag}})
			s.do(t, call{as: editor, path: "/v1/manage/articles/" + id}).is("data.tags.0.id", c)
		}
		twice := s.refused(t, call{as: editor, method: "POST", path: "/v1/manage/articles", body: object{"title": "Twice", "tags": []string{"a", "c"}}, status: 422})
		if got := twice.errors(); got != "/tags/1 duplicate\n" {
			t.Error(got)
		}

		other := s.add(t, "tags", object{"name": "Other"})
		for _, x := range []call{
			{method: "POST", path: "tags", body: object{"name": "New", "slug": "a"}, code: "slug_taken"},
			{method: "PATCH", path: "tags/other", body: object{"slug": "b"}, code: "slug_taken"},
			{method: "POST", path: "tags", body: object{"name": "a"}, code: "already_exists"},
			{method: "PATCH", path: "tags/" + other, body: object{"name": "  A"}, code: "already_exists"},
		} {
			x.as, x.status, x.path, x.header = editor, 409, "/v1/manage/"+x.path, ifAny
			s.refused(t, x)
		}
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/tags", body: object{"name": "B!"}, status: 201}).is("data.slug", "b-2")

		s.patch(t, "tags/c", object{"slug": "sea", "name": "Sea"})
		leads("a", "sea")
		// The tag that stays may take back what it took over, and passes it on when it goes itself.
		s.patch(t, "tags/sea", object{"slug": "a", "name": "B"})
		s.do(t, call{path: "/v1/content/tags/a"}).is("data.id", c)
		leads("b", "a")
		s.mergeTag(t, "a", "other")
		for _, ref := range []string{"a", "b", a, b, c} {
			leads(ref, "other")
		}
		for _, name := range []string{"A", "B"} {
			id := s.write(t, editor, object{"title": "By name", "tags": []any{object{"name": name}}})
			s.do(t, call{as: editor, path: "/v1/manage/articles/" + id}).is("data.tags.0.id", other)
		}
	})
}

func TestRedirectsEndWithTheirTarget(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for _, name := range []string{"Old", "New"} {
			s.add(t, "tags", object{"name": name})
		}
		s.mergeTag(t, "old", "new")
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/tags/new", header: ifAny, status: 204})
		s.do(t, call{path: "/v1/content/tags/old", status: 404, code: "not_found"})
		s.do(t, call{path: "/v1/content/articles?tag=-old"}).is("meta.total", 0)
		s.add(t, "tags", object{"name": "Old"})
		s.do(t, call{path: "/v1/content/tags/old"})
	})
}

func TestMergingWhatReadersDoNotSee(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.write(t, author, object{"title": "x", "tags": []any{object{"name": "Scoop"}, object{"name": "Leak"}, object{"name": "Quiet"}}})
		s.mergeTag(t, "leak", "scoop")
		for _, slug := range []string{"scoop", "leak"} {
			s.do(t, call{path: "/v1/content/tags/" + slug, status: 404})
		}
		s.add(t, "tags", object{"name": "Known"})
		s.mergeTag(t, "known", "quiet") // readers know it from then on
		s.do(t, call{path: "/v1/content/tags/quiet"}).is("data.article_count", 0)
		s.do(t, call{path: "/v1/content/tags/known", status: 308})
	})
}

func TestMergesThatAreRefused(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		one, two := s.add(t, "tags", object{"name": "One"}), s.add(t, "tags", object{"name": "Two"})
		s.mergeTag(t, s.add(t, "tags", object{"name": "Uno"}), one)
		path := "/v1/manage/tags/one/merge"
		for body, want := range map[string]string{
			`{"into":"one"}`: "/into not_allowed", `{"into":"` + strings.ToUpper(one) + `"}`: "/into not_allowed", `{"into":"uno"}`: "/into not_allowed",
			`{"into":"none"}`: "/into unknown_reference", `{"into":"No Slug"}`: "/into unknown_reference", `{"into":""}`: "/into unknown_reference",
			`{}`: "/into required", `{"into":null}`: "/into required", `{"into":7}`: "/into wrong_type", `{"into":"two","x":1}`: "/x unknown_field",
		} {
			a := s.refused(t, call{as: editor, method: "POST", path: path, body: body, status: 422, code: "validation_failed"})
			if got := a.errors(); got != want+"\n" {
				t.Errorf("%s: %s, want %s", body, got, want)
			}
		}
		into := object{"into": two}
		s.refused(t, call{as: editor, method: "POST", path: path, body: into, header: map[string]string{"If-Match": `"9"`}, status: 412, code: "stale_version"})
		s.refused(t, call{as: editor, method: "POST", path: path + "?x=1", body: into, status: 400, code: "invalid_parameter"})
		for _, ref := range []string{"none", "uno", "No%20Slug"} {
			s.refused(t, call{as: editor, method: "POST", path: "/v1/manage/tags/" + ref + "/merge", body: into, status: 404, code: "not_found"})
		}
		for _, who := range []string{author, contributor} {
			s.refused(t, call{as: who, method: "POST", path: path, body: into, status: 403, code: "forbidden"})
		}
		s.do(t, call{as: editor, method: "POST", path: path, body: into, header: map[string]string{"If-Match": `"1"`}}).is("data.id", two)
	})
}

func TestWhatTakesTheirPlace(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for _, name := range []string{"Old", "New"} {
			for _, kind := range []string{"sections", "authors", "tags"} {
				s.add(t, kind, object{"name": name})
			}
		}
		s.add(t, "sections", object{"name": "Below", "parent": "old"})
		id := s.story(t, object{"title": "Story", "section": "old", "authors": []string{"old", "new"}, "tags": []string{"old"}})
		s.write(t, editor, object{"title": "Below", "section": "below", "authors": []string{"old"}})
		s.clock.Advance(time.Minute)
		for path, detail := range map[string]string{
			"sections/old": "1 article and 1 subsection.", "authors/old": "2 articles.", "tags/old": "1 article.",
		} {
			s.refused(t, call{as: editor, method: "DELETE", path: "/v1/manage/" + path, header: ifAny, status: 409, code: "in_use", has: []string{detail, "replace_with"}})
			for ref, want := range map[string]string{"old": "not_allowed", "none": "unknown_reference", "No": "unknown_reference", "": "invalid_value", "new&replace_with=old": "invalid_value"} {
				a := s.refused(t, call{as: editor, method: "DELETE", path: "/v1/manage/" + path + "?replace_with=" + ref, header: ifAny, status: 400, code: "invalid_parameter"})
				if got := a.errors(); got != "replace_with "+want+"\n" {
					t.Errorf("%s by %q: %s", path, ref, got)
				}
			}
			s.refused(t, call{as: editor, method: "DELETE", path: "/v1/manage/" + path + "?replace_with=new", status: 428})
			s.refused(t, call{as: editor, method: "DELETE", path: "/v1/manage/" + path + "?replace_with=new", header: map[string]string{"If-Match": `"7"`}, status: 412})
			s.replaceTerm(t, path, "new")
			s.do(t, call{as: editor, path: "/v1/manage/" + path, status: 404})
		}
		a := s.do(t, call{path: "/v1/content/articles/" + id}).is("data.section.slug", "new").is("data.updated_at", "2026-03-06T09:00:00Z")
		if termSlugs(a, "data.authors")+"/"+termSlugs(a, "data.tags") != "new/new" {
			t.Error(a.raw)
		}
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + id}).is("data.version", 5).is("data.revision", 1).is("data.section.slug", "new")
		s.do(t, call{as: editor, path: "/v1/manage/sections/below"}).is("data.parent", "new").is("data.version", 2)
		s.do(t, call{path: "/v1/content/sections/new"}).is("data.article_count", 1).is("data.children.0.slug", "below")
		s.do(t, call{path: "/v1/content/authors/new"}).is("data.article_count", 1)
		s.do(t, call{as: editor, path: "/v1/manage/articles?author=new"}).is("meta.total", 2)
		s.do(t, call{path: "/v1/content/tags/old", status: 308})
		s.do(t, call{path: "/v1/content/articles?tag=old&section=new&author=new"}).is("meta.total", 1)
	})
}

func TestSectionsTakeOverWhatStandsBelow(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for _, section := range [][2]string{{"news"}, {"world", "news"}, {"asia", "world"}, {"east", "asia"}, {"other"}, {"l2", "other"}, {"l3", "l2"}, {"l4", "l3"}, {"l5", "l4"}, {"l6", "l5"}, {"l7", "l6"}} {
			s.add(t, "sections", object{"name": section[0], "parent": section[1]})
		}
		s.story(t, object{"title": "In the east", "section": "east"})
		s.story(t, object{"title": "In the world", "section": "world"})
		for ref, want := range map[string]string{"world": "not_allowed", "asia": "not_allowed", "east": "not_allowed", "l7": "out_of_range"} {
			a := s.refused(t, call{as: editor, method: "DELETE", path: "/v1/manage/sections/world?replace_with=" + ref, header: ifAny, status: 400, code: "invalid_parameter"})
			if got := a.errors(); got != "replace_with "+want+"\n" {
				t.Errorf("%s: %s", ref, got)
			}
		}
		s.replaceTerm(t, "sections/world", "l6")
		s.do(t, call{path: "/v1/content/articles/in-the-east"}).is("data.section.path", "other/l2/l3/l4/l5/l6/asia/east")
		s.do(t, call{path: "/v1/content/articles/in-the-world"}).is("data.section.path", "other/l2/l3/l4/l5/l6")
		for section, want := range map[string]int{"news": 0, "other": 2, "l6": 2, "asia": 1, "l7": 0, "world": 0} {
			s.do(t, call{path: "/v1/content/articles?section=" + section}).is("meta.total", want)
			s.do(t, call{as: editor, path: "/v1/manage/articles?section=" + section}).is("meta.total", want)
		}
		s.patch(t, "sections/l6", object{"parent": "news"})
		s.do(t, call{path: "/v1/content/articles?section=news"}).is("meta.total", 2)
		s.do(t, call{path: "/v1/content/articles?section=-other"}).is("meta.total", 2)
		s.do(t, call{path: "/v1/content/sections/news"}).is("data.article_count", 2)
		s.replaceTerm(t, "sections/l6", "news") // by the one above
		s.do(t, call{path: "/v1/content/articles/in-the-east"}).is("data.section.path", "news/asia/east")
	})
}

// A story whose time has passed stays expired when its terms go, and can be published again.
func TestReplacingInWhatHasExpired(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for _, name := range []string{"Old", "New"} {
			for _, kind := range []string{"sections", "authors", "tags"} {
				s.add(t, kind, object{"name": name})
			}
		}
		old := object{"title": "Over", "section": "old", "authors": []string{"old"}, "tags": []string{"old"}}
		id := s.write(t, editor, old)
		s.publish(t, id, object{"until": s.clock.Now().Add(time.Minute)})
		s.clock.Advance(time.Hour)
		for _, kind := range []string{"sections", "authors", "tags"} {
			s.replaceTerm(t, kind+"/old", "new")
			s.do(t, call{as: editor, path: "/v1/manage/articles/" + id}).is("data.status", "expired")
		}
		s.do(t, call{as: editor, path: "/v1/manage/articles?status=expired&section=new"}).is("meta.total", 1)
		s.do(t, call{as: editor, path: "/v1/manage/articles?status=draft,unpublished"}).is("meta.total", 0)
		s.publish(t, id, object{}).is("data.status", "published").is("data.live.published_at", "2026-03-06T09:00:00Z")
	})
}

// In the millisecond of a merge a story can be published again, and taken back.
func TestMergingAndPublishingAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for _, name := range []string{"One", "Two", "Three"} {
			s.add(t, "tags", object{"name": name})
		}
		id := s.story(t, object{"title": "Busy", "tags": []string{"one"}})
		s.mergeTag(t, "one", "two")
		s.clock.Advance(time.Minute)
		s.mergeTag(t, "two", "three")
		s.patch(t, "articles/"+id, object{"title": "Busy still", "slug": "busy-still"})
		s.publish(t, id, object{}).is("data.live.visible_from", "2026-03-06T09:01:00Z").is("data.live.published_at", "2026-03-06T09:00:00Z")
		s.do(t, call{path: "/v1/content/articles/busy", status: 308})
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/unpublish"}).is("data.status", "unpublished")
	})
}

func TestMergesAreOneEvent(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		type other struct{ ID, Slug, Name string }
		type data struct {
			Slug, Name             string
			Into                   *other
			ReplacedBy             *other `json:"replaced_by"`
			Articles, Publications *int
		}
		last := func() (string, bool, data, string) {
			events, err := s.store.Read(t.Context()).Events(0, 1000)
			must(t, err)
			e := events[len(events)-1]
			var d data
			must(t, json.Unmarshal(e.Data, &d))
			return e.Type, e.Public, d, string(e.Data)
		}
		ids := map[string]string{}
		for _, name := range []string{"One", "Two", "Three"} {
			ids[name] = s.add(t, "tags", object{"name": name})
		}
		s.story(t, object{"title": "Live", "tags": []string{"one"}})
		s.write(t, editor, object{"title": "Draft", "tags": []string{"one", "two"}})
		before, err := s.store.Read(t.Context()).Events(0, 1000)
		must(t, err)
		s.mergeTag(t, "one", "two")
		kind, public, d, raw := last()
		if kind != "tag.merged" || !public || d.Slug != "one" || d.Name != "One" || *d.Into != (other{ids["Two"], "two", "Two"}) || *d.Articles != 2 || *d.Publications != 1 {
			t.Error(kind, public, raw)
		}
		s.replaceTerm(t, "tags/two", "three")
		if kind, public, d, raw = last(); kind != "tag.deleted" || !public || d.Slug != "two" || *d.ReplacedBy != (other{ids["Three"], "three", "Three"}) || *d.Articles != 2 {
			t.Error(kind, public, raw)
		}
		s.add(t, "authors", object{"name": "Nobody"})
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/authors/nobody", header: ifAny, status: 204})
		if kind, public, _, raw = last(); kind != "author.deleted" || !public || !strings.Contains(strings.ReplaceAll(raw, " ", ""), `"replaced_by":null`) {
			t.Error(kind, public, raw)
		}
		after, err := s.store.Read(t.Context()).Events(0, 1000)
		must(t, err)
		if len(after)-len(before) != 4 {
			t.Errorf("%d events", len(after)-len(before))
		}
	})
}
