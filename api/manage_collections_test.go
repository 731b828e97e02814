package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// collected gives the titles of the articles that readers see in a collection.
func (s *server) collected(t *testing.T, path string) string {
	t.Helper()
	titles := []string{}
	for _, card := range s.do(t, call{path: "/v1/content/collections/" + path}).at("data.articles").([]any) {
		titles = append(titles, fmt.Sprint(card.(object)["title"]))
	}
	return strings.Join(titles, ", ")
}

func (s *server) shows(t *testing.T, path, want string) {
	t.Helper()
	if got := s.collected(t, path); got != want {
		t.Errorf("%s shows %q, want %q", path, got, want)
	}
}

func TestCollectionsComeAndGo(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		first, second := s.story(t, object{"title": "First"}), s.story(t, object{"title": "Second"})
		path := "/v1/manage/collections"
		made := s.do(t, call{as: editor, method: "POST", path: path, status: 201, body: object{
			"key": "front-page", "name": " Front page ", "description": "What counts", "translations": object{"RU": object{"name": "Главная"}},
			"articles": []string{"second", first},
		}})
		id := made.text("data.id")
		if got := made.header.Get("Location"); got != path+"/"+id || made.header.Get("ETag") != `"1"` {
			t.Errorf("Location %s, ETag %s", got, made.header.Get("ETag"))
		}
		made.is("data.key", "front-page").is("data.name", "Front page").is("data.translations.ru.name", "Главная").is("data.fill", nil).
			is("data.articles.0.id", second).is("data.articles.0.slug", "second").is("data.articles.0.status", "published").is("data.articles.1.title", "First")
		for _, ref := range []string{id, "front-page", strings.ToUpper(id)} {
			if read := s.do(t, call{as: contributor, path: path + "/" + ref}); read.raw != made.raw {
				t.Errorf("made %s\nread %s", made.raw, read.raw)
			}
		}
		s.shows(t, "front-page", "Second, First")
		s.shows(t, id, "Second, First")
		read := s.do(t, call{path: "/v1/content/collections/front-page?lang=ru"})
		read.is("data.name", "Главная").is("data.description", "What counts").is("data.articles", []any{}).is("data.id", id)
		s.do(t, call{path: "/v1/content/collections?lang=ru"}).is("data.0.name", "Главная").is("data.0.key", "front-page").is("meta.total", 1)

		s.clock.Advance(time.Minute)
		all := s.everything(t)
		s.patch(t, "collections/front-page", object{"name": "Front page", "articles": []string{second, "first"}, "fill": nil})
		if s.everything(t) != all {
			t.Error("a change of nothing changed something")
		}
		s.patch(t, "collections/front-page", object{"key": "main", "description": nil, "articles": []string{first, second}, "translations": object{"ru": nil}}).
			is("data.version", 2).is("data.key", "main").is("data.description", nil).is("data.translations", object{})
		s.shows(t, "main", "First, Second")
		s.do(t, call{path: "/v1/content/collections/front-page", status: 404, code: "not_found"})
		s.do(t, call{as: editor, method: "DELETE", path: path + "/main", header: force, status: 204})
		s.do(t, call{path: "/v1/content/collections/main", status: 404})
		s.do(t, call{as: editor, path: path + "/" + id, status: 404})
		s.do(t, call{path: "/v1/content/articles/first"})
	})
}

