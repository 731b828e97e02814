package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// models are the types that GORM reads and writes, one for each table that is not in linkTables.
var models = []any{
	newsroom.APIToken{},
	newsroom.Article{},
	newsroom.Author{},
	newsroom.Correction{},
	newsroom.Editing{},
	newsroom.Event{},
	newsroom.FormerSlug{},
	newsroom.IdempotencyKey{},
	newsroom.Kill{},
	newsroom.MergedTag{},
	newsroom.PasswordLink{},
	newsroom.PastPublication{},
	newsroom.PreviewLink{},
	newsroom.Publication{},
	newsroom.RecoveryCode{},
	newsroom.RefreshToken{},
	newsroom.Revision{},
	newsroom.Section{},
	newsroom.Session{},
	newsroom.SignInFailure{},
	newsroom.SigningKey{},
	newsroom.Site{},
	newsroom.Tag{},
	newsroom.User{},
}

// linkTables are read and written without a type.
var linkTables = []string{
	"article_authors", "article_tags", "article_views", "publication_authors", "publication_sections", "publication_tags",
}

// TestSchemaDrift holds the types in Go and the two schemas together: a column, an index or a rule that one of them has
// and another lacks is a failure.
func TestSchemaDrift(t *testing.T) {
	t.Parallel()
	lite := migrated(t, sqliteURL(t))
	liteSchema := sqliteSchema(t, lite.pools[0])
	for _, d := range modelDrift(t, lite.reader, liteSchema.columns, sqliteKind) {
		t.Error("sqlite: " + d)
	}
	url := postgresURL(t)
	if url == "" {
		return
	}
	pg := openAt(t, url)
	pgSchema := postgresSchema(t, pg.pools[0])
	for _, d := range modelDrift(t, pg.reader, pgSchema.columns, func(kind string) string { return kind }) {
		t.Error("postgres: " + d)
	}
	for _, d := range schemaDrift(liteSchema, pgSchema) {
		t.Error(d)
	}
}

// What TestSchemaDrift would say of a change to one side only.
func TestSchemaDriftIsSeen(t *testing.T) {
	t.Parallel()
	original := migrated(t, sqliteURL(t))
	pristine := sqliteSchema(t, original.pools[0])
	changed := func(change string) *Store {
		file := filepath.Join(t.TempDir(), "copy.db")
		_, err := original.pools[0].ExecContext(t.Context(), "VACUUM INTO ?", file)
		must(t, err)
		s := openAt(t, "sqlite:"+file)
		_, err = s.pools[0].ExecContext(t.Context(), change)
		must(t, err)
		return s
	}
	for _, change := range []string{
		"ALTER TABLE users ADD COLUMN phone TEXT",
		"ALTER TABLE users DROP COLUMN disabled_at",
		"ALTER TABLE tags RENAME COLUMN listed TO shown",
		"CREATE TABLE notes (id TEXT PRIMARY KEY)",
		"DROP TABLE slug_history",
	} {
		s := changed(change)
		now := sqliteSchema(t, s.pools[0])
		if len(modelDrift(t, s.reader, now.columns, sqliteKind)) == 0 || len(schemaDrift(pristine, now)) == 0 {
			t.Errorf("not seen: %s", change)
		}
	}
	for _, change := range []string{
		"DROP INDEX publications_open_key",
		"DROP INDEX publications_open_key; CREATE INDEX publications_open_key ON publications (article_id) WHERE visible_until IS NULL",
		"DROP INDEX publications_open_key; CREATE UNIQUE INDEX publications_open_key ON publications (article_id)",
		"DROP INDEX tags_name_idx; CREATE INDEX tags_name_idx ON tags (id, name)",
		"DROP TABLE article_views; CREATE TABLE article_views (article_id TEXT PRIMARY KEY, views INTEGER NOT NULL CHECK (views >= 0))",
		"DROP TABLE article_views; CREATE TABLE article_views (article_id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE, views INTEGER NOT NULL)",
	} {
		if len(schemaDrift(pristine, sqliteSchema(t, changed(change).pools[0]))) == 0 {
			t.Errorf("not seen: %s", change)
		}
	}
}

// schema is what a database's catalog tells, in words that both databases share.
type schema struct {
	columns map[string]string // "users.email": "text", or "text null"
	rules   []string          // indexes, keys and checks, each in a line, sorted
}

// sqliteKind gives the kind under which SQLite keeps a kind of PostgreSQL's, or of Go's.
func sqliteKind(kind string) string {
	switch kind {
	case "uuid", "json":
		return "text"
	}
	return kind
}

