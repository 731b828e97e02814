package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"github.com/nashr-cms/nashr/api"
)

var feedPaths = []string{"/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json"}

// feed reads a feed as a program of others does.
func (s *server) feed(t *testing.T, path string) *gofeed.Feed {
	t.Helper()
	a := s.do(t, call{path: path})
	f, err := gofeed.NewParser().ParseString(a.raw)
	if err != nil {
		t.Fatalf("%s: %v\n%s", path, err, a.raw)
	}
	return f
}

func titles(f *gofeed.Feed) []string {
	out := []string{}
	for _, item := range f.Items {
		out = append(out, item.Title)
	}
	return out
}

func TestFeedsShowWhatIsLive(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "sections", object{"slug": "world", "name": "World", "translations": object{"ru": object{"name": "Мир"}}})
		s.add(t, "authors", object{"slug": "ann", "name": "Ann", "translations": object{"ru": object{"name": "Анна"}}, "email": "secret@nashr.example"})
		s.add(t, "tags", object{"slug": "rain", "name": "Rain"})
		text := object{
			"title": "A bridge", "section": "world", "authors": []string{"ann"}, "tags": []string{"rain"}, "summary": "It opens.",
			"body": object{"html": `<p>The <a href="/en/old">old</a> bridge.</p>`},
		}
		id := s.story(t, text)
		s.story(t, object{"title": "Мост", "lang": "ru", "translation_of": id, "section": "world", "authors": []string{"ann"}})
		s.write(t, editor, object{"title": "Draft"})
		s.publish(t, s.write(t, editor, object{"title": "To come"}), object{"at": s.clock.Now().Add(time.Hour)})
		s.publish(t, s.write(t, editor, object{"title": "Over"}), object{"until": s.clock.Now().Add(time.Second)})
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + s.story(t, object{"title": "Taken back"}) + "/unpublish"})
		s.clock.Advance(time.Minute)
		for _, path := range feedPaths {
			f := s.feed(t, path+"?lang=en")
			if got := titles(f); !slices.Equal(got, []string{"A bridge"}) {
				t.Fatalf("%s: %v", path, got)
			}
			item := f.Items[0]
			if item.GUID != "urn:uuid:"+id || item.Link != "https://news.example/en/a-bridge" || item.Authors[0].Name != "Ann" ||
				!slices.Equal(item.Categories, []string{"World", "Rain"}) && path != "/feeds/atom.xml" || item.Content != "" && path == "/feeds/rss.xml" ||
				item.Description != "It opens." || !item.PublishedParsed.Equal(time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)) {
				t.Errorf("%s: %+v", path, item)
			}
			full := s.feed(t, path+"?lang=en&full=true").Items[0]
			if full.Content != `<p>The <a href="https://news.example/en/old">old</a> bridge.</p>` {
				t.Errorf("%s: %q", path, full.Content)
			}
			if ru := s.feed(t, path+"?lang=ru&section=world"); ru.Title != "Nashr · Мир" || ru.Items[0].Authors[0].Name != "Анна" || ru.Language != "ru" {
				t.Errorf("%s: %s, %s, %v", path, ru.Title, ru.Language, ru.Items[0].Authors[0])
			}
			if both := s.feed(t, path); len(both.Items) != 2 || both.Language != "" || both.Title != "Nashr" {
				t.Errorf("%s: %v in %q, %s", path, titles(both), both.Language, both.Title)
			}
			s.do(t, call{path: path + "?full=true", hasNot: []string{"secret@", "Draft", "To come", "Over", "Taken back"}})
		}
		s.do(t, call{path: "/feeds/rss.xml?lang=en", has: []string{"<pubDate>Fri, 06 Mar 2026 14:00:00 +0500</pubDate>"}})
		s.do(t, call{path: "/feeds/atom.xml?lang=en", has: []string{`rel="related" type="text/html" hreflang="ru" href="https://news.example/ru/most"`}})
	})
}

