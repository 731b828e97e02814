package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func (s *server) patchSite(t *testing.T, change object) answer {
	t.Helper()
	return s.do(t, call{as: admin, method: "PATCH", path: "/v1/manage/site", body: change, header: force})
}

// menu is the navigation that readers see, an entry a line.
func (s *server) menu(t *testing.T, query string) string {
	t.Helper()
	var lines strings.Builder
	var show func(indent string, items []any)
	show = func(indent string, items []any) {
		for _, i := range items {
			item := i.(object)
			fmt.Fprintln(&lines, indent, item["title"], item["section"], item["path"], item["url"])
			show(indent+">", item["children"].([]any))
		}
	}
	show("", s.do(t, call{path: "/v1/content/site" + query}).at("data.navigation").([]any))
	return strings.ReplaceAll(lines.String(), "<nil>", "-")
}

func TestTheNavigation(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		check := func(query, want string) {
			t.Helper()
			if got := s.menu(t, query); got != want {
				t.Errorf("%s: got\n%swant\n%s", query, got, want)
			}
		}
		s.add(t, "sections", object{"slug": "world", "name": "World", "translations": object{"ru": object{"name": "Мир"}}, "position": 2})
		asia := s.add(t, "sections", object{"slug": "asia", "name": "Asia", "parent": "world"})
		s.add(t, "sections", object{"slug": "city", "name": "City", "position": 1})
		byDefault := " City city city https://news.example/en/city\n World world world https://news.example/en/world\n"
		check("", byDefault)
		s.do(t, call{as: admin, path: "/v1/manage/site"}).is("data.navigation", nil)

		a := s.patchSite(t, object{"navigation": []object{
			{"section": "world", "children": []object{{"section": asia, "title": " In Asia ", "translations": object{"RU": "В Азии"}}, {"title": "Feed", "url": "/feeds/rss.xml"}}},
			{"title": "Shop", "url": "https://shop.example/?a=1&b=2", "translations": object{"ru": "Лавка"}},
		}})
		a.is("data.version", 2).is("data.navigation.0.section", "world").is("data.navigation.0.title", nil).is("data.navigation.0.children.0.section", "asia").
			is("data.navigation.0.children.0.translations.ru", "В Азии").is("data.navigation.1.url", "https://shop.example/?a=1&b=2")
		check("", " World world world https://news.example/en/world\n"+
			"> In Asia asia world/asia https://news.example/en/world/asia\n> Feed - - https://news.example/feeds/rss.xml\n Shop - - https://shop.example/?a=1&b=2\n")
		check("?lang=ru", " Мир world world https://news.example/ru/world\n"+
			"> В Азии asia world/asia https://news.example/ru/world/asia\n> Feed - - https://news.example/feeds/rss.xml\n Лавка - - https://shop.example/?a=1&b=2\n")
		if e := s.lastEvent(t); e.Type != "site.updated" || !e.Public || !strings.Contains(string(e.Data), `"changed":["navigation"]`) {
			t.Errorf("%s %s", e.Type, e.Data)
		}
		// What is told can be sent again.
		s.patchSite(t, object{"navigation": a.at("data.navigation"), "name": "Nashr"}).is("data.version", 2)

		// A section in the navigation stays, unless another takes its place.
		for _, slug := range []string{"world", "asia"} {
			s.refused(t, call{as: editor, method: "DELETE", path: "/v1/manage/sections/" + slug, header: force, status: 409, code: "in_use"})
		}
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/sections/asia?replace_with=city", header: force, status: 204})
		s.patch(t, "sections/world", object{"slug": "planet"})
		check("", " World planet planet https://news.example/en/planet\n"+
			"> In Asia city city https://news.example/en/city\n> Feed - - https://news.example/feeds/rss.xml\n Shop - - https://shop.example/?a=1&b=2\n")
		s.do(t, call{as: admin, path: "/v1/manage/site"}).is("data.version", 3)

		s.patchSite(t, object{"navigation": []object{}}).is("data.navigation", []any{})
		check("", "")
		s.patchSite(t, object{"navigation": nil}).is("data.navigation", nil)
		check("", strings.NewReplacer("world", "planet").Replace(byDefault))
		s.do(t, call{as: editor, method: "DELETE", path: "/v1/manage/sections/city", header: force, status: 204})
	})
}

