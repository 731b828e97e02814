package testkit

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// The environment variables that steer the tests' PostgreSQL.
const (
	// EnvPostgresURL names a server to use instead of a throw-away one. Its role must be allowed to create databases.
	EnvPostgresURL = "NASHR_TEST_POSTGRES_URL"
	// EnvPostgresRequired makes tests fail, when it is "true", where there is no PostgreSQL to run them on.
	EnvPostgresRequired = "NASHR_TEST_POSTGRES_REQUIRED"
)

const databaseTimeout = time.Minute

// openShared opens the one server of this test process. It is nil, without an error, where there is none.
var openShared = sync.OnceValues(func() (*server, error) { return openServer(fastSettings) })

// openDurable opens one more, which runs as PostgreSQL is installed.
var openDurable = sync.OnceValues(func() (*server, error) { return openServer(nil) })

// Postgres gives the URL of a fresh, empty database that is dropped when the test ends.
//
// The server is that of NASHR_TEST_POSTGRES_URL, or a throw-away one that starts with the first call in a test process,
// from the PostgreSQL installed on this machine, and ends with the process. Where there is neither, Postgres gives ""
// and says so on stderr; the test then leaves PostgreSQL out. With NASHR_TEST_POSTGRES_REQUIRED=true it fails instead.
func Postgres(tb testing.TB) string {
	tb.Helper()
	s := shared(tb)
	if s == nil {
		return ""
	}
	return s.fresh(tb, "")
}

// Template gives the URL of a fresh copy of the database that build makes, dropped when the test ends. Build runs on an
// empty database, once in a test process for each name, and must close its connections to it; each further copy costs
// milliseconds. When build ends the test, the next call builds again. Where Postgres gives "", so does Template, and
// build does not run.
func Template(tb testing.TB, name string, build func(url string)) string {
	tb.Helper()
	s := shared(tb)
	if s == nil {
		return ""
	}
	t := s.template(name)
	if err := t.ensure(s, build); err != nil {
		tb.Fatalf("testkit: build template database %q: %v", name, err)
	}
	return s.fresh(tb, t.database)
}

// Durable is Postgres for what measures writing: a throw-away server waits for the disk at each commit, as those of
// tests do not.
func Durable(tb testing.TB) string {
	tb.Helper()
	s := opened(tb, openDurable)
	if s == nil {
		return ""
	}
	return s.fresh(tb, "")
}

func shared(tb testing.TB) *server { return opened(tb, openShared) }

func opened(tb testing.TB, open func() (*server, error)) *server {
	tb.Helper()
	s, err := open()
	if err != nil {
		tb.Fatalf("testkit: no PostgreSQL: %v", err)
	}
	return s
}

// openServer is the server of the environment, else one with settings from the binaries of this machine, else nil.
func openServer(settings []string) (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), databaseTimeout)
	defer cancel()
	if given := os.Getenv(EnvPostgresURL); given != "" {
		return joinServer(ctx, given)
	}
	bin, ok := findBinaries()
	switch {
	case ok:
		return startServer(ctx, serverOptions{bin: bin, settings: settings})
	case os.Getenv(EnvPostgresRequired) == "true":
		return nil, errors.New("none is installed, and " + EnvPostgresRequired + " is true")
	}
	fmt.Fprintln(os.Stderr, "\n*** NO POSTGRESQL: its tests DO NOT RUN. Install it, or set "+EnvPostgresURL+". ***")
	return nil, nil
}

// server is a PostgreSQL server on which this process makes databases, all named after its run.
type server struct {
	base *url.URL // of the maintenance database
	run  string   // tells this process's databases from others'
	hold any      // what must stay open for as long as the process lives

	mu        sync.Mutex
	count     int
	templates map[string]*template
}

type template struct {
	mu       sync.Mutex
	database string
	built    bool
}

func (s *server) template(name string) *template {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.templates == nil {
		s.templates = map[string]*template{}
	}
	t, ok := s.templates[name]
	if !ok {
		t = &template{database: s.nextName()}
		s.templates[name] = t
	}
	return t
}

// ensure builds the template unless it is built. A build that panics or ends its test leaves it unbuilt.
func (t *template) ensure(s *server, build func(url string)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.built {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), databaseTimeout)
	defer cancel()
	name := quote(t.database)
	if err := s.exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)", "CREATE DATABASE "+name); err != nil {
		return err
	}
	build(s.url(t.database))
	// No session may be in a database that is copied, so none is let in from here on.
	if err := s.exec(ctx, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false"); err != nil {
		return err
	}
	t.built = true
	return nil
}

// fresh creates a database, a copy of template unless that is "", and drops it when the test ends.
func (s *server) fresh(tb testing.TB, template string) string {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), databaseTimeout)
	defer cancel()
	s.mu.Lock()
	database := s.nextName()
	s.mu.Unlock()
	create := "CREATE DATABASE " + quote(database)
	if template != "" {
		create += " TEMPLATE " + quote(template)
	}
	if err := s.exec(ctx, create); err != nil {
		tb.Fatalf("testkit: create a database: %v", err)
	}
	tb.Cleanup(func() { s.drop(tb, database) })
	return s.url(database)
}

func (s *server) drop(tb testing.TB, database string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), databaseTimeout)
	defer cancel()
	if err := s.exec(ctx, "DROP DATABASE IF EXISTS "+quote(database)+" WITH (FORCE)"); err != nil {
		tb.Errorf("testkit: drop a database: %v", err)
	}
}

// exec runs each statement on a connection of its own making, outside any transaction.
func (s *server) exec(ctx context.Context, statements ...string) error {
	conn, err := pgx.Connect(ctx, s.base.String())
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// nextName is called with s.mu held.
func (s *server) nextName() string {
	s.count++
	return fmt.Sprintf("%s%s_%d", databasePrefix, s.run, s.count)
}

func (s *server) url(database string) string {
	u := *s.base
	u.Path = "/" + database
	return u.String()
}

func quote(identifier string) string { return pgx.Identifier{identifier}.Sanitize() }
