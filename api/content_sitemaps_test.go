package api_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/api"
)

// sitemap is a sitemap, or the index of one, as the protocol at sitemaps.org has it.
type sitemap struct {
	XMLName xml.Name
	Files   []sitemapURL `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemap"`
	URLs    []sitemapURL `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 url"`
}

type sitemapURL struct {
	Loc     string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 loc"`
	LastMod string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 lastmod"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Lang string `xml:"hreflang,attr"`
		URL  string `xml:"href,attr"`
	} `xml:"http://www.w3.org/1999/xhtml link"`
	News *struct {
		Name      string `xml:"publication>name"`
		Lang      string `xml:"publication>language"`
		Published string `xml:"publication_date"`
		Title     string `xml:"title"`
	} `xml:"http://www.google.com/schemas/sitemap-news/0.9 news"`
}

// sitemap reads a sitemap, and checks the rules of the protocol.
func (s *server) sitemap(t *testing.T, path string) sitemap {
	t.Helper()
	a := s.do(t, call{path: path})
	var m sitemap
	must(t, xml.Unmarshal([]byte(a.raw), &m))
	root := "urlset"
	if path == "/sitemap.xml" {
		root = "sitemapindex"
	}
	if m.XMLName.Local != root || m.XMLName.Space != "http://www.sitemaps.org/schemas/sitemap/0.9" || a.header.Get("Content-Type") != "application/xml; charset=utf-8" {
		t.Errorf("%s is %v, %v", path, m.XMLName, a.header)
	}
	for _, u := range append(m.URLs, m.Files...) {
		if _, err := time.Parse(time.RFC3339, u.LastMod); err != nil || len(u.Loc) < 12 || len(u.Loc) > 2048 || !strings.HasPrefix(u.Loc, "https://") {
			t.Errorf("%s: %+v", path, u)
		}
	}
	return m
}

// locs gives the addresses of a sitemap, or of the files of an index, without what they have in common.
func locs(urls []sitemapURL) string {
	out := []string{}
	for _, u := range urls {
		out = append(out, strings.NewReplacer("https://news.example/", "", publicURL+"/sitemaps/", "").Replace(u.Loc))
	}
	return fmt.Sprint(out)
}

func TestSitemaps(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.change(func(o *api.Options) { o.SitemapSize = 3 })
		if m := s.sitemap(t, "/sitemap.xml"); len(m.Files) != 0 {
			t.Errorf("%+v", m)
		}
		at := func(title string, when time.Time) string {
			id := s.write(t, editor, object{"title": title})
			s.publish(t, id, object{"at": when})
			return id
		}
		for i := range 7 {
			at(fmt.Sprint("January ", i), time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC))
		}
		at("Last moment", time.Date(2026, 1, 31, 23, 59, 59, 999e6, time.UTC))
		at("February", time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC))
		s.publish(t, s.write(t, editor, object{"title": "To come"}), object{"at": s.clock.Now().Add(time.Hour)})
		s.story(t, object{"title": "Hidden", "seo": object{"no_index": true}})
		s.story(t, object{"title": "Taken over", "seo": object{"canonical": "https://agency.example/story"}})
		s.story(t, object{"title": "Ours", "seo": object{"canonical": "https://news.example/en/ours"}})
		s.write(t, editor, object{"title": "Draft"})

		index := s.sitemap(t, "/sitemap.xml")
		if got := locs(index.Files); got != "[articles-2026-01.xml articles-2026-01-2.xml articles-2026-01-3.xml articles-2026-02.xml articles-2026-03.xml]" {
			t.Errorf("the index is %s", got)
		}
		want := map[string]string{
			"articles-2026-01.xml":   "[en/january-0 en/january-1 en/january-2]",
			"articles-2026-01-2.xml": "[en/january-3 en/january-4 en/january-5]",
			"articles-2026-01-3.xml": "[en/january-6 en/last-moment]",
			"articles-2026-02.xml":   "[en/february]",
			"articles-2026-03.xml":   "[en/ours]",
		}
		bodies := map[string]string{}
		for name, addresses := range want {
			if got := locs(s.sitemap(t, "/sitemaps/"+name).URLs); got != addresses {
				t.Errorf("%s is %s, want %s", name, got, addresses)
			}
			bodies[name] = s.do(t, call{path: "/sitemaps/" + name}).raw
		}
		for _, name := range []string{
			"articles-2026-01-4.xml", "articles-2026-01-1.xml", "articles-2026-01-0.xml", "articles-2026-04.xml", "articles-2026-13.xml", "articles-0000-00.xml",
			"articles-9999-12.xml", "articles-2026-01-99999.xml", "articles.xml", "sitemap.xml", "index.html", "articles-2026-01.xml.gz", "%2e%2e%2frobots.txt",
		} {
			for _, method := range []string{"GET", "HEAD"} {
				s.do(t, call{method: method, path: "/sitemaps/" + name, status: 404})
			}
		}
		s.do(t, call{path: "/sitemaps/articles-2026-01.xml?x=1", status: 400, code: "invalid_parameter"})
		s.do(t, call{path: "/sitemap.xml?x=1", status: 400, code: "invalid_parameter"})

		s.clock.Advance(time.Hour)
		s.story(t, object{"title": "New"})
		for name, body := range bodies {
			if now := s.do(t, call{path: "/sitemaps/" + name}).raw; now != body {
				t.Errorf("%s is now %s", name, now)
			}
		}
		after := s.sitemap(t, "/sitemap.xml").Files
		if fmt.Sprint(after[:4]) != fmt.Sprint(index.Files[:4]) || locs(after[5:]) != "[articles-2026-03-2.xml]" || after[5].LastMod != "2026-03-06T10:00:00Z" {
			t.Errorf("the index was %+v, and is %+v", index.Files, after)
		}
		if got := locs(s.sitemap(t, "/sitemaps/articles-2026-03-2.xml").URLs); got != "[en/to-come en/new]" && got != "[en/new en/to-come]" {
			t.Errorf("what is new is in %s", got)
		}
	})
}

