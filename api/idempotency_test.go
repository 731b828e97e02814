package api_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/testkit/testdb"
)

// keyed is a header with an Idempotency-Key.
func keyed(key string) map[string]string { return map[string]string{"Idempotency-Key": key} }

// again makes a call that was made before, and expects the same answer.
func (s *server) again(t *testing.T, c call, first answer) answer {
	t.Helper()
	a := s.do(t, c)
	if a.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%s: the answer does not say that it is the first one's", c.path)
	}
	a.same(first)
	return a
}

// same expects the answer that another one is, apart from what belongs to the request.
func (a answer) same(first answer) {
	a.t.Helper()
	if a.raw != first.raw {
		a.t.Errorf("the answer is\n%s\nand was\n%s", a.raw, first.raw)
	}
	for _, name := range []string{"ETag", "Location", "Content-Type", "Cache-Control", "Content-Length", "WWW-Authenticate", "X-Content-Type-Options"} {
		if got, want := a.header.Values(name), first.header.Values(name); !slices.Equal(got, want) {
			a.t.Errorf("%s is %q and was %q", name, got, want)
		}
	}
	if a.header.Get("X-Request-Id") == first.header.Get("X-Request-Id") {
		a.t.Error("the request has the id of another one")
	}
}

// articles gives how many articles there are.
func (s *server) articles(t *testing.T) int {
	t.Helper()
	return int(s.do(t, call{as: admin, path: "/v1/manage/articles"}).at("meta.total").(float64))
}

func TestAKeyAnswersOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		create := call{as: author, method: "POST", path: "/v1/manage/articles", body: object{"title": "Once"}, header: keyed("k1"), status: 201}
		first := s.do(t, create)
		if first.header.Get("Idempotency-Replayed") != "" || first.header.Get("ETag") != `"1"` || first.header.Get("Location") == "" {
			t.Errorf("the first answer has the headers %v", first.header)
		}
		id := first.text("data.id")
		s.do(t, call{as: author, method: "PATCH", path: "/v1/manage/articles/" + id, body: object{"title": "Changed"}, header: map[string]string{"If-Match": "*"}})
		s.again(t, create, first)

		other := create
		other.body, other.status, other.code = object{"title": "Twice"}, 422, "idempotency_key_reused"
		s.do(t, other)
		other.path, other.body = "/v1/manage/articles/"+id+"/publish", object{"title": "Once"}
		s.do(t, other)
		other.path, other.body = "/v1/manage/articles?x=1", object{"title": "Once"}
		s.do(t, other)
		for _, who := range []string{other.as, editor} {
			mine := call{as: who, method: "POST", path: "/v1/manage/articles/" + id + "/unpublish", header: keyed("k-" + who), status: 409, code: "invalid_transition"}
			s.again(t, mine, s.do(t, mine)) // a refusal, too
		}
		create.as = contributor
		if s.do(t, create).text("data.id") == id {
			t.Error("somebody else got the answer")
		}
		if n := s.articles(t); n != 2 {
			t.Errorf("there are %d articles", n)
		}
		publish := call{as: author, method: "POST", path: "/v1/manage/articles/" + id + "/publish", header: keyed("k2")}
		s.again(t, publish, s.do(t, publish))
		s.do(t, call{as: author, path: "/v1/manage/articles/" + id}).is("data.version", 3)
	})
}

func TestKeysThatAreNone(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		c := call{as: author, method: "POST", path: "/v1/manage/articles", body: object{"title": "Once"}, status: 400, code: "invalid_parameter"}
		for _, key := range []string{strings.Repeat("k", 256), "two words", "ключ", "tab\t"} {
			c.header = keyed(key)
			s.do(t, c).is("errors.0.pointer", "Idempotency-Key")
		}
		for _, keys := range [][]string{{""}, {"a", "b"}} {
			r := s.request(t, c)
			r.Header["Idempotency-Key"] = keys
			s.send(t, r).is("status", 400)
		}
		c.header, c.status, c.code = keyed(strings.Repeat("~", 255)), 201, ""
		id := s.do(t, c).text("data.id")

		large := call{as: author, method: "POST", path: "/v1/manage/articles", body: strings.Repeat(" ", 2<<20+1), header: keyed("large"), status: 413, code: "too_large"}
		s.do(t, large)
		s.do(t, call{method: "POST", path: "/v1/manage/articles", body: object{"title": "x"}, header: keyed("k"), status: 401})
		s.do(t, call{as: contributor, method: "POST", path: "/v1/manage/tags", body: object{"name": "x"}, header: keyed("k"), status: 403})
		for range 2 { // nothing but a POST minds the key
			a := s.do(t, call{as: author, path: "/v1/manage/articles/" + id, header: keyed("k")})
			h := map[string]string{"Idempotency-Key": "k", "If-Match": a.header.Get("ETag")}
			s.do(t, call{as: author, method: "PATCH", path: "/v1/manage/articles/" + id, body: object{"title": "Now " + h["If-Match"]}, header: h})
		}
		s.do(t, call{as: author, path: "/v1/manage/articles/" + id}).is("data.version", 3)
	})
}

