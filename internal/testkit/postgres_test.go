package testkit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

// envChild makes the test binary start a server, print its URL and wait to be killed, instead of running tests.
const envChild = "NASHR_TESTKIT_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(envChild) != "" {
		beChild()
	}
	goleak.VerifyTestMain(m)
}

func beChild() {
	s, err := openServer(fastSettings)
	if err != nil || s == nil {
		fmt.Fprintln(os.Stderr, "child: no server:", err)
		os.Exit(1)
	}
	fmt.Println(s.base)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// needServer gives the directory of a throw-away server's binaries. Where there is none it says so and gives false.
func needServer(t *testing.T) (string, bool) {
	t.Helper()
	bin, ok := findBinaries()
	if !ok && shared(t) == nil {
		return "", false
	}
	return bin, ok
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatalf("connect to %s: %v", url, err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func run(t *testing.T, url string, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatalf("connect to %s: %v", url, err)
	}
	defer conn.Close(t.Context())
	for _, statement := range statements {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func number(t *testing.T, url, query string, args ...any) int {
	t.Helper()
	var n int
	if err := connect(t, url).QueryRow(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func TestPostgresGivesEachCallItsOwnEmptyDatabase(t *testing.T) {
	first, second := Postgres(t), Postgres(t)
	if first == "" {
		return
	}
	run(t, first, "CREATE TABLE story (id int)")
	tables := "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
	if a, b := number(t, first, tables), number(t, second, tables); a != 1 || b != 0 {
		t.Errorf("tables = %d and %d, want 1 and 0", a, b)
	}
}

func TestPostgresDropsTheDatabaseWithTheTest(t *testing.T) {
	s := shared(t)
	if s == nil {
		return
	}
	var name string
	t.Run("uses a database", func(t *testing.T) {
		conn := connect(t, Postgres(t)) // still open when the database is dropped
		name = conn.Config().Database
	})
	if n := number(t, s.base.String(), "SELECT count(*) FROM pg_database WHERE datname = $1", name); n != 0 {
		t.Errorf("database %q is still there after its test", name)
	}
}

func TestTemplateIsBuiltOnceAndCopied(t *testing.T) {
	name, built := newRun(), 0
	build := func(url string) {
		built++
		run(t, url, "CREATE TABLE story (id int)", "INSERT INTO story VALUES (1)")
	}
	first := Template(t, name, build)
	if first == "" {
		return
	}
	run(t, first, "INSERT INTO story VALUES (2)")
	second := Template(t, name, build)
	if a, b := number(t, first, "SELECT count(*) FROM story"), number(t, second, "SELECT count(*) FROM story"); a != 2 || b != 1 {
		t.Errorf("rows = %d and %d, want 2 and 1", a, b)
	}
	if built != 1 {
		t.Errorf("built %d times, want once", built)
	}
}

func TestTemplateIsCopiedByParallelTests(t *testing.T) {
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			url := Template(t, "parallel", func(url string) { run(t, url, "CREATE TABLE story (id int)") })
			if url == "" {
				return
			}
			if n := number(t, url, "SELECT count(*) FROM story"); n != 0 {
				t.Errorf("rows = %d, want 0", n)
			}
		})
	}
}

func TestTemplateIsBuiltAgainAfterABuildThatPanicked(t *testing.T) {
	if shared(t) == nil {
		return
	}
	name := newRun()
	func() {
		defer func() { _ = recover() }()
		Template(t, name, func(url string) {
			run(t, url, "CREATE TABLE half (id int)")
			panic("half built")
		})
	}()
	url := Template(t, name, func(url string) { run(t, url, "CREATE TABLE whole (id int)") })
	if n := number(t, url, "SELECT count(*) FROM pg_tables WHERE tablename = 'half'"); n != 0 {
		t.Error("the half-built template was copied")
	}
}

func TestServerEndsWithAKilledProcess(t *testing.T) {
	if _, ok := needServer(t); !ok {
		return
	}
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), envChild+"=1", EnvPostgresURL+"=")
	child.Stderr = os.Stderr
	stdin, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("the child gave no URL: %v", err)
	}
	url := strings.TrimSpace(line)
	dir := connect(t, url).Config().Host
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	await(t, "the server's directory to go", func() bool {
		_, err := os.Stat(dir)
		return errors.Is(err, fs.ErrNotExist)
	})
	if _, err := pgx.Connect(t.Context(), url); err == nil {
		t.Error("the server still answers")
	}
}