// TestSitemapsAreReadInBatches: a file that takes several queries has every article once.
func TestSitemapsAreReadInBatches(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		want := []string{}
		for i := range 25 {
			slug := fmt.Sprintf("n-%02d", i)
			s.publish(t, s.write(t, editor, object{"title": slug}), object{"at": time.Date(2026, 1, 1+i/3, 0, 0, 0, 0, time.UTC)})
			want = append(want, "https://news.example/en/"+slug)
		}
		for _, size := range []int{1, 4, 5, 24, 25, 26} {
			s.change(func(o *api.Options) { o.SitemapSize, o.SitemapBatch = size, 5 })
			got := []string{}
			for _, file := range s.sitemap(t, "/sitemap.xml").Files {
				urls := s.sitemap(t, strings.TrimPrefix(file.Loc, publicURL)).URLs
				if len(urls) > size {
					t.Errorf("%s has %d addresses", file.Loc, len(urls))
				}
				for _, u := range urls {
					got = append(got, u.Loc)
				}
			}
			slices.Sort(got)
			same(t, fmt.Sprint("sitemap by ", size), got, want)
		}
	})
}

func TestSitemapsLinkTranslations(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		ru := s.story(t, object{"title": "Мост", "slug": "most", "lang": "ru"})
		links := func(slug string) string {
			for _, u := range s.sitemap(t, "/sitemaps/articles-2026-03.xml").URLs {
				if strings.HasSuffix(u.Loc, slug) {
					out := []string{}
					for _, l := range u.Links {
						out = append(out, l.Rel+" "+l.Lang+" "+strings.TrimPrefix(l.URL, "https://news.example"))
					}
					return strings.Join(out, ", ")
				}
			}
			return "not there"
		}
		check := func(want string, slugs ...string) {
			t.Helper()
			for _, slug := range slugs {
				if got := links(slug); got != want {
					t.Errorf("%s: %s, want %s", slug, got, want)
				}
			}
		}
		check("", "most")
		s.story(t, object{"title": "Koʻprik", "slug": "koprik", "lang": "uz-Latn", "translation_of": ru})
		check("alternate uz-Latn /uz-Latn/koprik, alternate ru /ru/most, alternate x-default /uz-Latn/koprik", "most", "koprik")
		en := s.write(t, editor, object{"title": "Bridge", "slug": "bridge", "translation_of": ru})
		check("not there", "bridge")
		s.publish(t, en, object{})
		check("alternate en /en/bridge, alternate uz-Latn /uz-Latn/koprik, alternate ru /ru/most, alternate x-default /en/bridge", "most", "koprik", "bridge")
		s.patch(t, "articles/"+en, object{"seo": object{"no_index": true}})
		s.clock.Advance(time.Second)
		s.publish(t, en, object{})
		check("alternate uz-Latn /uz-Latn/koprik, alternate ru /ru/most, alternate x-default /uz-Latn/koprik", "most", "koprik")
	})
}

