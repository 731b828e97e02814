package api_test

import (
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/testkit/testdb"
)

// eachTables is eachDatabase with the tables too, for what nothing writes by itself.
func eachTables(t *testing.T, test func(t *testing.T, s *server, run func(sql string, values ...any))) {
	t.Helper()
	testdb.Each(t, func(t *testing.T, url string) {
		driver, dsn := "pgx", url
		if path, lite := strings.CutPrefix(url, "sqlite:"); lite {
			driver, dsn = "sqlite3", "file:"+path+"?_timefmt=2006-01-02%2015:04:05.000"
		}
		s := newServer(t, url)
		tables, err := sql.Open(driver, dsn)
		must(t, err)
		t.Cleanup(func() { must(t, tables.Close()) })
		test(t, s, func(sql string, values ...any) {
			t.Helper()
			_, err := tables.ExecContext(t.Context(), sql, values...)
			must(t, err)
		})
	})
}

// save patches an article as the editor, a minute after what was before.
func (s *server) save(t *testing.T, id string, patch object) answer {
	t.Helper()
	s.clock.Advance(time.Minute)
	return s.do(t, call{as: editor, method: "PATCH", path: "/v1/manage/articles/" + id, body: patch, header: map[string]string{"If-Match": "*"}})
}

func TestEverySaveIsARevisionToRead(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "sections", object{"name": "City"})
		tag := s.add(t, "tags", object{"name": "Bridges"})
		s.add(t, "authors", object{"name": "Dilnoza"})
		id := s.write(t, author, object{
			"title": "Bridge", "body": object{"html": "<p>It <b>opens</b>.</p>"}, "section": "city", "authors": []string{"dilnoza"},
			"tags": []string{"bridges"}, "kicker": "City life", "seo": object{"title": "Bridge!"}, "custom": object{"map": 7},
		})
		s.publish(t, id, object{})
		s.save(t, id, object{"title": "The bridge", "tags": []string{}})
		s.save(t, id, object{"body": object{"markdown": "It is open now."}})
		s.do(t, call{as: author, method: "POST", path: "/v1/manage/articles/" + id + "/revisions/1/restore"})

		path := "/v1/manage/articles/" + id + "/revisions"
		list := s.do(t, call{as: author, path: path})
		same(t, "revisions", list.all("revision"), []string{"4", "3", "2", "1"})
		same(t, "titles", list.all("title"), []string{"Bridge", "The bridge", "The bridge", "Bridge"})
		same(t, "what is live", list.all("live"), []string{"false", "false", "false", "true"})
		same(t, "what was restored", list.all("restored_from"), []string{"1", "<nil>", "<nil>", "<nil>"})
		same(t, "what changed", list.all("changed")[1:3], []string{"[summary body]", "[title tags]"})
		same(t, "words", list.all("word_count"), []string{"2", "4", "2", "2"})
		list.is("meta.total", 4).is("data.0.saved_by.name", author).is("data.1.saved_by.name", editor).is("data.1.saved_at", "2026-03-06T09:02:00Z")

		page := s.do(t, call{as: editor, path: path + "?limit=3&total=false"}).is("meta.total", nil)
		page = s.do(t, call{as: editor, path: path + "?limit=3&cursor=" + page.text("meta.next_cursor")}).is("meta.next_cursor", nil)
		same(t, "the last page", page.all("revision"), []string{"1"})
		same(t, "the page before", s.do(t, call{as: editor, path: page.text("links.prev")}).all("revision"), []string{"4", "3", "2"})
		same(t, "oldest first", s.do(t, call{as: editor, path: path + "?sort=revision&limit=2"}).all("revision"), []string{"1", "2"})
		for _, query := range []string{"sort=title", "fields=title", "limit=0"} {
			s.do(t, call{as: editor, path: path + "?" + query, status: 400, code: "invalid_parameter"})
		}

		one := s.do(t, call{as: author, path: path + "/1?format=html,text"})
		one.is("data.title", "Bridge").is("data.body.html", "<p>It <strong>opens</strong>.</p>").is("data.body.text", "It opens.").is("data.section.slug", "city")
		one.is("data.authors.0.name", "Dilnoza").is("data.tags.0.id", tag).is("data.seo.title", "Bridge!").is("data.custom.map", 7).is("data.live", true)
		one.is("data.revision", 1).is("data.word_count", 2).is("data.reading_minutes", 1).is("data.restored_from", nil).is("data.kicker", "City life")
		s.do(t, call{as: author, path: path + "/2"}).is("data.tags", []any{}).is("data.title", "The bridge").is("data.live", false)
		for _, none := range []string{"/0", "/5", "/abc", "/-1", "/01", "/+1", "/1.0", "/99999999999"} {
			s.do(t, call{as: author, path: path + none, status: 404, code: "not_found", foreign: true})
			s.do(t, call{as: author, path: path + none + "/diff", status: 404, code: "not_found", foreign: true})
			s.do(t, call{as: author, method: "POST", path: path + none + "/restore", status: 404, code: "not_found", foreign: true})
		}
		s.do(t, call{as: author, path: path + "/1?format=pdf", status: 400, code: "invalid_parameter"})
	})
}