func TestWhatIsWrongWithACollection(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		story := s.story(t, object{"title": "Story"})
		trashed := s.write(t, editor, object{"title": "Rubbish"})
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/articles/" + trashed, header: force, status: 204})
		s.add(t, "collections", object{"key": "taken", "name": "Taken"})
		s.add(t, "collections", object{"key": "front", "name": "Front", "articles": []string{story}})
		body := object{
			"key": "Front Page", "name": " ", "colour": 1, "translations": object{"nonsense!": object{"name": "x"}},
			"articles": []any{"story", "nothing", trashed, "rubbish", uuid.NewString(), story, 5, strings.ToUpper(story)},
			"fill": object{
				"limit": 101, "section": "nowhere", "tag": []any{"-nothing,none"}, "author": "nobody", "lang": "de", "type": []any{1}, "featured": "yes",
			},
		}
		want := "/articles/1 unknown_reference\n/articles/2 unknown_reference\n/articles/3 unknown_reference\n/articles/4 unknown_reference\n" +
			"/articles/5 duplicate\n/articles/6 wrong_type\n/articles/7 duplicate\n/colour unknown_field\n/fill/author unknown_reference\n/fill/featured wrong_type\n" +
			"/fill/lang invalid_value\n/fill/limit out_of_range\n/fill/section unknown_reference\n/fill/tag unknown_reference\n/fill/type/0 wrong_type\n" +
			"/key invalid_value\n/name required\n/translations/nonsense! invalid_value\n"
		for _, c := range []call{{method: "POST", path: "/v1/manage/collections"}, {method: "PATCH", path: "/v1/manage/collections/front"}} {
			c.as, c.body, c.header, c.status, c.code = editor, body, force, 422, "validation_failed"
			lines := strings.SplitAfter(s.refused(t, c).errors(), "\n")
			slices.Sort(lines)
			if got := strings.Join(slices.Compact(lines), ""); got != want {
				t.Errorf("%s: got\n%swant\n%s", c.method, got, want)
			}
		}
		for body, want := range map[string]string{
			`{}`:                      "/key required\n/name required\n",
			`{"key":null,"name":"x"}`: "/key required\n",
			`{"key":"","name":"x"}`:   "/key required\n",
			`{"key":"01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42","name":"x"}`:                                            "/key invalid_value\n",
			`{"key":"k","name":"x","articles":["` + strings.TrimSuffix(strings.Repeat(`x","`, 101), `","`) + `"]}`: "/articles too_long\n",
			`{"key":"k","name":"x","fill":{"limit":0}}`:                                                            "/fill/limit out_of_range\n",
			`{"key":"k","name":"x","fill":{"tag":""}}`:                                                             "/fill/tag invalid_value\n",
			`{"key":"k","name":"x","fill":{"ids":"a"}}`:                                                            "/fill/ids unknown_field\n",
			`{"key":"k","name":"x","fill":{"lang":"en\u0000"}}`:                                                    "/fill/lang/0 invalid_value\n",
			`{"key":"k","name":"x","articles":["a\u0000"]}`:                                                        "/articles/0 invalid_value\n",
			`[]`: " wrong_type\n",
		} {
			got := s.refused(t, call{as: editor, method: "POST", path: "/v1/manage/collections", body: body, status: 422, code: "validation_failed"}).errors()
			if !strings.Contains(want, "too_long") && got != want || !strings.Contains(got, want) {
				t.Errorf("%.80s: got\n%swant\n%s", body, got, want)
			}
		}
		for _, c := range []call{{method: "POST", path: "/v1/manage/collections"}, {method: "PATCH", path: "/v1/manage/collections/front"}} {
			c.as, c.body, c.header, c.status, c.code = editor, object{"key": "taken", "name": "x"}, force, 409, "already_exists"
			s.refused(t, c)
		}
	})
}

