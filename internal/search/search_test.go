package search

import (
	"html"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", " , ": "", "one two": "one|two", "COVID-19, 3.5%": "COVID|19|3|5", "don't 'stop'": "don't|stop", "oʻzbek tog' g‘alaba": "oʻzbek|tog|g‘alaba",
		"soft\u00adhyphen": "soft\u00adhyphen", "zero\u200bwidth": "zero|width", "a''b": "a|b", "e\u0301te\u0301": "e\u0301te\u0301", "\u0301a": "a", "中文": "中文", "a_b": "a|b",
	} {
		var words []string
		for _, k := range tokens(text) {
			if text[k.start:k.end] != k.word {
				t.Errorf("%q: %v", text, k)
			}
			words = append(words, k.word)
		}
		if got := strings.Join(words, "|"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// same are spellings that must become one in a language.
var same = map[language][][]string{
	inEnglish: {{"Café", "cafe", "CAFÉ", "cafe\u0301"}, {"running", "runs", "run"}, {"election", "elections", "elected"}, {"don't", "dont", "don’t"}, {"ﬁsh", "fish", "fishes"}, {"naïve", "naive"}},
	inRussian: {{"ёлка", "елка", "Ёлки", "елками"}, {"за\u0301мок", "замок"}, {"выборы", "выборов", "выборам"}, {"московский", "московского", "московской"}, {"президент", "президента", "президентом"}},
	anyOther:  {{"Ërğ", "erg"}, {"straße", "STRASSE"}, {"łódź", "lodz"}, {"Ёж", "еж"}},
	inUzbek: {
		{"Oʻzbekiston", "O'zbekiston", "Oʼzbekiston", "O`zbekiston", "O‘zbekiston", "Ozbekiston", "Ўзбекистон", "ўзбекистоннинг", "oʻzbekistonda", "ozbekistondan"},
		{"maktab", "мактаб", "maktablar", "мактабларда", "maktablarimizning", "maktabga", "maktabdagi", "maktabgacha", "maktabi", "maktabini"},
		{"qonun", "қонун", "qonuni", "қонунлар", "qonunni", "qonunida", "qonunlarini"},
		{"vatan", "vatani", "vatanni", "vatanimiz", "ватанимизда"},
		{"ona", "onasi", "onani", "onalar", "онасининг"},
		{"majlis", "majlisi", "majlisda", "majlislar", "мажлисида"},
		{"foyda", "foydani", "foydasi", "фойдада"},
		{"yurak", "yuragi", "yurakka", "юрагида"},
		{"qishloq", "qishlogʻi", "қишлоққа", "qishloqlar"},
		{"boshliq", "boshlig'i", "бошлиғи"},
		{"shahar", "shahri", "шаҳар", "шаҳрида", "shaharlar", "shahrining"},
		{"oʻgʻil", "ogil"},
		{"sirk", "цирк"},
		{"aksiya", "акция", "aksiyalar"},
		{"militsiya", "милиция"},
		{"obyekt", "объект", "obʼyekt", "объектлар"},
		{"Yevropa", "Европа", "Европада"},
		{"poyezd", "поезд"},
		{"batalyon", "батальон"},
		{"sentabr", "сентябрь", "sentabrda"},
		{"oktabr", "октябрь"},
		{"Isʼhoq", "Исҳоқ", "Is'hoq"},
		{"maʼno", "маъно", "mano", "maʼnosi"},
		{"yoʻl", "йўл", "yo'lda"},
		{"syomka", "съёмка"},
		{"premyera", "премьера"},
		{"şahar", "shahar"},
		{"gʻalaba", "ğalaba", "ғалаба"},
	},
}

// apart are words that must stay apart.
var apart = map[language][][]string{
	inUzbek:   {{"bola", "bosh", "bor", "bogʻ"}, {"togʻ", "toq"}, {"uy", "oy"}, {"kun", "kul"}, {"non", "nom"}, {"ish", "qish"}},
	inEnglish: {{"universe", "unit"}, {"news", "new"}, {"us", "use"}},
	inRussian: {{"мир", "мера"}, {"дом", "дым"}},
}

func TestSpellingsAndFormsOfAWordAreOne(t *testing.T) {
	t.Parallel()
	for l, groups := range same {
		for _, words := range groups {
			for _, w := range words {
				if got, want := l.stem(l.fold(w)), l.stem(l.fold(words[0])); got != want {
					t.Errorf("%c: %s is %q, but %s is %q", l, w, got, words[0], want)
				}
			}
		}
	}
	for l, groups := range apart {
		for _, words := range groups {
			for i, w := range words {
				for _, other := range words[:i] {
					if l.stem(l.fold(w)) == l.stem(l.fold(other)) {
						t.Errorf("%c: %s and %s are one", l, w, other)
					}
				}
			}
		}
	}
}

// Where the letters of the Uzbek scripts stand for each other one by one, both have the same terms.
func TestUzbekScriptsAreOne(t *testing.T) {
	t.Parallel()
	letters := [][2]string{
		{"а", "a"},
		{"б", "b"},
		{"в", "v"},
		{"г", "g"},
		{"д", "d"},
		{"ё", "yo"},
		{"ж", "j"},
		{"з", "z"},
		{"и", "i"},
		{"й", "y"},
		{"к", "k"},
		{"л", "l"},
		{"м", "m"},
		{"н", "n"},
		{"о", "o"},
		{"п", "p"},
		{"р", "r"},
		{"с", "s"},
		{"т", "t"},
		{"у", "u"},
		{"ф", "f"},
		{"х", "x"},
		{"ч", "ch"},
		{"ш", "sh"},
		{"ъ", "ʼ"},
		{"э", "e"},
		{"ю", "yu"},
		{"я", "ya"},
		{"ў", "oʻ"},
		{"қ", "q"},
		{"ғ", "gʻ"},
		{"ҳ", "h"},
	}
	rapid.Check(t, func(t *rapid.T) {
		var cyrillic, latin string
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(letters)-1), 1, 12).Draw(t, "letters") {
			cyrillic, latin = cyrillic+letters[i][0], latin+letters[i][1]
		}
		if rapid.Bool().Draw(t, "capital") {
			cyrillic, latin = strings.ToUpper(cyrillic), strings.ToUpper(latin)
		}
		if c, l := inUzbek.fold(cyrillic), inUzbek.fold(latin); c != l {
			t.Fatalf("%s is %s, but %s is %s", cyrillic, c, latin, l)
		}
	})
}

