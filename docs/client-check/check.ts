// A client that is generated from openapi.json and used as a frontend would use it. That this compiles is the check;
// with NASHR_URL set, `npm run live` also lists the articles of that server.
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

type Client = ReturnType<typeof createClient<paths>>;
type Problem = components["schemas"]["Problem"];

declare const process: { env: Record<string, string | undefined>; exitCode?: number };

function explain(problem: Problem): string {
  const entries = problem.errors.map((entry) => `${entry.pointer} ${entry.code}`);
  return [`${problem.status} ${problem.code}: ${problem.detail}`, ...entries].join("\n  ");
}

export async function listTitles(client: Client): Promise<string[]> {
  const { data, error } = await client.GET("/v1/content/articles", {
    params: { query: { limit: 5, lang: ["en"], tag: ["-football"] } },
  });
  if (error) {
    throw new Error(explain(error));
  }
  return data.data.map((article) => article.title ?? "(not asked for)");
}

export async function createDraft(client: Client, token: string): Promise<string> {
  const bearer: Middleware = {
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${token}`);
      return request;
    },
  };
  client.use(bearer);
  const { data, error, response } = await client.POST("/v1/manage/articles", {
    body: { title: "Bridge reopens", tags: ["transport", { name: "Bridges" }], body: { html: "<p>At last.</p>" } },
  });
  client.eject(bearer);
  if (error) {
    throw new Error(explain(error));
  }
  return `${response.headers.get("Location")} ${data.data.title}`;
}

export async function mistakes(client: Client): Promise<void> {
  // @ts-expect-error: an article needs a title
  await client.POST("/v1/manage/articles", { body: { kicker: "Transport" } });
  // @ts-expect-error: there is no such parameter
  await client.GET("/v1/content/articles", { params: { query: { colour: "red" } } });
  // @ts-expect-error: null cannot remove the title
  const patch: components["schemas"]["ArticlePatch"] = { title: null };
  void patch;
}

const url = process.env["NASHR_URL"];
if (url) {
  const titles = await listTitles(createClient<paths>({ baseUrl: url }));
  console.log(titles.join("\n"));
}