func TestRevisionsAreForThoseWhoSeeTheWorkingCopy(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		x := newSecrets(t, s)
		at := "?as_of=2026-03-06T09:00:30Z"
		for _, who := range []string{author, contributor} {
			for _, end := range []string{"/revisions", "/revisions/1", "/revisions/1/diff", "/revisions/7", "/live" + at} {
				s.do(t, call{as: who, path: "/v1/manage/articles/" + x.live + end, status: 403, code: "forbidden", hasNot: []string{"secret"}})
				for _, id := range append(x.hidden, uuid.NewString(), "none") {
					s.do(t, call{as: who, path: "/v1/manage/articles/" + id + end, status: 404, code: "not_found", foreign: id == "none"})
				}
			}
			s.do(t, call{as: who, path: "/v1/manage/articles/" + x.live + "/live", hasNot: []string{"secret"}}).is("data.title", "open")
			for _, id := range x.hidden {
				s.do(t, call{as: who, path: "/v1/manage/articles/" + id + "/live", status: 404, code: "not_found"})
			}
			s.refused(t, call{as: who, method: "POST", path: "/v1/manage/articles/" + x.live + "/revisions/1/restore", status: 403, code: "forbidden"})
			s.refused(t, call{as: who, method: "POST", path: "/v1/manage/articles/" + x.hidden[0] + "/revisions/1/restore", status: 404, code: "not_found"})
		}
		s.do(t, call{as: other, path: "/v1/manage/articles/" + x.live + "/revisions"}).is("meta.total", 2)
		s.do(t, call{as: other, path: "/v1/manage/articles/" + x.live + "/live" + at}).is("data.title", "open")
	})
}

// ops writes the ops of a list in an answer.
func ops(list any) string {
	var all []string
	for _, item := range list.([]any) {
		all = append(all, fmt.Sprint(item.(object)["op"]))
	}
	return strings.Join(all, " ")
}

