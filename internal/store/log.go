package store

import (
	"context"
	"log/slog"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// queryLog writes each statement, without its values, to a log at level debug.
type queryLog struct{ log *slog.Logger }

var _ gorm.ParamsFilter = queryLog{}

// ParamsFilter keeps the values, which may be secret, out of the log.
func (l queryLog) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil
}

// Trace writes one statement.
func (l queryLog) Trace(ctx context.Context, begin time.Time, statement func() (sql string, rows int64), err error) {
	if !l.log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	sql, rows := statement()
	l.log.DebugContext(ctx, "query", "sql", sql, "rows", rows, "took", time.Since(begin), "error", err)
}

// LogMode, Info, Warn and Error are GORM's own words, which say nothing that the errors do not.
func (l queryLog) LogMode(logger.LogLevel) logger.Interface { return l }

// Info does nothing; see LogMode.
func (queryLog) Info(context.Context, string, ...any) {}

// Warn does nothing; see LogMode.
func (queryLog) Warn(context.Context, string, ...any) {}

// Error does nothing; see LogMode.
func (queryLog) Error(context.Context, string, ...any) {}
