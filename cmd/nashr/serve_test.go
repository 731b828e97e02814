package main_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

const (
	maxBinary = 60_000_000 // bytes
	maxIdle   = 60 << 10   // KiB
)

func TestBinaryIsSmall(t *testing.T) {
	t.Parallel()
	path, err := exec.LookPath("nashr")
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the binary has %.1f MB", float64(info.Size())/1e6)
	if info.Size() >= maxBinary {
		t.Errorf("the binary has %d bytes, want fewer than %d", info.Size(), maxBinary)
	}
}

func TestIdleMemory(t *testing.T) {
	eachDatabase(t, func(t *testing.T, database string) {
		s := serve(t, "NASHR_DATABASE_URL="+database, "NASHR_AUTO_MIGRATE=true")
		token := signIn(t, s.url, adminEmail, adminPassword)
		for i := range 25 {
			create(t, s.url, "/v1/manage/articles", token, map[string]string{"title": fmt.Sprintf("Story %d", i)})
			get[[]named](t, s.url, "/v1/content/articles")
		}
		kib := residentKiB(t, s.cmd.Process.Pid)
		t.Logf("ready after %v, %.1f MiB resident after 51 requests", s.took, float64(kib)/1024)
		if kib >= maxIdle {
			t.Errorf("%d KiB resident, want fewer than %d", kib, maxIdle)
		}
		s.stop(t)
	})
}

var residentLine = regexp.MustCompile(`(?m)^VmRSS:\s+(\d+) kB$`)

