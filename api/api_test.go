package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/testkit"
	"github.com/nashr-cms/nashr/internal/testkit/testdb"
	"github.com/nashr-cms/nashr/internal/views"
)

// eachDatabase runs a test on SQLite and on PostgreSQL, each time with a server of its own on a fresh database.
func eachDatabase(t *testing.T, test func(t *testing.T, s *server)) {
	t.Helper()
	testdb.Each(t, func(t *testing.T, url string) { test(t, newServer(t, url)) })
}

// The people of every test's newsroom, one for each role, and a second author. nobody is a request without a token.
const (
	nobody      = ""
	contributor = "contributor"
	author      = "author"
	other       = "other" // an author too
	editor      = "editor"
	admin       = "admin"
)

var roles = map[string]newsroom.Role{
	contributor: newsroom.RoleContributor, author: newsroom.RoleAuthor, other: newsroom.RoleAuthor,
	editor: newsroom.RoleEditor, admin: newsroom.RoleAdmin,
}

const (
	publicURL = "https://api.nashr.example"
	password  = "storks over the river"
)

// passwordHash is cheap on purpose: what it costs is tested in package auth.
var passwordHash = sync.OnceValue(func() string {
	hash, err := argon2id.CreateHash(password, &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		panic(err)
	}
	return hash
})

// server is a whole API on a fresh database, with a clock that stands still.
type server struct {
	url      string // of the database
	handler  http.Handler
	options  api.Options // that handler was made with
	store    *store.Store
	accounts *account.Service
	desk     *editorial.Desk
	views    *views.Counter
	clock    *testkit.Clock
	queries  *atomic.Int64 // how many statements the database was sent
	users    map[string]newsroom.User
	tokens   map[string]string
}

func newServer(t *testing.T, url string) *server {
	t.Helper()
	ctx := t.Context()
	queries := new(atomic.Int64)
	log := slog.New(counter{t, queries})
	db, err := store.Open(ctx, url, log)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	languages, err := lang.ParseSet("en,uz-Latn,uz-Cyrl,ru")
	must(t, err)
	zone, err := time.LoadLocation("Asia/Tashkent")
	must(t, err)
	clock := testkit.NewClock(time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC))
	s := &server{
		url: url, store: db, clock: clock, queries: queries,
		accounts: account.New(db, publicURL, clock.Now),
		desk:     &editorial.Desk{Store: db, Languages: languages, Now: clock.Now},
		views:    views.New(db, clock.Now, log),
		users:    map[string]newsroom.User{}, tokens: map[string]string{},
	}
	must(t, s.desk.OpenSite(ctx))
	for name, role := range roles {
		u := newsroom.User{
			ID: uuid.Must(uuid.NewV7()), Email: name + "@nashr.example", Name: name, Role: role, PasswordHash: passwordHash(),
			CreatedAt: clock.Now(), UpdatedAt: clock.Now(), Version: 1,
		}
		must(t, db.Write(ctx, func(tx *store.Tx) error { return tx.CreateUser(&u) }))
		s.users[name] = u
	}
	s.options = api.Options{
		Store: db, Accounts: s.accounts, Desk: s.desk, Views: s.views, Log: log, PublicURL: publicURL, SiteURL: "https://news.example",
		Languages: languages, Timezone: zone, Stopping: context.Background(),
	}
	s.handler = api.New(s.options)
	return s
}

// counter is a log that counts the statements in it and shows the faults.
type counter struct {
	t *testing.T
	n *atomic.Int64
}

func (c counter) Enabled(context.Context, slog.Level) bool { return true }
func (c counter) WithAttrs([]slog.Attr) slog.Handler       { return c }
func (c counter) WithGroup(string) slog.Handler            { return c }
func (c counter) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "query" {
		c.n.Add(1)
	}
	if r.Level >= slog.LevelError && r.Message != "request" {
		r.Attrs(func(a slog.Attr) bool { c.t.Logf("%s: %s", r.Message, a); return true })
	}
	return nil
}

// call is a request and what must come of it.
type call struct {
	as      string // whose token to send
	method  string // GET unless given
	path    string
	body    any // a string is sent as it is, anything else as JSON
	header  map[string]string
	status  int    // 200 unless given
	code    string // of the problem
	has     []string
	hasNot  []string
	foreign bool // the path is not in the document: a fault of the router
}

// answer is what came of a call.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	raw    string
	json   any
}

// do makes a call, checks it, and checks the answer against the OpenAPI document.
func (s *server) do(t *testing.T, c call) answer {
	t.Helper()
	r := s.request(t, c)
	a := s.send(t, r)
	if want := max(c.status, http.StatusOK); a.status != want {
		t.Fatalf("%s %s: status %d, want %d\n%s", r.Method, r.URL, a.status, want, a.raw)
	}
	if c.code != "" && a.text("code") != c.code {
		t.Fatalf("%s %s: code %q, want %q\n%s", r.Method, r.URL, a.text("code"), c.code, a.raw)
	}
	for _, part := range c.has {
		if !strings.Contains(a.raw, part) {
			t.Errorf("%s %s: %q is missing in\n%s", r.Method, r.URL, part, a.raw)
		}
	}
	for _, part := range c.hasNot {
		if strings.Contains(a.raw, part) {
			t.Errorf("%s %s: %q must not be in\n%s", r.Method, r.URL, part, a.raw)
		}
	}
	if !c.foreign && r.Method != http.MethodHead {
		checkAgainstDocument(t, r, a)
	}
	return a
}