func TestFeedsOfWhatIsAskedFor(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "sections", object{"slug": "news", "name": "News"})
		s.add(t, "sections", object{"slug": "world", "name": "World", "parent": "news"})
		s.add(t, "authors", object{"slug": "ann", "name": "Ann"})
		for i, a := range []object{
			{"title": "A", "section": "world", "tags": []any{object{"name": "Rain"}, object{"name": "Wind"}}, "authors": []string{"ann"}},
			{"title": "B", "section": "news", "tags": []any{object{"name": "Rain"}}},
			{"title": "C", "lang": "ru", "slug": "c", "breaking": true},
		} {
			s.publish(t, s.write(t, editor, a), object{"at": time.Date(2026, 3, 1+i, 20, 0, 0, 0, time.UTC)})
		}
		for _, path := range feedPaths {
			for query, want := range map[string]struct{ items, title string }{
				"":                          {"[C B A]", "Nashr"},
				"limit=2":                   {"[C B]", "Nashr"},
				"section=news":              {"[B A]", "Nashr · News"},
				"section=news&tag=wind":     {"[A]", "Nashr · News · Wind"},
				"section=-news":             {"[C]", "Nashr"},
				"tag=rain":                  {"[B A]", "Nashr · Rain"},
				"tag=rain,wind":             {"[B A]", "Nashr"},
				"tag=rain&tag=wind":         {"[A]", "Nashr"},
				"tag=rain&tag=-wind":        {"[B]", "Nashr"},
				"author=ann&lang=en":        {"[A]", "Nashr · Ann"},
				"lang=ru":                   {"[C]", "Nashr"},
				"lang=-ru":                  {"[B A]", "Nashr"},
				"breaking=true":             {"[C]", "Nashr"},
				"tag=none":                  {"[]", "Nashr"},
				"full=false&section=sports": {"[]", "Nashr"},
			} {
				if f := s.feed(t, path+"?"+query); fmt.Sprint(titles(f)) != want.items || f.Title != want.title {
					t.Errorf("%s?%s: %v, %s", path, query, titles(f), f.Title)
				}
			}
			for query, name := range map[string]string{
				"colour=red": "colour", "limit=0": "limit", "limit=101": "limit", "full=yes": "full", "lang=de": "lang", "section=Not+A+Slug": "section",
				"tag=a,,b": "tag", "page=2": "page", "fields=title": "fields", "sort=title": "sort", "lang=%00": "lang",
			} {
				s.do(t, call{path: path + "?" + query, status: 400, code: "invalid_parameter"}).is("errors.0.pointer", name)
			}
		}
	})
}

func TestFeedsAreAskedAgain(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"title": "Once"})
		for _, path := range append(feedPaths, "/sitemap.xml", "/sitemaps/articles-2026-03.xml", "/sitemaps/news.xml") {
			a := s.do(t, call{path: path})
			tag := a.header.Get("ETag")
			if tag == "" || a.header.Get("Last-Modified") == "" || !strings.HasPrefix(a.header.Get("Cache-Control"), "public, ") || a.header.Get("X-Robots-Tag") != "noindex" {
				t.Errorf("%s: %v", path, a.header)
			}
			again := s.do(t, call{path: path, status: 304, header: map[string]string{"If-None-Match": tag}})
			if again.raw != "" || again.header.Get("ETag") != tag {
				t.Errorf("%s again: %v", path, again.header)
			}
			s.do(t, call{path: path, header: map[string]string{"If-Modified-Since": a.header.Get("Last-Modified")}}) // too coarse to be sure
			head := s.do(t, call{method: "HEAD", path: path})
			if head.raw != "" || head.header.Get("ETag") != tag || head.header.Get("Content-Type") != a.header.Get("Content-Type") {
				t.Errorf("HEAD %s: %v", path, head.header)
			}
			s.clock.Advance(time.Minute)
			s.patch(t, "articles/"+id, object{"title": "Once and " + path})
			s.publish(t, id, object{})
			s.do(t, call{path: path, header: map[string]string{"If-None-Match": tag}})
		}
	})
}