func await(t *testing.T, what string, happened func() bool) {
	t.Helper()
	deadline, tick := time.After(20*time.Second), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for !happened() {
		select {
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
}

func TestStartRepairsAndSweeps(t *testing.T) {
	bin, ok := needServer(t)
	if !ok {
		return
	}
	shareTempDir(t)
	options := serverOptions{bin: bin, settings: fastSettings}
	first, err := startServer(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer end(t, first)
	root := filepath.Dir(first.base.Query().Get("host"))
	left := filepath.Join(root, "run-left")
	if err := os.Mkdir(left, 0o700); err != nil {
		t.Fatal(err)
	}
	clusters, _ := filepath.Glob(filepath.Join(root, "cluster-*"))
	if len(clusters) != 1 {
		t.Fatalf("clusters = %v, want one", clusters)
	}
	if err := os.Remove(filepath.Join(clusters[0], "global", "pg_control")); err != nil {
		t.Fatal(err)
	}
	second, err := startServer(t.Context(), options)
	if err != nil {
		t.Fatalf("start on a broken cluster: %v", err)
	}
	defer end(t, second)
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a dead run's directory was not swept")
	}
	if n := number(t, first.base.String(), "SELECT 1"); n != 1 {
		t.Error("the sweep hurt a living server")
	}
}

// shareTempDir gives the test a temporary directory that the server's account may reach.
func shareTempDir(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
}

// end stops a throw-away server as the end of its process would, and waits until its directory is gone.
func end(t *testing.T, s *server) {
	t.Helper()
	h, ok := s.hold.(held)
	if !ok {
		t.Fatalf("hold = %T", s.hold)
	}
	if err := errors.Join(h.pipe.Close(), h.owner.Close()); err != nil {
		t.Error(err)
	}
	dir := s.base.Query().Get("host")
	await(t, dir+" to go", func() bool {
		_, err := os.Stat(dir)
		return errors.Is(err, fs.ErrNotExist)
	})
}

func TestStartSaysWhatTheServerSaid(t *testing.T) {
	bin, ok := needServer(t)
	if !ok {
		return
	}
	s := throwaway{serverOptions: serverOptions{bin: bin, settings: []string{"no_such_setting=1"}}}
	var err error
	if s.account, err = unprivileged(); err != nil {
		t.Fatal(err)
	}
	if err = s.makeRoot(); err != nil {
		t.Fatal(err)
	}
	_, err = s.start(t.Context(), false)
	if err == nil || !strings.Contains(err.Error(), "no_such_setting") {
		t.Errorf("error = %v, want the server's words about no_such_setting", err)
	}
}

func TestJoinedServerDropsWhatDeadRunsLeft(t *testing.T) {
	bin, ok := needServer(t)
	if !ok {
		return
	}
	host, err := startServer(t.Context(), serverOptions{bin: bin, settings: fastSettings})
	if err != nil {
		t.Fatal(err)
	}
	defer end(t, host)
	living, err := joinServer(t.Context(), host.base.String())
	if err != nil {
		t.Fatal(err)
	}
	defer leave(t, living)
	run(t, host.base.String(), "CREATE DATABASE nashr_test_dead_1")
	kept := living.template("kept")
	if err := kept.ensure(living, func(string) {}); err != nil {
		t.Fatal(err)
	}

	again, err := joinServer(t.Context(), host.base.String())
	if err != nil {
		t.Fatal(err)
	}
	defer leave(t, again)
	if n := number(t, host.base.String(), "SELECT count(*) FROM pg_database WHERE datname = 'nashr_test_dead_1'"); n != 0 {
		t.Error("a dead run's database was not dropped")
	}
	if n := number(t, host.base.String(), "SELECT count(*) FROM pg_database WHERE datname = $1", kept.database); n != 1 {
		t.Error("a living run's database was dropped")
	}
}

func leave(t *testing.T, s *server) {
	t.Helper()
	if conn, ok := s.hold.(*pgx.Conn); ok {
		_ = conn.Close(t.Context())
	}
}

func TestJoinRefusesWhatIsNoURL(t *testing.T) {
	_, err := joinServer(t.Context(), "host=db password=secret")
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("error = %v, want one without the password", err)
	}
}

func BenchmarkTemplate(b *testing.B) {
	build := func(string) {}
	Template(b, "benchmark", build)
	for b.Loop() {
		Template(b, "benchmark", build)
	}
}

// Benchmarks of writing would measure nothing on the server that tests get.
func TestDurableWaitsForTheDisk(t *testing.T) {
	if os.Getenv(EnvPostgresURL) != "" {
		return // whoever gave us that server knows
	}
	for name, url := range map[string]string{"on": Durable(t), "off": Postgres(t)} {
		if url == "" {
			return // it has been said
		}
		var fsync, commit string
		err := connect(t, url).QueryRow(t.Context(), "SELECT current_setting('fsync'), current_setting('synchronous_commit')").Scan(&fsync, &commit)
		if err != nil || fsync != name || commit != name {
			t.Errorf("fsync is %s and synchronous_commit %s, want %s: %v", fsync, commit, name, err)
		}
	}
}