func TestDiffsOfRevisions(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "sections", object{"name": "City", "translations": object{"ru": object{"name": "Город"}}})
		s.add(t, "tags", object{"name": "Bridges"})
		s.add(t, "authors", object{"name": "Dilnoza"})
		id := s.write(t, editor, object{"title": "The bridge opens", "body": object{"html": "<h2>Now</h2><p>It is open.</p><p>Boats pass.</p>"}})
		s.save(t, id, object{
			"title": "The old bridge opens", "section": "city", "authors": []string{"dilnoza"}, "tags": []string{"bridges"}, "featured": true, "summary": "New.",
			"body": object{"html": "<h2>Now</h2><p>It is closed.</p><hr><p><em>Boats</em> pass.</p>"}, "custom": object{"map": 7}, "seo": object{"no_index": true},
		})
		path := "/v1/manage/articles/" + id + "/revisions"
		d := s.do(t, call{as: editor, path: path + "/2/diff"}).is("data.from", 1).is("data.to", 2)
		fields := map[string]object{}
		names := []string{}
		for _, f := range d.at("data.fields").([]any) {
			f := f.(object)
			names = append(names, f["field"].(string))
			fields[f["field"].(string)] = f
		}
		same(t, "fields", names, []string{"title", "summary", "section", "authors", "tags", "featured", "seo", "custom"})
		title := fields["title"]
		if title["before"] != "The bridge opens" || title["after"] != "The old bridge opens" || ops(title["words"]) != "equal insert equal" {
			t.Errorf("the title: %v", title)
		}
		if f := fields["section"]; f["before"] != nil || f["after"].(object)["name"] != "City" || len(f["words"].([]any)) != 0 {
			t.Errorf("the section: %v", f)
		}
		if f := fields["authors"]; len(f["before"].([]any)) != 0 || f["after"].([]any)[0].(object)["name"] != "Dilnoza" {
			t.Errorf("the authors: %v", f)
		}
		if fields["featured"]["before"] != false || fields["featured"]["after"] != true || fmt.Sprint(fields["custom"]["after"]) != "map[map:7]" {
			t.Errorf("%v", fields)
		}
		if got := ops(d.at("data.body")); got != "equal change insert change" {
			t.Errorf("the body: %s", got)
		}
		d.is("data.body.0.words", []any{}).is("data.body.1.before.text", "It is open.").is("data.body.1.after.text", "It is closed.").is("data.body.1.same_text", false)
		d.is("data.body.1.words.1.op", "delete").is("data.body.1.words.1.text", "open").is("data.body.2.before", nil).is("data.body.3.same_text", true)

		back := s.do(t, call{as: editor, path: path + "/1/diff?against=2"}).is("data.from", 2).is("data.to", 1)
		if got := ops(back.at("data.body")); got != "equal change delete change" {
			t.Errorf("the other way: %s", got)
		}
		first := s.do(t, call{as: editor, path: path + "/1/diff"}).is("data.from", 0).is("data.fields.0.before", nil)
		if got := ops(first.at("data.body")); got != "insert insert insert" || first.raw != s.do(t, call{as: editor, path: path + "/1/diff?against=0"}).raw {
			t.Errorf("against nothing: %s", first.raw)
		}
		s.do(t, call{as: editor, path: path + "/2/diff?against=2"}).is("data.fields", []any{})
		s.do(t, call{as: editor, path: path + "/2/diff?against=3", status: 404, code: "not_found"})
		for _, bad := range []string{"-1", "x", "1.5", "99999999999"} {
			s.do(t, call{as: editor, path: path + "/2/diff?against=" + bad, status: 400, code: "invalid_parameter"})
		}

		ru := s.write(t, editor, object{"title": "Most", "lang": "ru"})
		s.save(t, ru, object{"translation_of": id})
		parted := s.do(t, call{as: editor, path: "/v1/manage/articles/" + ru + "/revisions/2/diff"})
		parted.is("data.fields.0.field", "translation_of").is("data.fields.0.before", []any{}).is("data.fields.0.after.0.slug", "the-bridge-opens")
	})
}

func TestARevisionIsTakenBack(t *testing.T) {
	eachTables(t, func(t *testing.T, s *server, run func(string, ...any)) {
		s.add(t, "sections", object{"name": "City"})
		s.add(t, "authors", object{"name": "Dilnoza"})
		old, gone, kept := s.add(t, "tags", object{"name": "Brigde"}), s.add(t, "tags", object{"name": "Gone"}), s.add(t, "tags", object{"name": "Bridge"})
		id := s.write(t, author, object{
			"title": "First", "slug": "first", "section": "city", "authors": []string{"dilnoza"}, "tags": []string{old, gone, kept}, "body": object{"markdown": "One."},
		})
		s.save(t, id, object{"title": "Second", "slug": "second", "section": nil, "authors": []string{}, "tags": []string{}, "body": object{"markdown": "Two."}})
		s.write(t, editor, object{"title": "Another", "slug": "first"})
		force := map[string]string{"If-Match": "*"}
		for _, term := range []string{"sections/city", "authors/dilnoza", "tags/" + old, "tags/" + gone} {
			s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/" + term, header: force, status: 204})
		}
		run("INSERT INTO merged_tags (id, slug, name_key, tag_id, merged_at) VALUES ($1, 'brigde', 'brigde', $2, $3)", old, kept, s.clock.Now())

		path := "/v1/manage/articles/" + id
		s.do(t, call{as: author, path: path + "/revisions/1"}).is("data.section", nil).is("data.authors", []any{}).is("data.slug", "first")
		back := call{as: author, method: "POST", path: path + "/revisions/1/restore"}
		back.header, back.status, back.code = map[string]string{"If-Match": `"1"`}, 412, "stale_version"
		s.refused(t, back)
		back.header, back.status, back.code = map[string]string{"If-Match": `"2"`}, 200, ""
		a := s.do(t, back).is("data.title", "First").is("data.slug", "second").is("data.section", nil).is("data.authors", []any{}).is("data.body.html", "<p>One.</p>")
		a.is("data.revision", 3).is("data.version", 3).is("data.summary", "One.").is("data.tags.0.id", kept)
		if len(a.at("data.tags").([]any)) != 1 || a.header.Get("ETag") != `"3"` {
			t.Errorf("%s: %s", a.header.Get("ETag"), a.raw)
		}
		s.do(t, call{as: author, path: path + "/revisions/3"}).is("data.restored_from", 1).is("data.changed", []any{"title", "summary", "body", "tags"})
		events, err := s.store.Read(t.Context()).Events(0, 100)
		must(t, err)
		if last := events[len(events)-1]; last.Type != "article.updated" || last.Public || !strings.Contains(string(last.Data), `"restored_from":1`) {
			t.Errorf("%+v %s", last, last.Data)
		}

		back.header = nil
		s.do(t, back).is("data.revision", 3).is("data.version", 3) // the text is the present one
		back.path = path + "/revisions/3/restore"
		s.do(t, back).is("data.revision", 3)
		back.body, back.status, back.code = object{"title": "x"}, 422, "validation_failed"
		s.refused(t, back)
		back.body = nil
		back.path, back.status, back.code = path+"/revisions/1/restore?x=1", 400, "invalid_parameter"
		s.refused(t, back)
	})
}

