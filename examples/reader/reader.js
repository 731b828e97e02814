// A reader of the news in plain JavaScript: one call of the API for each page, and nothing to build.
import { words } from "./words.js";

const BASE = new URL(document.baseURI);
const API = new URL("../v1/content/", BASE);
const BESIDE = "latest,popular,site,widgets";
const $ = (selector) => document.querySelector(selector);

let lang = "", site = null;

// ---- What a page is: its address decides the one call that it needs.

function pageOf(address) {
  const url = new URL(address);
  const get = (name) => url.searchParams.get(name) ?? "";
  const [language, slug] = url.pathname.slice(BASE.pathname.length).split("/");
  lang = language || get("lang") || lang || site?.default_language || preferred();
  if (slug) {
    return { call: `articles/${slug}`, query: { lang, include: `related,${BESIDE}`, include_limit: 8 }, show: showArticle };
  }
  const list = { lang, include: BESIDE, include_limit: 8, limit: 20, page: get("page") || 1 };
  if (get("q")) return { call: "articles", query: { ...list, q: get("q"), highlight: true }, show: showResults, title: get("q") };
  for (const filter of ["section", "tag", "author"]) {
    if (get(filter)) return { call: "articles", query: { ...list, [filter]: get(filter) }, show: showList, filter, value: get(filter) };
  }
  return { call: "collections/front-page", query: { lang, include: BESIDE, include_limit: 8 }, show: showFront };
}

// preferred is the first language of the browser that this page can speak.
function preferred() {
  const found = navigator.languages.flatMap((l) => Object.keys(words).filter((w) => w.split("-")[0] === l.split("-")[0]));
  return found[0] ?? "en";
}

async function load(address, { focus = true } = {}) {
  const page = pageOf(address);
  const url = new URL(page.call, API);
  for (const [name, value] of Object.entries(page.query)) url.searchParams.set(name, value);
  document.body.ariaBusy = "true";
  let answer;
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    answer = await response.json();
    answer.status = response.status;
  } catch {
    answer = { status: 0 };
  }
  document.body.ariaBusy = "false";
  if (address !== location.href) return; // the reader has gone on meanwhile
  if (answer.status === 200) {
    showAround(answer, page);
    page.show(answer, page);
  } else {
    await showTrouble(answer, page);
  }
  $("[role=status]").textContent = document.title;
  if (focus) {
    $("main").focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

// ---- Words and times.

const say = (word) => (words[lang] ?? words.en)[word];

function count(n, word) {
  const forms = say(word);
  const form = forms[new Intl.PluralRules(lang.split("-")[0]).select(n)] ?? forms.other;
  return `${new Intl.NumberFormat(lang).format(n)} ${form}`;
}

// when says a moment as a newspaper does, in the zone of the site: "Today, 01:27", "5 March, 20:10".
function when(moment) {
  const zone = { timeZone: site?.timezone ?? "UTC" };
  const day = (date) => new Intl.DateTimeFormat("en-CA", zone).format(date);
  const date = new Date(moment), now = new Date();
  const clock = new Intl.DateTimeFormat("en-GB", { ...zone, hour: "2-digit", minute: "2-digit" }).format(date);
  if (day(date) === day(now)) return `${say("today")}, ${clock}`;
  if (day(date) === day(new Date(now - 864e5))) return `${say("yesterday")}, ${clock}`;
  const year = day(date).slice(0, 4) === day(now).slice(0, 4) ? {} : { year: "numeric" };
  return `${new Intl.DateTimeFormat(lang, { ...zone, day: "numeric", month: "long", ...year }).format(date)}, ${clock}`;
}

// ---- Building: text is always text, and only what the API has sanitised is HTML.

function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null && child !== ""));
  return element;
}

function html(tag, attributes, markup) {
  const element = el(tag, attributes);
  element.innerHTML = markup;
  return element;
}

const to = (parameters) => "?" + new URLSearchParams({ ...parameters, lang });
const time = (moment) => el("time", { datetime: moment }, when(moment));
const toArticle = (card) => `${lang}/${card.slug}`;
const sectionOf = (card) => card.section && el("a", { class: "section", href: to({ section: card.section.slug }) }, card.section.name);

