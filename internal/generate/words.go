package generate

// phrases are what the texts of one language are put together from. Every subject goes with every verb, and so on, so
// that each sentence is one that somebody might write. All of it is invented.
type phrases struct {
	pattern  string // of a sentence: the order of %[1]s subject, %[2]s verb, %[3]s object, %[4]s place and %[5]s time
	title    string // of a headline, the same without the time
	town     string // a place that is a town
	subjects []string
	verbs    []string
	objects  []string
	places   []string
	times    []string
	says     []string
	headings []string
}

var languages = map[string]phrases{
	"en": {
		pattern: "%[1]s %[2]s %[3]s %[4]s %[5]s",
		title:   "%[1]s %[2]s %[3]s",
		town:    "in %s",
		subjects: []string{
			"Drivers of the night bus", "Neighbours of the old mill", "Gardeners from the south slope", "School librarians",
			"Members of the town council", "Fishermen from the far bank", "Young chess players", "Owners of market stalls",
			"Railway workers", "Keepers of the history museum", "Greenhouse owners", "Pupils of the music school",
			"Elders of the hill village", "Builders of the bridge", "Local bakers", "Engineers at the reservoir",
			"Potters of the lower quarter", "Weekend cyclists", "Astronomers at the observatory", "Leaders of the summer camp",
		},
		verbs: []string{
			"have discussed", "have approved", "have postponed", "have proposed", "have prepared", "have welcomed", "have paid for",
			"have opened", "have tested", "have extended", "have shown", "have inspected", "have remembered", "have turned down",
			"have begun", "have counted again",
		},
		objects: []string{
			"the new bridge", "the winter timetable", "the old mill", "a playground for children", "a third bus line",
			"the reading room", "the teahouse yard", "the spring fair", "the sharing of water", "evening courses", "an ancient map",
			"the street lighting plan", "a wooden tower", "the nest of the storks", "the harvest festival",
			"the shelter at the stop", "the landing for boats", "the order of open lessons", "the archive of the district paper",
			"a pond for rain water",
		},
		places: []string{
			"beside the old canal", "at the stone market", "by the north gate", "among the poplars", "on the station square",
			"on the other bank", "in the school yard", "below the hill", "in front of the teahouse", "in the museum hall",
			"in the new quarter", "at the village meeting",
		},
		times: []string{
			"before the first frost", "on the morning of market day", "after the harvest", "after a long argument",
			"with the coming of spring", "over the last week", "at the second attempt", "after the rain",
			"on the eve of the holiday", "in the afternoon", "until the end of the year", "earlier than expected",
		},
		says: []string{
			"We have waited long for this", "Nobody was in a hurry", "Now it is all in plain sight", "This is only the beginning",
			"The sums were right", "It is for the neighbours now",
		},
		headings: []string{
			"What has changed", "Who disagrees", "What comes next", "What the figures say", "Where it began", "What people say",
		},
	},
	"ru": {
		pattern: "%[1]s %[5]s %[2]s %[3]s %[4]s",
		title:   "%[1]s %[2]s %[3]s",
		town:    "в городе %s",
		subjects: []string{
			"Водители ночного автобуса", "Жители старого квартала", "Садоводы с южного склона", "Школьные библиотекари",
			"Депутаты городского совета", "Рыбаки с дальнего берега", "Юные шахматисты", "Хозяева рыночных рядов",
			"Рабочие железной дороги", "Сотрудники музея истории", "Владельцы теплиц", "Ученики музыкальной школы",
			"Старейшины горного села", "Строители моста", "Местные пекари", "Инженеры водохранилища", "Гончары нижней слободы",
			"Любители велосипеда", "Учёные обсерватории", "Вожатые летнего лагеря",
		},
		verbs: []string{
			"обсудили", "одобрили", "отложили", "предложили", "подготовили", "поддержали", "починили за свой счёт", "открыли",
			"испытали", "расширили", "показали", "проверили", "запомнили", "отклонили", "начали", "ещё раз пересчитали",
		},
		objects: []string{
			"новый мост", "зимнее расписание", "старую мельницу", "детскую площадку", "третий маршрут", "зал библиотеки",
			"двор чайханы", "весеннюю ярмарку", "распределение воды", "вечерние курсы", "старинную карту", "проект освещения",
			"деревянную башню", "гнездо аистов", "праздник урожая", "навес на остановке", "лодочную пристань",
			"порядок открытых уроков", "архив районной газеты", "пруд для дождевой воды",
		},
		places: []string{
			"у старого канала", "на каменном рынке", "у северных ворот", "среди тополей", "на вокзальной площади",
			"на другом берегу реки", "во дворе школы", "под холмом", "перед чайханой", "в зале музея", "в новом микрорайоне",
			"на сельском сходе",
		},
		times: []string{
			"до первых морозов", "утром базарного дня", "после сбора урожая", "после долгого спора", "с приходом весны",
			"на прошлой неделе", "со второй попытки", "после дождя", "накануне праздника", "после полудня", "до конца года",
			"раньше ожидаемого",
		},
		says: []string{
			"Мы долго этого ждали", "Никто не торопился", "Теперь всё на виду", "Это только начало", "Расчёты оказались верны",
			"Очередь за соседями",
		},
		headings: []string{
			"Что изменилось", "Кто не согласен", "Что будет дальше", "Что говорят цифры", "С чего всё началось", "Мнения жителей",
		},
	},
	"uz-Latn": {
		pattern: "%[1]s %[5]s %[4]s %[3]s %[2]s",
		title:   "%[1]s %[3]s %[2]s",
		town:    "%s shahrida",
		subjects: []string{
			"Tungi avtobus haydovchilari", "Eski mahalla ahli", "Bogʻdorchilik jamoasi", "Maktab kutubxonachilari",
			"Shahar kengashi aʼzolari", "Daryo boʻyidagi baliqchilar", "Yosh shaxmatchilar", "Bozor rastalari egalari",
			"Temir yoʻl ishchilari", "Tarix muzeyi xodimlari", "Issiqxona egalari", "Musiqa maktabi oʻquvchilari",
			"Togʻ qishlogʻi oqsoqollari", "Koʻprik quruvchilari", "Mahalliy nonvoylar", "Suv omborining muhandislari",
			"Kulollar uyushmasi", "Velosiped havaskorlari", "Rasadxona olimlari", "Oromgoh tarbiyachilari",
		},
		verbs: []string{
			"muhokama qildi", "tasdiqladi", "keyinga surdi", "taklif etdi", "tayyorlab boʻldi", "qoʻllab-quvvatladi",
			"oʻz hisobidan taʼmirladi", "ochib berdi", "sinovdan oʻtkazdi", "kengaytirdi", "namoyish etdi", "tekshirib chiqdi",
			"eslab qoldi", "rad etdi", "boshlab yubordi", "yana bir bor sanab chiqdi",
		},
		objects: []string{
			"yangi koʻprikni", "qishki jadvalni", "eski tegirmonni", "bolalar maydonchasini", "uchinchi yoʻnalishni",
			"kutubxona zalini", "choyxona hovlisini", "bahorgi yarmarkani", "suv taqsimotini", "kechki kurslarni",
			"qadimiy xaritani", "yoritish loyihasini", "yogʻoch minorani", "laylak uyasini", "hosil bayramini", "bekat peshtoqini",
			"kemalar toʻxtash joyini", "ochiq dars tartibini", "tuman gazetasi arxivini", "yomgʻir suvi hovuzini",
		},
		places: []string{
			"eski kanal yonida", "tosh bozorda", "shimoliy darvozada", "teraklar orasida", "bekat maydonida",
			"daryoning narigi qirgʻogʻida", "maktab hovlisida", "tepalik ostida", "choyxona oldida", "muzey zalida", "yangi mavzeda",
			"qishloq yigʻinida",
		},
		times: []string{
			"birinchi sovuqdan oldin", "bozor kuni ertalab", "hosil yigʻilgach", "uzoq bahsdan soʻng", "bahor kelishi bilan",
			"oʻtgan haftada", "ikkinchi urinishda", "yomgʻirdan keyin", "bayram arafasida", "tushdan keyin", "yil oxirigacha",
			"kutilganidan erta",
		},
		says: []string{
			"Biz buni uzoq kutdik", "Hech kim shoshilmadi", "Endi hammasi koʻz oʻngimizda", "Bu faqat boshlanishi",
			"Hisob-kitob toʻgʻri chiqdi", "Navbat qoʻshnilarga keldi",
		},
		headings: []string{
			"Nima oʻzgardi", "Kimlar rozi emas", "Bundan keyin nima boʻladi", "Raqamlar nima deydi", "Qayerdan boshlandi",
			"Odamlar fikri",
		},
	},
	"uz-Cyrl": {
		pattern: "%[1]s %[5]s %[4]s %[3]s %[2]s",
		title:   "%[1]s %[3]s %[2]s",
		town:    "%s шаҳрида",
		subjects: []string{
			"Тунги автобус ҳайдовчилари", "Эски маҳалла аҳли", "Боғдорчилик жамоаси", "Мактаб кутубхоначилари",
			"Шаҳар кенгаши аъзолари", "Дарё бўйидаги балиқчилар", "Ёш шахматчилар", "Бозор расталари эгалари", "Темир йўл ишчилари",
			"Тарих музейи ходимлари", "Иссиқхона эгалари", "Мусиқа мактаби ўқувчилари", "Тоғ қишлоғи оқсоқоллари",
			"Кўприк қурувчилари", "Маҳаллий нонвойлар", "Сув омборининг муҳандислари", "Кулоллар уюшмаси", "Велосипед ҳаваскорлари",
			"Расадхона олимлари", "Оромгоҳ тарбиячилари",
		},
		verbs: []string{
			"муҳокама қилди", "тасдиқлади", "кейинга сурди", "таклиф этди", "тайёрлаб бўлди", "қўллаб-қувватлади",
			"ўз ҳисобидан таъмирлади", "очиб берди", "синовдан ўтказди", "кенгайтирди", "намойиш этди", "текшириб чиқди",
			"эслаб қолди", "рад этди", "бошлаб юборди", "яна бир бор санаб чиқди",
		},
		objects: []string{
			"янги кўприкни", "қишки жадвални", "эски тегирмонни", "болалар майдончасини", "учинчи йўналишни", "кутубхона залини",
			"чойхона ҳовлисини", "баҳорги ярмаркани", "сув тақсимотини", "кечки курсларни", "қадимий харитани", "ёритиш лойиҳасини",
			"ёғоч минорани", "лайлак уясини", "ҳосил байрамини", "бекат пештоқини", "кемалар тўхташ жойини", "очиқ дарс тартибини",
			"туман газетаси архивини", "ёмғир суви ҳовузини",
		},
		places: []string{
			"эски канал ёнида", "тош бозорда", "шимолий дарвозада", "тераклар орасида", "бекат майдонида",
			"дарёнинг нариги қирғоғида", "мактаб ҳовлисида", "тепалик остида", "чойхона олдида", "музей залида", "янги мавзеда",
			"қишлоқ йиғинида",
		},
		times: []string{
			"биринчи совуқдан олдин", "бозор куни эрталаб", "ҳосил йиғилгач", "узоқ баҳсдан сўнг", "баҳор келиши билан",
			"ўтган ҳафтада", "иккинчи уринишда", "ёмғирдан кейин", "байрам арафасида", "тушдан кейин", "йил охиригача",
			"кутилганидан эрта",
		},
		says: []string{
			"Биз буни узоқ кутдик", "Ҳеч ким шошилмади", "Энди ҳаммаси кўз ўнгимизда", "Бу фақат бошланиши",
			"Ҳисоб-китоб тўғри чиқди", "Навбат қўшниларга келди",
		},
		headings: []string{
			"Нима ўзгарди", "Кимлар рози эмас", "Бундан кейин нима бўлади", "Рақамлар нима дейди", "Қаердан бошланди",
			"Одамлар фикри",
		},
	},
}

