package main_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/internal/testkit"
)

// patience is how long a test waits for anything before it gives up.
const patience = 30 * time.Second

const (
	adminEmail    = "admin@news.example"
	adminPassword = "paper-boat-on-the-canal"
)

// TestMain builds nashr as it is shipped and puts it first on the PATH, where all tests, and what they run, find it.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "nashr-bin-")
	if err == nil {
		err = build(filepath.Join(dir, "nashr"))
	}
	if err == nil {
		err = os.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

var dockerBuild = regexp.MustCompile(`(?m)^RUN (CGO_ENABLED=0 go build .*) -o bin/nashr (.*)$`)

// build runs the line by which the Dockerfile builds.
func build(to string) error {
	dockerfile, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		return err
	}
	line := dockerBuild.FindSubmatch(dockerfile)
	if line == nil {
		return errors.New("the Dockerfile has no line RUN CGO_ENABLED=0 go build ... -o bin/nashr")
	}
	cmd := exec.CommandContext(context.Background(), "sh", "-c", fmt.Sprintf("%s -o %q %s", line[1], to, line[2]))
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "VERSION=1.2.3", "COMMIT=0123456789ab")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build nashr: %w\n%s", err, out)
	}
	return nil
}

// eachDatabase runs a test on SQLite and on PostgreSQL, each time with the URL of a database that is empty.
func eachDatabase(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, "sqlite:"+filepath.Join(t.TempDir(), "nashr.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if url := testkit.Postgres(t); url != "" {
			test(t, url)
		}
	})
}

// environment is what nashr is run with: only what the test says.
func environment(tb testing.TB, settings ...string) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + tb.TempDir(), "HOME=/nowhere"}, settings...)
}

// outcome is how a command ended.
type outcome struct {
	stdout, stderr string
	code           int
}

// nashr runs a command to its end.
func nashr(tb testing.TB, settings []string, stdin string, args ...string) outcome {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "nashr", args...)
	cmd.Dir, cmd.Env, cmd.Stdin = tb.TempDir(), environment(tb, settings...), strings.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		tb.Fatalf("nashr %q: %v", args, err)
	}
	return outcome{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// succeeds runs a command that must.
func succeeds(tb testing.TB, settings []string, stdin string, args ...string) string {
	tb.Helper()
	o := nashr(tb, settings, stdin, args...)
	if o.code != 0 || o.stderr != "" {
		tb.Fatalf("nashr %q exited with %d: %s", args, o.code, o.stderr)
	}
	return o.stdout
}

// refuses runs a command that must exit with 1, saying in one line, in which what occurs, why, and nothing else. It gives
// that line.
func refuses(tb testing.TB, what string, settings []string, stdin string, args ...string) string {
	tb.Helper()
	o := nashr(tb, settings, stdin, args...)
	if o.code != 1 || o.stdout != "" || strings.Count(o.stderr, "\n") != 1 || !strings.HasPrefix(o.stderr, "nashr: ") ||
		!strings.Contains(o.stderr, what) {
		tb.Errorf("nashr %q with %q: exit %d, stdout %q, stderr %q; want 1 and one line with %q",
			args, settings, o.code, o.stdout, o.stderr, what)
	}
	return o.stderr
}

// server is a nashr that runs.
type server struct {
	url    string
	took   time.Duration // from its start until it was ready
	cmd    *exec.Cmd
	stderr *transcript
	stdout *transcript
	ended  chan struct{} // closed when the process has
}

// serve starts "nashr serve" with the admin of the tests, on a free port, and waits until it is ready. The server is
// killed when the test ends, if it still runs then.
func serve(tb testing.TB, settings ...string) *server {
	tb.Helper()
	return start(tb, append([]string{"NASHR_ADMIN_EMAIL=" + adminEmail, "NASHR_ADMIN_PASSWORD=" + adminPassword}, settings...))
}

func start(tb testing.TB, settings []string, args ...string) *server {
	tb.Helper()
	s := &server{stdout: newTranscript(), stderr: newTranscript(), ended: make(chan struct{})}
	s.cmd = exec.CommandContext(context.WithoutCancel(tb.Context()), "nashr", append([]string{"serve"}, args...)...)
	s.cmd.Dir, s.cmd.Env = tb.TempDir(), append(environment(tb, "NASHR_LISTEN=127.0.0.1:0"), settings...)
	s.cmd.Stdout, s.cmd.Stderr = s.stdout, s.stderr
	begin := time.Now()
	if err := s.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	go func() {
		_ = s.cmd.Wait() // its state is read from cmd.ProcessState
		close(s.ended)
	}()
	tb.Cleanup(func() { s.kill() })
	address := s.wait(tb, s.stderr, regexp.MustCompile(`msg=listening address=(\S+)`))
	s.url = "http://" + address
	request{path: "/readyz"}.send(tb, s.url).want(tb, http.StatusOK)
	s.took = time.Since(begin)
	return s
}

// wait gives the first group of what, once the server has written it; that it has ended instead fails the test.
func (s *server) wait(tb testing.TB, where *transcript, what *regexp.Regexp) string {
	tb.Helper()
	timeout := time.After(patience)
	for {
		text, more := where.read()
		if found := what.FindStringSubmatch(text); found != nil {
			return found[len(found)-1]
		}
		select {
		case <-more:
		case <-s.ended:
			tb.Fatalf("nashr serve ended: %s", s.stderr)
		case <-timeout:
			tb.Fatalf("nashr serve has not written %s: %s", what, where)
		}
	}
}

func (s *server) signal(tb testing.TB, sig os.Signal) {
	tb.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		tb.Fatal(err)
	}
}

// kill ends the process at once, without a word.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // fails when it has ended
	<-s.ended
}

// stop asks the server to end, and expects that it does so gracefully.
func (s *server) stop(tb testing.TB) {
	tb.Helper()
	s.signal(tb, syscall.SIGTERM)
	s.expectEnd(tb)
}

func (s *server) expectEnd(tb testing.TB) {
	tb.Helper()
	select {
	case <-s.ended:
	case <-time.After(patience):
		tb.Fatal("nashr serve has not ended")
	}
	log := s.stderr.String()
	if code := s.cmd.ProcessState.ExitCode(); code != 0 || strings.Contains(log, "level=ERROR") {
		tb.Errorf("nashr serve exited with %d: %s", code, log)
	}
}

// transcript is what a process has written so far.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // closed at the next write
}

func newTranscript() *transcript { return &transcript{more: make(chan struct{})} }

// Write keeps p.
func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.more)
	t.more = make(chan struct{})
	return t.text.Write(p)
}

// read gives what is written so far, and a channel that closes when there is more.
func (t *transcript) read() (string, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String(), t.more
}

// String gives what is written so far.
func (t *transcript) String() string {
	text, _ := t.read()
	return text
}
