package api_test

import (
	"slices"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/internal/lang"
)

func TestAnArticleIsReadInTheOtherScript(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "sections", object{"slug": "world", "name": "World", "translations": object{"uz-Latn": object{"name": "Jahon"}}})
		s.add(t, "authors", object{"slug": "dilnoza", "name": "Dilnoza Yoʻldosheva", "translations": object{"uz-Latn": object{"job_title": "muxbir"}}})
		id := s.story(t, object{
			"lang": "uz-Latn", "title": "Yangi koʻprik va iPhone", "slug": "yangi-koprik", "kicker": "Shahar", "summary": "Sanʼat & maʼno",
			"section": "world", "authors": []string{"dilnoza"}, "custom": object{"map": "koprik"}, "seo": object{"title": "Koʻprik"},
			"body": object{"html": `<p>Eʼlon: <a href="https://kun.uz/salom">kun.uz saytida</a> <code>yil</code> &lt;bor&gt;</p><pre><code>shahar</code></pre>`},
		})
		s.do(t, call{
			as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/corrections", body: object{"text": "Yil notoʻgʻri edi."},
		})
		a := s.do(t, call{path: "/v1/content/articles/yangi-koprik?lang=uz-Cyrl&format=html,text,blocks,markdown"})
		a.is("data.id", id).is("data.lang", "uz-Cyrl").is("data.transliterated_from", "uz-Latn").is("data.slug", "yangi-koprik").
			is("data.url", "https://news.example/uz-Cyrl/yangi-koprik").is("data.title", "Янги кўприк ва iPhone").is("data.kicker", "Шаҳар").
			is("data.summary", "Санъат & маъно").is("data.section.name", "Жаҳон").is("data.section.slug", "world").
			is("data.authors.0.job_title", "мухбир").is("data.custom.map", "koprik").is("data.seo.title", "Кўприк").
			is("data.corrections.0.text", "Йил нотўғри эди.").
			is("data.body.html", `<p>Эълон: <a href="https://kun.uz/salom">kun.uz сайтида</a> <code>yil</code> &lt;бор&gt;</p>`+"\n<pre><code>shahar</code></pre>").
			is("data.body.text", "Эълон: kun.uz сайтида yil <бор>\n\nshahar").
			is("data.body.blocks.1.code", "shahar").is("data.translations.0.lang", "uz-Latn")
		s.do(t, call{path: "/v1/content/articles/" + id + "?lang=uz-Cyrl&fields=title,transliterated_from"}).is("data.title", "Янги кўприк ва iPhone")
		s.do(t, call{path: "/v1/content/articles/yangi-koprik"}).is("data.lang", "uz-Latn").is("data.transliterated_from", nil).
			is("data.title", "Yangi koʻprik va iPhone").is("data.section.name", "Jahon")
		s.do(t, call{path: "/v1/content/articles/yangi-koprik?lang=ru", status: 404})
		s.do(t, call{path: "/v1/content/articles/yangi-koprik?lang=uz-Cyrl", header: map[string]string{"If-None-Match": tagOf(
			s.do(t, call{path: "/v1/content/articles/yangi-koprik?lang=uz-Cyrl"}))}, status: 304})
		s.do(t, call{as: editor, path: "/v1/manage/articles/" + id, hasNot: []string{"transliterated"}}).is("data.title", "Yangi koʻprik va iPhone")

		s.story(t, object{"lang": "uz-Cyrl", "title": "Исҳоқ 40 °С", "slug": "ishoq"})
		s.do(t, call{path: "/v1/content/articles/ishoq?lang=uz-Latn"}).is("data.title", "Isʼhoq 40 °C").is("data.transliterated_from", "uz-Cyrl")
	})
}

func tagOf(a answer) string { return a.header.Get("ETag") }

func TestATrueEditionComesBeforeATransliteratedOne(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		latin := s.story(t, object{"lang": "uz-Latn", "title": "Yangi koʻprik", "slug": "koprik"})
		cyrillic := s.write(t, editor, object{"lang": "uz-Cyrl", "title": "Кўприк очилди", "slug": "ochildi", "translation_of": latin})
		s.do(t, call{path: "/v1/content/articles/koprik?lang=uz-Cyrl"}).is("data.title", "Янги кўприк").is("data.translations.0.slug", "koprik")
		s.publish(t, cyrillic, object{})

		for _, ref := range []string{"koprik", latin} {
			moved := s.do(t, call{path: "/v1/content/articles/" + ref + "?lang=uz-Cyrl&format=text", status: 308})
			if got := moved.header.Get("Location"); got != "/v1/content/articles/ochildi?format=text&lang=uz-Cyrl" {
				t.Errorf("%s leads to %s", ref, got)
			}
		}
		s.do(t, call{path: "/v1/content/articles/ochildi?lang=uz-Cyrl"}).is("data.id", cyrillic).is("data.transliterated_from", nil)
		s.story(t, object{"lang": "uz-Cyrl", "title": "Бошқа", "slug": "koprik"})
		s.do(t, call{path: "/v1/content/articles/koprik?lang=uz-Cyrl"}).is("data.title", "Бошқа")
	})
}

