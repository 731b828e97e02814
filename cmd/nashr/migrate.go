package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nashr-cms/nashr/internal/config"
	"github.com/nashr-cms/nashr/internal/store"
)

type migrateCommand struct {
	Up     migrateUpCommand     `cmd:"" help:"Apply all pending migrations."`
	Down   migrateDownCommand   `cmd:"" help:"Take back the last migration, with the data that only it can hold."`
	Status migrateStatusCommand `cmd:"" help:"List all migrations."`
}

type (
	migrateUpCommand     struct{ config.Database }
	migrateDownCommand   struct{ config.Database }
	migrateStatusCommand struct{ config.Database }
)

// Run applies what is pending.
func (m *migrateUpCommand) Run(ctx context.Context, std console) error {
	return withStore(ctx, m.Database, func(s *store.Store) error {
		names, err := s.MigrateUp(ctx)
		for _, n := range names {
			fmt.Fprintln(std.out, "applied", n)
		}
		if err == nil && len(names) == 0 {
			fmt.Fprintln(std.out, "nothing to apply")
		}
		return err
	})
}

// Run takes the last one back.
func (m *migrateDownCommand) Run(ctx context.Context, std console) error {
	return withStore(ctx, m.Database, func(s *store.Store) error {
		name, err := s.MigrateDown(ctx)
		if err != nil {
			return err
		}
		if name == "" {
			fmt.Fprintln(std.out, "nothing to take back")
			return nil
		}
		fmt.Fprintln(std.out, "took back", name)
		return nil
	})
}

// Run lists them.
func (m *migrateStatusCommand) Run(ctx context.Context, std console) error {
	return withStore(ctx, m.Database, func(s *store.Store) error {
		list, err := s.MigrationStatus(ctx)
		for _, m := range list {
			state := "pending"
			if !m.AppliedAt.IsZero() {
				state = "applied " + m.AppliedAt.UTC().Format(time.RFC3339)
			}
			fmt.Fprintf(std.out, "%-30s %s\n", m.Name, state)
		}
		return err
	})
}

// withStore opens the configured database for a command and closes it after it.
func withStore(ctx context.Context, database config.Database, do func(*store.Store) error) error {
	url, err := database.Check()
	if err != nil {
		return fmt.Errorf("NASHR_DATABASE_URL: %w", err)
	}
	s, err := store.Open(ctx, url, slog.New(slog.DiscardHandler))
	if err != nil {
		return fmt.Errorf("NASHR_DATABASE_URL: %w", err)
	}
	return errors.Join(do(s), s.Close())
}
