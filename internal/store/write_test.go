package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/testkit"
)

var noon = time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)

// onBoth runs a test on SQLite and on PostgreSQL, each time on a fresh database with the schema in it.
func onBoth(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, migrated(t, sqliteURL(t)))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if url := postgresURL(t); url != "" {
			test(t, openAt(t, url))
		}
	})
}

func sqliteURL(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "nashr.db") }

// postgresURL is that of a fresh database with the schema in it, or empty where there is no PostgreSQL.
func postgresURL(t *testing.T) string {
	t.Helper()
	return testkit.Template(t, "store", func(url string) {
		s, err := Open(context.Background(), url, silent)
		if err == nil {
			_, err = s.MigrateUp(context.Background())
			err = errors.Join(err, s.Close())
		}
		if err != nil {
			panic(err)
		}
	})
}

var silent = slog.New(slog.DiscardHandler)

func openAt(t *testing.T, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url, silent)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func migrated(t *testing.T, url string) *Store {
	t.Helper()
	s := openAt(t, url)
	_, err := s.MigrateUp(t.Context())
	must(t, err)
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Keys and hashes of passwords lie in the files of the database, also in those that SQLite keeps beside it.
func TestNobodyElseReadsTheFiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "nashr.db")
	migrated(t, "sqlite:"+path)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", info.Name(), info.Mode().Perm())
		}
	}
}

// setting reads one value, such as a PRAGMA, from a connection of pool.
func setting(t *testing.T, pool *sql.DB, query string) string {
	t.Helper()
	var value string
	must(t, pool.QueryRowContext(t.Context(), query).Scan(&value))
	return value
}

func TestSQLiteKeepsWhatItCommits(t *testing.T) {
	t.Parallel()
	s := migrated(t, sqliteURL(t))
	writer, reader := s.pools[0], s.pools[1]
	for query, want := range map[string]string{
		"PRAGMA journal_mode": "wal", "PRAGMA synchronous": "2", "PRAGMA foreign_keys": "1", "PRAGMA busy_timeout": "10000", "PRAGMA query_only": "0",
	} {
		if got := setting(t, writer, query); got != want {
			t.Errorf("writer: %s = %s, want %s", query, got, want)
		}
	}
	// All reading connections at once, so that each is looked at.
	for range sqliteReaders {
		conn, err := reader.Conn(t.Context())
		must(t, err)
		defer conn.Close()
		for query, want := range map[string]string{
			"PRAGMA journal_mode": "wal", "PRAGMA foreign_keys": "1", "PRAGMA busy_timeout": "10000", "PRAGMA query_only": "1",
		} {
			var got string
			must(t, conn.QueryRowContext(t.Context(), query).Scan(&got))
			if got != want {
				t.Errorf("reader: %s = %s, want %s", query, got, want)
			}
		}
		if _, err := conn.ExecContext(t.Context(), "DELETE FROM users"); err == nil {
			t.Error("a reader could write")
		}
	}
	if n := writer.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d connections may write", n)
	}
}

func TestSQLiteWriterTakesItsLockAtOnce(t *testing.T) {
	t.Parallel()
	url := sqliteURL(t)
	one, two := migrated(t, url), openAt(t, url)
	must(t, one.Write(t.Context(), func(*Tx) error { // writes nothing, and yet
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := two.Write(ctx, func(*Tx) error { return nil }); !newsroom.IsCode(err, newsroom.CodeUnavailable) {
			t.Errorf("another writer got in: %v", err)
		}
		return nil
	}))
	must(t, two.Write(t.Context(), func(*Tx) error { return nil }))
}

func TestPostgresSettings(t *testing.T) {
	t.Parallel()
	url := postgresURL(t)
	if url == "" {
		return
	}
	s := openAt(t, url)
	for name, want := range map[string]string{
		"application_name": "nashr", "TimeZone": "UTC", "statement_timeout": "10s", "lock_timeout": "8s",
		"idle_in_transaction_session_timeout": "20s",
	} {
		if got := setting(t, s.pools[0], "SHOW "+name); got != want {
			t.Errorf("%s = %s, want %s", name, got, want)
		}
	}
	if got := setting(t, s.pools[1], "SHOW statement_timeout") + setting(t, s.pools[1], "SHOW TimeZone"); got != "0UTC" {
		t.Errorf("a migration is given %s", got)
	}
	custom := openAt(t, url+"&statement_timeout=3s&application_name=desk")
	if got := setting(t, custom.pools[0], "SHOW statement_timeout") + setting(t, custom.pools[0], "SHOW application_name"); got != "3sdesk" {
		t.Errorf("the URL does not win: %s", got)
	}
}

