package lang_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/lang"
)

var tags = map[string]string{
	"uz-latn": "uz-Latn", "UZ-CYRL": "uz-Cyrl", "uz_Latn": "uz-Latn", "uz": "uz", "uz-latn-uz": "uz-Latn-UZ",
	"EN": "en", "en-us": "en-US", "ru-RU": "ru-RU", "ru-cyrl": "ru-Cyrl", "iw": "he", "kaa": "kaa", "ca-valencia": "ca-valencia",
	"": "", " en": "", "en-": "", "en--US": "", "english": "", "xx": "", "und": "", "und-Latn": "", "root": "", "x-house": "",
	"uz-Latn-Cyrl": "", "*": "", "en,ru": "", "узб": "", "en\x00": "", "en-x-" + strings.Repeat("a-", 20) + "a": "",
	"en-u-ca-buddhist": "", "en-x-house": "", "i-default": "", "aa-u-00-00-u-00-00": "", "sh-ekavsk-ijekavsk-baku1926-1994": "", "aa-ekavsk-baku1926-0": "",
	"aa-ekavsk-baku1926": "aa-baku1926-ekavsk", "i-klingon": "tlh", "en_GB_oed": "en-GB-oxendict",
}

func TestParse(t *testing.T) {
	for in, want := range tags {
		got, err := lang.Parse(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("Parse(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
}

func checkParse(t interface{ Fatalf(string, ...any) }, in string) {
	tag, err := lang.Parse(in)
	if err != nil {
		return
	}
	if len(tag) > 35 {
		t.Fatalf("Parse(%q) = %q, over 35 characters", in, tag)
	}
	if again, err := lang.Parse(tag); again != tag || err != nil {
		t.Fatalf("Parse(%q) = %q, but of that %q, %v", in, tag, again, err)
	}
}

func TestParseProperties(t *testing.T) {
	subtag := rapid.SampledFrom([]string{"uz", "EN", "sh", "zh", "yue", "latn", "Cyrl", "US", "419", "1996", "valencia", "u-ca-x", "x-a", "i"})
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(subtag, 1, 6).Draw(t, "parts")
		checkParse(t, strings.Join(parts, rapid.SampledFrom([]string{"-", "_"}).Draw(t, "joint")))
	})
}

func FuzzParse(f *testing.F) {
	for tag := range tags {
		f.Add(tag)
	}
	f.Fuzz(func(t *testing.T, in string) { checkParse(t, in) })
}

func parseSet(t *testing.T, list string) lang.Set {
	t.Helper()
	set, err := lang.ParseSet(list)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestParseSet(t *testing.T) {
	set := parseSet(t, "uz-latn, uz-Cyrl ,RU,en")
	if want := (lang.Set{"uz-Latn", "uz-Cyrl", "ru", "en"}); !slices.Equal(set, want) {
		t.Errorf("got %q, want %q", set, want)
	}
	if got := set.Default(); got != "uz-Latn" {
		t.Errorf("Default() = %q", got)
	}
	if got := lang.Set(nil).Default(); got != "" {
		t.Errorf("Default() of no languages = %q", got)
	}
}

func TestParseSetNamesTheEntryAtFault(t *testing.T) {
	long := "en-x-" + strings.Repeat("abcdefgh-", 5) + "a"
	for list, want := range map[string]string{
		"":                   "entry 1",
		"uz-Latn,,ru":        "entry 2",
		"ru,en,":             "entry 3",
		"ru,klingonish":      `"klingonish"`,
		"ru,und":             `"und"`,
		"uz-Latn,ru,uz-latn": `"uz-latn"`,
		"ru," + long:         long[:35],
	} {
		set, err := lang.ParseSet(list)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseSet(%q) = %q, %v, want an error with %s", list, set, err, want)
		}
	}
}

func TestSetCanonical(t *testing.T) {
	set := parseSet(t, "uz-Latn,uz-Cyrl,ru,en-GB")
	for asked, want := range map[string]string{
		"uz-latn": "uz-Latn", "UZ-Cyrl": "uz-Cyrl", "uz": "uz-Latn", "RU": "ru", "en": "en-GB", "en-gb": "en-GB",
		"uz-Arab": "", "ru-RU": "", "en-US": "", "fr": "", "u": "", "": "", "und": "",
	} {
		if got, ok := set.Canonical(asked); got != want || ok != (want != "") {
			t.Errorf("Canonical(%q) = %q, %v, want %q", asked, got, ok, want)
		}
	}
}

func TestSetHasAndRank(t *testing.T) {
	set := parseSet(t, "uz-Latn,uz-Cyrl,ru")
	for tag, want := range map[string]int{"uz-Latn": 0, "uz-Cyrl": 1, "ru": 2, "en": 3, "uz": 3} {
		if got := set.Rank(tag); got != want {
			t.Errorf("Rank(%q) = %d, want %d", tag, got, want)
		}
		if got := set.Has(tag); got != (want < 3) {
			t.Errorf("Has(%q) = %v", tag, got)
		}
	}
}

func TestSetPick(t *testing.T) {
	set := parseSet(t, "uz-Latn,uz-Cyrl,uz-Arab,ru,sr-Cyrl,sr-Latn")
	for _, c := range []struct {
		why          string
		translations map[string]string
		lang, want   string
	}{
		{"the language itself", map[string]string{"ru": "Мир", "uz-Cyrl": "Жаҳон"}, "ru", "Мир"},
		{"another script", map[string]string{"sr-Latn": "Svet"}, "sr-Cyrl", "Svet"},
		{"the first of other scripts", map[string]string{"uz-Cyrl": "Жаҳон", "uz-Latn": "Dunyo"}, "uz-Arab", "Dunyo"},
		{"untranslated is the default language", map[string]string{"uz-Cyrl": "Жаҳон"}, "uz-Latn", "Jahon"},
		{"and comes first among its scripts", map[string]string{"uz-Cyrl": "Жаҳон"}, "uz-Arab", "Jahon"},
		{"no other language", map[string]string{"sr-Latn": "Svet"}, "ru", "Jahon"},
		{"empty counts as none", map[string]string{"ru": ""}, "ru", "Jahon"},
		{"no translations", nil, "uz-Cyrl", "Жаҳон"},
		{"the twin is transliterated", map[string]string{"uz-Cyrl": ""}, "uz-Cyrl", "Жаҳон"},
		{"no other script is", nil, "uz-Arab", "Jahon"},
		{"no language", map[string]string{"ru": "Мир"}, "", "Jahon"},
	} {
		if got := set.Pick(c.translations, c.lang, "Jahon"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.why, got, c.want)
		}
	}
}
