// Package bench measures Nashr beside a bare handler that writes the same bytes, in one run: trust the ratios.
package bench

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/richtext"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/testkit"
)

const articles = 1000

// BenchmarkContent reads lists and single articles, each beside a handler that writes the same bytes from memory.
func BenchmarkContent(b *testing.B) {
	for name, url := range map[string]string{
		"sqlite":   "sqlite:" + filepath.Join(b.TempDir(), "nashr.db"),
		"postgres": testkit.Postgres(b),
	} {
		if url == "" {
			continue // testkit has said so
		}
		handler := newsroomOf(b, url)
		for what, path := range map[string]string{
			"latest20":  "/v1/content/articles",
			"bytag":     "/v1/content/articles?tag=tag-7",
			"bysection": "/v1/content/articles?section=section-3&total=false",
			"article":   "/v1/content/articles/article-500",
		} {
			b.Run(name+"/"+what, func(b *testing.B) { read(b, handler, path) })
			b.Run(name+"/"+what+"-ceiling", func(b *testing.B) { read(b, ceiling(handler, path), path) })
		}
	}
}

func read(b *testing.B, handler http.Handler, path string) {
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodGet, path, nil))
			if w.Code != http.StatusOK {
				b.Fatal(w.Body.String())
			}
		}
	})
}

// ceiling writes what handler answers to path, from memory.
func ceiling(handler http.Handler, path string) http.Handler {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodGet, path, nil))
	body := w.Body.Bytes()
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	})
}

// open gives a migrated database that is closed with the benchmark.
func open(b testing.TB, url string) *store.Store {
	db, err := store.Open(b.Context(), url, slog.New(slog.DiscardHandler))
	must(b, err)
	b.Cleanup(func() { must(b, db.Close()) })
	_, err = db.MigrateUp(b.Context())
	must(b, err)
	return db
}

// newsroomOf fills a database with articles and gives the API on it.
func newsroomOf(b *testing.B, url string) http.Handler {
	ctx := b.Context()
	db := open(b, url)
	now := func() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
	desk := &editorial.Desk{Store: db, Languages: lang.Set{"en"}, Now: now}
	accounts := account.New(db, "http://localhost", now)
	user, err := accounts.CreateUser(ctx, "bench@nashr.example", "Bench", newsroom.RoleAdmin, "nine storks over a mill")
	must(b, err)
	must(b, desk.OpenSite(ctx))
	for i := range 12 {
		term := newsroom.Term{Slug: fmt.Sprintf("section-%d", i), Name: fmt.Sprintf("Section %d", i), Translations: newsroom.Translations{}}
		_, err := desk.Sections().Create(ctx, newsroom.Actor{User: user}, editorial.TermDraft[newsroom.Section]{Value: newsroom.Section{Term: term}})
		must(b, err)
	}
	for i := range articles {
		must(b, write(ctx, desk, user, i, fmt.Sprintf("section-%d", i%12)))
	}
	return api.New(api.Options{
		Store: db, Accounts: accounts, Desk: desk, Log: slog.New(slog.DiscardHandler), SiteURL: "http://localhost", Languages: desk.Languages,
		Timezone: time.UTC, Stopping: context.Background(),
	})
}

// write creates an article and publishes it.
func write(ctx context.Context, desk *editorial.Desk, user newsroom.User, i int, section string) error {
	s, err := desk.CreateArticle(ctx, newsroom.Actor{User: user}, draft(i, section))
	if err != nil {
		return err
	}
	at := desk.Now().Add(-time.Duration(i) * time.Minute)
	_, err = desk.Publish(ctx, newsroom.Actor{User: user}, s.ID, newsroom.Precondition{Any: true}, &at, nil)
	return err
}

func draft(i int, section string) editorial.Draft {
	return editorial.Draft{
		Text: newsroom.Text{
			Lang: "en", Title: fmt.Sprintf("Article %d", i), Type: newsroom.DefaultType, Custom: []byte("{}"),
			Body: richtext.FromMarkdown(fmt.Sprintf("## Part %d\n\n%s", i, paragraphs)),
		},
		Section: section,
		Tags:    []editorial.TagRef{{Name: fmt.Sprintf("Tag %d", i%300)}, {Name: fmt.Sprintf("Tag %d", (i*7+1)%300)}},
	}
}

const paragraphs = `The bus now stops at the mill every twenty minutes, and on market days every ten. The drivers asked for
it in spring; the council agreed in autumn, after a count of passengers that surprised everybody but the drivers.

On the other bank the old canal is dry for the winter. Children have found three coins, a kettle and a sign that says no
swimming. The museum has taken the sign.`

func must(b testing.TB, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