// What is no more live, and what is not yet, is not there, is not counted, and stands in nobody's place.
func TestCollectionsShowWhatIsLive(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		live := s.story(t, object{"title": "Live"})
		draft := s.write(t, contributor, object{"title": "Secret draft"})
		later, ending, gone := s.write(t, editor, object{"title": "Secret plan"}), s.write(t, editor, object{"title": "Ending"}), s.story(t, object{"title": "Gone"})
		s.publish(t, later, object{"at": s.clock.Now().Add(time.Hour)})
		s.publish(t, ending, object{"until": s.clock.Now().Add(time.Minute)})
		s.add(t, "collections", object{"key": "front", "name": "Front", "articles": []string{draft, later, ending, gone, live}, "fill": object{"limit": 3}})
		statuses := func(who string) string {
			all := ""
			for _, a := range s.do(t, call{as: who, path: "/v1/manage/collections/front"}).at("data.articles").([]any) {
				all += a.(object)["title"].(string) + " " + a.(object)["status"].(string) + "\n"
			}
			return all
		}
		if got := statuses(editor); got != "Secret draft draft\nSecret plan scheduled\nEnding published\nGone published\nLive published\n" {
			t.Error(got)
		}
		if got := statuses(author); got != "Ending published\nGone published\nLive published\n" {
			t.Error(got)
		}
		if got := statuses(contributor); !strings.HasPrefix(got, "Secret draft draft\nEnding") {
			t.Error(got)
		}
		s.shows(t, "front", "Ending, Gone, Live")
		s.do(t, call{path: "/v1/content/collections/front", hasNot: []string{"Secret", "secret", draft, later}})
		s.do(t, call{as: author, path: "/v1/manage/collections?fields=articles,fill,id", hasNot: []string{"ecret"}})

		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/articles/" + gone, header: force, status: 204})
		s.shows(t, "front", "Ending, Live")
		s.clock.Advance(time.Minute - time.Millisecond)
		s.shows(t, "front", "Ending, Live")
		s.clock.Advance(time.Millisecond)
		s.shows(t, "front", "Live")
		s.clock.Advance(59*time.Minute - time.Millisecond)
		s.shows(t, "front", "Live")
		s.clock.Advance(time.Millisecond)
		s.shows(t, "front", "Secret plan, Live")
		s.publish(t, draft, object{})
		s.shows(t, "front", "Secret draft, Secret plan, Live")

		// What is in the trash keeps its place, but none may come from there.
		s.patch(t, "collections/front", object{"name": "Front page"}).is("data.articles.3.status", "trashed")
		s.patch(t, "collections/front", object{"articles": []string{gone, live, draft}}).is("data.articles.0.status", "trashed")
		s.patch(t, "collections/front", object{"articles": []string{live, draft}})
		if got := s.refusedPatch(t, "collections/front", object{"articles": []string{live, gone}}); got != "/articles/1 unknown_reference\n" {
			t.Error(got)
		}
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/articles/" + live, header: force, status: 204})
		s.do(t, call{as: admin, method: "DELETE", path: "/v1/manage/articles/" + live + "?purge=true", header: force, status: 204})
		s.do(t, call{as: editor, path: "/v1/manage/collections/front"}).is("data.articles.0.id", draft)
		s.shows(t, "front", "Secret draft, Secret plan")
	})
}

func TestCollectionsInALanguage(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		en := s.story(t, object{"title": "Bridge", "tags": []any{object{"name": "Town"}}})
		ru := s.story(t, object{"title": "Мост", "lang": "ru", "translation_of": en, "tags": []string{"town"}})
		alone := s.story(t, object{"title": "Alone"})
		draft := s.write(t, editor, object{"title": "Черновик", "lang": "ru", "translation_of": alone})
		s.clock.Advance(time.Minute)
		s.story(t, object{"title": "Newer", "tags": []string{"town"}})
		s.story(t, object{"title": "Новее", "lang": "ru", "tags": []string{"town"}})
		s.add(t, "collections", object{"key": "front", "name": "Front", "articles": []string{alone, en}, "fill": object{"tag": "town", "limit": 100}})
		s.shows(t, "front", "Alone, Bridge, Новее, Newer, Мост")
		s.shows(t, "front?lang=en", "Alone, Bridge, Newer")
		s.shows(t, "front?lang=ru", "Мост, Новее")
		s.shows(t, "front?lang=uz-Latn", "")
		s.publish(t, draft, object{})
		s.shows(t, "front?lang=RU", "Черновик, Мост, Новее")
		s.patch(t, "collections/front", object{"articles": []string{ru, alone, en}})
		s.shows(t, "front?lang=ru", "Мост, Черновик, Новее")
		s.shows(t, "front?lang=en&limit=2", "Bridge, Alone")
		a := s.do(t, call{path: "/v1/content/collections/front?lang=ru&fields=title,slug&limit=1"})
		a.is("data.articles", []any{object{"title": "Мост", "slug": "most"}})
		for query, name := range map[string]string{"lang=de": "lang", "limit=0": "limit", "limit=101": "limit", "fields=body": "fields", "page=2": "page"} {
			s.do(t, call{path: "/v1/content/collections/front?" + query, status: 400, code: "invalid_parameter"}).is("errors.0.pointer", name)
		}
	})
}

