// Reads the feeds, sitemaps and JSON-LD of a running server, whose address is in NASHR_URL, as programs of others do.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from "feedsmith";
import Parser from "rss-parser";
import { validateXML } from "xmllint-wasm";

const server = process.env.NASHR_URL;
assert.ok(server, "NASHR_URL is not set");

async function get(path) {
  const answer = await fetch(new URL(path, server));
  assert.equal(answer.status, 200, path);
  return answer.text();
}

const api = async (path) => JSON.parse(await get(path)).data;

// Each article that readers see, in the words of the API.
const articles = await api("/v1/content/articles?limit=100");
assert.ok(articles.length > 10);
const seconds = (time) => Math.floor(Date.parse(time) / 1000);

function compare(what, items) {
  assert.equal(items.length, articles.length, what);
  for (const [i, a] of articles.entries()) {
    const item = items[i];
    assert.equal(item.id, `urn:uuid:${a.id}`, what);
    assert.equal(item.url, a.url, what);
    assert.equal(item.title, a.title, what);
    assert.equal(seconds(item.published), seconds(a.published_at), `${what}: ${a.title}`);
    const categories = [...(a.section ? [a.section.name] : []), ...a.tags.map((t) => t.name)];
    assert.deepEqual(item.categories ?? [], categories, `${what}: ${a.title}`);
    assert.deepEqual(item.authors ?? [], a.authors.map((x) => x.name), `${what}: ${a.title}`);
  }
}

async function feeds(query) {
  const full = query.includes("full");
  const rss = parseRssFeed(await get(`/feeds/rss.xml${query}`));
  compare("RSS in feedsmith", rss.items.map((i) => ({
    id: i.guid.value, url: i.link, title: i.title, published: i.pubDate, categories: i.categories?.map((c) => c.name), authors: i.dc?.creators,
  })));
  assert.ok(rss.atom.links.some((l) => l.rel === "self") && rss.items.every((i) => i.guid.isPermaLink === false));
  assert.equal(rss.items.some((i) => i.content?.encoded), full);

  const atom = parseAtomFeed(await get(`/feeds/atom.xml${query}`));
  compare("Atom in feedsmith", atom.entries.map((e) => ({
    id: e.id, url: e.links.find((l) => l.rel === "alternate").href, title: e.title.value ?? e.title, published: e.published,
    categories: e.categories?.map((c) => c.label), authors: e.authors?.map((p) => p.name),
  })));
  assert.ok(atom.entries.some((e) => e.links.some((l) => l.rel === "related" && l.hreflang)));

  const json = parseJsonFeed(JSON.parse(await get(`/feeds/feed.json${query}`)));
  compare("JSON Feed in feedsmith", json.items.map((i) => ({
    id: i.id, url: i.url, title: i.title, published: i.date_published, categories: i.tags, authors: i.authors?.map((p) => p.name),
  })));
  assert.ok(json.items.every((i) => Boolean(i.content_html) !== Boolean(i.content_text)));

  for (const name of ["rss.xml", "atom.xml"]) {
    const feed = await new Parser().parseString(await get(`/feeds/${name}${query}`));
    assert.deepEqual(feed.items.map((i) => [i.title, i.link, i.guid ?? i.id]), articles.map((a) => [a.title, a.url, `urn:uuid:${a.id}`]), name);
  }
}

const schema = async (name) => ({ fileName: name.split("/").at(-1), contents: await readFile(new URL(name, import.meta.url), "utf8") });

async function valid(path, main, ...others) {
  const xml = await get(path);
  const { valid, errors } = await validateXML({
    xml: { fileName: "sitemap.xml", contents: xml }, schema: await schema(main), preload: await Promise.all(others.map(schema)),
  });
  assert.ok(valid, `${path}: ${errors.map((e) => e.message).join("; ")}`);
  return [...xml.matchAll(/<loc>([^<]*)<\/loc>/g)].map((m) => m[1]);
}

async function sitemaps() {
  const ofPages = ["schema/all.xsd", "node_modules/sitemap/schema/sitemap.xsd", "schema/xhtml-link.xsd", "schema/news.xsd"];
  const pages = [];
  for (const file of await valid("/sitemap.xml", "schema/index.xsd")) {
    pages.push(...(await valid(new URL(file).pathname, ...ofPages)));
  }
  assert.deepEqual(pages.sort(), articles.map((a) => a.url).sort());
  const news = await valid("/sitemaps/news.xml", ...ofPages);
  assert.ok(news.length > 0 && news.length < pages.length && news.every((n) => pages.includes(n)));
}

// For tsc to compare with the types of schema.org.
async function jsonLD() {
  const samples = [];
  for (const a of articles) {
    samples.push((await api(`/v1/content/articles/${a.id}`)).seo.json_ld);
  }
  assert.ok(samples.some((s) => s.correction) && samples.some((s) => s.author && s.keywords && s.articleSection));
  const text = `import type { NewsArticle, WithContext } from "schema-dts";\n\nexport const samples: WithContext<NewsArticle>[] = `;
  await writeFile(new URL("sample.ts", import.meta.url), `${text}${JSON.stringify(samples, null, 2)};\n`);
}

await feeds("?limit=100");
await feeds("?limit=100&full=true");
await sitemaps();
await jsonLD();
console.log(`${server}: the feeds, sitemaps and JSON-LD of ${articles.length} articles are in order`);
