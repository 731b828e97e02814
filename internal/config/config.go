// Package config reads and checks what an operator sets, in environment variables or flags.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Database says where the newsroom is kept.
type Database struct {
	URL string `name:"database-url" env:"NASHR_DATABASE_URL" default:"sqlite:data/nashr.db" placeholder:"URL" help:"Where the newsroom is kept: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME."`
}

// DefaultPublicURL is that of a server which nobody has told.
const DefaultPublicURL = "http://localhost:8080"

// Server is everything else, as text. Settings turns it into values.
type Server struct {
	Database       `embed:""`
	Listen         string `env:"NASHR_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address of the API."`
	PublicURL      string `name:"public-url" env:"NASHR_PUBLIC_URL" default:"http://localhost:8080" placeholder:"URL" help:"This API as clients see it; access tokens name it as their issuer."`
	SiteURL        string `name:"site-url" env:"NASHR_SITE_URL" placeholder:"URL" help:"The frontend, for the links of articles. The public URL when empty."`
	Languages      string `env:"NASHR_LANGUAGES" default:"en" placeholder:"TAGS" help:"BCP 47 tags by commas; the first is the default, such as uz-Latn,uz-Cyrl,ru,en."`
	Timezone       string `env:"NASHR_TIMEZONE" default:"UTC" placeholder:"ZONE" help:"IANA time zone in which days begin, such as Asia/Tashkent."`
	AutoMigrate    bool   `env:"NASHR_AUTO_MIGRATE" help:"Migrate PostgreSQL at the start too. SQLite always does."`
	AdminEmail     string `env:"NASHR_ADMIN_EMAIL" placeholder:"EMAIL" help:"Make this admin when there is no user yet."`
	AdminPassword  string `env:"NASHR_ADMIN_PASSWORD" placeholder:"PASSWORD" help:"The password of that admin. Better set as a variable than as a flag."`
	TrustedProxies string `env:"NASHR_TRUSTED_PROXIES" placeholder:"NETWORKS" help:"Networks by commas whose X-Forwarded-For is believed, such as 10.0.0.0/8."`
	CORSOrigins    string `name:"cors-origins" env:"NASHR_CORS_ORIGINS" placeholder:"ORIGINS" help:"Origins by commas that browsers may call from. Any for the content surface and none for the rest when empty."`
	WebSubHub      string `name:"websub-hub" env:"NASHR_WEBSUB_HUB" placeholder:"URL" help:"WebSub hub that is told when the feeds change, and that feeds name. None when empty."`
	LogFormat      string `env:"NASHR_LOG_FORMAT" default:"text" placeholder:"FORMAT" help:"text or json."`
	LogLevel       string `env:"NASHR_LOG_LEVEL" default:"info" placeholder:"LEVEL" help:"debug, info, warn or error."`
}

// Settings are the checked values of a Server.
type Settings struct {
	DatabaseURL    string
	Listen         string
	PublicURL      string // without a slash at its end
	SiteURL        string // without a slash at its end
	Languages      lang.Set
	Timezone       *time.Location
	AutoMigrate    bool
	AdminEmail     string
	AdminPassword  string
	TrustedProxies []*net.IPNet
	CORSOrigins    []string // nil: not set
	WebSubHub      string   // empty: none
	LogJSON        bool
	LogLevel       slog.Level
}