// send gives the answer to any request, and checks what every answer has.
func (s *server) send(t *testing.T, r *http.Request) answer {
	t.Helper()
	recorder := httptest.NewRecorder()
	s.handler.ServeHTTP(recorder, r)
	response := recorder.Result()
	body, err := io.ReadAll(response.Body)
	must(t, err)
	a := answer{t: t, status: response.StatusCode, header: response.Header, raw: string(body)}
	kind := a.header.Get("Content-Type")
	if strings.Contains(kind, "json") && len(body) > 0 {
		must(t, json.Unmarshal(body, &a.json))
	}
	id := a.header.Get("X-Request-Id")
	if id == "" {
		t.Errorf("%s %s: no X-Request-Id", r.Method, r.URL)
	}
	if a.status >= http.StatusBadRequest && r.Method != http.MethodHead {
		if kind != "application/problem+json" {
			t.Errorf("%s %s: a failure is %q: %s", r.Method, r.URL, kind, a.raw)
		}
		if a.header.Get("Idempotency-Replayed") == "" { // which has the id of the first request
			a.is("request_id", id)
		}
		a.is("status", a.status).is("instance", r.URL.EscapedPath()).is("type", "urn:nashr:problem:"+a.text("code"))
	}
	return a
}

func (s *server) request(t *testing.T, c call) *http.Request {
	t.Helper()
	var body []byte
	switch b := c.body.(type) {
	case nil:
	case string:
		body = []byte(b)
	default:
		var err error
		body, err = json.Marshal(b)
		must(t, err)
	}
	method := c.method
	if method == "" {
		method = http.MethodGet
	}
	r := httptest.NewRequestWithContext(t.Context(), method, c.path, bytes.NewReader(body))
	if c.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.as != nobody {
		r.Header.Set("Authorization", "Bearer "+s.token(t, c.as))
	}
	for name, value := range c.header {
		r.Header.Set(name, value)
		if value == "" {
			r.Header.Del(name)
		}
	}
	return r
}

// token signs somebody in, once for each moment of the clock.
func (s *server) token(t *testing.T, who string) string {
	t.Helper()
	key := who + s.clock.Now().String()
	if s.tokens[key] == "" {
		grant, err := s.accounts.Login(t.Context(), account.Credentials{Email: s.users[who].Email, Password: password}, account.Client{Address: "192.0.2.1"})
		must(t, err)
		s.tokens[key] = grant.AccessToken
	}
	return s.tokens[key]
}

// at gives what stands at a dotted path such as "data.tags.0.slug", or fails.
func (a answer) at(path string) any {
	a.t.Helper()
	v := a.json
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			inner, ok := x[step]
			if !ok {
				a.t.Fatalf("there is no %q at %q in\n%s", step, path, a.raw)
			}
			v = inner
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(x) {
				a.t.Fatalf("there is no %q at %q in\n%s", step, path, a.raw)
			}
			v = x[i]
		default:
			a.t.Fatalf("there is no %q at %q in\n%s", step, path, a.raw)
		}
	}
	return v
}

func (a answer) text(path string) string {
	a.t.Helper()
	s, ok := a.at(path).(string)
	if !ok {
		a.t.Fatalf("%q is no string in\n%s", path, a.raw)
	}
	return s
}

// all gives field of each item of the list in data.
func (a answer) all(field string) []string {
	a.t.Helper()
	out := []string{}
	for _, item := range a.at("data").([]any) {
		out = append(out, fmt.Sprint(item.(map[string]any)[field]))
	}
	return out
}

// is checks what stands at a path. Numbers are compared as they print.
func (a answer) is(path string, want any) answer {
	a.t.Helper()
	if got := a.at(path); fmt.Sprint(got) != fmt.Sprint(want) || (got == nil) != (want == nil) {
		a.t.Errorf("%s is %v, want %v", path, got, want)
	}
	return a
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// object is a JSON object.
type object = map[string]any

// write creates an article as somebody and gives its id.
func (s *server) write(t *testing.T, who string, article object) string {
	t.Helper()
	return s.do(t, call{as: who, method: "POST", path: "/v1/manage/articles", body: article, status: 201}).text("data.id")
}

// publish publishes an article as the editor.
func (s *server) publish(t *testing.T, id string, when object) answer {
	t.Helper()
	return s.do(t, call{as: editor, method: "POST", path: "/v1/manage/articles/" + id + "/publish", body: when})
}

// story writes an article and publishes it now.
func (s *server) story(t *testing.T, article object) string {
	t.Helper()
	id := s.write(t, editor, article)
	s.publish(t, id, object{})
	return id
}

// add creates a section, author or tag as the editor and gives its id.
func (s *server) add(t *testing.T, kind string, term object) string {
	t.Helper()
	return s.do(t, call{as: editor, method: "POST", path: "/v1/manage/" + kind, body: term, status: 201}).text("data.id")
}
