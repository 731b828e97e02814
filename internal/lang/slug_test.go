package lang_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/lang"
)

// headline is a title in a language and the slug it must get.
type headline struct{ lang, title, slug string }

var headlines = []headline{
	{"en", "Central bank holds key rate at 14%", "central-bank-holds-key-rate-at-14"},
	{"en", "Don’t panic: what we know about the outage", "dont-panic-what-we-know-about-the-outage"},
	{"en", "“We won't leave,” says the mayor", "we-wont-leave-says-the-mayor"},
	{"en", "Uzbekistan—Kazakhstan border crossing reopens", "uzbekistan-kazakhstan-border-crossing-reopens"},
	{"en", "Oil jumps 3.5% to $92 a barrel", "oil-jumps-3-5-to-92-a-barrel"},
	{"en", "Research & development: who pays?", "research-development-who-pays"},
	{"en", "Beyoncé plays São Paulo", "beyonce-plays-sao-paulo"},
	{"en", "Café owner’s naïve plan goes viral 🎉", "cafe-owners-naive-plan-goes-viral"},
	{"en", "Erdoğan meets İmamoğlu in Diyarbakır", "erdogan-meets-imamoglu-in-diyarbakir"},
	{"en", "Łódź, Tromsø and Đà Nẵng join the list", "lodz-tromso-and-da-nang-join-the-list"},
	{"en", "Straße, Æther, Œuvre, Þór", "strasse-aether-oeuvre-thor"},
	{"en", "U.S. and E.U. agree on steel", "u-s-and-e-u-agree-on-steel"},
	{"en", "What’s next for the ‘Silk Road’ train?", "whats-next-for-the-silk-road-train"},
	{"en", "Live: Tashkent Open, day 2", "live-tashkent-open-day-2"},
	{"en", "COVID-19: five years on", "covid-19-five-years-on"},
	{"en", "CO₂ emissions fell 2% per m²", "co2-emissions-fell-2-per-m2"},
	{"en", "  --- Breaking ---  ", "breaking"},
	{"en", "Apple™ sues © pirates", "apple-sues-pirates"},
	{"en", "ﬁnal oﬀer", "final-offer"},
	{"en", "Путин and Mirziyoyev meet", "putin-and-mirziyoyev-meet"},

	{"ru", "Жители Ташкента жалуются на смог", "zhiteli-tashkenta-zhaluyutsya-na-smog"},
	{"ru", "Центробанк сохранил ставку на уровне 14%", "tsentrobank-sokhranil-stavku-na-urovne-14"},
	{"ru", "Щедрый подъезд: объявлены победители", "shchedryy-podezd-obyavleny-pobediteli"},
	{"ru", "Ёлку на площади зажгут 25 декабря", "yolku-na-ploshchadi-zazhgut-25-dekabrya"},
	{"ru", "«Пахтакор» обыграл «Насаф» — 2:1", "pakhtakor-obygral-nasaf-2-1"},
	{"ru", "Что известно об этом деле?", "chto-izvestno-ob-etom-dele"},
	{"ru", "Цены на хлеб выросли в I квартале", "tseny-na-khleb-vyrosli-v-i-kvartale"},
	{"ru", "Новый мэр Юнусабада", "novyy-mer-yunusabada"},
	{"ru", "Хокимият: съёмка запрещена", "khokimiyat-syomka-zapreshchena"},
	{"ru", "Школа № 5 открылась в Чирчике", "shkola-5-otkrylas-v-chirchike"},
	{"ru", "Apple и Samsung: кто первый?", "apple-i-samsung-kto-pervyy"},
	{"ru", "За́мок или замо́к", "zamok-ili-zamok"},
	{"ru", "Министр: «Мы готовы…»", "ministr-my-gotovy"},
	{"ru", "Шавкат Мирзиёев посетил Фергану", "shavkat-mirziyoev-posetil-ferganu"},
	{"ru", "Бюджет-2025 принят", "byudzhet-2025-prinyat"},
	{"ru", "Қўқон шаҳри", "qoqon-shahri"},
	{"uk", "Київ: її єдність і ґанок", "kiyiv-yiyi-yednist-i-ganok"},
	{"kk", "Қазақстан Үкіметі", "qazaqstan-ukimeti"},
	{"tg", "Тоҷикистон: Ҳукумати нав ва сӯҳбат", "tojikiston-hukumati-nav-va-suhbat"},

	{"uz-Latn", "Oʻzbekiston Respublikasi Prezidenti", "ozbekiston-respublikasi-prezidenti"},
	{"uz-Latn", "O‘zbekiston va Qirg‘iziston chegarasi ochildi", "ozbekiston-va-qirgiziston-chegarasi-ochildi"},
	{"uz-Latn", "O’zbekiston g’alaba qozondi", "ozbekiston-galaba-qozondi"},
	{"uz-Latn", "O'zbekiston g'alaba qozondi", "ozbekiston-galaba-qozondi"},
	{"uz-Latn", "O`zbekiston g`alaba qozondi", "ozbekiston-galaba-qozondi"},
	{"uz-Latn", "O´zbekiston gʼalaba qozondi", "ozbekiston-galaba-qozondi"},
	{"uz-Latn", "Sanʼat muzeyida yangi koʻrgazma", "sanat-muzeyida-yangi-korgazma"},
	{"uz-Latn", "Maʼruza: eʼlon va taʼlim", "maruza-elon-va-talim"},
	{"uz-Latn", "Isʼhoqxon Ibrat haqida film", "ishoqxon-ibrat-haqida-film"},
	{"uz-Latn", "Toshkentda choʻl changi — nima qilish kerak?", "toshkentda-chol-changi-nima-qilish-kerak"},
	{"uz-Latn", "“Paxtakor” – “Nasaf”: 2:1", "paxtakor-nasaf-2-1"},
	{"uz-Latn", "Dollar kursi 12 500 so‘mdan oshdi", "dollar-kursi-12-500-somdan-oshdi"},
	{"uz-Latn", "G‘azalkent yo‘lida avariya", "gazalkent-yolida-avariya"},
	{"uz-Latn", "Сариосиё туманида сел", "sariosiyo-tumanida-sel"},
	{"uz", "Mo‘ynoqqa poyezd qatnaydi", "moynoqqa-poyezd-qatnaydi"},

	{"uz-Cyrl", "Ўзбекистон Республикаси Президенти", "ozbekiston-respublikasi-prezidenti"},
	{"uz-Cyrl", "Ўзбекистон ва Қирғизистон чегараси очилди", "ozbekiston-va-qirgiziston-chegarasi-ochildi"},
	{"uz-Cyrl", "Санъат музейида янги кўргазма", "sanat-muzeyida-yangi-korgazma"},
	{"uz-Cyrl", "Маъруза: эълон ва таълим", "maruza-elon-va-talim"},
	{"uz-Cyrl", "Исҳоқхон Ибрат ҳақида фильм", "ishoqxon-ibrat-haqida-film"},
	{"uz-Cyrl", "Тошкентда чўл чанги — нима қилиш керак?", "toshkentda-chol-changi-nima-qilish-kerak"},
	{"uz-Cyrl", "Мўйноққа поезд қатнайди", "moynoqqa-poyezd-qatnaydi"},
	{"uz-Cyrl", "Ер солиғи ва янги объект", "yer-soligi-va-yangi-obyekt"},
	{"uz-Cyrl", "Премьера: «Ёзги ёмғир»", "premyera-yozgi-yomgir"},
	{"uz-Cyrl", "Батальон командири: об'ект олинди", "batalyon-komandiri-obyekt-olindi"},
	{"uz-Cyrl", "Ҳаво ҳарорати 40°C га етади", "havo-harorati-40-c-ga-yetadi"},
	{"uz-Cyrl", "ЖАҲОН: Жиззахда шамол", "jahon-jizzaxda-shamol"},
	{"uz-Cyrl", "Цирк ва концерт: цемент нархи", "tsirk-va-kontsert-tsement-narxi"},
	{"uz-Cyrl", "Эркин Воҳидов, Юлдуз ва Яшил макон", "erkin-vohidov-yulduz-va-yashil-makon"},
	{"uz-Cyrl", "ЎзЛиДеП: сайловлар 27 октябрда", "ozlidep-saylovlar-27-oktyabrda"},
	{"uz-Cyrl", "Бизн\u00adес режа", "biznes-reja"},

	{"ru", "Буквы Ѣ и ҥ", "bukvy-i"},
	{"zh", "中国经济", ""},
	{"ar", "أخبار اليوم", ""},
	{"en", "🎉🎉🎉", ""},
	{"en", "?!… —", ""},
	{"en", "", ""},
	{"en", "\xff\xfe", ""},
	{"en", "550E8400-E29B-41D4-A716-446655440000", ""},
	{"en", "550e8400e29b41d4a716446655440000", ""},
	{"zh", "中国 GDP 增长 5%", "gdp-5"},
}

