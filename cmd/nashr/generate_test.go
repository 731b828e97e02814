package main_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestGenerate(t *testing.T) {
	eachDatabase(t, func(t *testing.T, database string) {
		settings := []string{"NASHR_DATABASE_URL=" + database, "NASHR_LANGUAGES=uz-Latn,en"}
		if strings.HasPrefix(database, "postgres") {
			refuses(t, "out of date: run nashr migrate up", settings, "", "generate", "--articles=10")
			succeeds(t, settings, "", "migrate", "up")
		}
		succeeds(t, settings, "", "generate", "--articles=30", "--seed=5")
		s := serve(t, settings...)
		list := request{path: "/v1/content/articles"}.send(t, s.url).want(t, http.StatusOK)
		if !strings.Contains(string(list.body), `"total":30`) {
			t.Errorf("not 30 articles: %s", list.body)
		}
		// Its user is none for whom there would be no first admin.
		signIn(t, s.url, adminEmail, adminPassword)
		s.stop(t)
	})
}