func TestWithdrawnStoriesLeaveTheFeeds(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.story(t, object{"title": "Good"})
		kill := func(id, reason string) {
			s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/kill", body: object{"reason": reason}})
		}
		old := s.story(t, object{"title": "Old"})
		kill(old, "Old reason.")
		s.clock.Advance(30 * 24 * time.Hour)
		seen := s.story(t, object{"title": "Bad", "slug": "bad"})
		for _, path := range feedPaths {
			s.do(t, call{path: path, has: []string{"Bad"}, hasNot: []string{"deleted-entry"}})
		}
		tag := s.do(t, call{path: "/feeds/rss.xml"}).header.Get("ETag")
		s.clock.Advance(time.Hour)
		kill(seen, "It was <forged> & false.")
		s.do(t, call{path: "/feeds/rss.xml", header: map[string]string{"If-None-Match": tag}})
		for _, path := range append(feedPaths, "/sitemaps/articles-2026-03.xml", "/sitemaps/news.xml") {
			s.do(t, call{path: path, hasNot: []string{"Bad", "/bad", old, "Old reason"}})
		}
		s.do(t, call{path: "/feeds/atom.xml?lang=ru", has: []string{
			`<at:deleted-entry ref="urn:uuid:` + seen + `" when="2026-04-05T10:00:00Z"><at:comment>It was &lt;forged&gt; &amp; false.</at:comment></at:deleted-entry>`,
			"<updated>2026-04-05T10:00:00Z</updated>",
		}})
		for _, path := range []string{"/feeds/rss.xml", "/feeds/feed.json"} {
			s.do(t, call{path: path, hasNot: []string{seen}})
		}
	})
}

func TestHostileTextInFeeds(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		title := "]]> <script>alert(1)</script> &\u0001\u000b\"'👩‍👩‍👧 \ufffe"
		id := s.story(t, object{
			"title": title, "slug": "hostile", "summary": title, "body": object{"markdown": "]]> `<b>` &amp; \u0002"},
			"authors": []string{}, "tags": []any{object{"name": "<i>]]>\u0003"}},
		})
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/corrections", body: object{"text": "Not <b>B</b>, ]]> C."}})
		want := "]]> <script>alert(1)</script> &  \"'👩‍👩‍👧 \ufffd" // a control character is a space in titles
		for _, path := range feedPaths[:2] {
			item := s.feed(t, path+"?full=true").Items[0]
			if item.Title != want || !strings.Contains(item.Content, "<code>&lt;b&gt;</code>") ||
				!strings.HasSuffix(item.Content, "<p><em>2026-03-06: Not &lt;b&gt;B&lt;/b&gt;, ]]&gt; C.</em></p>") {
				t.Errorf("%s: %q\n%q", path, item.Title, item.Content)
			}
		}
		s.do(t, call{path: "/sitemaps/news.xml", has: []string{"<news:title>]]&gt; &lt;script&gt;"}})
	})
}

func TestWhereFeedsAreSubscribedTo(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		const hub = "https://hub.example/"
		if links := s.do(t, call{path: "/feeds/rss.xml?tag=b,a&lang=en"}).header.Values("Link"); len(links) != 1 ||
			links[0] != `<https://api.nashr.example/feeds/rss.xml?lang=en&tag=b%2Ca>; rel="self"` {
			t.Errorf("%v", links)
		}
		s.change(func(o *api.Options) { o.WebSubHub = hub })
		for _, path := range feedPaths {
			for query, pushed := range map[string]bool{
				"": true, "?lang=ru": true, "?full=true": true, "?lang=uz-Latn&full=true": true, "?tag=rain": false, "?limit=5": false, "?lang=en,ru": false,
			} {
				a := s.do(t, call{path: path + query})
				if links := strings.Join(a.header.Values("Link"), ", "); strings.Contains(links, `<`+hub+`>; rel="hub"`) != pushed || strings.Contains(a.raw, hub) != pushed {
					t.Errorf("%s%s: %s\n%s", path, query, links, a.raw)
				}
				self := strings.TrimSuffix(strings.TrimPrefix(a.header.Values("Link")[0], "<"), `>; rel="self"`)
				if topics := api.FeedTopics(publicURL, s.options.Languages); slices.Contains(topics, self) != pushed {
					t.Errorf("the hub is told of %v, and %s is %s", topics, query, self)
				}
			}
		}
	})
}

func TestRobots(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.do(t, call{path: "/robots.txt", has: []string{"User-agent: *\nAllow: /\n", "Sitemap: https://api.nashr.example/sitemap.xml\n", "Sitemap: https://api.nashr.example/sitemaps/news.xml\n"}})
	})
}
