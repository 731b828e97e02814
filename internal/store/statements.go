package store

import (
	"context"

	"gorm.io/gorm"
)

// statementsKey is the key under which a context holds who is told of its statements.
type statementsKey struct{}

// TellStatements gives a context whose statements tell is told of, with their values, for tests that explain them.
func TellStatements(ctx context.Context, tell func(sql string, values []any)) context.Context {
	return context.WithValue(ctx, statementsKey{}, tell)
}

// tell tells of the statement that has run, if somebody wants to know. Parts of other statements do not run.
func tell(db *gorm.DB) {
	if tell, ok := db.Statement.Context.Value(statementsKey{}).(func(string, []any)); ok && !db.DryRun {
		tell(db.Statement.SQL.String(), db.Statement.Vars)
	}
}
