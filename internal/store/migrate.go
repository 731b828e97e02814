package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"

	"github.com/nashr-cms/nashr/migrations"
)

// migration is how one database migrates. Several instances may start at once: a session lock on PostgreSQL, a lock
// file beside the SQLite database let one of them do it.
type migration struct {
	dialect goose.Dialect
	folder  string
	pool    *sql.DB
	lock    *flock.Flock // or nil
	options []goose.ProviderOption
}

// MigrationStatus says whether one migration has been applied.
type MigrationStatus struct {
	Version   int64
	Name      string
	AppliedAt time.Time // zero: pending
}

// MigrateUp applies all pending migrations and gives their names.
func (s *Store) MigrateUp(ctx context.Context) ([]string, error) {
	var names []string
	err := s.migration.run(ctx, func(p *goose.Provider) error {
		results, err := p.Up(ctx)
		names = sources(results...)
		return err
	})
	return names, err
}

// MigrateDown takes the last applied migration back and gives its name, or "" when there is none.
func (s *Store) MigrateDown(ctx context.Context) (string, error) {
	var name string
	err := s.migration.run(ctx, func(p *goose.Provider) error {
		version, err := p.GetDBVersion(ctx)
		if err != nil || version == 0 {
			return err
		}
		result, err := p.Down(ctx)
		if err == nil {
			name = sources(result)[0]
		}
		return err
	})
	return name, err
}

// MigrationStatus lists all migrations, oldest first.
func (s *Store) MigrationStatus(ctx context.Context) ([]MigrationStatus, error) {
	var list []MigrationStatus
	err := s.migration.run(ctx, func(p *goose.Provider) error {
		states, err := p.Status(ctx)
		for _, st := range states {
			list = append(list, MigrationStatus{st.Source.Version, st.Source.Path, st.AppliedAt})
		}
		return err
	})
	return list, err
}

// Migrated reports whether no migration is pending.
func (s *Store) Migrated(ctx context.Context) (bool, error) {
	list, err := s.MigrationStatus(ctx)
	for _, m := range list {
		if m.AppliedAt.IsZero() {
			return false, err
		}
	}
	return true, err
}

func (m migration) run(ctx context.Context, do func(*goose.Provider) error) error {
	if m.lock != nil {
		if _, err := m.lock.TryLockContext(ctx, 20*time.Millisecond); err != nil {
			return fmt.Errorf("migrate: lock: %w", err)
		}
		defer func() { _ = m.lock.Unlock() }()
	}
	folder, err := fs.Sub(migrations.FS, m.folder)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(m.dialect, m.pool, folder, m.options...)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := do(provider); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func sources(results ...*goose.MigrationResult) []string {
	names := make([]string, len(results))
	for i, r := range results {
		names[i] = r.Source.Path
	}
	return names
}