func TestCollectionsAreFilledUp(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		newPlace(t, s)
		s.add(t, "sections", object{"slug": "asia", "name": "Asia", "parent": "world"})
		ids := map[string]string{}
		for _, title := range []string{"One", "Two", "Three", "Four"} {
			s.clock.Advance(time.Minute)
			ids[title] = s.story(t, object{"title": title, "section": "asia", "authors": []string{"ann"}, "type": "note", "featured": title == "Two", "tags": []any{object{"name": title}}})
		}
		s.add(t, "collections", object{"key": "c", "name": "C", "articles": []string{ids["One"]}})
		for fill, want := range map[string]string{
			`{"limit":3}`:                                    "One, Four, Three",
			`{"section":"world","limit":100}`:                "One, Four, Three, Two, It rains",
			`{"section":["world","asia"],"limit":3}`:         "One, Four, Three",
			`{"tag":"two,three,-four"}`:                      "One, Three, Two",
			`{"tag":["two,three","-three"]}`:                 "One, Two",
			`{"author":"ann","type":"-note"}`:                "One, It rains",
			`{"featured":true}`:                              "One, Two",
			`{"breaking":true}`:                              "One",
			`{"featured":false,"lang":["en"],"type":"note"}`: "One, Four, Three",
			`{"lang":"ru"}`:                                  "One",
			`{"limit":1}`:                                    "One",
		} {
			s.do(t, call{as: editor, method: "PATCH", path: "/v1/manage/collections/c", body: `{"fill":null}`, header: force}).is("data.fill", nil)
			a := s.do(t, call{as: editor, method: "PATCH", path: "/v1/manage/collections/c", body: `{"fill":` + fill + `}`, header: force})
			if got := s.collected(t, "c"); got != want {
				t.Errorf("%s: %s, want %s", fill, got, want)
			}
			// What is told can be sent again.
			s.patch(t, "collections/c", object{"fill": a.at("data.fill")}).is("data.version", a.at("data.version"))
		}
		s.patch(t, "collections/c", object{"fill": nil})
		s.patch(t, "collections/c", object{"fill": object{"section": "world", "tag": []string{"two,three", "-one"}, "limit": 30}}).
			is("data.fill", object{
				"lang": []any{}, "section": []any{"world"}, "tag": []any{"two,three", "-one"}, "author": []any{}, "type": []any{}, "featured": nil, "breaking": nil, "limit": 30,
			})
		s.patch(t, "collections/c", object{"fill": object{"limit": 2, "tag": nil}}).is("data.fill.section", []any{"world"}).is("data.fill.tag", []any{})
		s.shows(t, "c", "One, Four")
		s.shows(t, "c?limit=1", "One")
		s.patch(t, "collections/c", object{"articles": nil})
		s.shows(t, "c?limit=1", "Four")
	})
}

