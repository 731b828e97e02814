// Package store keeps the newsroom in SQLite or PostgreSQL. It is the only package that knows GORM, and it behaves the
// same on both databases.
//
// Store reads and writes everything; Live sees only what readers may see. Every change of content goes through
// Store.Write: one transaction, one writer at a time, one event at least. Together and Once make several changes one
// transaction.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	reader    *gorm.DB
	writer    *gorm.DB  // SQLite: the one writing connection; PostgreSQL: the same pool as the reader
	pools     []*sql.DB // to close
	dialect   dialect
	migration migration
	events    bell       // rings for what was committed
	looking   sync.Mutex // held by the one who looks for events of other processes
	underway  sync.Map   // the Idempotency-Keys of requests that run
}

// dialect is what differs between the two databases in a transaction that writes.
type dialect struct {
	name string
	// lock is run first in each writing transaction, and makes it the only one of its kind until it ends. SQLite has
	// its BEGIN IMMEDIATE for that.
	lock string
	// tryLock asks for a lock of a number until the transaction ends, and does not wait for it. SQLite needs none.
	tryLock string
	// snapshot makes a transaction in which all statements see one state. SQLite's read transactions always do.
	snapshot *sql.TxOptions
}

// The kinds of writing transactions, by the number of their lock.
const (
	contentLock = 7811210
	signInLock  = 7811211
	viewsLock   = 7811212
)

// Queries read everything there is. Get them by Store.Read, or within a transaction from Tx.
type Queries struct{ db *gorm.DB }

// Open opens the database at url, "sqlite:PATH" or "postgres://...". It does not migrate; see Migrate.
// It connects once, so an unreachable database is an error. At level debug every statement is logged, without values.
func Open(ctx context.Context, url string, log *slog.Logger) (*Store, error) {
	var s *Store
	var err error
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		s, err = openSQLite(strings.TrimPrefix(url, "sqlite:"), queryLog{log})
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		s, err = openPostgres(url, queryLog{log})
	default:
		return nil, errors.New("a database URL starts with sqlite: or postgres://")
	}
	if err != nil {
		return nil, err
	}
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Embedded reports whether the database is SQLite, which belongs to this process alone.
func (s *Store) Embedded() bool { return s.dialect.name == "sqlite" }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	for _, p := range s.pools {
		if err := p.PingContext(ctx); err != nil {
			return translate(ctx, err)
		}
	}
	return nil
}

// Close ends all connections.
func (s *Store) Close() error {
	var errs []error
	for _, p := range s.pools {
		errs = append(errs, p.Close())
	}
	return errors.Join(errs...)
}

// Read gives what can be asked of the store, each question by itself.
func (s *Store) Read(ctx context.Context) Queries { return Queries{s.reading(ctx)} }

// Snapshot runs read on one state of the database, so that the answers to several questions belong together.
func (s *Store) Snapshot(ctx context.Context, read func(Queries) error) error {
	return inSnapshot(s.reading(ctx), s.dialect.snapshot, func(db *gorm.DB) error { return read(Queries{db}) })
}

func inSnapshot(db *gorm.DB, options *sql.TxOptions, read func(*gorm.DB) error) error {
	return translate(db.Statement.Context, db.Transaction(read, options))
}

// Live gives the part of the store that readers may see.
func (s *Store) Live() *Live { return &Live{store: s} }

// Tx is a transaction that may write. It is valid only within the function that it was given to.
type Tx struct {
	Queries
	lastEvent int64 // that was appended, or 0
}

// Write runs change in a transaction in which nothing else changes content. What change returns as an error undoes all
// of it.
func (s *Store) Write(ctx context.Context, change func(*Tx) error) error {
	return s.transaction(ctx, contentLock, change)
}

// WriteSignIn is Write for what sign-in keeps, which is no content: on PostgreSQL it does not wait for those that write
// content.
func (s *Store) WriteSignIn(ctx context.Context, change func(*Tx) error) error {
	return s.transaction(ctx, signInLock, change)
}

func (s *Store) transaction(ctx context.Context, lock int, change func(*Tx) error) error {
	db, err := s.writing(ctx)
	if err != nil {
		return err
	}
	var tx Tx
	err = db.Transaction(func(db *gorm.DB) error {
		if s.dialect.lock != "" {
			if err := db.Exec(s.dialect.lock, lock).Error; err != nil {
				return err
			}
		}
		tx.Queries = Queries{db}
		return change(&tx)
	})
	if err == nil && tx.lastEvent > 0 {
		s.ring(ctx, tx.lastEvent)
	}
	return translate(ctx, err)
}

func openGORM(d gorm.Dialector, prepare bool, log logger.Interface) (*gorm.DB, error) {
	db, err := gorm.Open(d, &gorm.Config{
		Logger:                 log,
		SkipDefaultTransaction: true,
		PrepareStmt:            prepare,
		PrepareStmtMaxSize:     256,
		DisableAutomaticPing:   true,
	})
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, registerTranslation(db)
}