func residentKiB(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	line := residentLine.FindSubmatch(status)
	if line == nil {
		t.Fatalf("no VmRSS in %s", status)
	}
	kib, err := strconv.Atoi(string(line[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kib
}

// BenchmarkReady measures the time from the start of the process until /readyz says yes, on a new SQLite database with
// its migrations and first admin.
func BenchmarkReady(b *testing.B) {
	var total float64
	for b.Loop() {
		s := serve(b)
		total += s.took.Seconds()
		s.kill()
	}
	b.ReportMetric(total*1000/float64(b.N), "ms/ready")
}

func TestPostgresMigratesWhenAsked(t *testing.T) {
	eachDatabase(t, func(t *testing.T, database string) {
		settings := []string{"NASHR_DATABASE_URL=" + database, "NASHR_AUTO_MIGRATE=true"}
		serve(t, settings...).stop(t)
		if out := succeeds(t, settings, "", "migrate", "up"); out != "nothing to apply\n" {
			t.Errorf("after a start, migrate up says %q", out)
		}
	})
}

func TestTwoInstancesOnOneDatabase(t *testing.T) {
	eachDatabase(t, func(t *testing.T, database string) {
		settings := []string{"NASHR_DATABASE_URL=" + database, "NASHR_AUTO_MIGRATE=true"}
		var nodes [2]*server
		var starting sync.WaitGroup
		for i := range nodes {
			starting.Go(func() { nodes[i] = serve(t, settings...) })
		}
		starting.Wait()
		if t.Failed() {
			return
		}
		if users := succeeds(t, settings, "", "user", "list"); strings.Count(users, "\n") != 1 {
			t.Errorf("users after two starts at once:\n%s", users)
		}
		token := signIn(t, nodes[0].url, adminEmail, adminPassword)
		var writing sync.WaitGroup
		for i := range 20 {
			writing.Go(func() { publishStory(t, nodes[i%2].url, token, fmt.Sprintf("Story %02d", i)) })
		}
		writing.Wait()
		for _, n := range nodes {
			if stories := get[[]named](t, n.url, "/v1/content/articles"); len(stories) != 20 {
				t.Errorf("%d of 20 stories", len(stories))
			}
			n.stop(t)
		}
	})
}

// publishStory writes and publishes an article. It may be called on any goroutine.
func publishStory(t *testing.T, url, token, title string) {
	at := create(t, url, "/v1/manage/articles", token, map[string]string{"title": title})
	request{method: http.MethodPost, path: at + "/publish", token: token}.send(t, url).want(t, http.StatusOK)
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	database := filepath.Join(t.TempDir(), "nashr.db")
	for _, args := range [][]string{{"serve"}, {"serve", "--demo"}} {
		refuses(t, "NASHR_LISTEN: ", []string{"NASHR_LISTEN=" + l.Addr().String(), "NASHR_DATABASE_URL=sqlite:" + database}, "", args...)
	}
	if _, err := os.Stat(database); !os.IsNotExist(err) {
		t.Errorf("a start that failed left a database: %v", err)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	s := serve(t, "NASHR_LISTEN=0.0.0.0:0")
	address := strings.TrimPrefix(s.url, "http://")
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	for _, listen := range []string{address, "127.0.0.1:" + port, "0.0.0.0:" + port, ":" + port, "[::]:" + port} {
		if out := succeeds(t, []string{"NASHR_LISTEN=" + listen}, "", "health"); out != "" {
			t.Errorf("health of %s says %q", listen, out)
		}
	}
	s.stop(t)
	refuses(t, "", []string{"NASHR_LISTEN=127.0.0.1:" + port}, "", "health")
	refuses(t, "NASHR_LISTEN: ", []string{"NASHR_LISTEN=8080"}, "", "health")
}

// TestStopping begins a request, asks the server to stop, and only then sends the rest of it.
func TestStopping(t *testing.T) {
	eachDatabase(t, func(t *testing.T, database string) {
		settings := []string{"NASHR_DATABASE_URL=" + database, "NASHR_AUTO_MIGRATE=true"}
		s := serve(t, settings...)
		token := signIn(t, s.url, adminEmail, adminPassword)
		body := `{"title": "Written while the server stops"}`
		writing := dial(t, s.url)
		writing.write(t, fmt.Sprintf("POST /v1/manage/articles HTTP/1.1\r\nHost: news.example\r\nAuthorization: Bearer %s\r\n"+
			"Content-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", token, len(body)))
		writing.read(t).want(t, http.StatusContinue)

		s.signal(t, syscall.SIGTERM)
		s.wait(t, s.stderr, regexp.MustCompile(`msg=(stopping)`))
		writing.write(t, body)
		location := writing.read(t).want(t, http.StatusCreated).header.Get("Location")
		s.expectEnd(t)

		again := serve(t, settings...)
		request{path: location, token: token}.send(t, again.url).want(t, http.StatusOK)
		again.stop(t)
	})
}

// conn is a connection on which a test writes requests bit by bit.
type conn struct {
	net.Conn
	buffered *bufio.Reader
}

func dial(t *testing.T, url string) conn {
	t.Helper()
	c, err := (&net.Dialer{Timeout: patience}).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return conn{c, bufio.NewReader(c)}
}

func (c conn) write(t *testing.T, s string) {
	t.Helper()
	if _, err := c.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
}

func (c conn) read(t *testing.T) answer {
	t.Helper()
	resp, err := http.ReadResponse(c.buffered, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	return read(t, resp)
}

func TestAcknowledgedWritesSurviveKilling(t *testing.T) {
	eachDatabase(t, func(t *testing.T, database string) {
		settings := []string{"NASHR_DATABASE_URL=" + database, "NASHR_AUTO_MIGRATE=true"}
		var token string
		for round := range 20 {
			s := serve(t, settings...)
			if round == 0 {
				token = signIn(t, s.url, adminEmail, adminPassword)
			}
			publishStory(t, s.url, token, fmt.Sprintf("Story %02d", round))
			s.kill()
		}
		s := serve(t, settings...)
		stories := get[[]struct{ Title string }](t, s.url, "/v1/content/articles?sort=title")
		if len(stories) != 20 {
			t.Errorf("%d of 20 stories have survived", len(stories))
		}
		s.stop(t)
	})
}

// Requests with a key that are under way when the server is killed have happened or not, and happen once when they come
// again.
func TestKilledRequestsHappenOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, database string) {
		settings := []string{"NASHR_DATABASE_URL=" + database, "NASHR_AUTO_MIGRATE=true"}
		s := serve(t, settings...)
		token := signIn(t, s.url, adminEmail, adminPassword)
		const rounds, atOnce = 5, 8
		for round := range rounds {
			var requests []request
			first := make(chan struct{}, atOnce)
			var all sync.WaitGroup
			for n := range atOnce {
				r := request{path: "/v1/manage/articles", token: token, key: fmt.Sprintf("%d-%d", round, n), body: map[string]string{"title": "Once"}}
				requests = append(requests, r)
				all.Go(func() {
					if resp, err := r.try(t, s.url); err == nil {
						_ = resp.Body.Close()
					}
					first <- struct{}{}
				})
			}
			<-first
			s.kill()
			all.Wait()
			s = serve(t, settings...)
			for _, r := range requests {
				answered := r.send(t, s.url)
				for answered.status == http.StatusConflict { // until PostgreSQL has noticed that the first server is gone
					answered = r.send(t, s.url)
				}
				answered.want(t, http.StatusCreated)
			}
		}
		a := request{path: "/v1/manage/articles", token: token}.send(t, s.url).want(t, http.StatusOK)
		if want := fmt.Sprintf(`"total":%d,`, rounds*atOnce); !strings.Contains(string(a.body), want) {
			t.Errorf("%s is missing in %s", want, a.body)
		}
		s.stop(t)
	})
}