// word is a name in the spellings of the languages.
type word struct{ en, latin, cyrillic, russian string }

// townBegins and townEnds make the names of towns that do not exist.
var townBegins = []word{
	{"Oltin", "Oltin", "Олтин", "Олтин"},
	{"Qora", "Qora", "Қора", "Кара"},
	{"Oq", "Oq", "Оқ", "Ак"},
	{"Kok", "Koʻk", "Кўк", "Кок"},
	{"Tosh", "Tosh", "Тош", "Таш"},
	{"Qizil", "Qizil", "Қизил", "Кизил"},
	{"Yangi", "Yangi", "Янги", "Янги"},
	{"Uch", "Uch", "Уч", "Уч"},
	{"Besh", "Besh", "Беш", "Беш"},
	{"Katta", "Katta", "Катта", "Катта"},
	{"Sari", "Sari", "Сари", "Сары"},
	{"Temir", "Temir", "Темир", "Темир"},
	{"Kumush", "Kumush", "Кумуш", "Кумуш"},
	{"Ming", "Ming", "Минг", "Минг"},
	{"Jilva", "Jilva", "Жилва", "Джилва"},
	{"Shamol", "Shamol", "Шамол", "Шамол"},
}

// townEnds is the second half.
var townEnds = []word{
	{"soy", "soy", "сой", "сай"},
	{"tepa", "tepa", "тепа", "тепа"},
	{"buloq", "buloq", "булоқ", "булак"},
	{"qorgon", "qoʻrgʻon", "қўрғон", "курган"},
	{"tog", "togʻ", "тоғ", "таг"},
	{"kol", "koʻl", "кўл", "куль"},
	{"terak", "terak", "терак", "терек"},
	{"darvoza", "darvoza", "дарвоза", "дарваза"},
	{"kent", "kent", "кент", "кент"},
	{"arna", "arna", "арна", "арна"},
	{"chol", "choʻl", "чўл", "чуль"},
	{"qiya", "qiya", "қия", "кия"},
	{"sarbon", "sarbon", "сарбон", "сарбон"},
	{"mazgil", "mazgʻil", "мазғил", "мазгил"},
	{"novda", "novda", "новда", "новда"},
	{"ozak", "oʻzak", "ўзак", "узек"},
	{"qayin", "qayin", "қайин", "кайин"},
	{"daryo", "daryo", "дарё", "дарья"},
	{"otov", "oʻtov", "ўтов", "утов"},
	{"kechuv", "kechuv", "кечув", "кечув"},
}