func TestFormerSlugsInTheOtherScript(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		id := s.story(t, object{"lang": "uz-Latn", "title": "Koʻprik", "slug": "eski"})
		s.clock.Advance(time.Minute)
		s.do(t, call{
			as: editor, method: "PATCH", path: "/v1/manage/articles/" + id, body: object{"slug": "yangi"}, header: map[string]string{"If-Match": "*"},
		})
		s.publish(t, id, object{})
		to := func(want string) {
			t.Helper()
			if got := s.do(t, call{path: "/v1/content/articles/eski?lang=uz-Cyrl", status: 308}).header.Get("Location"); got != want {
				t.Errorf("eski leads to %s, want %s", got, want)
			}
		}
		to("/v1/content/articles/yangi?lang=uz-Cyrl")
		s.do(t, call{path: "/v1/content/articles/yangi?lang=uz-Cyrl"}).is("data.title", "Кўприк")
		s.story(t, object{"lang": "uz-Cyrl", "title": "Кўприк", "slug": "oz", "translation_of": id})
		to("/v1/content/articles/oz?lang=uz-Cyrl")
		s.clock.Advance(time.Minute)
		s.do(t, call{as: admin, method: "POST", path: "/v1/manage/articles/" + id + "/kill", body: object{"reason": "It was wrong."}})
		s.do(t, call{path: "/v1/content/articles/yangi?lang=uz-Cyrl", status: 410, code: "gone", has: []string{"It was wrong."}})
	})
}

func TestListsTakeTheOtherScriptAlong(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		both := s.story(t, object{"lang": "uz-Latn", "title": "Ikkalasida", "slug": "a"})
		s.story(t, object{"lang": "uz-Cyrl", "title": "Иккаласида", "slug": "b", "translation_of": both})
		s.story(t, object{"lang": "uz-Latn", "title": "Faqat lotinda", "slug": "c", "body": object{"html": "<p>Shahar</p>"}})
		s.story(t, object{"lang": "uz-Cyrl", "title": "Фақат кириллда", "slug": "d"})
		s.story(t, object{"lang": "ru", "title": "По-русски", "slug": "e"})
		hidden := s.write(t, editor, object{"lang": "uz-Cyrl", "title": "Қоралама", "slug": "f"})

		list := s.do(t, call{path: "/v1/content/articles?lang=uz-Cyrl&sort=title&include=body", hasNot: []string{hidden}})
		list.is("meta.total", 3).is("data.0.title", "Фақат лотинда").is("data.0.transliterated_from", "uz-Latn").is("data.0.lang", "uz-Cyrl").
			is("data.0.slug", "c").is("data.0.url", "https://news.example/uz-Cyrl/c").is("data.0.body.html", "<p>Шаҳар</p>").
			is("data.1.title", "Иккаласида").is("data.1.transliterated_from", nil).is("data.2.title", "Фақат кириллда")
		var paged []string
		for path := "/v1/content/articles?lang=uz-Cyrl&sort=title&limit=1"; path != ""; {
			page := s.do(t, call{path: path}).is("meta.total", 3)
			paged = append(paged, page.all("slug")...)
			path = ""
			if next, ok := page.at("meta.next_cursor").(string); ok {
				path = "/v1/content/articles?lang=uz-Cyrl&sort=title&limit=1&cursor=" + next
			}
		}
		if !slices.Equal(paged, []string{"c", "b", "d"}) {
			t.Errorf("by cursor: %v", paged)
		}
		s.do(t, call{path: "/v1/content/articles?lang=uz-Latn"}).is("meta.total", 3)
		s.do(t, call{path: "/v1/content/articles?lang=uz-Latn,uz-Cyrl", hasNot: []string{`"transliterated_from":"`}}).is("meta.total", 4)
		s.do(t, call{path: "/v1/content/articles?lang=uz-Cyrl&lang=-ru"}).is("meta.total", 2)
		s.do(t, call{path: "/v1/content/articles?lang=ru"}).is("meta.total", 1)
		s.do(t, call{as: editor, path: "/v1/manage/articles?lang=uz-Cyrl"}).is("meta.total", 3)
	})
}

func TestEitherScriptOnASiteOfOne(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "sections", object{"slug": "sport", "name": "Sport yangiliklari", "description": "Barcha oʻyinlar", "translations": object{"en": object{"name": "Sports"}}})
		s.add(t, "tags", object{"slug": "futbol", "name": "Yoʻl va futbol"})
		s.add(t, "authors", object{"slug": "ann", "name": "Isʼhoq", "bio": "Yozuvchi"})
		s.story(t, object{"lang": "uz-Latn", "title": "Oʻyin", "slug": "oyin", "tags": []string{"futbol"}})
		s.change(func(o *api.Options) { o.Languages = lang.Set{"uz-Latn", "en"} })

		s.do(t, call{path: "/v1/content/sections?lang=uz-Cyrl"}).is("data.0.name", "Спорт янгиликлари").is("data.0.description", "Барча ўйинлар")
		s.do(t, call{path: "/v1/content/sections/sport?lang=en"}).is("data.name", "Sports")
		s.do(t, call{path: "/v1/content/tags/futbol?lang=uz-Cyrl"}).is("data.name", "Йўл ва футбол").is("data.slug", "futbol")
		s.do(t, call{path: "/v1/content/tags?lang=uz-Latn"}).is("data.0.name", "Yoʻl va futbol")
		s.do(t, call{path: "/v1/content/authors/ann?lang=uz-Cyrl"}).is("data.name", "Исҳоқ").is("data.bio", "Ёзувчи")
		s.do(t, call{path: "/v1/content/site?lang=uz-Cyrl"}).is("data.navigation.0.title", "Спорт янгиликлари").is("data.languages.0", "uz-Latn")
		s.do(t, call{path: "/v1/content/articles?lang=uz-Cyrl"}).is("data.0.title", "Ўйин").is("data.0.tags.0.name", "Йўл ва футбол")
		s.do(t, call{path: "/v1/content/articles/oyin?lang=uz-Cyrl"}).is("data.title", "Ўйин")
		s.do(t, call{path: "/v1/content/articles?lang=uz-Arab", status: 400})
		s.do(t, call{as: editor, path: "/v1/manage/articles?lang=uz-Cyrl", status: 400})
	})
}
