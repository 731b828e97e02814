package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

// search gives the answer to a search, with other parameters after an &.
func (s *server) search(t *testing.T, q string, more ...string) answer {
	t.Helper()
	return s.do(t, call{path: "/v1/content/articles?q=" + url.QueryEscape(q) + strings.Join(more, "")})
}

// finds checks which articles, by their titles in order, a search finds.
func (s *server) finds(t *testing.T, q string, titles ...string) {
	t.Helper()
	language := ""
	if q, language, _ = strings.Cut(q, "&"); language != "" {
		language = "&" + language
	}
	a := s.search(t, q, language)
	same(t, q+language, a.all("title"), append([]string{}, titles...))
	a.is("meta.total", len(titles))
}

// old publishes an article that is so many hours old.
func (s *server) old(t *testing.T, hours int, article object) string {
	t.Helper()
	id := s.write(t, editor, article)
	s.publish(t, id, object{"at": s.clock.Now().Add(-time.Duration(hours) * time.Hour)})
	return id
}

func text(paragraphs ...string) object {
	return object{"html": "<p>" + strings.Join(paragraphs, "</p><p>") + "</p>"}
}

func TestTheBestIsFoundFirst(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.old(t, 9, object{"title": "Council: new bridge in the old town"})
		s.old(t, 8, object{"title": "Bridge, and nothing new"})
		s.old(t, 7, object{"title": "Traffic", "kicker": "Bridge", "subtitle": "Old and", "summary": "new"})
		s.old(t, 6, object{"title": "The bridge", "summary": "Rain", "body": text("It is new.")})
		s.old(t, 5, object{"title": "Weather", "summary": "Rain", "body": text("Near the bridge it is new.")})
		s.old(t, 4, object{"title": "Weather again", "summary": "Rain", "body": text("Near the bridge it is new.")})
		s.old(t, 3, object{"title": "Bridges of today, new"})
		s.old(t, 2, object{"title": "Only new"})
		s.finds(t, "new bridge",
			"Council: new bridge in the old town", "Bridges of today, new", "Bridge, and nothing new", "Traffic", "The bridge", "Weather again", "Weather")
		s.finds(t, "bridge", "Bridges of today, new", "The bridge", "Bridge, and nothing new", "Council: new bridge in the old town",
			"Traffic", "Weather again", "Weather")
		s.finds(t, "bridge&sort=published_at", "Council: new bridge in the old town", "Bridge, and nothing new", "Traffic", "The bridge",
			"Weather", "Weather again", "Bridges of today, new")
		s.finds(t, "weather&sort=-title", "Weather again", "Weather")
	})
}

func TestHowAQueryIsRead(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.old(t, 5, object{"title": "The mill", "summary": "None", "body": text("An old mill wheel turns.", "The river is high.")})
		s.old(t, 4, object{"title": "The river", "summary": "None", "body": text("A wheel of the old mill.", "COVID-19 in nashr.example.")})
		s.old(t, 3, object{"title": "Footballers", "summary": "elected", "body": text("The election of a goalkeeper was fair.")})
		for q, titles := range map[string][]string{
			"mill wheel":                  {"The mill", "The river"}, // it has one of them in its title
			"  mill,  WHEEL!":             {"The mill", "The river"},
			`"mill wheel"`:                {"The mill"},
			`"old mill"`:                  {"The river", "The mill"},
			`“old mill” river`:            {"The river", "The mill"},
			`"wheels turned"`:             {"The mill"},
			`"turns the river"`:           {"The mill"}, // from one paragraph to the next
			`"the mill an old"`:           {},           // but not from the title to the body
			`"mill whee"`:                 {},           // a phrase has no beginnings
			`mill -river`:                 {},
			`mill -"mill wheel"`:          {"The river"},
			`mill -"mill whe`:             {"The mill", "The river"},
			`-mill`:                       {},
			`- mill`:                      {"The mill", "The river"},
			`wheel mil`:                   {"The mill", "The river"},
			`mil `:                        {},
			`mi`:                          {},
			`mil wheel`:                   {},
			`footb`:                       {"Footballers"},
			`electi`:                      {"Footballers"},
			`election`:                    {"Footballers"},
			`elections `:                  {"Footballers"},
			`goalk`:                       {"Footballers"},
			`covid-19`:                    {"The river"},
			`nashr.exam`:                  {"The river"},
			`19-covid`:                    {},
			`19 covid`:                    {"The river"},
			`nashr.example`:               {"The river"},
			`river:wheel`:                 {},
			`mill AND wheel`:              {},
			`mill OR footballers`:         {},
			`!!! ... ,,,`:                 {},
			`"`:                           {},
			`-`:                           {},
			`-"mill" -"river"`:            {},
			`"" mill ""`:                  {"The mill", "The river"},
			`(mill & wheel) | !river:* ^`: {"The river", "The mill"},
		} {
			a := s.search(t, q)
			same(t, q, a.all("title"), titles)
		}
	})
}