// anyText draws texts of all kinds of letters and signs.
func anyText() *rapid.Generator[string] {
	word := rapid.OneOf(
		rapid.SampledFrom([]string{"stork", "storks", "Storks", "nest", "nests", "аист", "аисты", "laylak", "laylaklar", "лайлаклар", "oʻt", "oʻtlar", "covid-19", "-", "“", `"`, "'", "<b>", "&", "…", "\n"}),
		rapid.StringN(0, 8, -1),
	)
	return rapid.Map(rapid.SliceOfN(word, 0, 60), func(words []string) string { return strings.ToValidUTF8(strings.Join(words, " "), "") })
}

var anyLang = rapid.SampledFrom([]string{"en", "ru", "uz-Latn", "uz-Cyrl", "fr"})

// Terms are kept between spaces and between apostrophes: no other sign may be in them.
func TestTermsAreLettersAndDigits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := Document{Lang: anyLang.Draw(t, "lang"), Title: anyText().Draw(t, "title"), Summary: anyText().Draw(t, "summary"), Body: anyText().Draw(t, "body")}
		terms := d.Terms(Lexicon{})
		if len(terms.Ordered) > maxPositions {
			t.Fatalf("%d positions", len(terms.Ordered))
		}
		for _, term := range slices.Concat(terms.Ordered, terms.Loose) {
			checkTerm(t, term)
		}
		q, err := Parse(cutTo(d.Title, MaxQuery))
		if err != nil {
			return // too many words
		}
		for _, tier := range q.Tiers() {
			checkMatch(t, tier)
		}
	})
}

func cutTo(s string, n int) string { return string([]rune(s)[:min(n, utf8.RuneCountInString(s))]) }

type failer interface{ Fatalf(string, ...any) }

func checkTerm(t failer, term string) {
	for _, r := range term {
		if r < utf8.RuneSelf && (r < 'a' || r > 'z') && (r < '0' || r > '9') || !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) {
			t.Fatalf("%q is in the term %q", r, term)
		}
	}
	if len(term) > 4*maxTerm+2+maxTerm || term != "" && !strings.ContainsRune("123456", rune(term[0])) {
		t.Fatalf("the term %q", term)
	}
}

func checkMatch(t failer, m Match) {
	kinds := 0
	for _, there := range []bool{m.Phrase != nil, m.All != nil, m.Any != nil, m.Without != nil} {
		if there {
			kinds++
		}
	}
	if kinds != 1 {
		t.Fatalf("%+v", m)
	}
	for _, term := range m.Phrase {
		checkTerm(t, term)
	}
	for _, part := range slices.Concat(m.All, m.Any) {
		checkMatch(t, part)
	}
	if m.Without != nil {
		checkMatch(t, m.Without.Wanted)
		checkMatch(t, m.Without.Unwanted)
	}
}

