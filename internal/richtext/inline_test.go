package richtext

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCleanLink(t *testing.T) {
	tests := map[string]string{
		"https://X.uz":              "https://x.uz",
		" https://x.uz/a b?c=d e ":  "https://x.uz/a%20b?c=d%20e",
		"//x.uz/a":                  "https://x.uz/a",
		"/a?b=c#d":                  "/a?b=c#d",
		"#izoh":                     "#izoh",
		"mailto:a@x.uz?subject=b":   "mailto:a@x.uz?subject=b",
		"tel:+998":                  "tel:+998",
		"https://пример.рф/ё?ё=ё#ё": "https://xn--e1afmkfd.xn--p1ai/%D1%91?%D1%91=%D1%91#%D1%91",
		"https://x.uz:8080/":        "https://x.uz:8080/",
		"https://[::1]/":            "https://[::1]/",
		"":                          "", "#": "", "a.html": "", "../a": "", "?a": "", "javascript:x": "", "JAVASCRIPT:x": "", "data:text/html,x": "",
		"ftp://x.uz": "", "https:///a": "", "https:x.uz": "", "https://a:b@x.uz/": "", "///x.uz": "", "https://x.uz/%zz": "",
		"https://x.uz/" + strings.Repeat("a", maxURL): "",
	}
	for raw, want := range tests {
		if got := cleanLink(raw); got != want {
			t.Errorf("cleanLink(%q) = %q, want %q", raw, got, want)
		}
	}
}

func TestLinksAreStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SampledFrom([]string{"", "https://x.uz/", "/", "//", "mailto:", "#", "https://"}).Draw(t, "start") + rapid.String().Draw(t, "rest")
		for _, clean := range []func(string) string{cleanLink, cleanMedia} {
			if once := clean(raw); once != "" && clean(once) != once {
				t.Fatalf("%q gives %q, then %q", raw, once, clean(once))
			}
		}
	})
}

func TestCleanInlineIsCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := cleanInline(inlineGen(3).Draw(t, "inline"), gapLine)
		if twice := cleanInline(once, gapLine); twice != once {
			t.Fatalf("%q became %q", once, twice)
		}
		words := strings.Fields(plain(once))
		if again := strings.Fields(plain(cleanInline(escapeText(plain(once)), gapLine))); strings.Join(again, " ") != strings.Join(words, " ") {
			t.Fatalf("%q lost text: %q", words, again)
		}
	})
}