func TestFormsOfWordsAreFound(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.old(t, 9, object{"lang": "en", "title": "Elections were running late; Beyoncé’s café"})
		s.old(t, 8, object{"lang": "ru", "title": "Ёлки у Московского Кремля, выборы президента"})
		s.old(t, 7, object{"lang": "uz-Latn", "title": "Oʻzbekiston shaharlarida san'at va gʻalaba, aksiya va obyekt, sentabr"})
		s.old(t, 6, object{"lang": "uz-Cyrl", "title": "Ўзбекистон қишлоғида санъат ва ғалаба, акция ва объект, сентябрь"})
		en, ru, latin, cyrillic := "Elections were running late; Beyoncé’s café", "Ёлки у Московского Кремля, выборы президента",
			"Oʻzbekiston shaharlarida san'at va gʻalaba, aksiya va obyekt, sentabr", "Ўзбекистон қишлоғида санъат ва ғалаба, акция ва объект, сентябрь"
		for q, titles := range map[string][]string{
			"election runs": {en}, "CAFE beyonce": {en}, "café": {en},
			"елка": {ru}, "ЁЛКАМИ ": {ru}, "московский кремль": {ru}, "президентами ": {ru}, "выбор": {ru},
			"o'zbekistonning ": {cyrillic, latin}, "oʻzbekiston": {cyrillic, latin}, "ozbekiston": {cyrillic, latin}, "o’zbek": {cyrillic, latin},
			"o`zbekistonda ": {cyrillic, latin}, "ўзбекистон": {cyrillic, latin}, "ЎЗБЕКИСТОНДАН ": {cyrillic, latin}, "Oʼzbekiston": {cyrillic, latin},
			"sanat": {cyrillic, latin}, "sanʼat": {cyrillic, latin}, "санъатни ": {cyrillic, latin}, "g'alaba": {cyrillic, latin}, "ғалабалар ": {cyrillic, latin},
			"aksiya": {cyrillic, latin}, "акциялар ": {cyrillic, latin}, "obyekt": {cyrillic, latin}, "объектлари ": {cyrillic, latin},
			"sentabrda ": {cyrillic, latin}, "сентябрь": {cyrillic, latin},
			"shahar": {latin}, "shahri ": {latin}, "шаҳарлар ": {latin}, "qishloq": {cyrillic}, "qishlog'i ": {cyrillic},
			"санъат&lang=-uz-Cyrl": {latin}, "san'at&lang=-uz-Latn": {cyrillic}, "san'at&lang=uz-Latn,uz-Cyrl": {cyrillic, latin}, "san'at&lang=ru": {},
		} {
			s.finds(t, q, titles...)
		}
	})
}