// A term that a collection is filled up with stays, unless another takes its place; then the collection follows.
func TestFillsFollowTheirTerms(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for _, kind := range []string{"sections", "authors", "tags"} {
			s.add(t, kind, object{"slug": "old", "name": "Old"})
			s.add(t, kind, object{"slug": "new", "name": "New"})
		}
		s.add(t, "collections", object{"key": "c", "name": "C", "fill": object{"section": "old", "author": "-old", "tag": []string{"old,new"}}})
		for _, kind := range []string{"sections", "authors", "tags"} {
			s.refused(t, call{as: editor, method: "DELETE", path: "/v1/manage/" + kind + "/old", header: force, status: 409, code: "in_use", has: []string{"the collection"}})
		}
		s.patch(t, "sections/old", object{"slug": "renamed"})
		s.do(t, call{as: editor, path: "/v1/manage/collections/c"}).is("data.fill.section", []any{"renamed"}).is("data.version", 1)
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/sections/renamed?replace_with=new", header: force, status: 204})
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/authors/old?replace_with=new", header: force, status: 204})
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/tags/old/merge", body: object{"into": "new"}})
		s.do(t, call{as: editor, path: "/v1/manage/collections/c"}).is("data.fill.section", []any{"new"}).is("data.fill.author", []any{"-new"}).
			is("data.fill.tag", []any{"new"}).is("data.version", 4)
		all, err := s.store.Read(t.Context()).Events(0, 1000)
		must(t, err)
		if e := all[len(all)-2]; e.Type != "collection.updated" || !e.Public || !strings.Contains(string(e.Data), `"changed":["fill"]`) {
			t.Errorf("%s %s", e.Type, e.Data)
		}
		s.patch(t, "collections/c", object{"fill": object{"tag": "old"}}).is("data.fill.tag", []any{"new"})
		s.patch(t, "collections/c", object{"fill": nil})
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/tags/new", header: force, status: 204})
	})
}

func TestArticlesArePutIntoCollectionsOneByOne(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		var ids []string
		for i := range 4 {
			ids = append(ids, s.story(t, object{"title": fmt.Sprint("S", i)}))
		}
		s.add(t, "collections", object{"key": "c", "name": "C", "articles": ids[:2]})
		path := "/v1/manage/collections/c/articles"
		for _, step := range []struct {
			body object
			want string
		}{
			{object{"article": "s2"}, "S0, S1, S2"},
			{object{"article": ids[3], "position": 0}, "S3, S0, S1, S2"},
			{object{"article": ids[3], "position": 2}, "S0, S1, S3, S2"},
			{object{"article": ids[0]}, "S1, S3, S2, S0"},
			{object{"article": ids[1], "position": 100}, "S3, S2, S0, S1"},
		} {
			s.do(t, call{as: editor, method: "POST", path: path, body: step.body})
			s.shows(t, "c", step.want)
		}
		version := s.do(t, call{as: editor, path: "/v1/manage/collections/c"}).at("data.version")
		s.do(t, call{as: editor, method: "POST", path: path, body: object{"article": ids[1]}}).is("data.version", version)
		for body, want := range map[string]string{
			`{}`:                              "/article required\n",
			`{"article":"nothing"}`:           "/article unknown_reference\n",
			`{"article":"s1","position":-1}`:  "/position out_of_range\n",
			`{"article":"s1","position":101}`: "/position out_of_range\n",
		} {
			if got := s.refused(t, call{as: editor, method: "POST", path: path, body: body, status: 422}).errors(); got != want {
				t.Errorf("%s: %s", body, got)
			}
		}
		s.refused(t, call{as: editor, method: "POST", path: path, body: object{"article": "s1"}, header: map[string]string{"If-Match": `"1"`}, status: 412, code: "stale_version"})
		s.do(t, call{as: editor, method: "DELETE", path: path + "/" + ids[2], header: force, status: 204})
		s.shows(t, "c", "S3, S0, S1")
		s.refused(t, call{as: editor, method: "DELETE", path: path + "/" + ids[2], header: force, status: 404, code: "not_found"})
		s.refused(t, call{as: editor, method: "DELETE", path: path + "/s3", header: force, status: 404, code: "not_found"})
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/collections/none/articles", body: object{"article": "s1"}, status: 404})
	})
}

