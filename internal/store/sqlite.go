package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/fts5"
	"github.com/ncruces/go-sqlite3/ext/uuid"
	"github.com/ncruces/go-sqlite3/gormlite"
	"github.com/pressly/goose/v3"
)

// sqliteReaders is how many connections read at once. Writing has one of its own.
const sqliteReaders = 4

// openSQLite opens the file at path, which it makes with its folder when missing. What is committed is on disk
// (synchronous=FULL), and readers never wait for the writer (WAL).
func openSQLite(path string, log queryLog) (*Store, error) {
	if path == "" {
		return nil, fmt.Errorf("open database: sqlite: needs a path")
	}
	if err := makeFile(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	write, err := sqlitePool(path, 1, "_txlock=immediate", "_pragma=journal_mode(wal)", "_pragma=synchronous(full)")
	if err != nil {
		return nil, err
	}
	read, err := sqlitePool(path, sqliteReaders, "_pragma=query_only(1)")
	if err != nil {
		return nil, err
	}
	writer, err := openGORM(gormlite.OpenDB(write), true, log)
	if err != nil {
		return nil, err
	}
	reader, err := openGORM(gormlite.OpenDB(read), true, log)
	if err != nil {
		return nil, err
	}
	return &Store{
		reader:  reader,
		writer:  writer,
		pools:   []*sql.DB{write, read},
		dialect: dialect{name: "sqlite", snapshot: &sql.TxOptions{}},
		migration: migration{
			dialect: goose.DialectSQLite3,
			folder:  "sqlite",
			pool:    write,
			lock:    flock.New(path + ".lock"),
		},
	}, nil
}

// makeFile makes the file when it is missing, with its folder. It holds keys and hashes of passwords, so nobody else may
// read it. The index of the log beside it is made here too; the log itself gets the mode of the file by "modeof".
func makeFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	for _, suffix := range []string{"", "-shm"} {
		file, err := os.OpenFile(path+suffix, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return err
		}
		if err := file.Close(); err != nil {
			return err
		}
	}
	return nil
}

// sqlitePool gives up to n connections to the file. The time format has a fixed width, so that times sort as text, and
// busy_timeout comes before all else, so that switching to WAL waits too. SQL has PostgreSQL's gen_random_uuid(), and FTS5.
func sqlitePool(path string, n int, options ...string) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?modeof=" + strings.ReplaceAll(url.QueryEscape(path), "+", "%20") +
		"&_timefmt=2006-01-02%2015:04:05.000&_pragma=busy_timeout(10000)&_pragma=foreign_keys(on)"
	for _, o := range options {
		dsn += "&" + o
	}
	pool, err := driver.Open(dsn, func(c *sqlite3.Conn) error {
		return errors.Join(uuid.Register(c), fts5.Register(c))
	})
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	return pool, nil
}

// ForgoDurability stops waiting for the disk at each commit, which a crash of the machine may then undo, for a SQLite
// database that is thrown away in the end.
func (s *Store) ForgoDurability(ctx context.Context) error {
	return translate(ctx, s.writer.WithContext(ctx).Exec("PRAGMA synchronous=off").Error)
}

// ExpectBulk makes room for writing much more at once than an editor does: SQLite keeps what is written in memory for
// longer, and moves it from its log to the file less often. How much the search index may gather before it is written is
// kept in the database for good; what a publish gathers is far below it. PostgreSQL needs no telling.
func (s *Store) ExpectBulk(ctx context.Context) error {
	if !s.Embedded() {
		return nil
	}
	for _, pragma := range []string{
		"PRAGMA synchronous=normal", // a crash of the machine may take the last batches, which the same command adds again
		"PRAGMA cache_size=-131072", "PRAGMA wal_autocheckpoint=131072", "INSERT INTO search_terms (search_terms, rank) VALUES ('hashsize', 67108864)",
	} {
		if err := s.writer.WithContext(ctx).Exec(pragma).Error; err != nil {
			return translate(ctx, err)
		}
	}
	return nil
}
