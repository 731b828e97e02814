package main_test

import (
	"context"
	"database/sql"
	"regexp"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/fts5"
)

// forget empties the search index, as it is right after the migration that made it.
func forget(t *testing.T, url string) {
	t.Helper()
	var db *sql.DB
	var err error
	if path, lite := strings.CutPrefix(url, "sqlite:"); lite {
		db, err = driver.Open("file:"+path, fts5.Register)
	} else {
		db, err = sql.Open("pgx", url)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, statement := range []string{"DELETE FROM search_documents", "DELETE FROM search_spellings"} {
		if _, err := db.ExecContext(context.Background(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatWasPublishedBeforeIsSearchable(t *testing.T) {
	eachDatabase(t, func(t *testing.T, database string) {
		settings := []string{"NASHR_DATABASE_URL=" + database, "NASHR_AUTO_MIGRATE=true"}
		s := serve(t, settings...)
		token := signIn(t, s.url, adminEmail, adminPassword)
		for _, title := range []string{"Night buses are back", "Night trains are gone"} {
			publishStory(t, s.url, token, title)
		}
		s.stop(t)
		finds := func(s *server) {
			t.Helper()
			for q, want := range map[string]int{"night": 2, "bus": 1} {
				if got := get[[]struct{ Title string }](t, s.url, "/v1/content/articles?q="+q); len(got) != want {
					t.Errorf("%s finds %v", q, got)
				}
			}
		}

		forget(t, database)
		s = serve(t, settings...)
		s.wait(t, s.stderr, regexp.MustCompile(`msg="(made published articles searchable)" publications=2`))
		finds(s)
		if out := succeeds(t, settings, "", "reindex"); out != "indexed 2 publications\n" {
			t.Errorf("reindex says %q", out)
		}
		finds(s)
		s.stop(t)

		forget(t, database)
		if out := succeeds(t, settings, "", "reindex"); out != "indexed 2 publications\n" {
			t.Errorf("reindex says %q", out)
		}
		s = serve(t, settings...)
		finds(s)
		s.stop(t)
		if log := s.stderr.String(); strings.Contains(log, "searchable") {
			t.Errorf("there was nothing to do: %s", log)
		}
	})
}
