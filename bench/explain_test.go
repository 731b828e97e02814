package bench

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// plan is how a statement ran.
type plan struct {
	returned int // rows
	scanned  int // rows that were read or sorted for them
	text     string
}

// stepsForRow is how many instructions of its virtual machine SQLite takes for each row that it visits, or sorts, at least.
const stepsForRow = 10

// explainSQLite runs statements on a connection of its own, and counts SQLite's instructions.
func explainSQLite(tb testing.TB, path string) func(testing.TB, statement) plan {
	conn, err := sqlite3.Open("file:" + path)
	must(tb, err)
	tb.Cleanup(func() { must(tb, conn.Close()) })
	return func(tb testing.TB, s statement) plan {
		var p plan
		steps := run(tb, conn, s, func(*sqlite3.Stmt) { p.returned++ })
		p.scanned = steps / stepsForRow
		lines := []string{fmt.Sprint(steps, " steps")}
		run(tb, conn, statement{"EXPLAIN QUERY PLAN " + s.sql, s.values}, func(row *sqlite3.Stmt) { lines = append(lines, row.ColumnText(3)) })
		p.text = strings.Join(lines, "\n")
		return p
	}
}

// run runs a statement, calls each for its rows, and gives how many instructions it took.
func run(tb testing.TB, conn *sqlite3.Conn, s statement, each func(*sqlite3.Stmt)) int {
	stmt, _, err := conn.Prepare(s.sql)
	must(tb, err)
	defer func() { must(tb, stmt.Close()) }()
	for i, value := range s.values {
		must(tb, bind(stmt, i+1, value))
	}
	for stmt.Step() {
		each(stmt)
	}
	must(tb, stmt.Err())
	return stmt.Status(sqlite3.STMTSTATUS_VM_STEP, false)
}

// bind binds a value as the store does.
func bind(stmt *sqlite3.Stmt, i int, value any) error {
	if v, ok := value.(driver.Valuer); ok {
		var err error
		if value, err = v.Value(); err != nil {
			return err
		}
	}
	switch v := value.(type) {
	case time.Time:
		return stmt.BindText(i, v.UTC().Format("2006-01-02 15:04:05.000"))
	case string:
		return stmt.BindText(i, v)
	case bool:
		return stmt.BindBool(i, v)
	case int:
		return stmt.BindInt(i, v)
	case int64:
		return stmt.BindInt64(i, v)
	}
	return fmt.Errorf("a value of type %T", value)
}

// node is a node of PostgreSQL's plan.
type node struct {
	Type     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Index    string  `json:"Index Name"`
	Rows     float64 `json:"Actual Rows"`
	Loops    float64 `json:"Actual Loops"`
	Filtered float64 `json:"Rows Removed by Filter"`
	Missed   float64 `json:"Rows Removed by Index Recheck"`
	Plans    []node
}

// explainPostgres has PostgreSQL explain statements, once it knows what is in its tables.
func explainPostgres(tb testing.TB, url string) func(testing.TB, statement) plan {
	db := openSQL(tb, "pgx", url)
	exec(tb, db, "VACUUM ANALYZE")
	return func(tb testing.TB, s statement) plan {
		var raw []byte
		must(tb, db.QueryRowContext(tb.Context(), "EXPLAIN (ANALYZE, FORMAT JSON) "+s.sql, s.values...).Scan(&raw))
		var explained []struct{ Plan node }
		must(tb, json.Unmarshal(raw, &explained))
		top := explained[0].Plan
		var lines []string
		scanned := top.add(&lines, 0)
		return plan{int(top.Rows), scanned, strings.Join(lines, "\n")}
	}
}

// add gives how many rows n and those below it have read from tables and sorted, and appends what they are to lines.
func (n node) add(lines *[]string, depth int) int {
	rows := (n.Rows + n.Filtered + n.Missed) * n.Loops
	*lines = append(*lines, fmt.Sprintf("%s%s %s %s: %.0f rows", strings.Repeat("  ", depth), n.Type, n.Relation, n.Index, rows))
	scanned := 0
	if n.Relation != "" { // a bitmap of an index is read by way of its table
		scanned = int(rows)
	}
	for _, below := range n.Plans {
		scanned += below.add(lines, depth+1)
		if strings.Contains(n.Type, "Sort") {
			scanned += int(below.Rows * below.Loops)
		}
	}
	return scanned
}
