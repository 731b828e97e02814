package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/ncruces/go-sqlite3"
	"gorm.io/gorm"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// registerTranslation makes every statement of db give errors of package newsroom.
func registerTranslation(db *gorm.DB) error {
	fix := func(db *gorm.DB) {
		tell(db)
		db.Error = translate(db.Statement.Context, db.Error)
	}
	const name = "nashr:translate"
	c := db.Callback()
	return errors.Join(
		c.Create().After("*").Register(name, fix),
		c.Query().After("*").Register(name, fix),
		c.Update().After("*").Register(name, fix),
		c.Delete().After("*").Register(name, fix),
		c.Row().After("*").Register(name, fix),
		c.Raw().After("*").Register(name, fix),
	)
}

// translate turns what the databases say into errors of package newsroom: a missing row, a broken constraint, a
// database that is out of reach. Other errors, ours and the callers', pass as they are; what failed because its caller
// has left is a context.Canceled, which SQLite does not say by itself.
func translate(ctx context.Context, err error) error {
	var known *newsroom.Error
	switch {
	case err == nil, errors.As(err, &known), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, sqlite3.INTERRUPT) && errors.Is(ctx.Err(), context.Canceled):
		return errors.Join(ctx.Err(), err)
	case errors.Is(err, gorm.ErrRecordNotFound):
		return newsroom.Errorf(newsroom.CodeNotFound, "There is no such thing here.")
	case unreachable(err):
		return errors.Join(&newsroom.Error{
			Code: newsroom.CodeUnavailable, Detail: "The database cannot be reached.", RetryAfter: 2 * time.Second,
		}, err)
	}
	switch kind, where := violation(err); {
	case kind == uniqueViolation && strings.Contains(where, "slug"):
		return newsroom.Errorf(newsroom.CodeSlugTaken, "This slug is taken.")
	case kind == uniqueViolation:
		return newsroom.Errorf(newsroom.CodeAlreadyExists, "There is one already.")
	case kind == foreignViolation:
		return newsroom.Errorf(newsroom.CodeInUse, "It is still in use.")
	}
	return err
}

const (
	uniqueViolation  = "unique"
	foreignViolation = "foreign key"
)

// violation tells which kind of constraint err says was broken, and its name (PostgreSQL) or columns (SQLite).
func violation(err error) (kind, where string) {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "23505":
			return uniqueViolation, pg.ConstraintName
		case "23503", "23001":
			return foreignViolation, pg.ConstraintName
		}
	}
	var lite *sqlite3.Error
	if errors.As(err, &lite) {
		switch lite.ExtendedCode() {
		case sqlite3.CONSTRAINT_UNIQUE, sqlite3.CONSTRAINT_PRIMARYKEY:
			return uniqueViolation, lite.Error()
		case sqlite3.CONSTRAINT_FOREIGNKEY, sqlite3.CONSTRAINT_TRIGGER:
			return foreignViolation, lite.Error()
		}
	}
	return "", ""
}

// unreachable reports whether err says that the database is away, full, shutting down or too slow.
func unreachable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code[:2] {
		case "08", "25", "40", "53", "55", "57", "58":
			return true // connection, read-only server, deadlock, resources, lock time-out, operator or statement time-out, system
		}
		return false
	}
	var lite *sqlite3.Error
	if errors.As(err, &lite) {
		switch lite.Code() {
		case sqlite3.BUSY, sqlite3.LOCKED, sqlite3.FULL, sqlite3.IOERR, sqlite3.CANTOPEN, sqlite3.READONLY, sqlite3.INTERRUPT:
			return true
		}
		return false
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, sql.ErrConnDone) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, sqlite3.INTERRUPT) || pgconn.SafeToRetry(err) ||
		strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "sql: database is closed")
}