func TestASearchIsNarrowedByEveryFilter(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for _, slug := range []string{"city", "world"} {
			s.add(t, "sections", object{"slug": slug, "name": slug})
			s.add(t, "authors", object{"slug": slug, "name": slug})
			s.add(t, "tags", object{"slug": slug, "name": slug})
		}
		a := s.old(t, 24, object{"title": "Stork A", "section": "city", "authors": []string{"city"}, "tags": []string{"city"}, "featured": true})
		s.old(t, 0, object{"title": "Stork B", "section": "world", "authors": []string{"world"}, "tags": []string{"world"}, "breaking": true, "type": "opinion", "lang": "ru"})
		s.old(t, 0, object{"title": "Heron", "section": "city", "authors": []string{"city"}, "tags": []string{"city"}, "featured": true})
		for filter, titles := range map[string][]string{
			"": {"Stork B", "Stork A"}, "section=city": {"Stork A"}, "section=-city": {"Stork B"}, "author=world": {"Stork B"}, "tag=city": {"Stork A"},
			"type=opinion": {"Stork B"}, "lang=ru": {"Stork B"}, "lang=en,ru": {"Stork B", "Stork A"}, "lang=-ru": {"Stork A"}, "lang=en&lang=ru": {},
			"featured=true": {"Stork A"}, "breaking=true": {"Stork B"}, "to=2026-03-05": {"Stork A"}, "from=2026-03-06": {"Stork B"}, "ids=" + a: {"Stork A"},
		} {
			for _, sort := range []string{"", "&sort=-published_at"} {
				s.finds(t, "stork&"+filter+sort, titles...)
			}
		}
	})
}

func TestPagesOfASearch(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for i := range 13 {
			article := object{"title": fmt.Sprintf("Stork %d", i)}
			switch i % 3 {
			case 1:
				article = object{"title": fmt.Sprintf("Number %d", i), "summary": "A stork."}
			case 2:
				article = object{"title": fmt.Sprintf("Number %d", i), "summary": "None.", "body": text("A stork.")}
			}
			s.old(t, i/4, article) // some at the same moment
		}
		s.old(t, 1, object{"title": "Heron"})
		for _, q := range []string{"q=stork", "q=stork&sort=title", "q=number+stork"} {
			first := "/v1/content/articles?limit=2&" + q
			want := s.do(t, call{path: "/v1/content/articles?limit=100&" + q}).all("id")
			same(t, "pages of "+q, s.walk(t, first, "next"), want)
			last := s.do(t, call{path: first})
			got := last.all("id")
			for last.at("meta.next_cursor") != nil {
				last = s.do(t, call{path: first + "&total=false&cursor=" + last.text("meta.next_cursor")})
				got = append(got, last.all("id")...)
			}
			same(t, "cursors of "+q, got, want)
			back := s.walk(t, last.text("links.prev"), "prev")
			if want := want[:len(want)-len(last.all("id"))]; len(back) != len(want) {
				t.Errorf("way back of %s: %v, want the reverse of %v", q, back, want)
			} else {
				for i := range back {
					if back[i] != want[len(want)-1-i] {
						t.Errorf("way back of %s: %v, want the reverse of %v", q, back, want)
						break
					}
				}
			}
		}
		cursor := s.do(t, call{path: "/v1/content/articles?limit=2&q=stork"}).text("meta.next_cursor")
		s.do(t, call{path: "/v1/content/articles?limit=2&q=stork&sort=title&cursor=" + cursor, status: 400, code: "invalid_parameter"})
		s.do(t, call{path: "/v1/content/articles?cursor=" + cursor, status: 400, code: "invalid_parameter"})
		s.search(t, "stork", "&limit=2&page=6").is("meta.page", 6).is("meta.total", 13).is("meta.suggestion", nil)
		s.search(t, "stork", "&limit=2&page=9").is("data", []any{}).is("meta.total", 13)
	})
}

func TestBadSearches(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for query, field := range map[string]string{
			"highlight=true": "highlight", "q=": "q", "q=a&q=b": "q", "q=a&highlight=yes": "highlight",
			"q=" + strings.Repeat("a", 201): "q", "q=" + strings.Repeat("a+", 17): "q", "q=%00": "q", "q=%ff": "q", "q=a&fields=highlight": "fields",
		} {
			s.do(t, call{path: "/v1/content/articles?" + query, status: 400, code: "invalid_parameter", has: []string{`"` + field + `"`}})
		}
		s.do(t, call{path: "/v1/content/articles?q=" + strings.Repeat("%C5%9F", 200)})
		s.do(t, call{path: "/v1/content/articles?highlight=false"})
		s.do(t, call{as: editor, path: "/v1/manage/articles?q=a", status: 400})
	})
}

