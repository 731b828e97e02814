package main_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"html"
	"maps"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/internal/lang"
)

// newsPage is testdata/news-page.json: a real news page as an editorial tool would post it.
type newsPage struct {
	About string
	Site  struct {
		Name, Timezone string
		Languages      []string
	}
	Widget   json.RawMessage // the API has no place for it
	Sections []struct {
		Slug, Name string
		Names      map[string]string // by language
	}
	Authors []struct {
		Slug, Name string
		JobTitle   string `json:"job_title"`
	}
	Tags     []string // slugs
	Articles []pageArticle
	Page     struct {
		LatestStrip string `json:"latest_strip"`
		Article     string
		Similar     []string
	}
}

type pageArticle struct {
	Lang, Title, Section, Summary string
	PublishedAt                   time.Time `json:"published_at"`
	Tags, Authors, Paragraphs     []string
	Views                         int
	LeadImageCredit               string `json:"lead_image_credit"`
}

// custom is what the API has no field for: there are no pictures, and readers are counted, not told.
func (a pageArticle) custom() map[string]any {
	custom := map[string]any{}
	if a.LeadImageCredit != "" {
		custom["lead_image_credit"] = a.LeadImageCredit
	}
	if a.Views != 0 {
		custom["views_elsewhere"] = float64(a.Views)
	}
	return custom
}

func readNewsPage(t *testing.T) newsPage {
	t.Helper()
	raw, err := os.ReadFile("testdata/news-page.json")
	if err != nil {
		t.Fatal(err)
	}
	var p newsPage
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields() // what the test does not know it would not check
	if err := decoder.Decode(&p); err != nil {
		t.Fatal(err)
	}
	return p
}

const (
	editorEmail    = "editor@news.example"
	editorPassword = "a heron beside the mill race"
)

func TestTheNewsPage(t *testing.T) {
	eachDatabase(t, func(t *testing.T, database string) {
		page := readNewsPage(t)
		settings := []string{
			"NASHR_DATABASE_URL=" + database,
			"NASHR_LANGUAGES=" + strings.Join(page.Site.Languages, ","), "NASHR_TIMEZONE=" + page.Site.Timezone,
		}
		if !strings.HasPrefix(database, "sqlite:") {
			refuses(t, "the schema of the database is out of date: run nashr migrate up", settings, "", "serve", "--listen=127.0.0.1:0")
			succeeds(t, settings, "", "migrate", "up")
		}
		first := serve(t, settings...)
		succeeds(t, settings, editorPassword+"\n",
			"user", "create", "--email="+editorEmail, "--name=Elmira", "--role=editor", "--password-stdin")
		write(t, first.url, page)
		before := checkPage(t, first.url, page)
		first.stop(t)

		second := serve(t, settings...)
		if after := checkPage(t, second.url, page); !maps.Equal(before, after) {
			t.Error("the answers have changed with a restart")
		}
		second.stop(t)
	})
}

// write posts the page, as an editor's tool does; only the site's name needs an admin.
func write(t *testing.T, url string, page newsPage) {
	t.Helper()
	admin := signIn(t, url, adminEmail, adminPassword)
	request{
		method: http.MethodPatch, path: "/v1/manage/site", token: admin, ifMatch: "*", body: map[string]string{"name": page.Site.Name},
	}.send(t, url).want(t, http.StatusOK)
	editor := signIn(t, url, editorEmail, editorPassword)
	for i, s := range page.Sections {
		names := map[string]map[string]string{}
		for language, name := range s.Names {
			names[language] = map[string]string{"name": name}
		}
		create(t, url, "/v1/manage/sections", editor, map[string]any{"slug": s.Slug, "name": s.Name, "translations": names, "position": i})
	}
	for _, a := range page.Authors {
		create(t, url, "/v1/manage/authors", editor, map[string]string{"slug": a.Slug, "name": a.Name, "job_title": a.JobTitle})
	}
	for _, slug := range page.Tags {
		create(t, url, "/v1/manage/tags", editor, map[string]string{"slug": slug, "name": slug})
	}
	for _, a := range page.Articles {
		article := map[string]any{
			"lang": a.Lang, "title": a.Title, "section": a.Section, "summary": a.Summary, "authors": a.Authors, "tags": a.Tags,
			"custom": a.custom(), "body": map[string]string{"html": a.html()},
		}
		at := create(t, url, "/v1/manage/articles", editor, article)
		request{path: at + "/publish", token: editor, body: map[string]time.Time{"at": a.PublishedAt}}.send(t, url).want(t, http.StatusOK)
	}
}