func TestTheWordsOfTheSite(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.do(t, call{path: "/v1/content/site"}).is("data.description", nil)
		s.patchSite(t, object{"name": " Courier ", "description": "News", "translations": object{"RU": object{"name": "Курьер"}, "uz-Cyrl": object{"name": "Курьер Уз", "description": "Янгилик"}}}).
			is("data.name", "Courier").is("data.translations.ru.name", "Курьер").is("data.translations.ru.description", nil)
		s.do(t, call{path: "/v1/content/site"}).is("data.name", "Courier").is("data.description", "News")
		s.do(t, call{path: "/v1/content/site?lang=ru"}).is("data.name", "Курьер").is("data.description", "News")
		s.do(t, call{path: "/v1/content/site?lang=uz-Latn"}).is("data.name", "Kuryer Uz").is("data.description", "Yangilik")
		s.patchSite(t, object{"translations": object{"uz-Cyrl": nil}, "description": nil}).is("data.description", nil).is("data.version", 3)
		s.do(t, call{path: "/v1/content/site?lang=uz-Latn"}).is("data.name", "Courier")
	})
}

func TestWhatIsWrongWithTheSite(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.add(t, "sections", object{"slug": "world", "name": "World"})
		many, _ := json.Marshal(make([]object, 51))
		for body, want := range map[string]string{
			`{"name":" ","description":5,"translations":{"x!":{}}}`: "/description wrong_type\n/translations/x! invalid_value\n/name required\n",
			`{"navigation":[{}]}`:                                                "/navigation/0 invalid_value\n",
			`{"navigation":[{"section":"world","url":"/x"}]}`:                    "/navigation/0 invalid_value\n",
			`{"navigation":[{"section":"none"},{"section":"world"}]}`:            "/navigation/0/section unknown_reference\n",
			`{"navigation":[{"url":"/x"},{"title":"x","url":"//evil.example"}]}`: "/navigation/0/title required\n/navigation/1/url invalid_value\n",
			`{"navigation":[{"title":"x","url":"javascript:alert(1)"}]}`:         "/navigation/0/url invalid_value\n",
			`{"navigation":[{"title":"x","url":"/a b"}]}`:                        "/navigation/0/url invalid_value\n",
			`{"navigation":[{"title":"x","url":"/\\evil.example"}]}`:             "/navigation/0/url invalid_value\n",
			`{"navigation":[{"title":"x","url":"x"}]}`:                           "/navigation/0/url invalid_value\n",
			`{"navigation":[{"section":"world","translations":{"!":"x"}}]}`:      "/navigation/0/translations/! invalid_value\n",
			`{"navigation":[{"section":"world","colour":1,"children":[{"section":"none","children":[{"section":"world"}]}]}]}`: "/navigation/0/colour unknown_field\n" +
				"/navigation/0/children/0/section unknown_reference\n/navigation/0/children/0/children not_allowed\n",
			`{"navigation":` + strings.ReplaceAll(string(many), "null", `{"section":"world"}`) + `}`: "/navigation too_long\n",
			`{"navigation":{}}`: "/navigation wrong_type\n",
		} {
			got := s.refused(t, call{as: admin, method: "PATCH", path: "/v1/manage/site", body: body, header: force, status: 422, code: "validation_failed"}).errors()
			if got != want {
				t.Errorf("%.120s: got\n%swant\n%s", body, got, want)
			}
		}
		s.refused(t, call{as: admin, method: "PATCH", path: "/v1/manage/site", body: object{"navigation": nil}, header: map[string]string{"If-Match": `"7"`}, status: 412, code: "stale_version"})
	})
}