func TestHighlights(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		long := strings.Repeat("Nothing of interest stands here. ", 30)
		s.old(t, 0, object{
			"title": "Storks & <b>herons</b>", "summary": "None.",
			"body": text(long+"A stork.", long+"The <em>old</em> stork &lt;and&gt; its nest.", long),
		})
		a := s.search(t, "stork nes", "&highlight=true")
		a.is("data.0.highlight.title", "<mark>Storks</mark> &amp; &lt;b&gt;herons&lt;/b&gt;").is("data.0.highlight.summary", nil)
		body := a.text("data.0.highlight.body")
		if want := "The old <mark>stork</mark> &lt;and&gt; its <mark>nest</mark>."; !strings.Contains(body, want) || !strings.HasPrefix(body, "… ") || !strings.HasSuffix(body, " …") || len(body) > 300 {
			t.Errorf("the snippet is %q, want %q in it", body, want)
		}
		s.search(t, `"old storks" -heronry`, "&highlight=true&fields=highlight").is("data.0.highlight.title", nil).is("data.0.highlight.summary", nil)
		s.search(t, "stork", "&highlight=true&fields=title").is("data.0.title", "Storks & <b>herons</b>").is("data.0.highlight.title", "<mark>Storks</mark> &amp; &lt;b&gt;herons&lt;/b&gt;")
		if a := s.search(t, "stork"); strings.Contains(a.raw, "highlight") {
			t.Errorf("nobody asked: %s", a.raw)
		}
		s.search(t, "stork", "&highlight=true&include=body&sort=title").is("data.0.highlight.title", "<mark>Storks</mark> &amp; &lt;b&gt;herons&lt;/b&gt;")
		s.old(t, 0, object{"lang": "uz-Cyrl", "title": "Янги кўприк"})
		s.search(t, "koʻprigi ", "&highlight=true").is("data.0.highlight.title", "Янги <mark>кўприк</mark>")
	})
}

func TestSuggestions(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.old(t, 0, object{"title": "Parliament elects a speaker"})
		s.old(t, 0, object{"lang": "uz-Latn", "title": "Toshkentda yangi koʻprik"})
		s.old(t, 0, object{"lang": "ru", "title": "Парламент выбрал спикера"})
		secret := s.write(t, editor, object{"title": "Resignation"})
		s.publish(t, secret, object{"at": s.clock.Now().Add(time.Hour), "until": s.clock.Now().Add(2 * time.Hour)})
		s.write(t, editor, object{"title": "Undisclosed"})
		suggests := func(q string, want any) {
			t.Helper()
			s.search(t, q).is("meta.suggestion", want).is("meta.total", 0)
		}
		suggests("parlament ", "parliament ")
		suggests(`Paliament "Speakr"`, `parliament "speaker"`)
		suggests("speekar -minister", "speaker -minister")
		suggests("парламетн ", "парламент ")
		suggests("спикер parliamnt", nil) // in no article together
		suggests("ko'prkk", "koʻprik")
		s.search(t, "parlament", "&lang=ru").is("meta.suggestion", "парламент") // the nearest that is found there
		suggests("parliament спикер", nil)
		suggests("xyzzy", nil)
		suggests("undisclosd", nil)
		suggests("resignaton", nil)
		s.clock.Advance(time.Hour)
		suggests("resignaton", "resignation")
		s.clock.Advance(time.Hour)
		suggests("resignaton", nil)
		s.search(t, "parlament ", "&page=2").is("meta.suggestion", nil)
		s.do(t, call{path: "/v1/content/articles"}).is("meta.suggestion", nil)
	})
}

