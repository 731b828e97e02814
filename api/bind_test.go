package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/lang"
)

// form has a field of each kind that requests have.
type form struct {
	Text   string          `json:"text" validate:"required"`
	Flag   bool            `json:"flag"`
	Number int             `json:"number"`
	When   *time.Time      `json:"when"`
	Any    json.RawMessage `json:"any"`
	List   []string        `json:"list"`
	Inner  *inner          `json:"inner"`
	Many   []inner         `json:"many"`
	Named  map[string]int  `json:"named"`
	Tag    TagNameInput    `json:"tag"`
	Hidden string          `json:"-"`
}

type inner struct {
	URL  string  `json:"url" validate:"required"`
	Deep []inner `json:"deep"`
}

func TestBind(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"text":"x"}`: "", `{"text":"x","number":1.0}`: "", `{"text":"x","number":1e3}`: "", `{"text":"x","number":-0}`: "",
		`{"text":"x","flag":null,"number":null,"when":null,"any":null,"list":null,"inner":null,"many":null,"named":null,"tag":null}`: "",
		`{"text":"x","when":"2026-03-06T09:00:00.123456+05:00","any":{},"list":[],"inner":{"url":"u"},"named":{"a":1,"b":null}}`:     "",
		`{"text":"x","tag":"slug"}`: "", `{"text":"x","tag":{"name":"n"}}`: "",

		`{}`:                "/text required",
		`{"text":null}`:     "/text required",
		`{"text":5}`:        "/text wrong_type",
		`{"text":"\u0000"}`: "/text invalid_value",
		`null`:              " wrong_type", `[]`: " wrong_type", `"x"`: " wrong_type", `7`: " wrong_type", `true`: " wrong_type",
		`{"text":"x","number":1.5}`: "/number wrong_type", `{"text":"x","number":"1"}`: "/number wrong_type", `{"text":"x","number":9e99}`: "/number wrong_type",
		`{"text":"x","number":1e999999999}`: "/number wrong_type", `{"text":"x","number":9007199254740994}`: "/number wrong_type", `{"text":"x","number":true}`: "/number wrong_type",
		`{"text":"x","flag":1,"list":{},"any":[],"inner":[],"many":{},"named":[],"tag":5,"when":5}`: "/flag wrong_type/when wrong_type/any wrong_type/list wrong_type/inner wrong_type/many wrong_type/named wrong_type/tag wrong_type",
		`{"text":"x","list":["a",null,1,{}]}`:                                                       "/list/1 wrong_type/list/2 wrong_type/list/3 wrong_type",
		`{"text":"x","many":[{"url":"u"},{},{"url":1,"x":2}]}`:                                      "/many/1/url required/many/2/url wrong_type/many/2/x unknown_field",
		`{"text":"x","inner":{"url":"u","deep":[{"deep":[{}]}]}}`:                                   "/inner/deep/0/url required/inner/deep/0/deep/0/url required",
		`{"text":"x","a/b":1,"a~b":2,"~1":3,"":4,"Text":5,"-":6}`:                                   "/ unknown_field/- unknown_field/Text unknown_field/a~1b unknown_field/a~0b unknown_field/~01 unknown_field",
		`{"text":"x","named":{"a/~":"x"}}`:                                                          "/named/a~1~0 wrong_type",
		`{"text":"x","tag":{"name":""}}`:                                                            "/tag/name required",
		`{"text":"x","tag":{"name":"n","slug":"s"}}`:                                                "/tag/slug unknown_field",
		`{"text":"x","when":"2026-03-06"}`:                                                          "/when invalid_value",
		`{"text":"x","when":"2026-02-30T00:00:00Z"}`:                                                "/when invalid_value",
		`{"text":"x","when":"9999-12-31T23:59:59-14:00"}`:                                           "/when invalid_value",
		`{"text":"x","any":{"a":["\u0000"]}}`:                                                       "/any invalid_value",
		`{"text":"x","any":{"\u0000":1}}`:                                                           "/any invalid_value",
		`{"text":"x","Hidden":"x"}`:                                                                 "/Hidden unknown_field",
	} {
		value, err := decode([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		var f form
		got := ""
		for _, e := range bind(value, &f) {
			got += e.Pointer + " " + e.Code
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}

func TestBindKeepsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	value, err := decode([]byte(`{"text":"ё","number":2e1,"when":"2026-03-06T09:00:00.1239+05:00","any":{"b":1.10,"a":[12345678901234567890,"<"]},
		"list":["a"],"inner":{"url":"u"},"named":{"n":3},"tag":"slug"}`))
	if err != nil {
		t.Fatal(err)
	}
	var f form
	if broken := bind(value, &f); len(broken) > 0 {
		t.Fatal(broken)
	}
	when := time.Date(2026, 3, 6, 4, 0, 0, 123e6, time.UTC)
	want := form{
		Text: "ё", Number: 20, When: &when, Any: json.RawMessage(`{"a":[12345678901234567890,"\u003c"],"b":1.10}`), List: []string{"a"}, Inner: &inner{URL: "u"},
		Named: map[string]int{"n": 3}, Tag: TagNameInput{ref: "slug"},
	}
	if !reflect.DeepEqual(f, want) {
		t.Errorf("got %+v, want %+v", f, want)
	}
}

// TestMergePatch has the examples of RFC 7396, appendix A.
func TestMergePatch(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"a":"b"}`, `["c"]`, `["c"]`},
		{`{"a":"foo"}`, `null`, `null`},
		{`{"a":"foo"}`, `"bar"`, `"bar"`},
		{`{"e":null}`, `{"a":1}`, `{"a":1,"e":null}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
	} {
		target, err := decode([]byte(c[0]))
		if err != nil {
			t.Fatal(err)
		}
		patch, err := decode([]byte(c[1]))
		if err != nil {
			t.Fatal(err)
		}
		got, _ := json.Marshal(mergePatch(target, patch))
		if string(got) != c[2] {
			t.Errorf("%s and %s: got %s, want %s", c[0], c[1], got, c[2])
		}
		if left, _ := json.Marshal(target); string(left) != c[0] {
			t.Errorf("the target has become %s", left)
		}
	}
}

// anyJSON makes JSON values of few names, so that patches meet what they patch.
func anyJSON(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		kind := rapid.IntRange(0, 5).Draw(t, "kind")
		if depth == 0 {
			kind %= 3
		}
		switch kind {
		case 0:
			return nil
		case 1:
			return rapid.SampledFrom([]any{"x", true, json.Number("1")}).Draw(t, "scalar")
		case 2:
			return []any{rapid.SampledFrom([]any{nil, "y"}).Draw(t, "item")}
		}
		return rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c"}), anyJSON(depth-1), 0, 3).Draw(t, "object")
	})
}

func TestMergePatchProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		target, patch := anyJSON(3).Draw(t, "target"), anyJSON(3).Draw(t, "patch")
		before := fmt.Sprint(target, patch)
		once := mergePatch(target, patch)
		if twice := mergePatch(once, patch); !reflect.DeepEqual(once, twice) {
			t.Fatalf("applied twice: %v, once: %v", twice, once)
		}
		if object, ok := target.(map[string]any); ok && !reflect.DeepEqual(mergePatch(object, map[string]any{}), target) {
			t.Fatal("an empty patch changes something")
		}
		if fmt.Sprint(target, patch) != before {
			t.Fatal("the arguments have changed")
		}
	})
}

func FuzzBind(f *testing.F) {
	for _, seed := range []string{
		`{"title":"x","tags":["a",{"name":"b"}],"body":{"html":"<p>x"},"seo":{"title":null},"custom":{"a":[1]}}`, `{"name":"x","translations":{"ru":{"name":"y"}},"links":[{"url":"u"}]}`,
		`{"at":"2026-03-06T09:00:00Z","until":null}`, `{"email":"a","password":"b","x":1}`, `[{}]`, `{"position":1e3}`, `{"tags":[{"name":5}]}`, `{"body":{"blocks":[{"type":"list","items":[{"text":"x"}]}]}}`,
	} {
		f.Add([]byte(seed))
	}
	languages, err := lang.ParseSet("en,ru")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		value, err := decode(data)
		if err != nil || nestsDeeper(value, maxNesting) {
			return
		}
		for _, target := range []any{new(ArticleInput), new(SectionInput), new(AuthorInput), new(TagInput), new(SiteInput), new(PublishRequest), new(LoginRequest), new(PasswordRequest)} {
			broken := bind(value, target)
			for _, e := range broken {
				if e.Pointer != "" && !strings.HasPrefix(e.Pointer, "/") || e.Code == "" || e.Detail == "" {
					t.Errorf("%s: %+v", data, e)
				}
			}
			if len(broken) > 0 {
				continue
			}
			again := reflect.New(reflect.TypeOf(target).Elem()).Interface()
			if broken := bind(generic(target), again); len(broken) > 0 {
				t.Errorf("%s is taken, but not a second time: %v", data, broken)
			}
		}
		var in ArticleInput
		broken := bind(value, &in)
		manage{wire: wire{languages: languages}}.draft(in, slices.Clone(broken))
		bindPatch(ArticleInput{Title: "x"}, value, new(ArticleInput))
	})
}
