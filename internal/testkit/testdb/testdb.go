// Package testdb gives tests a migrated database of each kind.
package testdb

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/testkit"
)

// Each runs test on SQLite and on PostgreSQL, in parallel, each time with the URL of a fresh database that has the
// schema in it. Where there is no PostgreSQL, testkit says so and test runs on SQLite alone.
func Each(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "nashr.db")
		if err := os.WriteFile(path, migrated(), 0o600); err != nil {
			t.Fatal(err)
		}
		test(t, "sqlite:"+path)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := testkit.Template(t, "migrated", func(url string) {
			if err := migrate(context.Background(), url); err != nil {
				panic(err)
			}
		})
		if url != "" {
			test(t, url)
		}
	})
}

// migrated gives the file of an SQLite database that has the schema in it.
var migrated = sync.OnceValue(func() []byte {
	dir, err := os.MkdirTemp("", "nashr-testdb-")
	if err != nil {
		panic(err)
	}
	path := filepath.Join(dir, "nashr.db")
	err = migrate(context.Background(), "sqlite:"+path)
	file, unread := os.ReadFile(path)
	if err := errors.Join(err, unread, os.RemoveAll(dir)); err != nil {
		panic(err)
	}
	return file
})

func migrate(ctx context.Context, url string) error {
	s, err := store.Open(ctx, url, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	_, err = s.MigrateUp(ctx)
	return errors.Join(err, s.Close())
}
