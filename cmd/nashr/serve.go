package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/config"
	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/views"
)

type serveCommand struct {
	config.Server
	Demo bool `help:"Serve a fresh throw-away newsroom with demo content in four languages."`
}

// Run serves until ctx is done, and then lets running requests end.
func (s *serveCommand) Run(ctx context.Context, std console) error {
	if s.Demo {
		return s.runDemo(ctx, std)
	}
	settings, err := s.Settings()
	if err != nil {
		return err
	}
	return withApp(ctx, settings, std.log, func(a *app) error {
		if err := a.firstAdmin(ctx); err != nil {
			return err
		}
		return a.serve(ctx)
	})
}

// app is a server that is ready to serve.
type app struct {
	settings config.Settings
	listener net.Listener
	store    *store.Store
	accounts *account.Service
	desk     *editorial.Desk
	log      *slog.Logger
	reader   bool // with the example of a news site at /demo
}

// withApp does all that can fail before the first request: it takes the address, opens and migrates the database, and
// makes the keys and the site. What cannot succeed is found out before anything is made. After do, all is closed.
func withApp(ctx context.Context, settings config.Settings, logTo io.Writer, do func(*app) error) error {
	if err := checkAdmin(settings); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", settings.Listen)
	if err != nil {
		return fmt.Errorf("NASHR_LISTEN: %w", err)
	}
	defer func() { _ = listener.Close() }() // the server may have closed it already
	log := newLog(settings, logTo)
	s, err := store.Open(ctx, settings.DatabaseURL, log)
	if err != nil {
		return fmt.Errorf("NASHR_DATABASE_URL: %w", err)
	}
	a := &app{
		settings: settings,
		listener: listener,
		store:    s,
		accounts: account.New(s, settings.PublicURL, now),
		desk:     &editorial.Desk{Store: s, Languages: settings.Languages, Now: now},
		log:      log,
	}
	if err = a.prepare(ctx); err == nil {
		err = do(a)
	}
	return errors.Join(err, s.Close())
}

func (a *app) prepare(ctx context.Context) error {
	if err := prepareSchema(ctx, a.store, a.settings.AutoMigrate); err != nil {
		return err
	}
	if err := a.accounts.Prepare(ctx); err != nil {
		return err
	}
	return a.desk.OpenSite(ctx)
}

// prepareSchema migrates an embedded database, or any when auto is set, and otherwise insists that somebody has.
func prepareSchema(ctx context.Context, s *store.Store, auto bool) error {
	if s.Embedded() || auto {
		_, err := s.MigrateUp(ctx)
		return err
	}
	ok, err := s.Migrated(ctx)
	if err == nil && !ok {
		return errors.New("the schema of the database is out of date: run nashr migrate up, or set NASHR_AUTO_MIGRATE=true")
	}
	return err
}

const firstAdminName = "Admin"

// checkAdmin says what is wrong with the configured admin, if there is one.
func checkAdmin(settings config.Settings) error {
	if settings.AdminEmail == "" {
		return nil
	}
	u := newsroom.User{Email: newsroom.NormalEmail(settings.AdminEmail), Name: firstAdminName, Role: newsroom.RoleAdmin}
	if err := u.Check(); err != nil {
		return fmt.Errorf("NASHR_ADMIN_EMAIL: %w", explained(err))
	}
	if err := auth.CheckPassword(settings.AdminPassword, u.Email, u.Name); err != nil {
		return fmt.Errorf("NASHR_ADMIN_PASSWORD: %w", explained(err))
	}
	return nil
}

// firstAdmin makes the configured admin when there is no user yet, or says how to make one.
func (a *app) firstAdmin(ctx context.Context) error {
	users, err := a.store.Read(ctx).Users()
	enabled := func(u newsroom.User) bool { return u.DisabledAt == nil } // that of nashr generate is not
	if err != nil || slices.ContainsFunc(users, enabled) {
		return err
	}
	if a.settings.AdminEmail == "" {
		a.log.Warn("there is no user yet; make an admin with: " +
			"nashr user create --email YOU@EXAMPLE --name NAME --role admin --password-stdin")
		return nil
	}
	user, err := a.accounts.CreateUser(ctx, a.settings.AdminEmail, firstAdminName, newsroom.RoleAdmin, a.settings.AdminPassword)
	if newsroom.IsCode(err, newsroom.CodeAlreadyExists) {
		return nil // another instance was quicker
	}
	if err != nil {
		return fmt.Errorf("make the first admin: %w", err)
	}
	a.log.Info("made the first admin", "email", user.Email)
	return nil
}

// writeTimeout is how long a client may take to receive an answer.
const writeTimeout = 30 * time.Second

// serve answers requests until ctx is done, and then lets those end that have begun.
func (a *app) serve(ctx context.Context) error {
	counter := views.New(a.store, now, a.log)
	server := &http.Server{
		Handler:           a.handler(ctx, counter),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx)) // until the last request has ended
	var jobs sync.WaitGroup
	jobs.Go(func() { a.tidy(running) })
	jobs.Go(func() { a.indexMissing(running) })
	jobs.Go(func() { counter.Run(running) })
	if a.settings.WebSubHub != "" {
		jobs.Go(func() { a.tellHub(running) })
	}
	defer jobs.Wait()
	defer cancel()
	debug.FreeOSMemory() // hashing the password of the first admin took 19 MiB
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(a.listener) }()
	a.log.Info("listening", "address", a.listener.Addr().String(), "public_url", a.settings.PublicURL)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	a.log.Info("stopping")
	graceful, done := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer done()
	if err := server.Shutdown(graceful); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// handler answers requests. Once stopping is done, it says that it is not ready any more.
func (a *app) handler(stopping context.Context, counter *views.Counter) http.Handler {
	handler := api.New(api.Options{
		Store: a.store, Accounts: a.accounts, Desk: a.desk, Views: counter, Log: a.log,
		PublicURL: a.settings.PublicURL, SiteURL: a.settings.SiteURL, Languages: a.settings.Languages, Timezone: a.settings.Timezone,
		TrustedProxies: a.settings.TrustedProxies, CORSOrigins: a.settings.CORSOrigins, Stopping: stopping, WriteTimeout: writeTimeout,
		WebSubHub: a.settings.WebSubHub,
	})
	if a.reader {
		return withReader(handler)
	}
	return handler
}

// tidyEvery is how often what nobody needs any more is deleted.
const tidyEvery = time.Hour

// tidy deletes what nobody needs any more, now and then until ctx is done.
func (a *app) tidy(ctx context.Context) {
	ticker := time.NewTicker(tidyEvery)
	defer ticker.Stop()
	for {
		if err := a.accounts.Tidy(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("old sessions were not deleted", "error", err)
		}
		if err := a.desk.Tidy(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("old preview links were not deleted", "error", err)
		}
		if err := a.store.SweepIdempotencyKeys(ctx, now()); err != nil && ctx.Err() == nil {
			a.log.Warn("old idempotency keys were not deleted", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// indexMissing makes what was published before there was a search index, or under other rules, searchable.
func (a *app) indexMissing(ctx context.Context) {
	var indexed int64
	err := a.store.IndexMissing(ctx, func(done, total int64) {
		if indexed == 0 {
			a.log.Info("making published articles searchable", "publications", total)
		}
		indexed = done
	})
	switch {
	case err != nil && ctx.Err() == nil:
		a.log.Warn("published articles were not made searchable; run nashr reindex", "error", err)
	case err == nil && indexed > 0:
		a.log.Info("made published articles searchable", "publications", indexed)
	}
}

func newLog(settings config.Settings, to io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: settings.LogLevel}
	if settings.LogJSON {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}