func TestAKeyIsFreeAfterADay(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		c := call{as: author, method: "POST", path: "/v1/manage/articles", body: object{"title": "Once"}, header: keyed("k"), status: 201}
		first := s.do(t, c)
		s.clock.Advance(24*time.Hour - time.Millisecond)
		s.again(t, c, first)
		s.clock.Advance(time.Millisecond)
		if s.do(t, c).text("data.id") == first.text("data.id") {
			t.Error("the answer is that of the day before")
		}
	})
}

func TestOneKeyManyTimesAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		c := call{as: author, method: "POST", path: "/v1/manage/articles", body: object{"title": "Once"}, header: keyed("k")}
		var mu sync.Mutex
		created := map[string]int{}
		var all sync.WaitGroup
		for range 16 {
			r := s.request(t, c)
			all.Go(func() {
				a := s.send(t, r)
				mu.Lock()
				defer mu.Unlock()
				switch a.status {
				case http.StatusCreated:
					created[a.raw]++
				case http.StatusConflict:
					a.is("code", "idempotency_in_progress")
				default:
					t.Errorf("status %d: %s", a.status, a.raw)
				}
			})
		}
		all.Wait()
		if n := s.articles(t); n != 1 || len(created) != 1 {
			t.Errorf("%d articles and %d answers", n, len(created))
		}
	})
}

// node is another API on the database of s, as after a restart or beside it.
func (s *server) node(t *testing.T, url string, log *slog.Logger) *server {
	t.Helper()
	db, err := store.Open(t.Context(), url, log)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	n := *s
	n.options.Store, n.options.Accounts = db, account.New(db, publicURL, s.clock.Now)
	n.options.Desk = &editorial.Desk{Store: db, Languages: s.options.Languages, Now: s.clock.Now}
	n.handler = api.New(n.options)
	return &n
}

func TestAnotherNodeKnowsTheAnswer(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		s := newServer(t, url)
		c := call{as: author, method: "POST", path: "/v1/manage/articles", body: object{"title": "Once"}, header: keyed("k"), status: 201}
		first := s.do(t, c)
		other := s.node(t, url, s.options.Log)
		other.again(t, c, first)
		c.body, c.status, c.code = object{"title": "Twice"}, 422, "idempotency_key_reused"
		other.do(t, c)
	})
}

// step is a log that does something at each statement.
type step struct {
	slog.Handler
	do func()
}

// Enabled implements slog.Handler.
func (step) Enabled(context.Context, slog.Level) bool { return true }

// Handle implements slog.Handler.
func (s step) Handle(context.Context, slog.Record) error {
	s.do()
	return nil
}

// Whoever leaves, after whichever statement, leaves all of it or nothing, and the next try gets the answer.
func TestLeavingAtAnyMoment(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		s := newServer(t, url)
		var statements atomic.Int64 // until the client leaves
		var leave context.CancelFunc
		node := s.node(t, url, slog.New(step{slog.DiscardHandler, func() {
			if statements.Add(-1) == 0 {
				leave()
			}
		}}))
		for n := 1; ; n++ {
			title := fmt.Sprintf("Story-%02d", n)
			c := call{as: author, method: "POST", path: "/v1/manage/articles", body: object{"title": title}, header: keyed(title), status: 201}
			r := s.request(t, c)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			leave = cancel
			statements.Store(int64(n))
			node.handler.ServeHTTP(httptest.NewRecorder(), r.WithContext(ctx))
			reached := statements.Load() <= 0
			statements.Store(0)
			for s.send(t, s.request(t, c)).status == http.StatusConflict { // until PostgreSQL has noticed
				continue
			}
			s.do(t, c)
			if got := s.articles(t); got != n {
				t.Fatalf("after statement %d there are %d articles", n, got)
			}
			if !reached {
				return
			}
		}
	})
}