// firstNames and lastNames make the authors.
var firstNames = []word{
	{"Dilnora", "Dilnora", "Дилнора", "Дильнора"},
	{"Sanjar", "Sanjar", "Санжар", "Санжар"},
	{"Munis", "Munis", "Мунис", "Мунис"},
	{"Temurbek", "Temurbek", "Темурбек", "Темурбек"},
	{"Oygul", "Oygul", "Ойгул", "Айгуль"},
	{"Rauf", "Rauf", "Рауф", "Рауф"},
	{"Zamira", "Zamira", "Замира", "Замира"},
	{"Ilhom", "Ilhom", "Илҳом", "Ильхом"},
	{"Kamola", "Kamola", "Камола", "Камола"},
	{"Bekzod", "Bekzod", "Бекзод", "Бекзод"},
}

// lastNames is the second half.
var lastNames = []word{
	{"Tegirmon", "Tegirmon", "Тегирмон", "Тегирмон"},
	{"Laylak", "Laylak", "Лайлак", "Лайлак"},
	{"Koprik", "Koʻprik", "Кўприк", "Куприк"},
	{"Anor", "Anor", "Анор", "Анор"},
	{"Terak", "Terak", "Терак", "Терек"},
	{"Bulut", "Bulut", "Булут", "Булут"},
	{"Qamish", "Qamish", "Қамиш", "Камыш"},
	{"Soyib", "Soyib", "Сойиб", "Сайиб"},
	{"Yulduz", "Yulduz", "Юлдуз", "Юлдуз"},
	{"Qumriy", "Qumriy", "Қумри", "Кумри"},
}

// sections are the departments, each with the slug of the one above it.
var sections = []struct {
	slug, parent string
	name         word
}{
	{"news", "", word{"News", "Yangiliklar", "Янгиликлар", "Новости"}},
	{"city", "news", word{"City", "Shahar", "Шаҳар", "Город"}},
	{"region", "news", word{"Region", "Viloyat", "Вилоят", "Регион"}},
	{"world", "news", word{"World", "Jahon", "Жаҳон", "Мир"}},
	{"economy", "", word{"Economy", "Iqtisodiyot", "Иқтисодиёт", "Экономика"}},
	{"markets", "economy", word{"Markets", "Bozorlar", "Бозорлар", "Рынки"}},
	{"sport", "", word{"Sport", "Sport", "Спорт", "Спорт"}},
	{"football", "sport", word{"Football", "Futbol", "Футбол", "Футбол"}},
	{"culture", "", word{"Culture", "Madaniyat", "Маданият", "Культура"}},
	{"science", "", word{"Science", "Fan", "Фан", "Наука"}},
	{"society", "", word{"Society", "Jamiyat", "Жамият", "Общество"}},
	{"opinion", "", word{"Opinion", "Fikr", "Фикр", "Мнения"}},
}
