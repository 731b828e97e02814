package lang_test

import (
	_ "embed"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/lang"
)

// uzbekPairs are words in Latin and Cyrillic, written by hand and apart from the exceptions. The first part was written before
// the engine: see docs/adr/0012-uzbek-scripts.md.
//
//go:embed testdata/uzbek_pairs.tsv
var uzbekPairs string

type pair struct{ latin, cyrillic string }

func pairs(t testing.TB) []pair {
	var all []pair
	for line := range strings.Lines(uzbekPairs) {
		latin, cyrillic, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			t.Fatalf("%q is no pair", line)
		}
		all = append(all, pair{latin, cyrillic})
	}
	return all
}

func TestWordsAreRightEachWay(t *testing.T) {
	all := pairs(t)
	for name, c := range map[string]struct {
		convert func(string) string
		ends    func(pair) (from, to string)
	}{
		"to Cyrillic": {lang.ToCyrillic, func(p pair) (string, string) { return p.latin, p.cyrillic }},
		"to Latin":    {lang.ToLatin, func(p pair) (string, string) { return p.cyrillic, p.latin }},
	} {
		wrong := 0
		for _, p := range all {
			from, to := c.ends(p)
			if got := c.convert(from); got != to {
				wrong++
				t.Logf("%s: %s is %s, want %s", name, from, got, to)
			}
		}
		right := 100 - 100*float64(wrong)/float64(len(all))
		t.Logf("%s: %.2f%% of %d words", name, right, len(all))
		if right < 99.8 {
			t.Errorf("%s: only %.2f%% are right", name, right)
		}
	}
}

func TestUzbekInContext(t *testing.T) {
	for _, c := range []pair{
		{"AQSH Prezidenti, “Oq uy”da: ‘Biz tayyormiz’", "АҚШ Президенти, “Оқ уй”да: ‘Биз тайёрмиз’"},
		{"OʻzA va BMT, MChJ hamda AES", "ЎзА ва БМТ, МЧЖ ҳамда АЭС"},
		{"AQSHda, BMTning, DXXga", "АҚШда, БМТнинг, ДХХга"},
		{"SHAHAR, Shahar, shahar; YANGI Yangi; Sh. Rashidov", "ШАҲАР, Шаҳар, шаҳар; ЯНГИ Янги; Ш. Рашидов"},
		{"XXI asrda, II guruh, 2024-yil 5-sinf, 1990-yillar", "XXI асрда, II гуруҳ, 2024-йил 5-синф, 1990-йиллар"},
		{"I. Karimov, X. Toʻxtaboyev, V bob", "И. Каримов, Х. Тўхтабоев, V боб"},
		{"Apple va Google Oʻzbekistonda", "Apple ва Google Ўзбекистонда"},
		{"Telegramda, Telegramʼda, iPhone’ni, Facebook'ning, YouTubega", "Telegramда, Telegramʼда, iPhone’ни, Facebook'нинг, YouTubeга"},
		{"UEFA, NBA, COVID-19, 5G, MP3, H5N1, Wi-Fi", "UEFA, NBA, COVID-19, 5G, MP3, H5N1, Wi-Fi"},
		{"https://kun.uz/yangiliklar?a=salom, www.daryo.uz va kun.uz saytida", "https://kun.uz/yangiliklar?a=salom, www.daryo.uz ва kun.uz сайтида"},
		{"kun.uzga, Gazeta.uz’ning, t.me/kanal", "kun.uzга, Gazeta.uz’нинг, t.me/kanal"},
		{"info@nashr.uz manziliga, @kanal_uz va #yangiliklar", "info@nashr.uz манзилига, @kanal_uz ва #yangiliklar"},
		{"hisobot_2024.docx, rasm.jpg faylini", "hisobot_2024.docx, rasm.jpg файлини"},
		{"`yil` va user_name, /v1/content/articles", "`yil` ва user_name, /v1/content/articles"},
		{"Tom &amp; Jerri", "Том &amp; Жерри"},
		{"harorat 40 °C", "ҳарорат 40 °C"},
		{"va/yoki, km/soat", "ва/ёки, км/соат"},
		{"Nyu-York — katta-kichik", "Нью-Йорк — катта-кичик"},
		{"‘Toshkent’ mehmonxonasi", "‘Тошкент’ меҳмонхонаси"},
		{"togʻ, bogʻ va qirgʻoqda", "тоғ, боғ ва қирғоқда"},
		{"Moʻjiza, MOʻJIZA, moʻjizalar", "Мўъжиза, МЎЪЖИЗА, мўъжизалар"},
		{"albomlar, filmning, kompyuterda", "альбомлар, фильмнинг, компьютерда"},
		{"model, modellar, sentabrda, sentabr", "модель, моделлар, сентябрда, сентябрь"},
		{"São Tomé, Erdoğan, Wall Street Journal", "São Tomé, Erdoğan, Wall Street Journal"},
		{"GES va TES", "ГЭС ва ТЭС"},
	} {
		if got := lang.ToCyrillic(c.latin); got != c.cyrillic {
			t.Errorf("ToCyrillic(%q)\n got %q\nwant %q", c.latin, got, c.cyrillic)
		}
		if got := lang.ToLatin(c.cyrillic); got != c.latin {
			t.Errorf("ToLatin(%q)\n got %q\nwant %q", c.cyrillic, got, c.latin)
		}
	}
}

