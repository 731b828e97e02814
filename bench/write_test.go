package bench

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"

	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/testkit"
)

// pairsAtOnce is how many pairs are written before the same is measured in the other ways.
const pairsAtOnce = 40

// BenchmarkSaveAndPublish measures the pair that an editor waits for, durably: create an article and publish it. Beside
// it, in turns, run the same pairs on a database that does not wait for the disk, and bare transactions that write as
// many bytes and do nothing else. fsync-% is the share of the time that waiting for the disk takes.
func BenchmarkSaveAndPublish(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "nashr.db")
		durable, hasty := newWriter(b, "sqlite:"+path), newWriter(b, "sqlite:"+filepath.Join(b.TempDir(), "hasty.db"))
		must(b, hasty.desk.Store.ForgoDurability(b.Context()))
		log := openSQL(b, "sqlite3", "file:"+path)
		exec(b, log, "PRAGMA wal_checkpoint(TRUNCATE)")
		must(b, durable.pair(b.Context()))
		written, err := os.Stat(path + "-wal")
		must(b, err)
		compare(b, durable, hasty, appending(b, written.Size()/2))
	})
	b.Run("postgres", func(b *testing.B) {
		at := testkit.Durable(b)
		if at == "" {
			return // testkit has said so
		}
		durable, hasty := newWriter(b, at), newWriter(b, without(b, testkit.Durable(b), "synchronous_commit"))
		db := openSQL(b, "pgx", at)
		var fsync string
		var before, after int64
		const written = "SELECT current_setting('fsync'), pg_current_wal_insert_lsn() - '0/0'::pg_lsn"
		must(b, db.QueryRowContext(b.Context(), written).Scan(&fsync, &before))
		must(b, durable.pair(b.Context()))
		must(b, db.QueryRowContext(b.Context(), written).Scan(&fsync, &after))
		if fsync != "on" {
			b.Fatal("this PostgreSQL does not wait for the disk at all")
		}
		compare(b, durable, hasty, updating(b, db, (after-before)/2))
	})
}

// compare measures pairs by one writer and by several, and reports what they are made of. bare is one bare transaction.
func compare(b *testing.B, durable, hasty *writer, bare func() error) {
	for _, writers := range []int{1, 8} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			var slow, fast, alone time.Duration
			for left := b.N; left > 0; left -= pairsAtOnce {
				n := min(left, pairsAtOnce)
				b.StartTimer()
				slow += durable.pairs(b, n, writers)
				b.StopTimer()
				fast += hasty.pairs(b, n, writers)
				alone += took(b, func() (err error) {
					for i := 0; i < 2*n && err == nil; i++ {
						err = bare()
					}
					return err
				})
			}
			perPair := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(b.N) }
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(b.N)/slow.Seconds(), "pairs/s")
			b.ReportMetric(perPair(slow), "ms/pair")
			b.ReportMetric(perPair(fast), "ms/pair-without-fsync")
			b.ReportMetric(perPair(alone), "ms/bare-pair")
			b.ReportMetric(100*(1-fast.Seconds()/slow.Seconds()), "fsync-%")
			b.ReportMetric(float64(durable.created), "statements/create")
			b.ReportMetric(float64(durable.saved), "statements/save")
			b.ReportMetric(float64(durable.published), "statements/publish")
		})
	}
}

// writer writes articles into one database.
type writer struct {
	desk                      *editorial.Desk
	user                      newsroom.User
	next                      atomic.Int64
	created, saved, published int64 // statements of each
}

