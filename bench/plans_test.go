package bench

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/generate"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/testkit"
	"github.com/nashr-cms/nashr/internal/views"
)

// reads are what readers ask for, without totals, which count all that there is. Names in braces are filled in with what
// the database has.
var reads = []string{
	"/v1/content/articles?total=false",
	"/v1/content/articles?total=false&page=10",
	"/v1/content/articles?total=false&page=500",
	"/v1/content/articles?total=false&cursor={deep}",
	"/v1/content/articles?total=false&limit=100&include=body",
	"/v1/content/articles?total=false&sort=published_at",
	"/v1/content/articles?total=false&sort=-updated_at",
	"/v1/content/articles?total=false&sort=title",
	"/v1/content/articles?total=false&sort=-views",
	"/v1/content/articles?total=false&section={section}",
	"/v1/content/articles?total=false&section={subsection}",
	"/v1/content/articles?total=false&section={section}&page=10",
	"/v1/content/articles?total=false&section=-{section}",
	"/v1/content/articles?total=false&section={section},{other section}",
	"/v1/content/articles?total=false&tag={common}",
	"/v1/content/articles?total=false&tag={common}&page=10",
	"/v1/content/articles?total=false&tag={common}&cursor={deep}",
	"/v1/content/articles?total=false&tag={usual}",
	"/v1/content/articles?total=false&tag={rare}",
	"/v1/content/articles?total=false&tag=no-such-tag",
	"/v1/content/articles?total=false&tag=-{common}",
	"/v1/content/articles?total=false&tag={common},{rare}",
	"/v1/content/articles?total=false&tag={common},{usual},{rare}&page=10",
	"/v1/content/articles?total=false&tag={common}&tag={usual}",
	"/v1/content/articles?total=false&tag={common}&tag={second}",
	"/v1/content/articles?total=false&tag={rare}&tag=-{common}",
	"/v1/content/articles?total=false&tag={common}&sort=title",
	"/v1/content/articles?total=false&tag={rare}&sort=title",
	"/v1/content/articles?total=false&tag={common}&sort=-views",
	"/v1/content/articles?total=false&tag={common}&from=2025-01-01&to=2025-03-31",
	"/v1/content/articles?total=false&author={author}",
	"/v1/content/articles?total=false&author={author}&section={section}",
	"/v1/content/articles?total=false&author={author}&lang=ru",
	"/v1/content/articles?total=false&tag={common}&section={section}",
	"/v1/content/articles?total=false&tag={common}&type=interview",
	"/v1/content/articles?total=false&section={section}&lang=en",
	"/v1/content/articles?total=false&section={subsection}&featured=true",
	"/v1/content/articles?total=false&type=interview",
	"/v1/content/articles?total=false&type=interview,opinion",
	"/v1/content/articles?total=false&type=-article",
	"/v1/content/articles?total=false&lang=ru",
	"/v1/content/articles?total=false&lang=ru,en",
	"/v1/content/articles?total=false&lang=-uz-Latn",
	"/v1/content/articles?total=false&lang=ru&type=opinion",
	"/v1/content/articles?total=false&featured=true",
	"/v1/content/articles?total=false&featured=true&lang=en",
	"/v1/content/articles?total=false&breaking=true",
	"/v1/content/articles?total=false&breaking=false",
	"/v1/content/articles?total=false&from=2025-01-01&to=2025-03-31",
	"/v1/content/articles?total=false&ids={id}",
	"/v1/content/articles/{slug}",
	"/v1/content/articles/{slug}?lang=uz-Latn",
	"/v1/content/articles/{id}",
	"/v1/content/articles/{former slug}",
	"/v1/content/articles/no-such-article",
	"/v1/content/site",
	"/v1/content/sections?total=false",
	"/v1/content/sections/{section}",
	"/v1/content/authors?total=false",
	"/v1/content/authors/{author}",
	"/v1/content/tags?total=false",
	"/v1/content/tags?total=false&sort=-slug&page=5",
	"/v1/content/tags/{common}",
	// with totals
	"/v1/content/articles",
	"/v1/content/articles?tag={common}",
	"/v1/content/articles?tag={common},{usual}",
	"/v1/content/articles?section={section}&lang=en",
	"/v1/content/articles?lang=ru",
	"/v1/content/articles?featured=true",
	"/v1/content/tags",
}

// readsOfMany are reads of which PostgreSQL rightly reads small tables as a whole: only BenchmarkPlans has them.
var readsOfMany = []string{
	"/v1/content/articles/{slug}?include=related,latest,popular,site,widgets",
	"/v1/content/articles/{slug}/related",
	"/v1/content/articles?total=false&lang=uz-Cyrl",
	"/v1/content/articles?total=false&lang=uz-Cyrl&tag={common}",
	"/v1/content/popular?window=24h",
	"/v1/content/popular?window=24h&section={section}&lang=ru",
	"/v1/content/collections?total=false",
	"/v1/content/collections/front-page?lang=ru&include=latest,popular",
	"/feeds/rss.xml?section={section}",
	"/feeds/atom.xml?full=true",
	"/sitemaps/news.xml",
	// with totals
	"/v1/content/archive",
	"/sitemap.xml",
}