func TestSlugOfHeadlines(t *testing.T) {
	for _, h := range headlines {
		for form, title := range map[string]string{"as typed": h.title, "NFC": norm.NFC.String(h.title), "NFD": norm.NFD.String(h.title)} {
			if got := lang.Slug(title, h.lang); got != h.slug {
				t.Errorf("Slug(%q, %s) %s = %q, want %q", h.title, h.lang, form, got, h.slug)
			}
		}
	}
}

func TestSlugIsCutBetweenWords(t *testing.T) {
	for _, c := range []headline{
		{"en", strings.Repeat("ninechars ", 20), strings.TrimSuffix(strings.Repeat("ninechars-", 8), "-")},
		{"en", strings.Repeat("a", 79) + " b", strings.Repeat("a", 79)},
		{"en", strings.Repeat("a", 78) + " b c", strings.Repeat("a", 78) + "-b"},
		{"en", strings.Repeat("a", 120), strings.Repeat("a", 80)},
		{"ru", strings.Repeat("щ", 40), strings.Repeat("shch", 20)},
	} {
		if got := lang.Slug(c.title, c.lang); got != c.slug {
			t.Errorf("Slug(%q) = %q, want %q", c.title, got, c.slug)
		}
	}
}

func TestValidSlug(t *testing.T) {
	id := "0190b2a4-7c3e-7d52-9f3a-1c2b3d4e5f60"
	for slug, want := range map[string]bool{
		"a": true, "2024": true, "a-b-2": true, strings.Repeat("a", 100): true, id[:35]: true, id + "-2": true,
		"": false, "-a": false, "a-": false, "a--b": false, "A": false, "a_b": false, "a/b": false, "é": false,
		"a\n": false, strings.Repeat("a", 101): false, id: false, strings.ReplaceAll(id, "-", ""): false,
	} {
		if got := lang.ValidSlug(slug); got != want {
			t.Errorf("ValidSlug(%q) = %v, want %v", slug, got, want)
		}
	}
}