// newWriter makes a database in which all tags are made already, and counts what one create, save and publish ask of it.
func newWriter(b *testing.B, url string) *writer {
	statements := &counter{}
	db, err := store.Open(b.Context(), url, slog.New(statements))
	must(b, err)
	b.Cleanup(func() { must(b, db.Close()) })
	_, err = db.MigrateUp(b.Context())
	must(b, err)
	now := func() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
	w := &writer{desk: &editorial.Desk{Store: db, Languages: lang.Set{"en"}, Now: now}}
	w.user, err = account.New(db, "http://localhost", now).
		CreateUser(b.Context(), "bench@nashr.example", "Bench", newsroom.RoleAdmin, "nine storks over a mill")
	must(b, err)
	for range 300 {
		must(b, w.pair(b.Context()))
	}
	actor, whatever := newsroom.Actor{User: w.user}, newsroom.Precondition{Any: true}
	statements.on.Store(true)
	s, err := w.desk.CreateArticle(b.Context(), actor, draft(1, ""))
	must(b, err)
	w.created = statements.n.Swap(0)
	_, err = w.desk.SaveArticle(b.Context(), actor, s.Article.ID, whatever, func(newsroom.Article) (editorial.Draft, error) { return draft(2, ""), nil })
	must(b, err)
	w.saved = statements.n.Swap(0)
	_, err = w.desk.Publish(b.Context(), actor, s.Article.ID, whatever, nil, nil)
	must(b, err)
	w.published = statements.n.Swap(0)
	statements.on.Store(false)
	return w
}

func (w *writer) pair(ctx context.Context) error {
	return write(ctx, w.desk, w.user, int(w.next.Add(1)), "")
}

// pairs gives how long n pairs take when so many write at once.
func (w *writer) pairs(b *testing.B, n, writers int) time.Duration {
	return took(b, func() error {
		var left atomic.Int64
		left.Store(int64(n))
		errs := make([]error, writers)
		var all sync.WaitGroup
		for i := range writers {
			all.Go(func() {
				for errs[i] == nil && left.Add(-1) >= 0 {
					errs[i] = w.pair(b.Context())
				}
			})
		}
		all.Wait()
		return errors.Join(errs...)
	})
}

func took(b *testing.B, do func() error) time.Duration {
	begin := time.Now()
	must(b, do())
	return time.Since(begin)
}

// counter is a log that counts statements.
type counter struct {
	on atomic.Bool
	n  atomic.Int64
}

func (c *counter) Enabled(context.Context, slog.Level) bool { return c.on.Load() }

func (c *counter) Handle(context.Context, slog.Record) error {
	c.n.Add(1)
	return nil
}

func (c *counter) WithAttrs([]slog.Attr) slog.Handler { return c }

func (c *counter) WithGroup(string) slog.Handler { return c }

// appending gives a transaction that appends size bytes to a file.
func appending(b *testing.B, size int64) func() error {
	file, err := os.Create(filepath.Join(b.TempDir(), "bare"))
	must(b, err)
	b.Cleanup(func() { must(b, file.Close()) })
	data := random(size)
	return func() error {
		_, err := file.Write(data)
		return errors.Join(err, file.Sync())
	}
}

// updating gives a transaction that writes size bytes into the one row of a table.
func updating(b *testing.B, db *sql.DB, size int64) func() error {
	data := random(size)
	exec(b, db, "CREATE TABLE bare (data bytea)")
	exec(b, db, "INSERT INTO bare VALUES ('')")
	return func() error {
		_, err := db.ExecContext(b.Context(), "UPDATE bare SET data = $1", data)
		return err
	}
}

func random(size int64) []byte {
	data := make([]byte, size)
	_, _ = rand.Read(data) // never fails
	return data
}

// without gives the URL of a PostgreSQL database with a setting turned off.
func without(b *testing.B, at, setting string) string {
	u, err := url.Parse(at)
	must(b, err)
	query := u.Query()
	query.Set(setting, "off")
	u.RawQuery = query.Encode()
	return u.String()
}

func openSQL(b testing.TB, driver, dsn string) *sql.DB {
	db, err := sql.Open(driver, dsn)
	must(b, err)
	b.Cleanup(func() { must(b, db.Close()) })
	return db
}

func exec(b testing.TB, db *sql.DB, statement string) {
	_, err := db.ExecContext(b.Context(), statement)
	must(b, err)
}
