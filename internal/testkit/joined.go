package testkit

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
)

const databasePrefix = "nashr_test_"

// newRun makes the name of this process's run. It has no underscore, so that it can be cut out of a database's name.
func newRun() string { return strings.ToLower(rand.Text())[:10] }

// joinServer uses a server that outlives this process. The process keeps a connection open that bears its run's name;
// databases of runs without one were left behind by processes that were killed, and are dropped here.
func joinServer(ctx context.Context, given string) (*server, error) {
	base, err := url.Parse(given)
	if err != nil || (base.Scheme != "postgres" && base.Scheme != "postgresql") {
		return nil, fmt.Errorf("%s is not a postgres:// URL", EnvPostgresURL)
	}
	s := &server{base: base, run: newRun()}
	config, err := pgx.ParseConfig(given)
	if err != nil {
		return nil, fmt.Errorf("%s is not a postgres:// URL", EnvPostgresURL)
	}
	config.RuntimeParams["application_name"] = databasePrefix + s.run
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	s.hold = conn
	return s, s.sweep(ctx, conn)
}

func (s *server) sweep(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `
		SELECT datname FROM pg_database
		WHERE starts_with(datname, $1) AND $1 || split_part(datname, '_', 3) NOT IN
			(SELECT application_name FROM pg_stat_activity WHERE application_name IS NOT NULL)`, databasePrefix)
	if err != nil {
		return err
	}
	left, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, database := range left {
		if err := s.exec(ctx, "DROP DATABASE IF EXISTS "+quote(database)+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}
