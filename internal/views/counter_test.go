package views_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/testkit"
	"github.com/nashr-cms/nashr/internal/testkit/testdb"
	"github.com/nashr-cms/nashr/internal/views"
)

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// newspaper is a database with live articles, and two nodes that count.
type newspaper struct {
	store    *store.Store
	clock    *testkit.Clock
	editor   newsroom.Actor
	desk     *editorial.Desk
	nodes    [2]*views.Counter
	articles []uuid.UUID
}

func eachDatabase(t *testing.T, test func(t *testing.T, n *newspaper)) {
	t.Helper()
	testdb.Each(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url, slog.New(slog.DiscardHandler))
		must(t, err)
		t.Cleanup(func() { must(t, s.Close()) })
		n := &newspaper{store: s, clock: testkit.NewClock(time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC))}
		n.desk = &editorial.Desk{Store: s, Languages: lang.Set{"en"}, Now: n.clock.Now}
		n.editor.User = newsroom.User{
			ID: uuid.Must(uuid.NewV7()), Email: "e@nashr.example", Name: "E", Role: newsroom.RoleAdmin, PasswordHash: "-", Version: 1,
			CreatedAt: n.clock.Now(), UpdatedAt: n.clock.Now(),
		}
		must(t, s.Write(t.Context(), func(tx *store.Tx) error { return tx.CreateUser(&n.editor.User) }))
		for i := range n.nodes {
			n.nodes[i] = n.newNode()
		}
		for i := range 3 {
			n.articles = append(n.articles, n.publish(t, fmt.Sprint("Story ", i)))
		}
		test(t, n)
	})
}

func (n *newspaper) newNode() *views.Counter {
	return views.New(n.store, n.clock.Now, slog.New(slog.DiscardHandler))
}

func (n *newspaper) publish(t *testing.T, title string) uuid.UUID {
	t.Helper()
	draft := editorial.Draft{Text: newsroom.Text{Lang: "en", Title: title, Type: newsroom.DefaultType, Custom: []byte("{}"), Body: []newsroom.Block{}}}
	s, err := n.desk.CreateArticle(t.Context(), n.editor, draft)
	must(t, err)
	_, err = n.desk.Publish(t.Context(), n.editor, s.ID, newsroom.Precondition{Any: true}, nil, nil)
	must(t, err)
	return s.ID
}

// views gives how often an article was viewed in all.
func (n *newspaper) views(t fataler, id uuid.UUID) int64 {
	a, err := n.store.Live().At(context.Background(), n.clock.Now()).Article(id.String(), "en", nil)
	must(t, err)
	return a.Views
}

// popular gives which articles were viewed within w.
func (n *newspaper) popular(t fataler, w newsroom.Window) map[uuid.UUID]bool {
	rows, err := n.store.Live().At(context.Background(), n.clock.Now()).Popular(w, store.ArticleFilter{}, 10)
	must(t, err)
	out := map[uuid.UUID]bool{}
	for _, a := range rows {
		out[a.ArticleID] = true
	}
	return out
}

type fataler interface {
	Helper()
	Fatal(args ...any)
}

