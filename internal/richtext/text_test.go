package richtext

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

func TestSummary(t *testing.T) {
	body := []newsroom.Block{
		heading(2, "Sarlavha"), p("Birinchi &amp; <strong>asosiy</strong><br>gap,  davomi."), quote("Iqtibos", ""),
		code("", "x"), p("Ikkinchi."),
	}
	tests := []struct {
		max  int
		want string
	}{
		{100, "Birinchi & asosiy gap, davomi. Ikkinchi."},
		{40, "Birinchi & asosiy gap, davomi. Ikkinchi."},
		{39, "Birinchi & asosiy gap, davomi…"},
		{23, "Birinchi & asosiy gap…"},
		{5, "Biri…"},
		{1, "…"},
		{0, ""},
		{-1, ""},
	}
	body[1].Text = cleanInline(body[1].Text, gapLine)
	for _, tt := range tests {
		if got := Summary(body, tt.max); got != tt.want {
			t.Errorf("Summary of %d: %q, want %q", tt.max, got, tt.want)
		}
	}
}

func TestSummaryIsShort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(0, 60).Draw(t, "max")
		if got := Summary(bodyGen().Draw(t, "body"), limit); utf8.RuneCountInString(got) > limit {
			t.Fatalf("%q is longer than %d", got, limit)
		}
	})
}

func TestCountWords(t *testing.T) {
	tests := map[string]int{
		"": 0, " — ": 0, "a": 1, "a b": 2, "oʻzbek o‘zbek o'zbek o’zbek o`zbek": 5, "don't": 1, "'a' ‘b’": 2, "dogs' tails": 2,
		"rock''n": 2, "yetti-sakkiz": 2, "1,000.5 so‘m": 2, "1.yanvar": 2, "3. a": 2, "Ўзбекистон, Қорақалпоғистон!": 2,
		"e\u0301te\u0301": 1, "so\u00adft": 1, "a\u00a0b": 2, "COVID19": 1, "a/b": 2,
	}
	for s, want := range tests {
		if got := countWords(s); got != want {
			t.Errorf("%q has %d words, want %d", s, got, want)
		}
	}
}

func TestWordCountOfBlocks(t *testing.T) {
	body := []newsroom.Block{
		heading(2, "bir"), p("ikki <em>uch</em>toʻrt"), list(li("besh", li("olti"))), quote("yetti", "sakkiz"),
		image("/i.jpg", "alt", "toʻqqiz", "AFP"), tableOf(true, "", []string{"oʻn", "oʻn bir"}), code("go", "x y z"), embed("youtube", tube, "oʻn"),
	}
	if got := WordCount(body); got != 12 {
		t.Errorf("%d words, want 12", got)
	}
}