// schemaDrift gives what one of two schemas has and the other lacks.
func schemaDrift(sqlite, postgres schema) []string {
	drift := missing("sqlite lacks ", sqlite.rules, postgres.rules)
	drift = append(drift, missing("postgres lacks ", postgres.rules, sqlite.rules)...)
	for _, c := range slices.Sorted(maps.Keys(sqlite.columns)) {
		if _, ok := postgres.columns[c]; !ok {
			drift = append(drift, "postgres lacks "+c)
		}
	}
	for _, c := range slices.Sorted(maps.Keys(postgres.columns)) {
		kind, null, _ := strings.Cut(postgres.columns[c], " ")
		if want := strings.TrimSpace(sqliteKind(kind) + " " + null); sqlite.columns[c] != want {
			drift = append(drift, fmt.Sprintf("%s is %q in sqlite and %q in postgres", c, sqlite.columns[c], want))
		}
	}
	return drift
}

func missing(text string, has, wants []string) []string {
	var lacks []string
	for _, w := range wants {
		if !slices.Contains(has, w) {
			lacks = append(lacks, text+w)
		}
	}
	return lacks
}

// modelDrift compares the columns of a database with the fields of the models.
func modelDrift(t *testing.T, db *gorm.DB, columns map[string]string, kept func(string) string) []string {
	t.Helper()
	var drift []string
	left := maps.Clone(columns)
	for _, m := range models {
		stmt := &gorm.Statement{DB: db}
		must(t, stmt.Parse(m))
		for _, f := range stmt.Schema.Fields {
			name := stmt.Schema.Table + "." + f.DBName
			want := kept(goKind(f.IndirectFieldType, f.TagSettings["SERIALIZER"]))
			if f.FieldType.Kind() == reflect.Pointer {
				want += " null"
			}
			// History keeps the type of a publication, whose end may be open; there it never is.
			if name == "publication_history.visible_until" {
				want = "time"
			}
			if columns[name] != want {
				drift = append(drift, fmt.Sprintf("%s is %q, the field %s wants %q", name, columns[name], f.Name, want))
			}
			delete(left, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		if table, _, _ := strings.Cut(name, "."); !slices.Contains(linkTables, table) {
			drift = append(drift, name+" has no field")
		}
	}
	return drift
}

func goKind(t reflect.Type, serializer string) string {
	switch {
	case serializer == "json":
		return "json"
	case t == reflect.TypeFor[uuid.UUID]():
		return "uuid"
	case t == reflect.TypeFor[time.Time]():
		return "time"
	case t == reflect.TypeFor[[]byte]():
		return "bytes"
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		return "int"
	case reflect.String:
		return "text"
	}
	return t.Kind().String()
}

// rows runs a query and gives its rows as text.
func rows(t *testing.T, pool *sql.DB, query string, args ...any) [][]string {
	t.Helper()
	r, err := pool.QueryContext(context.Background(), query, args...)
	must(t, err)
	defer r.Close()
	names, err := r.Columns()
	must(t, err)
	var out [][]string
	for r.Next() {
		row, into := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		must(t, r.Scan(into...))
		text := make([]string, len(names))
		for i, v := range row {
			text[i] = v.String
		}
		out = append(out, text)
	}
	must(t, r.Err())
	return out
}

var sqliteKinds = map[string]string{
	"TEXT": "text", "BOOLEAN": "bool", "INTEGER": "int", "DATETIME": "time", "BLOB": "bytes",
}

func sqliteSchema(t *testing.T, pool *sql.DB) schema {
	t.Helper()
	s := schema{columns: map[string]string{}}
	tables := rows(t, pool, `SELECT name, sql FROM sqlite_master
		WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version'`)
	for _, table := range tables {
		name, source := table[0], table[1]
		var primary []string
		for _, c := range rows(t, pool, `SELECT name, type, "notnull" = 0 AND pk = 0, pk FROM pragma_table_xinfo(?) ORDER BY pk`, name) {
			kind := sqliteKinds[c[1]]
			if c[2] == "1" {
				kind += " null"
			}
			s.columns[name+"."+c[0]] = kind
			if c[3] != "0" {
				primary = append(primary, c[0])
			}
		}
		s.rules = append(s.rules, fmt.Sprintf("primary key %s (%s)", name, strings.Join(primary, ", ")))
		s.rules = append(s.rules, sqliteIndexes(t, pool, name)...)
		s.rules = append(s.rules, sqliteForeignKeys(t, pool, name)...)
		for _, check := range checksOf(source) {
			if !strings.HasPrefix(check, "json_valid") {
				s.rules = append(s.rules, "check "+name+" "+plain(check))
			}
		}
	}
	slices.Sort(s.rules)
	return s
}

func sqliteIndexes(t *testing.T, pool *sql.DB, table string) []string {
	t.Helper()
	var out []string
	for _, i := range rows(t, pool, `SELECT l.name, l."unique", l.origin, m.sql,
		(SELECT group_concat(x.name || iif(x."desc", ' DESC', ''), ', ') FROM pragma_index_xinfo(l.name) x WHERE x.key)
		FROM pragma_index_list(?) l JOIN sqlite_master m ON m.name = l.name WHERE l.origin <> 'pk'`, table) {
		_, where, _ := strings.Cut(i[3], " WHERE ")
		rule := fmt.Sprintf("index %s on %s (%s) unique %s where %s", i[0], table, i[4], i[1], plain(where))
		if i[2] == "u" {
			rule = fmt.Sprintf("unique %s (%s)", table, i[4])
		}
		out = append(out, rule)
	}
	return out
}

func sqliteForeignKeys(t *testing.T, pool *sql.DB, table string) []string {
	t.Helper()
	var out []string
	for _, f := range rows(t, pool, `SELECT group_concat("from", ', ' ORDER BY seq), "table", group_concat("to", ', ' ORDER BY seq), on_delete, on_update
		FROM pragma_foreign_key_list(?) GROUP BY id`, table) {
		out = append(out, fmt.Sprintf("foreign key %s (%s) to %s (%s) delete %s update %s", table, f[0], f[1], f[2], f[3], f[4]))
	}
	return out
}

// checksOf gives what stands in the CHECK clauses of a CREATE TABLE, which is all that SQLite keeps of them.
func checksOf(source string) []string {
	var out []string
	for _, rest := range strings.Split(source, "CHECK (")[1:] {
		depth := 1
		for i, r := range rest {
			switch r {
			case '(':
				depth++
			case ')':
				depth--
			}
			if depth == 0 {
				out = append(out, rest[:i])
				break
			}
		}
	}
	return out
}

var (
	castPart = regexp.MustCompile(`::(text|bigint|integer)(\[\])?`)
	anyPart  = regexp.MustCompile(`= ?any ?\(+array\[([^\]]*)\]\)+`)
)

// plain takes from a condition what the two databases write in different ways.
func plain(condition string) string {
	s := castPart.ReplaceAllString(strings.ToLower(condition), "")
	s = anyPart.ReplaceAllString(s, "in $1")
	return strings.NewReplacer("(", "", ")", "", " ", "").Replace(s)
}

var postgresKinds = map[string]string{
	"text": "text", "boolean": "bool", "integer": "int", "bigint": "int", "timestamp(3) with time zone": "time",
	"bytea": "bytes", "uuid": "uuid", "json": "json",
}

func postgresSchema(t *testing.T, pool *sql.DB) schema {
	t.Helper()
	s := schema{columns: map[string]string{}}
	for _, c := range rows(t, pool, `SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'goose_db_version'`) {
		s.columns[c[0]] = postgresKinds[c[1]]
		if c[2] == "false" {
			s.columns[c[0]] += " null"
		}
	}
	for _, i := range rows(t, pool, `SELECT i.indexrelid::regclass, i.indrelid::regclass, i.indisunique::int, pg_get_expr(i.indpred, i.indrelid),
		(SELECT string_agg(pg_get_indexdef(i.indexrelid, k, true), ', ' ORDER BY k) FROM generate_series(1, i.indnkeyatts) k)
		FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> 'goose_db_version'
			AND NOT EXISTS (SELECT 1 FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u'))`) {
		s.rules = append(s.rules, fmt.Sprintf("index %s on %s (%s) unique %s where %s", i[0], i[1], i[4], i[2], plain(i[3])))
	}
	s.rules = append(s.rules, postgresConstraints(t, pool)...)
	slices.Sort(s.rules)
	return s
}

func postgresConstraints(t *testing.T, pool *sql.DB) []string {
	t.Helper()
	const columns = `(SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(%s) WITH ORDINALITY k(num, n)
		JOIN pg_attribute a ON a.attrelid = %s AND a.attnum = k.num)`
	var out []string
	for _, o := range rows(t, pool, `SELECT o.contype, o.conrelid::regclass, `+fmt.Sprintf(columns, "o.conkey", "o.conrelid")+`,
		nullif(o.confrelid, 0)::regclass, `+fmt.Sprintf(columns, "o.confkey", "o.confrelid")+`, o.confdeltype, o.confupdtype,
		pg_get_constraintdef(o.oid)
		FROM pg_constraint o WHERE o.connamespace = 'public'::regnamespace AND o.conrelid::regclass::text <> 'goose_db_version'`) {
		switch o[0] {
		case "p":
			out = append(out, fmt.Sprintf("primary key %s (%s)", o[1], o[2]))
		case "u":
			out = append(out, fmt.Sprintf("unique %s (%s)", o[1], o[2]))
		case "c":
			out = append(out, "check "+o[1]+" "+plain(strings.TrimPrefix(o[7], "CHECK ")))
		case "f":
			action := map[string]string{"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
			out = append(out, fmt.Sprintf("foreign key %s (%s) to %s (%s) delete %s update %s", o[1], o[2], o[3], o[4], action[o[5]], action[o[6]]))
		}
	}
	return out
}