func must(t fataler, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestCounting compares two nodes with a model that knows every visit: the totals are exact, and an article is popular
// while it was viewed within the window, but for the grain of the window.
func TestCounting(t *testing.T) {
	eachDatabase(t, func(t *testing.T, n *newspaper) {
		counted := map[uuid.UUID][]time.Time{} // when views of an article counted
		last := map[string]time.Time{}         // when a visit last counted
		ctx := context.Background()
		rapid.Check(t, func(t *rapid.T) {
			visit := func(t *rapid.T) {
				article := rapid.SampledFrom(n.articles).Draw(t, "article")
				address := rapid.SampledFrom([]string{"192.0.2.1", "192.0.2.2", "2001:db8::1"}).Draw(t, "address")
				node := rapid.IntRange(0, 1).Draw(t, "node")
				must(t, n.nodes[node].Add(ctx, article, address, firefox))
				must(t, n.nodes[node].Flush(ctx))
				now, who := n.clock.Now(), article.String()+address+n.clock.Now().Format(time.DateOnly)
				if before, ok := last[who]; !ok || now.Sub(before) >= newsroom.VisitAgain {
					last[who] = now
					counted[article] = append(counted[article], now)
				}
			}
			t.Repeat(map[string]func(*rapid.T){
				"visit": visit, "visits": func(t *rapid.T) { visit(t); visit(t); visit(t) },
				"restart": func(*rapid.T) { n.nodes[0] = n.newNode() },
				"wait": func(t *rapid.T) {
					minutes := rapid.SampledFrom([]int{1, 9, 29, 30, 61, 24 * 60, 6 * 24 * 60}).Draw(t, "minutes")
					n.clock.Advance(time.Duration(minutes) * time.Minute)
					must(t, n.nodes[1].Age(ctx))
				},
				"": func(t *rapid.T) { n.compare(t, counted) },
			})
		})
	})
}

func (n *newspaper) compare(t *rapid.T, counted map[uuid.UUID][]time.Time) {
	all, err := n.store.Live().At(context.Background(), n.clock.Now()).Articles(store.ArticleFilter{}, store.Page{Limit: 10}, false)
	must(t, err)
	for _, a := range all.Items {
		if a.Views != int64(len(counted[a.ArticleID])) {
			t.Fatalf("%d views, want %d", a.Views, len(counted[a.ArticleID]))
		}
	}
	i := rapid.IntRange(0, len(newsroom.Windows)-1).Draw(t, "window")
	w, grains := newsroom.Windows[i], time.Duration(0)
	for _, narrower := range newsroom.Windows[:i+1] {
		grains += narrower.Grain
	}
	shown := n.popular(t, w)
	for _, id := range n.articles {
		possible, certain := 0, 0
		for _, at := range counted[id] {
			if age := n.clock.Now().Sub(at); age < w.Length {
				possible++
				if age < w.Length-grains {
					certain++
				}
			}
		}
		if shown[id] && possible == 0 || !shown[id] && certain > 0 {
			t.Fatalf("in %s: shown %v, of %d views", w.Name, shown[id], possible)
		}
	}
}

func TestWhatCannotBeCountedNowIsCountedLater(t *testing.T) {
	eachDatabase(t, func(t *testing.T, n *newspaper) {
		node := n.nodes[0]
		must(t, node.Add(t.Context(), n.articles[0], "192.0.2.1", firefox))
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := node.Flush(gone); err == nil {
			t.Fatal("counted without a database")
		}
		must(t, node.Flush(t.Context()))
		must(t, node.Flush(t.Context()))
		if got := n.views(t, n.articles[0]); got != 1 {
			t.Errorf("%d views", got)
		}
	})
}

func TestAPurgedArticleTakesNoOthersAlong(t *testing.T) {
	eachDatabase(t, func(t *testing.T, n *newspaper) {
		ctx, any := t.Context(), newsroom.Precondition{Any: true}
		for _, id := range n.articles {
			must(t, n.nodes[0].Add(ctx, id, "192.0.2.1", firefox))
		}
		_, err := n.desk.Unpublish(ctx, n.editor, n.articles[0], any)
		must(t, err)
		must(t, n.desk.TrashArticle(ctx, n.editor, n.articles[0], any))
		must(t, n.desk.PurgeArticle(ctx, n.editor, n.articles[0], any))
		must(t, n.nodes[0].Flush(ctx))
		if a, b := n.views(t, n.articles[1]), n.views(t, n.articles[2]); a != 1 || b != 1 {
			t.Errorf("%d and %d views", a, b)
		}
	})
}

func TestAStopLosesNothing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, n *newspaper) {
		ctx, stop := context.WithCancel(t.Context())
		for i := range 1200 {
			must(t, n.nodes[0].Add(ctx, n.articles[0], fmt.Sprint("192.0.2.", i), firefox))
		}
		stop()
		n.nodes[0].Run(ctx)
		if got := n.views(t, n.articles[0]); got != 1200 {
			t.Errorf("%d views, want 1200", got)
		}
	})
}
