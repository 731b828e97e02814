package lang_test

import (
	"testing"

	"github.com/nashr-cms/nashr/internal/lang"
)

func TestReadingMinutes(t *testing.T) {
	for _, c := range []struct {
		words int
		lang  string
		want  int
	}{
		{-1, "en", 0},
		{0, "en", 0},
		{1, "en", 1},
		{230, "en", 1},
		{231, "en", 2},
		{2300, "en-GB", 10},
		{180, "ru", 1},
		{181, "ru", 2},
		{170, "uz-Latn", 1},
		{171, "uz-Cyrl", 2},
		{180, "fr", 1},
		{181, "", 2},
	} {
		if got := lang.ReadingMinutes(c.words, c.lang); got != c.want {
			t.Errorf("ReadingMinutes(%d, %q) = %d, want %d", c.words, c.lang, got, c.want)
		}
	}
}