// What is beyond the bounds of an order is found, but not in phrases.
func TestAVeryLongText(t *testing.T) {
	t.Parallel()
	terms := Document{Lang: "en", Title: "T", Body: strings.Repeat("again ", 20_000) + " stork"}.Terms(Lexicon{})
	n := 0
	for _, o := range terms.Ordered {
		if o == "3eagain" {
			n++
		}
	}
	if n != maxRepeats || len(terms.Ordered) > maxPositions+3 || !slices.Contains(terms.Loose, "3estork") || !slices.Contains(terms.Loose, "6estork") {
		t.Errorf("%d times, %d positions, loose %v", n, len(terms.Ordered), terms.Loose)
	}
}

// Marks change nothing but what they are put around.
func TestMarksLeaveTheText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q, err := Parse(cutTo(anyText().Draw(t, "query"), 60))
		if err != nil {
			return
		}
		text := anyText().Draw(t, "text")
		m := q.Marker(anyLang.Draw(t, "lang"))
		if marked := m.All(text); marked != "" && unmarked(t, marked) != text {
			t.Fatalf("%q became %q", text, marked)
		}
		snippet := m.Snippet(text)
		if (snippet == "") != (m.All(text) == "") {
			t.Fatalf("the snippet of %q is %q", text, snippet)
		}
		if snippet == "" {
			return
		}
		part := unmarked(t, snippet)
		if utf8.RuneCountInString(part) > snippetLength+4 && !strings.HasPrefix(snippet, "… <mark>") && !strings.HasPrefix(snippet, "<mark>") {
			t.Fatalf("%d characters: %q", utf8.RuneCountInString(part), snippet)
		}
		whole := strings.Join(strings.Fields(text), " ")
		part = strings.TrimSuffix(strings.TrimPrefix(part, "… "), " …")
		if !strings.Contains(whole, part) {
			t.Fatalf("%q is not in %q", part, whole)
		}
	})
}

func unmarked(t failer, marked string) string {
	plain := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(marked)
	if strings.ContainsAny(plain, "<>\"'") || strings.Count(marked, "<mark>") != strings.Count(marked, "</mark>") {
		t.Fatalf("%q is not safe", marked)
	}
	return html.UnescapeString(plain)
}

func TestSnippets(t *testing.T) {
	t.Parallel()
	filler := strings.Repeat("lorem ipsum dolor ", 20)
	q, err := Parse("stork nest chimn")
	if err != nil {
		t.Fatal(err)
	}
	m := q.Marker("en")
	for text, want := range map[string]string{
		"Nothing here.":  "",
		"A stork & nest": "A <mark>stork</mark> &amp; <mark>nest</mark>",
		filler + "a stork. " + filler + "nesting storks on chimneys " + filler: "<mark>nesting</mark> <mark>storks</mark> on <mark>chimneys</mark>",
		filler + "stork stork stork. " + filler + " stork nest " + filler:      " <mark>stork</mark> <mark>nest</mark> ",
	} {
		got := m.Snippet(text)
		if !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%q, want %q in it", got, want)
		}
	}
}

func TestTypos(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		n    int
		near bool
	}{
		{"parliament", "parlament", 1, true},
		{"speaker", "speakre", 1, true},
		{"tashkent", "toshkent", 1, true},
		{"москва", "moskva", 0, true},
		{"moskva", "moksva", 1, true},
		{"town", "tows", 1, true},
		{"town", "twsn", 2, false},
		{"parliament", "parlamnet", 2, true},
		{"bridge", "orange", 3, false},
	} {
		a, _ := SpellingOf(c.a)
		b, _ := SpellingOf(c.b)
		n, near := a.Typos(b)
		m, _ := b.Typos(a)
		if n != c.n || m != n || near != c.near {
			t.Errorf("%s and %s: %d, %d, %t", c.a, c.b, n, m, near)
		}
	}
	for _, w := range []string{"abc", "covid19", "中文中文中文", strings.Repeat("a", 33), ""} {
		if s, ok := SpellingOf(w); ok {
			t.Errorf("%q has the spelling %v", w, s)
		}
	}
}

// FuzzParse looks for queries that give terms which are none, or that do not survive being corrected.
func FuzzParse(f *testing.F) {
	for _, q := range []string{`a "b c" -d e`, `-"a b`, `“x”y`, "o'zb", "covid-19", "\u0301", "½", "-- --"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		q, err := Parse(text)
		if err != nil {
			return
		}
		for _, tier := range q.Tiers() {
			checkMatch(t, tier)
		}
		if q.Empty() != (len(q.Tiers()) == 0) || q.Replace(nil) != text {
			t.Fatalf("%q: %+v", text, q)
		}
		for _, w := range q.Words() {
			if len(q.Only(w).Tiers()) == 0 {
				t.Fatalf("%q: nothing is looked for by %q", text, w)
			}
		}
	})
}
