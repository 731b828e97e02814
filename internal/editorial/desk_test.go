package editorial_test

import (
	"context"
	"database/sql"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
	sqlite "github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/fts5"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/testkit"
	"github.com/nashr-cms/nashr/internal/testkit/testdb"
)

// room is a newsroom on a fresh database, with a clock that stands still.
type room struct {
	*editorial.Desk
	clock  *testkit.Clock
	tables *sql.DB // looks into the database past the store
	editor newsroom.Actor
	author newsroom.Actor
}

// onBoth runs a test on SQLite and on PostgreSQL, each time in a new room.
func onBoth(t *testing.T, test func(t *testing.T, r *room)) {
	t.Helper()
	testdb.Each(t, func(t *testing.T, url string) {
		if path, lite := strings.CutPrefix(url, "sqlite:"); lite {
			test(t, newRoom(t, url, "sqlite3", "file:"+path+"?_timefmt=2006-01-02%2015:04:05.000&_pragma=foreign_keys(on)&_pragma=synchronous(off)"))
		} else {
			test(t, newRoom(t, url, "pgx", url))
		}
	})
}

func newRoom(t *testing.T, url, driver, dsn string) *room {
	t.Helper()
	s, err := store.Open(t.Context(), url, slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	if s.Embedded() {
		must(t, s.ForgoDurability(t.Context()))
	}
	tables, err := openTables(driver, dsn)
	must(t, err)
	t.Cleanup(func() { must(t, tables.Close()) })
	languages, err := lang.ParseSet("en,uz-Latn,uz-Cyrl,ru")
	must(t, err)
	clock := testkit.NewClock(time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC))
	r := &room{Desk: &editorial.Desk{Store: s, Languages: languages, Now: clock.Now}, clock: clock, tables: tables}
	r.editor, r.author = r.user(t, "editor", newsroom.RoleEditor), r.user(t, "author", newsroom.RoleAuthor)
	must(t, r.OpenSite(t.Context()))
	return r
}

// openTables opens the database beside the store. A change of SQLite's schema needs the modules of all that is in it.
func openTables(driver, dsn string) (*sql.DB, error) {
	if driver == "sqlite3" {
		return sqlite.Open(dsn, fts5.Register)
	}
	return sql.Open(driver, dsn)
}

func (r *room) user(t *testing.T, name string, role newsroom.Role) newsroom.Actor {
	t.Helper()
	u := newsroom.User{
		ID: uuid.Must(uuid.NewV7()), Email: name + "@nashr.example", Name: name, Role: role, PasswordHash: "-",
		CreatedAt: r.clock.Now(), UpdatedAt: r.clock.Now(), Version: 1,
	}
	must(t, r.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.CreateUser(&u) }))
	return newsroom.Actor{User: u}
}

// events gives what has happened after the event of that number.
func (r *room) events(t fataler, after int64) []newsroom.Event {
	t.Helper()
	events, err := r.Store.Read(context.Background()).Events(after, 1000)
	must(t, err)
	return events
}

// lastEvent is the number of the last event.
func (r *room) lastEvent(t fataler) int64 {
	t.Helper()
	var last int64
	for _, e := range r.events(t, 0) {
		last = e.ID
	}
	return last
}

func draftOf(title string) editorial.Draft {
	return editorial.Draft{Text: newsroom.Text{
		Lang: "en", Title: title, Type: newsroom.DefaultType, Body: []newsroom.Block{{Type: newsroom.BlockParagraph, Text: title}},
		Custom: []byte("{}"),
	}}
}

var anyVersion = newsroom.Precondition{Any: true}

// retitled edits an article to have another title and the slug of it.
func retitled(title string) func(newsroom.Article) (editorial.Draft, error) {
	return func(newsroom.Article) (editorial.Draft, error) { return draftOf(title), nil }
}

// names gives the types of events, in order.
func names(events []newsroom.Event) string {
	var all []string
	for _, e := range events {
		all = append(all, e.Type)
	}
	return strings.Join(all, " ")
}

// fataler is a *testing.T or a *rapid.T.
type fataler interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

func must(t fataler, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}