func TestPostgresPreparesStatements(t *testing.T) {
	t.Parallel()
	url := postgresURL(t)
	if url == "" {
		return
	}
	s := openAt(t, url)
	s.pools[0].SetMaxOpenConns(1)
	for range 3 {
		_, err := s.Read(t.Context()).Users()
		must(t, err)
	}
	if n := setting(t, s.pools[0], `SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT * FROM "users"%'`); n != "1" {
		t.Errorf("%s statements are prepared for one query", n)
	}
}

func TestTimesComeBackInUTC(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		zone := time.FixedZone("Tashkent", 5*60*60)
		local := time.Date(2026, 3, 7, 1, 30, 0, 123_000_000, zone)
		u := newUser("reader")
		u.CreatedAt, u.DisabledAt = local, &local
		must(t, s.Write(t.Context(), func(tx *Tx) error { return tx.CreateUser(&u) }))
		got, err := s.Read(t.Context()).UserByEmail(u.Email)
		must(t, err)
		for _, at := range []time.Time{got.CreatedAt, *got.DisabledAt} {
			if !at.Equal(local) || at.Location() != time.UTC {
				t.Errorf("wrote %v, read %v", local, at)
			}
		}
	})
}

func TestReadersDoNotWaitForTheWriter(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		u := newUser("early")
		must(t, s.Write(t.Context(), func(tx *Tx) error {
			must(t, tx.CreateUser(&u))
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			if users, err := s.Read(ctx).Users(); err != nil || len(users) != 0 {
				t.Errorf("in the middle of a change a reader gets %v, %v", users, err)
			}
			return nil
		}))
		if users, err := s.Read(t.Context()).Users(); err != nil || len(users) != 1 {
			t.Errorf("after it: %v, %v", users, err)
		}
	})
}

func TestOneTransactionWritesContentAtATime(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		var inside, most atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				err := s.Write(t.Context(), func(tx *Tx) error {
					defer inside.Add(-1)
					if n := inside.Add(1); n > most.Load() {
						most.Store(n)
					}
					_, err := tx.Users()
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if most.Load() != 1 {
			t.Errorf("%d at once", most.Load())
		}
		if s.Embedded() {
			return
		}
		must(t, s.Write(t.Context(), func(*Tx) error { return s.WriteSignIn(t.Context(), func(*Tx) error { return nil }) }))
	})
}

func TestAFailedChangeLeavesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		wrong := errors.New("changed my mind")
		u := newUser("late")
		change := func(tx *Tx) error {
			must(t, tx.CreateUser(&u))
			must(t, tx.AppendEvent(newEvent("user.created")))
			return wrong
		}
		if err := s.Write(t.Context(), change); !errors.Is(err, wrong) {
			t.Errorf("got %v", err)
		}
		func() {
			defer func() { _ = recover() }()
			_ = s.Write(t.Context(), func(tx *Tx) error { _ = change(tx); panic("halt") })
		}()
		cancelled, cancel := context.WithCancel(t.Context())
		err := s.Write(cancelled, func(tx *Tx) error { _ = change(tx); cancel(); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a commit after its caller left: %v", err)
		}
		users, err := s.Read(t.Context()).Users()
		must(t, err)
		events, err := s.Read(t.Context()).Events(0, 10)
		must(t, err)
		if len(users)+len(events) != 0 {
			t.Errorf("left: %v %v", users, events)
		}
		must(t, s.Write(t.Context(), func(tx *Tx) error { return tx.AppendEvent(newEvent("site.updated")) })) // the writer still works
	})
}