// A statement may scan, or sort, so many rows for each that it gives or skips, and so many more. One that counts may
// visit each article a few times, or each of its tags. By terms in another order than theirs, or by several of them, up to
// 3,000 articles of a term are looked at to choose the way, and may be sorted.
const (
	rowsForEach  = 50
	rowsMore     = 500
	rowsChoosing = 15_000
	rowsCounting = 8
)

// articlesVariable is the environment variable that says on how many articles BenchmarkPlans runs.
const articlesVariable = "NASHR_BENCH_ARTICLES"

// TestPlans is BenchmarkPlans on a small newsroom.
func TestPlans(t *testing.T) {
	t.Parallel()
	for name, url := range databases(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkPlans(t, newLibrary(t, url, 1000), reads)
		})
	}
}

// BenchmarkPlans explains all statements of all reads, on 10,000 articles or as many as the environment says, and fails
// when one of them scans or sorts more rows than it should.
func BenchmarkPlans(b *testing.B) {
	articles := 10_000
	if given := os.Getenv(articlesVariable); given != "" {
		var err error
		articles, err = strconv.Atoi(given)
		must(b, err)
	}
	for name, url := range databases(b) {
		b.Run(name, func(b *testing.B) {
			l := newLibrary(b, url, articles)
			for b.Loop() {
				checkPlans(b, l, slices.Concat(reads, readsOfMany))
			}
		})
	}
}

// databases gives the URLs of empty databases, by name.
func databases(tb testing.TB) map[string]string {
	urls := map[string]string{"sqlite": "sqlite:" + filepath.Join(tb.TempDir(), "nashr.db")}
	if url := testkit.Postgres(tb); url != "" {
		urls["postgres"] = url
	}
	return urls
}

// skipped gives how many rows come before the page that a read asks for.
func skipped(path string) int {
	_, rest, ok := strings.Cut(path, "&page=")
	if !ok {
		return 0
	}
	number, _, _ := strings.Cut(rest, "&")
	page, _ := strconv.Atoi(number) // reads says it as a number
	return 20 * (page - 1)
}

// library is a newsroom full of articles, seen from outside and from below.
type library struct {
	articles int
	handler  http.Handler
	explain  func(tb testing.TB, s statement) plan
	names    *strings.Replacer
}

// newLibrary fills a database.
func newLibrary(tb testing.TB, url string, articles int) library {
	db := open(tb, url)
	languages := lang.Set{"uz-Latn", "uz-Cyrl", "ru", "en"}
	clock := testkit.NewClock(time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC))
	now := clock.Now
	desk := &editorial.Desk{Store: db, Languages: languages, Now: now}
	must(tb, desk.OpenSite(tb.Context()))
	begin := time.Now()
	_, err := generate.Plan{Articles: articles, Seed: 1, Until: now().Add(-time.Hour), Languages: languages}.Fill(tb.Context(), desk, func(int) {})
	must(tb, err)
	tb.Logf("%d articles in %.1f s", articles, time.Since(begin).Seconds())
	must(tb, beRead(tb.Context(), desk, views.New(db, now, slog.New(slog.DiscardHandler))))
	l := library{articles: articles, handler: api.New(api.Options{
		Store: db, Accounts: account.New(db, "http://localhost", now), Desk: desk, Log: slog.New(slog.DiscardHandler), SiteURL: "http://localhost",
		Languages: languages, Timezone: time.UTC, Stopping: context.Background(),
	})}
	if db.Embedded() {
		l.explain = explainSQLite(tb, strings.TrimPrefix(url, "sqlite:"))
	} else {
		l.explain = explainPostgres(tb, url)
	}
	l.names = strings.NewReplacer(namesOf(tb, desk)...)
	clock.Advance(time.Hour)
	return l
}

// beRead makes a collection of the newest articles, and has many people open some of those, and few others.
func beRead(ctx context.Context, desk *editorial.Desk, counter *views.Counter) error {
	newest := store.Page{Limit: 100, Sort: []store.SortKey{{Field: "published_at", Desc: true}}}
	list, err := desk.Store.Live().At(ctx, desk.Now()).Articles(store.ArticleFilter{}, newest, false)
	if err != nil {
		return err
	}
	front := newsroom.Collection{
		ID: uuid.New(), Key: "front-page", Name: "Front page", Translations: newsroom.Translations{}, Fill: &newsroom.Fill{Limit: 60},
		Version: 1, CreatedAt: desk.Now(), UpdatedAt: desk.Now(),
	}
	for i, a := range list.Items {
		if i%4 == 0 {
			front.ArticleIDs = append(front.ArticleIDs, a.ArticleID)
		}
		for reader := range 1 + i*7%40 {
			if err := counter.Add(ctx, a.ArticleID, fmt.Sprint("reader ", reader), "a reader"); err != nil {
				return err
			}
		}
	}
	if err := counter.Flush(ctx); err != nil {
		return err
	}
	return desk.Store.Write(ctx, func(tx *store.Tx) error { return tx.CreateCollection(&front) })
}