func TestTheSitemapOfNews(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		if m := s.sitemap(t, "/sitemaps/news.xml"); len(m.URLs) != 0 {
			t.Errorf("%+v", m)
		}
		s.story(t, object{"title": "Bridge & bank"})
		s.story(t, object{"title": "Koʻprik", "lang": "uz-Latn"})
		s.story(t, object{"title": "Hidden", "seo": object{"no_index": true}})
		s.publish(t, s.write(t, editor, object{"title": "Imported"}), object{"at": s.clock.Now().Add(-49 * time.Hour)})
		s.publish(t, s.write(t, editor, object{"title": "To come"}), object{"at": s.clock.Now().Add(24 * time.Hour)})
		s.clock.Advance(time.Hour)
		m := s.sitemap(t, "/sitemaps/news.xml")
		for _, u := range m.URLs {
			want := map[string]string{"https://news.example/en/bridge-bank": "en Bridge & bank", "https://news.example/uz-Latn/koprik": "uz Koʻprik"}[u.Loc]
			if u.News == nil || u.News.Lang+" "+u.News.Title != want || u.News.Name != "Nashr" || u.News.Published != "2026-03-06T14:00:00+05:00" {
				t.Errorf("%s: %+v", u.Loc, u.News)
			}
		}
		if len(m.URLs) != 2 {
			t.Errorf("%d news", len(m.URLs))
		}
		s.clock.Advance(47 * time.Hour)
		if got := locs(s.sitemap(t, "/sitemaps/news.xml").URLs); !strings.Contains(got, "en/bridge-bank") || !strings.Contains(got, "en/to-come") {
			t.Errorf("after 48 hours: %s", got)
		}
		s.clock.Advance(time.Millisecond)
		if got := locs(s.sitemap(t, "/sitemaps/news.xml").URLs); got != "[en/to-come]" {
			t.Errorf("after more: %s", got)
		}
	})
}

// impatient is a client that leaves when it has got anything.
type impatient struct {
	*httptest.ResponseRecorder
	leave func()
}

func (w impatient) Write(p []byte) (int, error) {
	w.leave()
	return w.ResponseRecorder.Write(p)
}

// TestHalfASitemapIsNotTakenForTheWhole: when a file cannot be read to its end, the connection is cut.
func TestHalfASitemapIsNotTakenForTheWhole(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.story(t, object{"title": "One"})
		s.story(t, object{"title": "Two"})
		s.change(func(o *api.Options) { o.SitemapBatch = 1 })
		r := s.request(t, call{path: "/sitemaps/articles-2026-03.xml"})
		ctx, cancel := context.WithCancel(r.Context())
		w := impatient{httptest.NewRecorder(), cancel}
		defer func() {
			if fault := recover(); fault != http.ErrAbortHandler { //nolint:errorlint // a panic is compared as net/http does
				t.Errorf("%v: %s", fault, w.Body)
			}
		}()
		s.handler.ServeHTTP(w, r.WithContext(ctx))
	})
}

func TestNewsLanguage(t *testing.T) {
	for tag, want := range map[string]string{
		"en": "en", "en-GB": "en", "uz-Latn": "uz", "uz-Cyrl-UZ": "uz", "zh": "zh-cn", "zh-Hans": "zh-cn", "zh-CN": "zh-cn", "zh-Hant-HK": "zh-tw", "zh-TW": "zh-tw",
	} {
		if got := api.NewsLanguage(tag); got != want {
			t.Errorf("%s: %s, want %s", tag, got, want)
		}
	}
}