// Writers commit in an order that nobody controls, some of them slowly, and some not at all. A reader that asks for
// what came after the last event it knows must in the end know every event.
func TestEventsAreNumberedInTheOrderOfTheCommits(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		const writers, each = 20, 8
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() { writeEvents(t, s, w, each) })
		}
		done := make(chan struct{})
		go func() { wg.Wait(); close(done) }()
		var polled []newsroom.Event
		for last := false; !last; {
			select {
			case <-done:
				last = true // whatever there is has been committed: this poll finds it
			default:
			}
			polled = append(polled, poll(t, s, polled)...)
		}
		all, err := s.Read(t.Context()).Events(0, 1000)
		must(t, err)
		if len(all) != writers*each {
			t.Errorf("%d events were kept, want %d", len(all), writers*each)
		}
		if !slices.EqualFunc(polled, all, func(a, b newsroom.Event) bool { return a.ID == b.ID && a.Type == b.Type }) {
			t.Errorf("the reader missed some: it has %d of %d", len(polled), len(all))
		}
		next := map[string]int{}
		for _, e := range all { // what one writer did one after the other stands so
			var n int
			who, number, _ := strings.Cut(e.Type, ".")
			_, err := fmt.Sscan(number, &n)
			must(t, err)
			if n != next[who] {
				t.Fatalf("%s comes after %s.%d", e.Type, who, next[who]-1)
			}
			next[who]++
		}
	})
}

// poll gives what came after the last of known.
func poll(t *testing.T, s *Store, known []newsroom.Event) []newsroom.Event {
	t.Helper()
	var after int64
	if len(known) > 0 {
		after = known[len(known)-1].ID
	}
	events, err := s.Read(t.Context()).Events(after, 7)
	must(t, err)
	for _, e := range events {
		if e.ID <= after {
			t.Fatalf("event %d after %d", e.ID, after)
		}
		after = e.ID
	}
	if len(events) == 7 {
		events = append(events, poll(t, s, events)...)
	}
	return events
}

// writeEvents commits count events one after the other, with changes between them that fail.
func writeEvents(t *testing.T, s *Store, writer, count int) {
	for n := range count {
		err := s.Write(t.Context(), func(tx *Tx) error {
			if err := tx.AppendEvent(newEvent(fmt.Sprintf("%d.%d", writer, n))); err != nil {
				return err
			}
			_, err := tx.Users() // the number is given, the commit takes its time
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if (writer+n)%5 == 0 {
			_ = s.Write(t.Context(), func(tx *Tx) error { return errors.Join(tx.AppendEvent(newEvent("never")), errors.New("no")) })
		}
	}
}

func TestEventsAreReadInPages(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		actor := uuid.New()
		written := newsroom.Event{
			At: noon, Type: "tag.created", SubjectID: uuid.New(), ActorID: &actor, Public: true, Data: []byte(`{"slug":"o‘zbek","n":1}`),
		}
		must(t, s.Write(t.Context(), func(tx *Tx) error {
			must(t, tx.AppendEvent(&written))
			return tx.AppendEvent(newEvent("second"))
		}))
		got, err := s.Read(t.Context()).Events(0, 1)
		must(t, err)
		if len(got) != 1 || got[0].ID != written.ID || got[0].Type != written.Type || !got[0].At.Equal(noon) || !got[0].Public ||
			*got[0].ActorID != actor || got[0].SubjectID != written.SubjectID || string(got[0].Data) != string(written.Data) {
			t.Errorf("wrote %+v, read %+v", written, got)
		}
		if got, err = s.Read(t.Context()).Events(written.ID, 9); err != nil || len(got) != 1 || got[0].Type != "second" || got[0].ActorID != nil {
			t.Errorf("after it: %+v, %v", got, err)
		}
	})
}

func newEvent(what string) *newsroom.Event {
	return &newsroom.Event{At: noon, Type: what, SubjectID: uuid.New(), Data: []byte("{}")}
}

func newUser(name string) newsroom.User {
	return newsroom.User{
		ID: uuid.Must(uuid.NewV7()), Email: name + "@nashr.example", Name: name, Role: newsroom.RoleEditor, PasswordHash: "-",
		CreatedAt: noon, UpdatedAt: noon, Version: 1,
	}
}
