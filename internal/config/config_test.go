package config_test

import (
	"io"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/nashr-cms/nashr/internal/config"
)

// secret stands in the variables that may hold one.
const secret = "nine storks over the river"

// read parses arguments as the command does, with env as the environment.
func read(t *testing.T, env map[string]string, args ...string) (config.Settings, error) {
	t.Helper()
	for name, value := range env {
		t.Setenv(name, value)
	}
	var server config.Server
	parser, err := kong.New(&server, kong.Writers(io.Discard, io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		return config.Settings{}, err
	}
	return server.Settings()
}

func TestDefaults(t *testing.T) {
	s, err := read(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.DatabaseURL != "sqlite:data/nashr.db" || s.Listen != "127.0.0.1:8080" || s.PublicURL != "http://localhost:8080" || s.SiteURL != s.PublicURL ||
		len(s.Languages) != 1 || s.Languages.Default() != "en" || s.Timezone.String() != "UTC" || s.AutoMigrate || s.AdminEmail+s.AdminPassword != "" ||
		s.TrustedProxies != nil || s.CORSOrigins != nil || s.WebSubHub != "" || s.LogJSON || s.LogLevel != slog.LevelInfo {
		t.Errorf("%+v", s)
	}
}

func TestGoodValues(t *testing.T) {
	cases := []struct {
		name, value string
		got         func(config.Settings) any
		want        any
	}{
		{"NASHR_DATABASE_URL", "sqlite:/var/lib/nashr.db", func(s config.Settings) any { return s.DatabaseURL }, "sqlite:/var/lib/nashr.db"},
		{"NASHR_DATABASE_URL", "postgres://u:p@db/nashr", func(s config.Settings) any { return s.DatabaseURL }, "postgres://u:p@db/nashr"},
		{"NASHR_DATABASE_URL", "postgresql:///nashr?host=/run", func(s config.Settings) any { return s.DatabaseURL }, "postgresql:///nashr?host=/run"},
		{"NASHR_LISTEN", ":80", func(s config.Settings) any { return s.Listen }, ":80"},
		{"NASHR_LISTEN", "[::1]:0", func(s config.Settings) any { return s.Listen }, "[::1]:0"},
		{"NASHR_PUBLIC_URL", "https://api.example/", func(s config.Settings) any { return s.PublicURL + " " + s.SiteURL }, "https://api.example https://api.example"},
		{"NASHR_PUBLIC_URL", "https://example/cms/", func(s config.Settings) any { return s.PublicURL }, "https://example/cms"},
		{"NASHR_SITE_URL", "https://news.example/uz/", func(s config.Settings) any { return s.SiteURL }, "https://news.example/uz"},
		{"NASHR_LANGUAGES", "uz-latn, ru,EN", func(s config.Settings) any { return strings.Join(s.Languages, " ") }, "uz-Latn ru en"},
		{"NASHR_TIMEZONE", "Asia/Tashkent", func(s config.Settings) any { return s.Timezone.String() }, "Asia/Tashkent"},
		{"NASHR_AUTO_MIGRATE", "true", func(s config.Settings) any { return s.AutoMigrate }, true},
		{"NASHR_TRUSTED_PROXIES", "10.0.0.0/8, ::1,192.0.2.7", func(s config.Settings) any {
			var all []string
			for _, n := range s.TrustedProxies {
				all = append(all, n.String())
			}
			return strings.Join(all, " ")
		}, "10.0.0.0/8 ::1/128 192.0.2.7/32"},
		{
			"NASHR_CORS_ORIGINS", "https://desk.example, http://localhost:3000", func(s config.Settings) any { return s.CORSOrigins },
			[]string{"https://desk.example", "http://localhost:3000"},
		},
		{"NASHR_CORS_ORIGINS", "*", func(s config.Settings) any { return s.CORSOrigins }, []string{"*"}},
		{"NASHR_WEBSUB_HUB", "https://hub.example/", func(s config.Settings) any { return s.WebSubHub }, "https://hub.example/"},
		{"NASHR_LOG_FORMAT", "json", func(s config.Settings) any { return s.LogJSON }, true},
		{"NASHR_LOG_LEVEL", "debug", func(s config.Settings) any { return s.LogLevel }, slog.LevelDebug},
		{"NASHR_LOG_LEVEL", "error", func(s config.Settings) any { return s.LogLevel }, slog.LevelError},
	}
	for _, c := range cases {
		t.Run(c.name+"="+c.value, func(t *testing.T) {
			s, err := read(t, map[string]string{c.name: c.value})
			if err != nil {
				t.Fatal(err)
			}
			if got := c.got(s); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestTheAdmin(t *testing.T) {
	s, err := read(t, map[string]string{"NASHR_ADMIN_EMAIL": "a@nashr.example", "NASHR_ADMIN_PASSWORD": secret})
	if err != nil || s.AdminEmail != "a@nashr.example" || s.AdminPassword != secret {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestAnAdminThatCannotBeMade(t *testing.T) {
	for email, password := range map[string]string{
		"nashr.example": secret, "a@nashr.example": "short", "hunter2@nashr.example": "hunter2hunter2", "b@nashr.example": "password1234",
	} {
		_, err := read(t, map[string]string{"NASHR_ADMIN_EMAIL": email, "NASHR_ADMIN_PASSWORD": password})
		if err == nil || !strings.Contains(err.Error(), "NASHR_ADMIN_EMAIL and NASHR_ADMIN_PASSWORD") || strings.Contains(err.Error(), password) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("%s, %s: %v", email, password, err)
		}
	}
}

func TestAFlagWinsOverItsVariable(t *testing.T) {
	s, err := read(t, map[string]string{"NASHR_LISTEN": ":1", "NASHR_DATABASE_URL": "sqlite:a"}, "--listen=:2", "--database-url=sqlite:b")
	if err != nil || s.Listen != ":2" || s.DatabaseURL != "sqlite:b" {
		t.Errorf("%+v, %v", s, err)
	}
}

// What is wrong is told in one line that names the variable, and never a secret.
func TestBadValues(t *testing.T) {
	bad := map[string][]string{
		"NASHR_DATABASE_URL": {
			"sqlite:", "sqlite::memory:", "nashr.db", "mysql://u:" + secret + "@db/nashr", "postgres//u:" + secret + "@db/nashr", "postgres://u:" + secret + "%zz@db/nashr",
			"postgres://u:" + secret + "@db:port/nashr", secret, " postgres://u:" + secret + "@db/nashr",
			"postgres://u:" + secret + "\n@db/nashr",
		},
		"NASHR_LISTEN":          {"8080", "localhost", "localhost:port", ":70000", ":-1", "::1:80", "http://localhost:80"},
		"NASHR_PUBLIC_URL":      {"api.example", "ftp://api.example", "https://", "https:///path", "https://u:" + secret + "@api.example", "https://api.example?k=" + secret, "https://api.example#top", "https://api.example/%zz" + secret},
		"NASHR_SITE_URL":        {"news.example", "https://u:" + secret + "@news.example", "javascript:alert(1)"},
		"NASHR_LANGUAGES":       {",", "e", "not a language", "en,,ru", "en,en"},
		"NASHR_TIMEZONE":        {"Local", "Asia", "UTC+5", "../UTC", "Asia/Samarkand "},
		"NASHR_ADMIN_PASSWORD":  {secret}, // without an address
		"NASHR_ADMIN_EMAIL":     {"a@nashr.example"},
		"NASHR_TRUSTED_PROXIES": {"10.0.0.0/33", "proxy.example", "10.0.0.0/8;10.0.0.1", "10.0.0.0-10.0.0.9"},
		"NASHR_CORS_ORIGINS":    {"desk.example", "https://desk.example/", "https://desk.example/path", "//desk.example", "null"},
		"NASHR_WEBSUB_HUB":      {"hub.example", "ftp://hub.example", "https://u:p@hub.example/", "https://hub.example/?a=b"},
		"NASHR_LOG_FORMAT":      {"xml", "JSON", "pretty"},
		"NASHR_LOG_LEVEL":       {"loud", "5", "trace", "INFO", "info+1"},
		"NASHR_AUTO_MIGRATE":    {"perhaps"},
	}
	for name, values := range bad {
		for _, value := range values {
			t.Run(name+"="+value, func(t *testing.T) {
				_, err := read(t, map[string]string{name: value})
				switch {
				case err == nil:
					t.Error("it passes")
				case !strings.Contains(err.Error(), name):
					t.Errorf("which variable? %v", err)
				case strings.ContainsAny(strings.TrimSpace(err.Error()), "\n\r"):
					t.Errorf("more than one line: %v", err)
				case strings.Contains(err.Error(), secret):
					t.Errorf("it tells a secret: %v", err)
				}
			})
		}
	}
}