function card(c, heading = "h3") {
  const title = c.highlight?.title ? html("a", { href: toArticle(c) }, c.highlight.title) : el("a", { href: toArticle(c) }, c.title);
  const marked = c.highlight?.body ?? c.highlight?.summary;
  return el("article", { class: c.breaking ? "card breaking" : "card", lang: c.lang },
    el("p", { class: "facts" }, sectionOf(c), time(c.published_at)),
    el(heading, {}, title),
    marked ? html("p", {}, marked) : el("p", {}, c.summary ?? ""));
}

const cards = (list, heading) => list.map((c) => card(c, heading));

// ---- What stands around every page.

function showAround(answer, page) {
  site = answer.site ?? site;
  document.documentElement.lang = lang;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = say(element.dataset.text);
  $(".name").textContent = site.name;
  $(".name").href = to({});
  $("#q").value = page.query.q ?? "";
  $(".sections").replaceChildren(...site.navigation.flatMap((item) => [item, ...item.children]).map((item) => {
    const href = item.section ? to({ section: item.section }) : item.url;
    return el("a", { href, "aria-current": page.value && page.value === item.section ? "page" : null }, item.title);
  }));
  showWeather(answer.widgets?.weather?.value);
  showLanguages(answer);
  $(".strip ol").replaceChildren(...(answer.latest ?? []).map((c) =>
    el("li", {}, time(c.published_at), " ", el("a", { href: toArticle(c) }, c.title))));
  $(".popular ol").replaceChildren(...(answer.popular ?? []).map((c) => el("li", {}, el("a", { href: toArticle(c) }, c.title))));
  $(".popular").hidden = !answer.popular?.length;
}

// showWeather shows what a weather service has pushed, in the language of the page where it has such words.
function showWeather(pushed) {
  if (!pushed) return $(".weather").replaceChildren();
  const weather = { ...pushed, ...pushed.translations?.[lang] };
  const degrees = `${weather.temperature_c > 0 ? "+" : ""}${weather.temperature_c} °C`;
  const wind = `${say("wind")} ${new Intl.NumberFormat(lang).format(weather.wind_ms)} ${say("speed")} ${weather.wind_direction ?? ""}`;
  $(".weather").textContent = [degrees, weather.summary, wind.trim()].filter(Boolean).join(", ");
}

// showLanguages links to the same page in the other languages: an article to its translation or to the same text in the
// other script, and where there is neither to the front page.
function showLanguages(answer) {
  const article = answer.data?.slug && answer.data.lang ? answer.data : null;
  $(".languages").replaceChildren(...site.languages.map((language) => {
    const list = new URLSearchParams(location.search);
    list.delete("page");
    list.set("lang", language);
    const base = language.split("-")[0];
    const editions = article ? [...article.translations, article] : []; // of the same words in the other script, if there is no own one
    const slug = (editions.find((e) => e.lang === language) ?? editions.find((e) => e.lang.split("-")[0] === base))?.slug;
    return el("a", {
      href: slug ? `${language}/${slug}` : `?${list}`, lang: language, hreflang: language, "aria-current": language === lang ? "true" : null,
    }, words[language]?.name ?? language);
  }));
}

function title(text) {
  document.title = text ? `${text} — ${site?.name ?? ""}` : site?.name ?? "";
}

// ---- The pages.

function showFront(answer) {
  title("");
  const [first, ...rest] = answer.data.articles;
  const lead = first && card(first, "h2");
  lead?.classList.add("lead");
  $("main").replaceChildren(el("h1", { class: "hidden" }, site.name), ...(lead ? [lead] : []), el("div", { class: "cards" }, ...cards(rest, "h2")));
}

function showList(answer, page) {
  const named = answer.data.flatMap((c) => [c.section, ...c.tags, ...c.authors]).find((term) => term?.slug === page.value);
  const navigation = site.navigation.find((item) => page.filter === "section" && item.section === page.value);
  const name = navigation?.title ?? named?.name ?? page.value;
  title(name);
  $("main").replaceChildren(el("h1", {}, name), el("div", { class: "cards" }, ...cards(answer.data, "h2")), pages(answer));
}

