package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"gorm.io/driver/postgres"
)

// postgresConnections bounds the pool. pgx keeps prepared statements by connection.
const postgresConnections = 20

// postgresParams bound what a statement, a lock or a forgotten transaction may cost, unless the URL says otherwise.
var postgresParams = map[string]string{
	"application_name":                    "nashr",
	"statement_timeout":                   "10s",
	"lock_timeout":                        "8s",
	"idle_in_transaction_session_timeout": "20s",
}

func openPostgres(url string, log queryLog) (*Store, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// pgx's own error quotes the URL, which may hold a password.
		return nil, errors.New("open database: this is not a valid PostgreSQL URL")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	config.RuntimeParams["timezone"] = "UTC" // whatever the URL says: goose keeps times without a zone, and we write literals
	migrator := config.Copy()                // without the bounds
	for name, value := range postgresParams {
		if _, ok := config.RuntimeParams[name]; !ok {
			config.RuntimeParams[name] = value
		}
	}
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(scanTimesAsUTC))
	pool.SetMaxOpenConns(postgresConnections)
	pool.SetMaxIdleConns(postgresConnections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	db, err := openGORM(postgres.New(postgres.Config{Conn: pool}), false, log)
	if err != nil {
		return nil, err
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // each second, for five minutes
	if err != nil {
		return nil, err
	}
	migrations := stdlib.OpenDB(*migrator)
	return &Store{
		reader: db,
		writer: db,
		pools:  []*sql.DB{pool, migrations},
		dialect: dialect{
			name:     "postgres",
			lock:     "SELECT pg_advisory_xact_lock(?)",
			tryLock:  "SELECT pg_try_advisory_xact_lock(?)",
			snapshot: &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		},
		migration: migration{
			dialect: goose.DialectPostgres,
			folder:  "postgres",
			pool:    migrations,
			options: []goose.ProviderOption{goose.WithSessionLocker(locker)},
		},
	}, nil
}

func scanTimesAsUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name:  "timestamptz",
		OID:   pgtype.TimestamptzOID,
		Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}