// namesOf gives what the names in reads stand for.
func namesOf(tb testing.TB, desk *editorial.Desk) []string {
	view := desk.Store.Live().At(tb.Context(), desk.Now())
	newest := store.Page{Limit: 1, Sort: []store.SortKey{{Field: "published_at", Desc: true}}}
	page := newest
	page.Total = true
	list, err := view.Articles(store.ArticleFilter{}, page, false)
	must(tb, err)
	first := list.Items[0]
	page.Offset = int(*list.Total) * 9 / 10
	deep, err := view.Articles(store.ArticleFilter{}, page, false)
	must(tb, err)
	owner, err := desk.Store.Read(tb.Context()).User(first.PublishedBy)
	must(tb, err)
	moveTo(tb, desk, newsroom.Actor{User: owner}, first.ArticleID, "another-slug")
	tags, err := view.Tags(store.Page{Limit: generate.Tags, Sort: []store.SortKey{{Field: "name"}}})
	must(tb, err)
	byCount := sortedByCount(tags.Items)
	authors, err := view.Authors(store.Page{Limit: 1, Sort: []store.SortKey{{Field: "name"}}})
	must(tb, err)
	return []string{
		"{deep}", deep.Next.String(), "{slug}", deep.Items[0].Slug, "{id}", first.ArticleID.String(), "{former slug}", first.Slug,
		"{common}", byCount[0], "{second}", byCount[1], "{usual}", byCount[len(byCount)/4], "{rare}", byCount[len(byCount)-1],
		"{section}", "news", "{subsection}", "football", "{other section}", "science", "{author}", authors.Items[0].Term.Slug,
	}
}

// moveTo publishes an article under another slug.
func moveTo(tb testing.TB, desk *editorial.Desk, owner newsroom.Actor, article uuid.UUID, slug string) {
	later := *desk
	later.Now = func() time.Time { return desk.Now().Add(time.Minute) }
	whatever := newsroom.Precondition{Any: true}
	_, err := later.SaveArticle(tb.Context(), owner, article, whatever, func(a newsroom.Article) (editorial.Draft, error) {
		a.Text.Slug = slug
		return editorial.Draft{Text: a.Text}, nil
	})
	must(tb, err)
	_, err = later.Publish(tb.Context(), owner, article, whatever, nil, nil)
	must(tb, err)
}

// sortedByCount gives the slugs of tags, those with the most articles first.
func sortedByCount(tags []store.Counted[newsroom.Tag]) []string {
	slices.SortFunc(tags, func(a, b store.Counted[newsroom.Tag]) int { return cmp.Compare(b.Articles, a.Articles) })
	slugs := make([]string, len(tags))
	for i, t := range tags {
		slugs[i] = t.Term.Slug
	}
	return slugs
}

// statement is one that a read runs.
type statement struct {
	sql    string
	values []any
}

// checkPlans runs all reads, and prints what their statements look at.
func checkPlans(tb testing.TB, l library, reads []string) {
	out := &strings.Builder{}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "read\trows\tscanned\tcounted\ttook\t")
	for _, path := range reads {
		var statements []statement
		ctx := store.TellStatements(tb.Context(), func(sql string, values []any) { statements = append(statements, statement{sql, values}) })
		w, begin := httptest.NewRecorder(), time.Now()
		l.handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, l.names.Replace(path), nil))
		took := time.Since(begin)
		if w.Code >= 500 || len(statements) == 0 {
			tb.Errorf("%s: status %d with %d statements", path, w.Code, len(statements))
		}
		var worst plan
		counted := 0
		for _, s := range statements {
			p := l.explain(tb, s)
			limit := rowsForEach*(p.returned+skipped(path)) + rowsMore
			switch counts := strings.Contains(s.sql, "count("); {
			case strings.Contains(s.sql, "AS newest"), !counts && strings.Contains(path, "tag=") && strings.Contains(path, "sort="):
				limit = rowsChoosing
			case counts:
				limit = rowsCounting*l.articles + rowsMore
			}
			if strings.Contains(s.sql, "count(") {
				counted = max(counted, p.scanned)
			} else if p.scanned > worst.scanned {
				worst = p
			}
			if p.scanned > limit {
				tb.Errorf("%s: %d rows scanned or sorted for %d, at most %d would do:\n%s\n%v\n%s", path, p.scanned, p.returned, limit, s.sql, s.values, p.text)
			}
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%.1f ms\t\n", strings.TrimPrefix(path, "/v1/content"), worst.returned, worst.scanned, counted, took.Seconds()*1000)
	}
	must(tb, table.Flush())
	tb.Logf("on %d articles:\n%s", l.articles, out)
}