// Settings checks everything and gives the first thing that is wrong, in one line that names the variable and holds no
// secret.
func (s Server) Settings() (Settings, error) {
	out := Settings{AutoMigrate: s.AutoMigrate, AdminEmail: s.AdminEmail, AdminPassword: s.AdminPassword}
	if s.SiteURL == "" {
		s.SiteURL = s.PublicURL
	}
	checks := []struct {
		name string
		read func() error
	}{
		{"NASHR_DATABASE_URL", func() (err error) { out.DatabaseURL, err = s.Check(); return }},
		{"NASHR_LISTEN", func() (err error) { out.Listen, err = address(s.Listen); return }},
		{"NASHR_PUBLIC_URL", func() (err error) { out.PublicURL, err = webURL(s.PublicURL); return }},
		{"NASHR_SITE_URL", func() (err error) { out.SiteURL, err = webURL(s.SiteURL); return }},
		{"NASHR_LANGUAGES", func() (err error) { out.Languages, err = lang.ParseSet(s.Languages); return }},
		{"NASHR_TIMEZONE", func() (err error) { out.Timezone, err = zone(s.Timezone); return }},
		{"NASHR_ADMIN_EMAIL and NASHR_ADMIN_PASSWORD", func() error { return admin(s.AdminEmail, s.AdminPassword) }},
		{"NASHR_TRUSTED_PROXIES", func() (err error) { out.TrustedProxies, err = networks(s.TrustedProxies); return }},
		{"NASHR_CORS_ORIGINS", func() (err error) { out.CORSOrigins, err = origins(s.CORSOrigins); return }},
		{"NASHR_WEBSUB_HUB", func() (err error) { out.WebSubHub, err = hubURL(s.WebSubHub); return }},
		{"NASHR_LOG_FORMAT", func() (err error) { out.LogJSON, err = isJSON(s.LogFormat); return }},
		{"NASHR_LOG_LEVEL", func() (err error) { out.LogLevel, err = logLevel(s.LogLevel); return }},
	}
	for _, c := range checks {
		if err := c.read(); err != nil {
			return Settings{}, fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return out, nil
}

// Check gives the URL if it has one of the two forms. The error does not quote it, since it may hold a password.
func (d Database) Check() (string, error) {
	if path, ok := strings.CutPrefix(d.URL, "sqlite:"); ok && path != "" && path[0] != ':' {
		return d.URL, nil
	}
	u, err := url.Parse(d.URL)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return "", fmt.Errorf("must be sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME")
	}
	return d.URL, nil
}

func address(s string) (string, error) {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", fmt.Errorf("%q is not HOST:PORT", s)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return "", fmt.Errorf("%q has no port from 0 to 65535", s)
	}
	return s, nil
}

func webURL(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", fmt.Errorf("must be a plain http or https URL")
	}
	return strings.TrimRight(s, "/"), nil
}

// hubURL takes what webURL takes, or nothing. A hub is known by its whole address, so a slash at the end stays.
func hubURL(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	_, err := webURL(s)
	return s, err
}

func zone(s string) (*time.Location, error) {
	z, err := time.LoadLocation(s)
	if err != nil || s == "" || s == "Local" {
		return nil, fmt.Errorf("%q is not an IANA time zone", s)
	}
	return z, nil
}

// admin refuses half an admin, and one that could not be made.
func admin(email, password string) error {
	if email == "" && password == "" {
		return nil
	}
	if email == "" || password == "" {
		return errors.New("set both or neither")
	}
	user := newsroom.User{Email: newsroom.NormalEmail(email), Name: "Admin", Role: newsroom.RoleAdmin}
	var wrong *newsroom.Error
	if err := cmp.Or(user.Check(), auth.CheckPassword(password, user.Email, user.Name)); errors.As(err, &wrong) {
		return errors.New(wrong.Fields[0].Detail)
	}
	return nil
}

func logLevel(s string) (level slog.Level, err error) {
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, s) {
		return level, fmt.Errorf("%q is none of debug, info, warn and error", s)
	}
	return level, level.UnmarshalText([]byte(s))
}

func networks(s string) ([]*net.IPNet, error) {
	var out []*net.IPNet
	for _, entry := range split(s) {
		if a, err := netip.ParseAddr(entry); err == nil {
			entry = netip.PrefixFrom(a, a.BitLen()).String()
		}
		_, network, err := net.ParseCIDR(entry)
		if err != nil {
			return nil, fmt.Errorf("%q is not a network such as 10.0.0.0/8", entry)
		}
		out = append(out, network)
	}
	return out, nil
}

func origins(s string) ([]string, error) {
	for _, o := range split(s) {
		u, err := url.Parse(o)
		if o != "*" && (err != nil || u.Host == "" || o != u.Scheme+"://"+u.Host) {
			return nil, fmt.Errorf("%q is not an origin such as https://desk.example", o)
		}
	}
	return split(s), nil
}

func isJSON(s string) (bool, error) {
	if s != "text" && s != "json" {
		return false, fmt.Errorf("%q is neither text nor json", s)
	}
	return s == "json", nil
}

func split(s string) []string {
	var out []string
	for entry := range strings.SplitSeq(s, ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			out = append(out, entry)
		}
	}
	return out
}
