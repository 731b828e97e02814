package main_test

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestCommands(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{Dir: "testdata/script"})
}

// badValues are settings with which serve must not start, because of the last one.
var badValues = [][]string{
	{"NASHR_DATABASE_URL=mysql://news:blue-heron@db/news"},
	{"NASHR_DATABASE_URL=sqlite:"},
	{"NASHR_DATABASE_URL="},
	{"NASHR_DATABASE_URL=sqlite:/dev/null/nashr.db"},
	{"NASHR_DATABASE_URL=postgres://news:blue-heron@[news"},
	{"NASHR_DATABASE_URL=postgres://news:blue-heron@127.0.0.1:1/news"},
	{"NASHR_DATABASE_URL=postgres://news:blue-heron@127.0.0.1:1/news?sslmode=blue-heron"},
	{"NASHR_LISTEN=8080"},
	{"NASHR_LISTEN=127.0.0.1:70000"},
	{"NASHR_LISTEN=192.0.2.1:8080"},
	{"NASHR_LISTEN="},
	{"NASHR_PUBLIC_URL=news.example"},
	{"NASHR_PUBLIC_URL=ftp://news.example"},
	{"NASHR_PUBLIC_URL="},
	{"NASHR_PUBLIC_URL=https://news:blue-heron@news.example"},
	{"NASHR_SITE_URL=news.example"},
	{"NASHR_SITE_URL=https://news.example/?page=1"},
	{"NASHR_LANGUAGES=klingonish-x"},
	{"NASHR_LANGUAGES=en,,ru"},
	{"NASHR_LANGUAGES=en,en"},
	{"NASHR_LANGUAGES="},
	{"NASHR_TIMEZONE=Mars/Olympus"},
	{"NASHR_TIMEZONE=Local"},
	{"NASHR_TIMEZONE="},
	{"NASHR_AUTO_MIGRATE=perhaps"},
	{"NASHR_ADMIN_EMAIL=" + adminEmail},
	{"NASHR_ADMIN_PASSWORD=a blue-heron on the weir"},
	{"NASHR_ADMIN_PASSWORD=a blue-heron on the weir", "NASHR_ADMIN_EMAIL=admin"},
	{"NASHR_ADMIN_EMAIL=" + adminEmail, "NASHR_ADMIN_PASSWORD=blue-heron"},
	{"NASHR_ADMIN_EMAIL=" + adminEmail, "NASHR_ADMIN_PASSWORD=password1234"},
	{"NASHR_TRUSTED_PROXIES=10.0.0.0/99"},
	{"NASHR_TRUSTED_PROXIES=proxy.example"},
	{"NASHR_CORS_ORIGINS=news.example"},
	{"NASHR_CORS_ORIGINS=https://news.example/path"},
	{"NASHR_WEBSUB_HUB=hub.example"},
	{"NASHR_LOG_FORMAT=xml"},
	{"NASHR_LOG_LEVEL=loud"},
	{"NASHR_LOG_LEVEL="},
}

func TestBadValuesStopTheStart(t *testing.T) {
	t.Parallel()
	for _, settings := range badValues {
		t.Run(settings[len(settings)-1], func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			name, _, _ := strings.Cut(settings[len(settings)-1], "=")
			settings = append([]string{"NASHR_DATABASE_URL=sqlite:" + dir + "/nashr.db", "NASHR_LISTEN=127.0.0.1:0"}, settings...)
			if line := refuses(t, name, settings, "", "serve"); strings.Contains(line, "blue-heron") {
				t.Errorf("a secret in: %s", line)
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("it has left %v, %v", left, err)
			}
		})
	}
}

func TestFlagsWin(t *testing.T) {
	t.Parallel()
	s := start(t, []string{"NASHR_LANGUAGES=klingonish-x", "NASHR_TIMEZONE=Mars/Olympus", "NASHR_SITE_URL=https://env.example"},
		"--languages=ru,en", "--timezone=Asia/Tashkent", "--site-url=https://flag.example")
	type site struct {
		URL, Timezone   string
		DefaultLanguage string `json:"default_language"`
	}
	if got, want := get[site](t, s.url, "/v1/content/site"), (site{"https://flag.example", "Asia/Tashkent", "ru"}); got != want {
		t.Errorf("site %+v, want %+v", got, want)
	}
	s.stop(t)
}

func TestSecretsStayOutOfTheLog(t *testing.T) {
	eachDatabase(t, func(t *testing.T, database string) {
		u, err := url.Parse(database)
		if err != nil {
			t.Fatal(err)
		}
		if u.Scheme == "postgres" && u.User != nil {
			if _, given := u.User.Password(); !given {
				u.User = url.UserPassword(u.User.Username(), "blue-heron") // which this server does not ask for
			}
		}
		s := serve(t, "NASHR_DATABASE_URL="+u.String(), "NASHR_AUTO_MIGRATE=true", "NASHR_LOG_LEVEL=debug")
		login := map[string]string{"email": adminEmail, "password": adminPassword}
		type tokens struct {
			Access  string `json:"access_token"`
			Refresh string `json:"refresh_token"`
		}
		granted := data[tokens](t, request{path: "/v1/auth/login", body: login}.send(t, s.url).want(t, http.StatusOK))
		again := data[tokens](t, request{path: "/v1/auth/refresh", body: map[string]string{"refresh_token": granted.Refresh}}.send(t, s.url).want(t, http.StatusOK))
		request{path: "/v1/auth/me", token: again.Access}.send(t, s.url).want(t, http.StatusOK)
		request{path: "/v1/auth/me", token: "blue-heron"}.send(t, s.url).want(t, http.StatusUnauthorized)
		request{path: "/v1/auth/login", body: map[string]string{"email": adminEmail, "password": "blue-heron"}}.send(t, s.url).want(t, http.StatusUnauthorized)
		s.stop(t)
		log := s.stderr.String()
		if !strings.Contains(log, "level=DEBUG") {
			t.Error("the log is not at level debug")
		}
		for _, secret := range []string{adminPassword, "blue-heron", granted.Access, granted.Refresh, again.Access, again.Refresh, "argon2id"} {
			if strings.Contains(log, secret) {
				t.Errorf("the log has %q in it", secret)
			}
		}
	})
}
