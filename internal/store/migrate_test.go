package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/internal/testkit"
)

// onEmpty runs a test on both databases, each time given the URL of one with nothing in it.
func onEmpty(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, sqliteURL(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if url := testkit.Postgres(t); url != "" {
			test(t, url)
		}
	})
}

func TestInstancesThatStartAtOnceMigrateOnce(t *testing.T) {
	onEmpty(t, func(t *testing.T, url string) {
		const instances = 8
		applied := make([][]string, instances)
		var wg sync.WaitGroup
		for i := range instances {
			wg.Go(func() {
				s, err := Open(t.Context(), url, silent)
				if err == nil {
					applied[i], err = s.MigrateUp(t.Context())
				}
				if err != nil {
					t.Error(err)
					return
				}
				if ok, err := s.Migrated(t.Context()); !ok || err != nil {
					t.Errorf("instance %d goes on without the schema: %v", i, err)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		var all []string
		for _, names := range applied {
			all = append(all, names...)
		}
		list, err := openAt(t, url).MigrationStatus(t.Context())
		must(t, err)
		if len(all) != len(list) {
			t.Errorf("applied: %v", all)
		}
	})
}

// migrateEnv makes a copy of this test's process one that only migrates.
const migrateEnv = "NASHR_TEST_MIGRATE_URL"

// SQLite knows no lock that goroutines and processes share alike, so that processes are tried too.
func TestProcessesThatStartAtOnceMigrateOnce(t *testing.T) {
	if url := os.Getenv(migrateEnv); url != "" {
		names, err := openAt(t, url).MigrateUp(t.Context())
		must(t, err)
		fmt.Printf("applied %d.\n", len(names))
		return
	}
	t.Parallel()
	url := sqliteURL(t)
	outputs := make([]string, 4)
	var wg sync.WaitGroup
	for i := range outputs {
		wg.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProcessesThatStartAtOnceMigrateOnce$")
			cmd.Env = append(os.Environ(), migrateEnv+"="+url)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("%v: %s", err, out)
			}
			outputs[i] = string(out)
		})
	}
	wg.Wait()
	list, err := openAt(t, url).MigrationStatus(t.Context())
	must(t, err)
	all := strings.Join(outputs, "")
	if strings.Count(all, "applied 0.") != len(outputs)-1 || strings.Count(all, fmt.Sprintf("applied %d.", len(list))) != 1 {
		t.Errorf("they say:\n%s", all)
	}
}

func TestMigrationStatus(t *testing.T) {
	onEmpty(t, func(t *testing.T, url string) {
		ctx := t.Context()
		s := openAt(t, url)
		if ok, err := s.Migrated(ctx); ok || err != nil {
			t.Errorf("an empty database is migrated: %v, %v", ok, err)
		}
		list, err := s.MigrationStatus(ctx)
		must(t, err)
		files, err := filepath.Glob("../../migrations/" + s.migration.folder + "/*.sql")
		must(t, err)
		if len(list) != len(files) || len(list) == 0 {
			t.Fatalf("%d migrations, %d files", len(list), len(files))
		}
		for i, m := range list {
			if m.Version != int64(i+1) || m.Name != filepath.Base(files[i]) || !m.AppliedAt.IsZero() {
				t.Errorf("%d: %+v", i, m)
			}
		}
		names, err := s.MigrateUp(ctx)
		must(t, err)
		if len(names) != len(list) || names[0] != list[0].Name {
			t.Errorf("applied %v", names)
		}
		if names, err := s.MigrateUp(ctx); len(names) != 0 || err != nil {
			t.Errorf("applied again: %v, %v", names, err)
		}
		list, err = s.MigrationStatus(ctx)
		must(t, err)
		for _, m := range list {
			if age := time.Since(m.AppliedAt); age > time.Hour || age < -time.Hour {
				t.Errorf("%s was applied at %v", m.Name, m.AppliedAt)
			}
		}
		if ok, err := s.Migrated(ctx); !ok || err != nil {
			t.Errorf("now: %v, %v", ok, err)
		}
		_, err = s.MigrateDown(ctx)
		must(t, err)
		if ok, err := s.Migrated(ctx); ok || err != nil {
			t.Errorf("taken back: %v, %v", ok, err)
		}
	})
}

func TestAMigrationThatMayNotWaitEnds(t *testing.T) {
	t.Parallel()
	url := sqliteURL(t)
	holder, s := openAt(t, url), openAt(t, url)
	must(t, holder.migration.lock.Lock())
	defer func() { must(t, holder.migration.lock.Unlock()) }()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.MigrateUp(ctx); err == nil {
		t.Error("it migrates while another instance does")
	}
}

func TestMigrationsCanBeTakenBack(t *testing.T) {
	t.Parallel()
	check := func(t *testing.T, s *Store, read func(*testing.T, *sql.DB) schema) {
		ctx := t.Context()
		before := read(t, s.pools[0])
		up, err := s.MigrationStatus(ctx)
		must(t, err)
		for range up {
			name, err := s.MigrateDown(ctx)
			must(t, err)
			if name == "" {
				t.Fatal("nothing was taken back")
			}
		}
		if left := read(t, s.pools[0]); len(left.columns)+len(left.rules) != 0 {
			t.Errorf("left: %v", left)
		}
		if name, err := s.MigrateDown(ctx); name != "" || err != nil {
			t.Errorf("one more: %q, %v", name, err)
		}
		names, err := s.MigrateUp(ctx)
		must(t, err)
		if len(names) != len(up) {
			t.Errorf("applied again: %v", names)
		}
		if after := read(t, s.pools[0]); !reflect.DeepEqual(before, after) {
			t.Errorf("the schema is another one: %v", schemaDrift(before, after))
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		check(t, migrated(t, sqliteURL(t)), sqliteSchema)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if url := postgresURL(t); url != "" {
			check(t, openAt(t, url), postgresSchema)
		}
	})
}