func TestWhatKeepsARevisionFromBeingTakenBack(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		restore := func(id string, n int) call {
			return call{as: editor, method: "POST", path: fmt.Sprintf("/v1/manage/articles/%s/revisions/%d/restore", id, n)}
		}
		moved := s.write(t, editor, object{"title": "Most", "lang": "ru"})
		s.save(t, moved, object{"lang": "en", "slug": "bridge"})
		s.do(t, restore(moved, 1)).is("data.lang", "ru").is("data.slug", "most")
		s.do(t, restore(moved, 2)).is("data.lang", "en").is("data.slug", "bridge")
		s.publish(t, moved, object{})
		c := restore(moved, 1)
		c.status, c.code = 422, "validation_failed"
		if got := s.refused(t, c).errors(); got != "/lang not_allowed\n" {
			t.Errorf("got %s", got)
		}

		original := s.write(t, editor, object{"title": "One"})
		part := s.write(t, editor, object{"title": "Odin", "lang": "ru", "translation_of": original})
		s.save(t, part, object{"title": "Ein", "translation_of": nil})
		s.do(t, restore(part, 1)).is("data.title", "Odin").is("data.translations", []any{})

		trashed := s.write(t, editor, object{"title": "Gone"})
		s.save(t, trashed, object{"title": "Gone now"})
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/articles/" + trashed, header: map[string]string{"If-Match": "*"}, status: 204})
		c = restore(trashed, 1)
		c.status, c.code = 409, "invalid_transition"
		s.refused(t, c)
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + trashed + "/revisions/1"}).is("data.title", "Gone")

		mine := s.write(t, contributor, object{"title": "Mine"})
		s.save(t, mine, object{"title": "Yours"})
		c = restore(mine, 1)
		c.as = contributor
		s.do(t, c).is("data.title", "Mine")
		s.publish(t, mine, object{})
		c.path = restore(mine, 2).path
		c.status, c.code = 403, "forbidden"
		s.refused(t, c)
	})
}

// Of many who take back revisions at once, each is a revision of its own.
func TestManyWhoTakeBackAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.write(t, editor, object{"title": "One"})
		s.save(t, id, object{"title": "Two"})
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				_, err := s.desk.RestoreRevision(t.Context(), newsroom.Actor{User: s.users[editor]}, uuid.MustParse(id), newsroom.Precondition{Any: true}, 1+i%2)
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		list := s.do(t, call{as: editor, path: "/v1/manage/articles/" + id + "/revisions"})
		for i, n := range list.all("revision") {
			if want := len(list.all("revision")) - i; n != fmt.Sprint(want) {
				t.Errorf("revision %s, want %d", n, want)
			}
		}
	})
}