// Two editors who add at once both do, and of two who save what they have read one is told.
func TestEditorsOfACollectionAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "collections", object{"key": "c", "name": "C"})
		var ids []string
		for i := range 6 {
			ids = append(ids, s.write(t, editor, object{"title": fmt.Sprint("S", i)}))
		}
		s.token(t, editor)
		var all sync.WaitGroup
		for _, id := range ids {
			all.Go(func() {
				r := s.request(t, call{as: editor, method: "POST", path: "/v1/manage/collections/c/articles", body: object{"article": id}})
				if a := s.send(t, r); a.status != http.StatusOK {
					t.Errorf("%s", a.raw)
				}
			})
		}
		all.Wait()
		if got := s.do(t, call{as: editor, path: "/v1/manage/collections/c"}).is("data.version", 7).at("data.articles").([]any); len(got) != len(ids) {
			t.Errorf("%v", got)
		}
		statuses := make([]int, 4)
		for i := range statuses {
			all.Go(func() {
				statuses[i] = s.send(t, s.request(t, call{
					as: editor, method: "PATCH", path: "/v1/manage/collections/c", body: object{"articles": ids[i:]}, header: map[string]string{"If-Match": `"7"`},
				})).status
			})
		}
		all.Wait()
		if slices.Sort(statuses); fmt.Sprint(statuses[1:]) != "[412 412 412]" {
			t.Errorf("%v", statuses)
		}
	})
}

func TestACollectionHoldsAHundredArticles(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		var ids []string
		for i := range newsroom.MaxCollection + 1 {
			ids = append(ids, s.write(t, editor, object{"title": fmt.Sprint("S", i)}))
		}
		s.add(t, "collections", object{"key": "c", "name": "C", "articles": ids[:100]})
		if got := s.refusedPatch(t, "collections/c", object{"articles": ids}); got != "/articles too_long\n" {
			t.Error(got)
		}
		c := call{as: editor, method: "POST", path: "/v1/manage/collections/c/articles", body: object{"article": ids[100]}, status: 422}
		if got := s.refused(t, c).errors(); got != "/article too_long\n" {
			t.Error(got)
		}
		c.body, c.status = object{"article": ids[99], "position": 0}, 200
		s.do(t, c).is("data.articles.0.id", ids[99]).is("data.articles.99.id", ids[98])
	})
}

func TestACollectionsEventTellsAllOfIt(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		tag, story := s.add(t, "tags", object{"name": "Rain"}), s.story(t, object{"title": "Story"})
		id := s.add(t, "collections", object{"key": "c", "name": "C", "articles": []string{story}, "fill": object{"tag": "-rain", "limit": 5}})
		after := `"after":{"articles":["` + story + `"],"description":"","fill":{"tags":{"none":["` + tag + `"]},"limit":5},"key":"c","name":"C","translations":{}}`
		tells := func(what, data string) {
			t.Helper()
			e := s.lastEvent(t)
			if e.Type != "collection."+what || !e.Public || e.SubjectID.String() != id || *e.ActorID != s.users[editor].ID || string(e.Data) != data {
				t.Errorf("%s, public %v: %s\nwant %s", e.Type, e.Public, e.Data, data)
			}
		}
		tells("created", `{`+after+`,"key":"c","name":"C"}`)
		s.patch(t, "collections/c", object{"articles": nil, "name": "New"})
		after = strings.NewReplacer(`["`+story+`"]`, "[]", `"name":"C"`, `"name":"New"`).Replace(after)
		tells("updated", `{`+after+`,"changed":["articles","name"],"key":"c","name":"New"}`)
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/collections/c", header: force, status: 204})
		tells("deleted", `{"key":"c","name":"New"}`)
	})
}
