package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/nashr-cms/nashr/examples/reader"
	"github.com/nashr-cms/nashr/internal/config"
	"github.com/nashr-cms/nashr/internal/demo"
	"github.com/nashr-cms/nashr/internal/views"
)

// runDemo serves the demo newsroom from a database that is thrown away at the end.
func (s *serveCommand) runDemo(ctx context.Context, std console) (err error) {
	dir, err := os.MkdirTemp("", "nashr-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s.URL = "sqlite:" + filepath.Join(dir, "nashr.db")
	s.Languages, s.Timezone, s.AdminEmail, s.AdminPassword = demo.Languages, demo.Timezone, "", ""
	if at, err := reachable(s.Listen); err == nil && s.PublicURL == config.DefaultPublicURL {
		s.PublicURL = "http://" + at // so that links work on another port too
	}
	s.SiteURL = s.PublicURL + readerPath
	settings, err := s.Settings()
	if err != nil {
		return err
	}
	return withApp(ctx, settings, std.log, func(a *app) error {
		if err := a.store.ForgoDurability(ctx); err != nil {
			return err
		}
		if err := demo.Fill(ctx, a.accounts, a.desk, views.New(a.store, now, a.log)); err != nil {
			return err
		}
		at, err := reachable(a.listener.Addr().String())
		if err != nil {
			return err
		}
		welcome(std.out, "http://"+at)
		a.reader = true
		return a.serve(ctx)
	})
}

// readerPath is where the example of a news site is.
const readerPath = "/demo"

// withReader serves the example of a news site beside the API.
func withReader(api http.Handler) http.Handler {
	files := http.StripPrefix(readerPath, http.FileServerFS(reader.Files))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, inside := strings.CutPrefix(r.URL.Path, readerPath+"/")
		switch {
		case r.URL.Path == readerPath:
			http.Redirect(w, r, readerPath+"/", http.StatusMovedPermanently)
		case !inside:
			api.ServeHTTP(w, r)
		default:
			w.Header().Set("Content-Security-Policy", readerPolicy)
			w.Header().Set("X-Content-Type-Options", "nosniff")
			w.Header().Set("Referrer-Policy", "same-origin")
			if _, err := fs.Stat(reader.Files, path); err != nil { // the page of an article
				r.URL.Path = readerPath + "/"
			}
			files.ServeHTTP(w, r)
		}
	})
}

// readerPolicy lets the example run its own files and ask this API, and show pictures and films that articles embed.
const readerPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' https:; " +
	"media-src https:; frame-src https:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"

// welcome says where the demo is, who can sign in, and what to try first.
func welcome(out io.Writer, base string) {
	fmt.Fprintf(out, `
The demo newsroom is open until you press Ctrl-C; then everything in it is gone.

  A reader  %[1]s/demo/
  Content   %[1]s/v1/content/articles
  API docs  %[1]s/docs

Sign in with the password %[2]s as

`, base, demo.Password)
	for _, u := range demo.Users() {
		fmt.Fprintf(out, "  %-26s %s\n", u.Email, u.Role)
	}
	fmt.Fprintf(out, `
Try, in another terminal:

  curl '%[1]s/v1/content/articles?lang=en&limit=3&fields=title,slug,published_at'
  curl '%[1]s/v1/content/sections?lang=uz-Latn'
  curl '%[1]s/v1/auth/login' -H 'Content-Type: application/json' -d '{"email":"editor@demo.example","password":"%[2]s"}'

`, base, demo.Password)
}