func TestNumberedSlug(t *testing.T) {
	for _, c := range []struct {
		base string
		n    int
		want string
	}{
		{"budget", 2, "budget-2"},
		{"budget-2", 3, "budget-2-3"},
		{strings.Repeat("a", 78), 2, strings.Repeat("a", 78) + "-2"},
		{strings.Repeat("a", 80), 10, strings.Repeat("a", 77) + "-10"},
		{strings.Repeat("a", 70) + "-bbbbbbbbb", 2, strings.Repeat("a", 70) + "-2"},
	} {
		if got := lang.NumberedSlug(c.base, c.n); got != c.want {
			t.Errorf("NumberedSlug(%q, %d) = %q, want %q", c.base, c.n, got, c.want)
		}
	}
}

// checkSlug holds what is true of the slug of any title whatever.
func checkSlug(t interface{ Fatalf(string, ...any) }, title, in string) string {
	slug := lang.Slug(title, in)
	if slug == "" {
		return ""
	}
	if !lang.ValidSlug(slug) || len(slug) > 80 {
		t.Fatalf("Slug(%q, %q) = %q is no slug", title, in, slug)
	}
	if again := lang.Slug(slug, in); again != slug {
		t.Fatalf("Slug(%q, %q) = %q, but the slug of that is %q", title, in, slug, again)
	}
	if composed := lang.Slug(norm.NFC.String(title), in); composed != slug {
		t.Fatalf("Slug(%q, %q) = %q, but %q once composed", title, in, slug, composed)
	}
	return slug
}

// anyTitle draws both wild strings and those made of the letters and signs that the tables are about.
func anyTitle() *rapid.Generator[string] {
	near := rapid.RuneFrom([]rune("abzEO09 -–'ʻ‘ʼ&%абежцщъьэяўқғҳЁЙӣßłİ½ﬁ中\u0301\u0306\u00ad"))
	return rapid.OneOf(rapid.String(), rapid.StringOfN(near, 0, 200, -1))
}

func TestSlugProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SampledFrom([]string{"uz-Latn", "uz-Cyrl", "ru", "en", ""}).Draw(t, "lang")
		slug := checkSlug(t, anyTitle().Draw(t, "title"), in)
		if slug == "" {
			return
		}
		n := rapid.IntRange(2, 1_000_000).Draw(t, "n")
		if numbered := lang.NumberedSlug(slug, n); !lang.ValidSlug(numbered) || len(numbered) > 80 {
			t.Fatalf("NumberedSlug(%q, %d) = %q is no slug", slug, n, numbered)
		}
	})
}

func FuzzSlug(f *testing.F) {
	for _, h := range headlines {
		f.Add(h.title, h.lang)
	}
	f.Fuzz(func(t *testing.T, title, in string) { checkSlug(t, title, in) })
}