// Whatever happens to an article, it is found as readers see it, and by nothing else.
func TestASearchKnowsWhatIsLive(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"title": "Storks", "body": text("They nest.")})
		at := "/v1/manage/articles/" + id
		change := func(article object) {
			s.do(t, call{as: editor, method: "PATCH", path: at, body: article, header: map[string]string{"If-Match": "*"}})
		}
		s.finds(t, "storks", "Storks")
		change(object{"title": "Herons"})
		s.finds(t, "herons") // saved only
		s.publish(t, id, object{})
		s.finds(t, "herons", "Herons")
		s.finds(t, "storks")

		later := s.clock.Now().Add(time.Hour)
		change(object{"title": "Egrets"})
		s.publish(t, id, object{"at": later, "until": later.Add(time.Hour)})
		s.finds(t, "egrets")
		s.finds(t, "herons nest", "Herons")
		s.clock.Set(later.Add(-time.Millisecond))
		s.finds(t, "egrets")
		s.clock.Set(later)
		s.finds(t, "egrets nest", "Egrets")
		s.finds(t, "herons")
		s.clock.Set(later.Add(time.Hour))
		s.finds(t, "egrets")
		s.finds(t, "nest")

		s.publish(t, id, object{})
		s.finds(t, "egrets", "Egrets")
		s.do(t, call{as: editor, method: "POST", path: at + "/unpublish"})
		s.finds(t, "egrets")
		s.publish(t, id, object{})
		s.finds(t, "egrets", "Egrets")
		s.do(t, call{as: editor, method: "DELETE", path: at, header: map[string]string{"If-Match": "*"}, status: 204})
		s.finds(t, "egrets")
		s.do(t, call{as: admin, method: "DELETE", path: at + "?purge=true", header: map[string]string{"If-Match": "*"}, status: 204})
		s.finds(t, "egrets")
	})
}

func TestASearchAfterAMergeAndAKill(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"title": "Storks", "tags": []any{object{"name": "Birds"}, object{"name": "Animals"}}})
		s.clock.Advance(time.Minute)
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/tags/birds/merge", body: object{"into": "animals"}, header: map[string]string{"If-Match": "*"}})
		s.finds(t, "storks&tag=animals", "Storks")
		s.finds(t, "storks&tag=birds", "Storks")
		s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/kill", body: object{"reason": "Wrong."}})
		s.finds(t, "storks")
		s.search(t, "strks").is("meta.suggestion", nil)
	})
}

// nasty are inputs that break what reads them as SQL, as a query of FTS5 or as a tsquery.
var nasty = []string{
	`'`, `"`, `''`, `""`, `'"'"`, `a'b`, `a"b`, `'; DROP TABLE publications; --`, `a' OR '1'='1`, `\`, `\'`, `a\`, `%`, `_`, `*`, `a*`, `*a`, `^a`, `a^`,
	`a AND b`, `a OR b`, `NOT a`, `a NOT b`, `NEAR(a b)`, `a NEAR/2 b`, `title:a`, `terms : a`, `{title body}: a`, `a:*`, `a:A`, `a & b`, `a | b`, `!a`,
	`a <-> b`, `a <2> b`, `!!a`, `(`, `)`, `(a`, `a)`, `((((((`, `a&`, `&`, `|`, `!`, `<->`, `:`, `:*`, `+a`, `a+b`, `-`, `--`, `-a`, `--a`, `-"`, `"-a"`, `-"a`,
	`- a`, `a -`, `a --b`, `"a" -"b"`, `""a""`, `"a"b"c"`, `“a”`, `„a“ «b»`, "a\tb", "a\nb", "a\x01b", "\x7f", "\u200b", "\u202e", "\ufeff", "\ufffd", "\u00ad",
	`😀`, `a😀b`, `👩‍👩‍👧`, `é`, "e\u0301", "\u0301", "\u0301a", `ﬁ`, `½`, `①`, `Ⅳ`, `İ`, `ı`, `ß`, `Ǆ`, `中文`, `日本語`, `한국어`, `العربية`, `עברית`, `हिन्दी`, `ไทย`, `ʻ`, `ʻʻ`, `oʻ`, `ъ`, `ь ъ`,
	`' ' '`, `a ' b`, `?`, `$1`, `@a`, `@@`, `{}`, `[]`, `<mark>`, `&lt;`, `%00`, `\x00`, `null`, `0`, `0 0`, `1e9`, `-1`, `1-`, `a.b.c`, `a/b`, `a@b.example`, `#a`,
	strings.Repeat("a", 200), strings.Repeat("ў", 200), strings.Repeat("😀", 200), strings.Repeat("-", 200), strings.Repeat(`"`, 200), strings.Repeat("a ", 16),
	strings.Repeat("1ea ", 16), "3ea", "6eaaa", `"1ea 1ea"`,
}

func TestNoInputIsAServerError(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.story(t, object{"title": "A plain title", "body": text("With a and b.")})
		for _, q := range nasty {
			s.search(t, q, "&highlight=true")
			s.search(t, q, "&sort=title&lang=en")
		}
	})
}
