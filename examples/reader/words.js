// What the reader itself says, by language.
export const words = {
  "uz-Latn": {
    name: "Oʻzbekcha", skip: "Yangiliklarga oʻtish", search: "Izlash", latest: "Soʻnggi yangiliklar", popular: "Koʻp oʻqilgan",
    related: "Mavzuga oid", today: "Bugun", yesterday: "Kecha", updated: "Yangilandi", corrections: "Tuzatishlar",
    views: { other: "marta oʻqildi" }, minutes: { other: "daqiqalik mutolaa" }, results: { other: "ta natija" }, more: "Yana",
    nothing: "Hech narsa topilmadi.", perhaps: "Balki, shunday:", gone: "Bu maqola olib tashlangan.", missing: "Bunday sahifa yoʻq.",
    trouble: "Yangiliklarni yuklab boʻlmadi. Birozdan soʻng urinib koʻring.", wind: "shamol", speed: "m/s", transliterated: "Matn avtomatik oʻgirilgan.",
  },
  "uz-Cyrl": {
    name: "Ўзбекча", skip: "Янгиликларга ўтиш", search: "Излаш", latest: "Сўнгги янгиликлар", popular: "Кўп ўқилган",
    related: "Мавзуга оид", today: "Бугун", yesterday: "Кеча", updated: "Янгиланди", corrections: "Тузатишлар",
    views: { other: "марта ўқилди" }, minutes: { other: "дақиқалик мутолаа" }, results: { other: "та натижа" }, more: "Яна",
    nothing: "Ҳеч нарса топилмади.", perhaps: "Балки, шундай:", gone: "Бу мақола олиб ташланган.", missing: "Бундай саҳифа йўқ.",
    trouble: "Янгиликларни юклаб бўлмади. Бироздан сўнг уриниб кўринг.", wind: "шамол", speed: "м/с", transliterated: "Матн автоматик ўгирилган.",
  },
  ru: {
    name: "Русский", skip: "К новостям", search: "Найти", latest: "Последние новости", popular: "Самое читаемое",
    related: "Похожие новости", today: "Сегодня", yesterday: "Вчера", updated: "Обновлено", corrections: "Исправления",
    views: { one: "просмотр", few: "просмотра", many: "просмотров", other: "просмотра" },
    minutes: { one: "минута чтения", few: "минуты чтения", many: "минут чтения", other: "минуты чтения" },
    results: { one: "результат", few: "результата", many: "результатов", other: "результата" }, more: "Ещё",
    nothing: "Ничего не нашлось.", perhaps: "Возможно, вы искали:", gone: "Эта статья снята с публикации.", missing: "Такой страницы нет.",
    trouble: "Не удалось загрузить новости. Попробуйте немного позже.", wind: "ветер", speed: "м/с", transliterated: "Текст переведён в другую графику автоматически.",
  },
  en: {
    name: "English", skip: "Skip to the news", search: "Search", latest: "Latest news", popular: "Most read",
    related: "Similar news", today: "Today", yesterday: "Yesterday", updated: "Updated", corrections: "Corrections",
    views: { one: "view", other: "views" }, minutes: { one: "minute to read", other: "minutes to read" },
    results: { one: "result", other: "results" }, more: "More",
    nothing: "Nothing was found.", perhaps: "Did you mean:", gone: "This story has been withdrawn.", missing: "There is no such page.",
    trouble: "The news could not be loaded. Please try again in a moment.", wind: "wind", speed: "m/s", transliterated: "The script was changed automatically.",
  },
};