function showResults(answer, page) {
  title(page.title);
  const suggestion = answer.meta.suggestion;
  $("main").replaceChildren(
    el("h1", {}, page.title),
    el("p", { class: "facts" }, answer.meta.total ? count(answer.meta.total, "results") : say("nothing")),
    suggestion ? el("p", {}, say("perhaps"), " ", el("a", { href: to({ q: suggestion }) }, suggestion)) : "",
    el("div", { class: "cards" }, ...cards(answer.data, "h2")), pages(answer));
}

function pages(answer) {
  if (!answer.links.next) return "";
  const next = new URLSearchParams(location.search);
  next.set("page", answer.meta.page + 1);
  return el("p", { class: "more" }, el("a", { href: `?${next}`, rel: "next" }, say("more")));
}

function showArticle(answer) {
  const a = answer.data;
  title(a.seo.title ?? a.title);
  $("main").replaceChildren(
    el("article", { class: "story", lang: a.lang },
      el("p", { class: "facts" }, sectionOf(a), time(a.published_at), el("span", {}, count(a.views, "views")), el("span", {}, count(a.reading_minutes, "minutes"))),
      a.kicker ? el("p", { class: "kicker" }, a.kicker) : "",
      el("h1", {}, a.title),
      a.subtitle ? el("p", { class: "subtitle" }, a.subtitle) : "",
      a.authors.length ? byline(a) : "",
      a.transliterated_from ? el("p", { class: "note" }, say("transliterated")) : "",
      html("div", { class: "body" }, a.body.html),
      a.corrections.length ? corrections(a) : "",
      a.updated_at > a.published_at ? el("p", { class: "facts" }, `${say("updated")}: `, time(a.updated_at)) : "",
      el("p", { class: "tags" }, ...a.tags.map((tag) => el("a", { href: to({ tag: tag.slug }), rel: "tag" }, tag.name)))),
    answer.related.length ? el("section", { class: "related", "aria-labelledby": "related-title" },
      el("h2", { id: "related-title" }, say("related")), el("div", { class: "cards" }, ...cards(answer.related))) : "");
  if (a.seo.json_ld) {
    const data = el("script", { type: "application/ld+json" });
    data.textContent = JSON.stringify(a.seo.json_ld);
    $("main").append(data);
  }
  navigator.sendBeacon(new URL(`articles/${a.id}/views`, API));
}

function byline(a) {
  return el("address", {}, ...a.authors.map((author) => el("span", {},
    el("a", { href: to({ author: author.slug }), rel: "author" }, author.name), author.job_title ? `, ${author.job_title}` : "")));
}

function corrections(a) {
  return el("section", { class: "corrections" }, el("h2", {}, say("corrections")),
    ...a.corrections.map((c) => el("p", {}, time(c.at), `: ${c.text}`)));
}

// showTrouble says what went wrong. What stands around the page takes a call of its own then.
async function showTrouble(answer, page) {
  const text = { 404: say("missing"), 410: say("gone") }[answer.status] ?? say("trouble");
  const around = answer.status && await fetch(new URL(`articles?lang=${lang}&limit=1&include=${BESIDE}`, API)).catch(() => null);
  if (around?.ok) showAround(await around.json(), { ...page, query: {} });
  document.documentElement.lang = lang;
  title(text);
  $("main").replaceChildren(el("h1", {}, text), el("p", {}, answer.status === 410 ? answer.detail : ""), el("p", {}, el("a", { href: to({}) }, "←")));
}

// ---- Going from page to page without loading this script again.

function go(address) {
  history.pushState(null, "", address);
  load(location.href);
}

addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target) return;
  const url = new URL(link.href);
  if (url.origin !== BASE.origin || !url.pathname.startsWith(BASE.pathname)) return;
  event.preventDefault();
  if (url.hash) document.getElementById(url.hash.slice(1))?.focus();
  else go(url.href);
});

addEventListener("popstate", () => load(location.href));

$(".search").addEventListener("submit", (event) => {
  event.preventDefault();
  const q = $("#q").value.trim();
  if (q) go(to({ q }));
});

load(location.href, { focus: false });