func TestFaultsAreNotKept(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		var fault func(echo.Context) error
		s.handler = api.Faulty(s.options, func(c echo.Context) error {
			must(t, s.store.WriteSignIn(c.Request().Context(), func(tx *store.Tx) error {
				return tx.PutSignInFailure(newsroom.SignInFailure{Key: "x", Failures: 1, UpdatedAt: s.clock.Now()})
			}))
			return fault(c)
		})
		c := call{method: "POST", path: "/faulty", header: keyed("k"), foreign: true}
		for status, f := range map[int]func(echo.Context) error{
			500: func(echo.Context) error { panic("on purpose") },
			503: func(echo.Context) error { return newsroom.Errorf(newsroom.CodeUnavailable, "Away.") },
			429: func(echo.Context) error { return newsroom.Errorf(newsroom.CodeRateLimited, "Too many.") },
		} {
			fault, c.status = f, status
			s.do(t, c)
			if left, err := s.store.Read(t.Context()).SignInFailures("x"); err != nil || len(left) != 0 {
				t.Errorf("%d left %v, %v", status, left, err)
			}
		}
		fault, c.status = func(c echo.Context) error { return c.NoContent(204) }, 204
		s.do(t, c)
		fault = nil
		if a := s.do(t, c); a.header.Get("Idempotency-Replayed") != "true" {
			t.Error("the answer is not the first one")
		}
	})
}

func TestSignInWithAKey(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		login := call{method: "POST", path: "/v1/auth/login", body: object{"email": s.users[author].Email, "password": password}, header: keyed("k")}
		first := s.do(t, login)
		s.again(t, login, first)
		refresh := call{method: "POST", path: "/v1/auth/refresh", body: object{"refresh_token": first.text("data.refresh_token")}, header: keyed("k")}
		tokens := s.do(t, refresh)
		s.again(t, refresh, tokens) // the token was not used twice
		s.me(t, tokens.text("data.access_token"), 200)

		stranger := login
		stranger.body = object{"email": s.users[editor].Email, "password": password}
		if a := s.do(t, stranger); a.header.Get("Idempotency-Replayed") != "" || a.raw == first.raw {
			t.Error("a stranger got the answer")
		}
		refresh.header, refresh.status = nil, 401
		s.do(t, refresh) // now it was
		s.me(t, tokens.text("data.access_token"), 401)
		refresh.header = keyed("k2")
		s.again(t, refresh, s.do(t, refresh))
	})
}

// Failures are counted when they come with a key, too, and at once.
func TestFailedSignInsWithKeysCount(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		wrong := call{method: "POST", path: "/v1/auth/login", body: object{"email": s.users[author].Email, "password": "wrong"}, status: 401}
		for n := range auth.AccountThrottle().Free + 1 {
			wrong.header = keyed(fmt.Sprint("k", n))
			s.again(t, wrong, s.do(t, wrong))
		}
		wrong.header, wrong.status, wrong.code = keyed("last"), 429, "rate_limited"
		s.do(t, wrong)
		s.clock.Advance(time.Minute)
		wrong.body, wrong.status, wrong.code = object{"email": s.users[author].Email, "password": password}, 200, ""
		s.do(t, wrong)
	})
}

func TestSecretsOfAnswersAreSealed(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		s := newServer(t, url)
		const key = "8e03978e-40d5-43e8-bc93-6894a57f9324"
		a := s.do(t, call{method: "POST", path: "/v1/auth/login", body: object{"email": s.users[author].Email, "password": password}, header: keyed(key)})
		driver, dsn := "pgx", url
		if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
			driver, dsn = "sqlite3", "file:"+path
		}
		db, err := sql.Open(driver, dsn)
		must(t, err)
		defer db.Close()
		row := make([][]byte, 3)
		must(t, db.QueryRowContext(t.Context(), "SELECT key, fingerprint, answer FROM idempotency_keys").Scan(&row[0], &row[1], &row[2]))
		for _, secret := range []string{key, password, s.users[author].Email, a.text("data.refresh_token"), a.text("data.access_token"), "refresh_token", "200"} {
			for _, column := range row {
				if bytes.Contains(column, []byte(secret)) {
					t.Errorf("%q is in the row", secret)
				}
			}
		}
	})
}