func TestAnyApostropheIsUnderstood(t *testing.T) {
	const latin, cyrillic = "O'zbekiston, mo'jiza, tog', tog'da, g'alaba, san'at, e'lon, Is'hoq, ob'ekt", "Ўзбекистон, мўъжиза, тоғ, тоғда, ғалаба, санъат, эълон, Исҳоқ, объект"
	for _, a := range "'`´ʹʻʼʽʾʿˈ‘’‛′＇" {
		if got := lang.ToCyrillic(strings.ReplaceAll(latin, "'", string(a))); got != cyrillic {
			t.Errorf("%U: got %q", a, got)
		}
	}
	for quoted, want := range map[string]string{
		"‘Avto’ jurnali": "‘Авто’ журнали", "'blog'": "'блог'", "mening' dedi": "менинг' деди", "“togʻ”": "“тоғ”", "jamʼ boʻldi": "жамъ бўлди",
	} {
		if got := lang.ToCyrillic(quoted); got != want {
			t.Errorf("ToCyrillic(%q) = %q, want %q", quoted, got, want)
		}
	}
	if got := lang.ToLatin("ма'но, об’ект, маъно"); got != "maʼno, obyekt, maʼno" {
		t.Errorf("got %q", got)
	}
}

func TestWhatIsNotUzbekCyrillic(t *testing.T) {
	for text, want := range map[string]string{
		"выборы": "выборы", "борщ": "borsh", "Крылов": "Krilov", "Щербаков": "Sherbakov", "їжак": "їжак", "Қазақстан Үкіметі": "Qazaqstan Үкіметі",
		"40 °С": "40 °C", "С витамини": "S vitamini", "салом hello": "salom hello", "й": "y", "У\u0306збекистон": "Oʻzbekiston",
		"за\u0301мок": "za\u0301mok", "#янгилик": "#янгилик", "https://uz.wikipedia.org/wiki/Ўзбекистон маълумоти": "https://uz.wikipedia.org/wiki/Ўзбекистон maʼlumoti",
	} {
		if got := lang.ToLatin(text); got != want {
			t.Errorf("ToLatin(%q) = %q, want %q", text, got, want)
		}
	}
}

// Syllables of Uzbek words, without what one of the scripts cannot tell apart: y after a consonant, ts before i or e. No loan word
// begins as these words do.
var (
	latinSyllable    = `(|b|d|f|g|gʻ|h|j|k|l|m|n|p|q|r|sh|ch|t|v|x|y|z)(a|i|o|u|oʻ)(|b|k|l|m|n|ng|r|sh|z|q)`
	cyrillicSyllable = `(б|д|ф|г|ғ|ҳ|ж|к|л|м|н|п|қ|р|ш|ч|т|в|х|з)(а|и|о|у|ў|е|ё|ю|я)(|б|к|л|м|н|нг|р|ш|з|қ)`
)

func TestNativeWordsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		latin := rapid.StringMatching(`(q|gʻ)(a|o|u)(`+latinSyllable+`){1,6}`).Draw(t, "latin")
		if got := lang.ToLatin(lang.ToCyrillic(latin)); got != latin {
			t.Fatalf("%s came back as %s from %s", latin, got, lang.ToCyrillic(latin))
		}
		cyrillic := rapid.StringMatching(`(қ|ғ)(а|и|о|ў)(`+cyrillicSyllable+`){1,6}`).Draw(t, "cyrillic")
		if got := lang.ToCyrillic(lang.ToLatin(cyrillic)); got != cyrillic {
			t.Fatalf("%s came back as %s from %s", cyrillic, got, lang.ToLatin(cyrillic))
		}
	})
}

func TestPairsComeBack(t *testing.T) {
	for _, p := range pairs(t) {
		if got := lang.ToLatin(lang.ToCyrillic(p.latin)); got != p.latin {
			t.Errorf("%s came back as %s", p.latin, got)
		}
		if got := lang.ToCyrillic(lang.ToLatin(p.cyrillic)); got != p.cyrillic {
			t.Errorf("%s came back as %s", p.cyrillic, got)
		}
	}
}

// checkTransliteration holds what is true of any text.
func checkTransliteration(t interface{ Fatalf(string, ...any) }, text string) {
	for name, convert := range map[string]func(string) string{"ToCyrillic": lang.ToCyrillic, "ToLatin": lang.ToLatin} {
		once := convert(text)
		if twice := convert(once); twice != once {
			t.Fatalf("%s(%q) is %q, and %q the second time", name, text, once, twice)
		}
		if utf8.ValidString(text) && !utf8.ValidString(once) {
			t.Fatalf("%s(%q) is not UTF-8: %q", name, text, once)
		}
		if len(once) > 3*len(text) {
			t.Fatalf("%s(%q) is too long: %q", name, text, once)
		}
	}
}

func TestAnyTextCanBeTransliterated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOf(rapid.OneOf(rapid.String(), rapid.StringMatching("[a-zA-Zа-яА-ЯўқғҳЎёъ'’ʻʼ`@#./_:0-9 -]{0,12}"),
			rapid.SampledFrom([]string{"iPhone", "Telegram", "да", "ni", "’", "ʻ", " ", "kun.uz", "https://", "ga", "ts", "sʼh", "GES", "film"})))
		checkTransliteration(t, strings.Join(pieces.Draw(t, "pieces"), ""))
	})
}

func TestAddressesAreUntouched(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		address := rapid.StringMatching(`https?://[a-z]{2,8}\.uz(/[A-Za-z0-9_-]{1,8}){0,3}(\?[a-z]{1,5}=[A-Za-z0-9]{1,5})?`).Draw(t, "address")
		text := "Batafsil: " + address + " sahifasida."
		if got := lang.ToCyrillic(text); got != "Батафсил: "+address+" саҳифасида." {
			t.Fatalf("got %q", got)
		}
	})
}

// What takes time that grows faster than the text would let one request occupy a processor.
func TestLongTextsTakeTimeInProportion(t *testing.T) {
	for _, piece := range []string{"a+", "a.b@", "a_", "`a", "a'", "e\u0301", "е\u0301", "#a", "&a", "https://", "kun.uz'ga", "filmimimim", "W-A"} {
		checkTransliteration(t, strings.Repeat(piece, 100_000))
	}
}

func FuzzTransliterate(f *testing.F) {
	for _, seed := range []string{"O'zbekiston", "Исҳоқ", "iPhone’ni `code` kun.uzga", "https://kun.uz’ga", "a\u0306ʻ\xff", "5G ҲҲ Sh."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkTransliteration(t, text) })
}

//go:embed testdata/uzbek_news.txt
var uzbekNews string

func BenchmarkTransliterate(b *testing.B) {
	for _, c := range []struct {
		name    string
		convert func(string) string
		text    string
	}{{"to Cyrillic", lang.ToCyrillic, uzbekNews}, {"to Latin", lang.ToLatin, lang.ToCyrillic(uzbekNews)}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				c.convert(c.text)
			}
		})
	}
}