func (a pageArticle) html() string {
	var out strings.Builder
	for _, p := range a.Paragraphs {
		out.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
	}
	return out.String()
}

// The parts of answers that the page is made of.
type (
	named struct {
		Slug, Name   string
		ArticleCount int `json:"article_count"`
	}
	byline struct {
		Slug, Name string
		JobTitle   string `json:"job_title"`
	}
	shownArticle struct {
		Lang, Slug, Title string
		Summary           *string
		Section           named
		Authors           []byline
		Tags              []named
		PublishedAt       time.Time `json:"published_at"`
		Custom            map[string]any
		Body              struct{ HTML, Text string }
	}
)

// reader reads as a frontend does, and keeps the answers.
type reader struct {
	t       *testing.T
	url     string
	answers map[string]string // by path
}

func ask[T any](r reader, path string) T {
	r.t.Helper()
	a := request{path: path}.send(r.t, r.url).want(r.t, http.StatusOK)
	r.answers[path] = string(a.body)
	return data[T](r.t, a)
}

// checkPage rebuilds the page from the content surface and compares it with what was posted. It gives all answers.
func checkPage(t *testing.T, url string, page newsPage) map[string]string {
	t.Helper()
	r := reader{t, url, map[string]string{}}
	checkSite(r, page)
	checkTerms(r, page)
	slugs := checkList(r, page)
	zone, err := time.LoadLocation(page.Site.Timezone)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range page.Articles {
		shown := ask[shownArticle](r, "/v1/content/articles/"+slugs[a.Title]+"?lang="+a.Lang+"&format=html,text")
		checkArticle(t, a, shown)
		if a.Title == page.Page.Article {
			if at := shown.PublishedAt.In(zone).Format("2006-01-02 15:04"); at != "2025-03-06 01:27" {
				t.Errorf("the page says that the article is of %s", at)
			}
			if by := (byline{"kamoliddin-rabbimov", "Kamoliddin Rabbimov", "political scientist"}); !slices.Equal(shown.Authors, []byline{by}) {
				t.Errorf("byline: %+v", shown.Authors)
			}
		}
	}
	return r.answers
}

func checkSite(r reader, page newsPage) {
	r.t.Helper()
	type site struct {
		Name, Timezone string
		Languages      []string
	}
	if got := ask[site](r, "/v1/content/site"); !reflect.DeepEqual(got, site(page.Site)) {
		r.t.Errorf("site: %+v, want %+v", got, page.Site)
	}
}

// checkTerms compares sections in each language, authors and tags, with how many articles they have.
func checkTerms(r reader, page newsPage) {
	r.t.Helper()
	for _, language := range page.Site.Languages {
		var sections []named
		for _, s := range page.Sections {
			name := cmp.Or(s.Names[language], lang.Transliterate(s.Names[lang.Twin(language)], language), s.Name)
			sections = append(sections, named{s.Slug, name, page.count(func(a pageArticle) bool { return a.Section == s.Slug })})
		}
		if got := ask[[]named](r, "/v1/content/sections?lang="+language); !slices.Equal(got, sections) {
			r.t.Errorf("sections in %s: %+v, want %+v", language, got, sections)
		}
	}
	var authors, tags []named
	for _, a := range page.Authors {
		authors = append(authors, named{a.Slug, a.Name, page.count(func(x pageArticle) bool { return slices.Contains(x.Authors, a.Slug) })})
	}
	for _, slug := range page.Tags {
		tags = append(tags, named{slug, slug, page.count(func(x pageArticle) bool { return slices.Contains(x.Tags, slug) })})
	}
	if got := ask[[]named](r, "/v1/content/authors"); !slices.Equal(got, authors) {
		r.t.Errorf("authors: %+v, want %+v", got, authors)
	}
	if got := ask[[]named](r, "/v1/content/tags"); !slices.Equal(got, tags) {
		r.t.Errorf("tags: %+v, want %+v", got, tags)
	}
}

