package lang

// fallbackSpeed is for languages that readingSpeed does not list.
const fallbackSpeed = 180

// readingSpeed is in words a minute, silently and for understanding. The IReST study (Trauzettel-Klosinski and Dietz,
// 2012) measured means of 228 for English, 184 for Russian and 166 for Turkish. Uzbek was not measured; like Turkish
// it joins into one long word what English says in several.
var readingSpeed = map[string]int{
	"en": 230,
	"ru": 180,
	"tr": 170,
	"uz": 170,
}

// ReadingMinutes is how long a text of so many words in lang takes to read, in minutes rounded up: 1 or more for any
// text, 0 where there are no words.
func ReadingMinutes(words int, lang string) int {
	if words <= 0 {
		return 0
	}
	speed, ok := readingSpeed[base(lang)]
	if !ok {
		speed = fallbackSpeed
	}
	return (words-1)/speed + 1
}