func (p newsPage) count(is func(pageArticle) bool) int {
	n := 0
	for _, a := range p.Articles {
		if is(a) {
			n++
		}
	}
	return n
}

// checkList compares the lists that the page shows beside the article. It gives the slugs of all articles by title.
func checkList(r reader, page newsPage) map[string]string {
	r.t.Helper()
	newest := slices.SortedFunc(slices.Values(page.Articles), func(a, b pageArticle) int { return b.PublishedAt.Compare(a.PublishedAt) })
	var all, similar []string
	var subject pageArticle
	for _, a := range page.Articles {
		if a.Title == page.Page.Article {
			subject = a
		}
	}
	for _, a := range newest {
		all = append(all, a.Title)
		if slices.ContainsFunc(a.Tags, func(tag string) bool { return slices.Contains(subject.Tags, tag) }) {
			similar = append(similar, a.Title)
		}
	}
	cards := ask[[]shownArticle](r, "/v1/content/articles")
	if got := titles(cards); !slices.Equal(got, all) || got[0] != page.Page.LatestStrip {
		r.t.Errorf("latest: %q, want %q, first %q", got, all, page.Page.LatestStrip)
	}
	if got := titles(ask[[]shownArticle](r, "/v1/content/articles?tag="+url.QueryEscape(strings.Join(subject.Tags, ",")))); !slices.Equal(got, similar) {
		r.t.Errorf("similar: %q, want %q", got, similar)
	}
	slugs := map[string]string{}
	for _, c := range cards {
		slugs[c.Title] = c.Slug
	}
	for _, title := range page.Page.Similar {
		if slugs[title] == "" {
			r.t.Errorf("there is no card of %q", title)
		}
	}
	return slugs
}

func titles(cards []shownArticle) []string {
	var out []string
	for _, c := range cards {
		out = append(out, c.Title)
	}
	return out
}

// checkArticle compares an article with what was posted; text must be equal to the byte.
func checkArticle(t *testing.T, posted pageArticle, shown shownArticle) {
	t.Helper()
	tags := []string{}
	for _, tag := range shown.Tags {
		tags = append(tags, tag.Slug)
	}
	authors := []string{}
	for _, a := range shown.Authors {
		authors = append(authors, a.Slug)
	}
	summary := ""
	if shown.Summary != nil {
		summary = *shown.Summary
	}
	got := pageArticle{
		Lang: shown.Lang, Title: shown.Title, Section: shown.Section.Slug, Summary: summary, PublishedAt: shown.PublishedAt,
		Tags: tags, Authors: authors, Paragraphs: strings.Split(shown.Body.Text, "\n\n"),
	}
	want := posted
	want.Views, want.LeadImageCredit, want.PublishedAt = 0, "", posted.PublishedAt.UTC()
	want.Authors = append([]string{}, posted.Authors...)
	if posted.Summary == "" { // one is made from the body
		want.Summary = summary
	}
	if len(posted.Paragraphs) == 0 {
		want.Paragraphs = []string{""}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s\n got %+v\nwant %+v", posted.Title, got, want)
	}
	if !reflect.DeepEqual(shown.Custom, posted.custom()) {
		t.Errorf("%s: custom %v, want %v", posted.Title, shown.Custom, posted.custom())
	}
	if n := strings.Count(shown.Body.HTML, "<p>"); n != len(posted.Paragraphs) {
		t.Errorf("%s: %d paragraphs of HTML, want %d", posted.Title, n, len(posted.Paragraphs))
	}
}
