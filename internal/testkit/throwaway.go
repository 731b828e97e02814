package testkit

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/jackc/pgx/v5"
)

const (
	serverRole = "nashr"
	serverPort = "5432" // only a socket's name: the server listens on no network address
)

// fastSettings give up every promise that a crash would test, for speed. The server's time zone is one that a query
// which forgets to name its own will notice.
var fastSettings = []string{
	"fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300", "timezone=Asia/Tashkent",
}

var initdbArgs = []string{"--username=" + serverRole, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"}

// serveScript runs its arguments as a server until the pipe on descriptor 3, which the test process holds open, closes:
// however that process ends, the server ends too, and its directory $dir goes. SIGQUIT is PostgreSQL's immediate stop.
const serveScript = `
dir=$1; shift
"$@" 3<&- & server=$!
{ read -r _ <&3; kill -QUIT $server; } & watch=$!
wait $server; code=$?
kill $watch 2>/dev/null
rm -rf "$dir"
exit $code`

// serverOptions says how to run a throw-away server.
type serverOptions struct {
	bin      string   // the directory of initdb and postgres
	settings []string // name=value
}

// throwaway is a server of our own on a copy of a cached cluster.
//
//	root/lock           held while the two below change
//	root/cluster-KEY/   what initdb made, once for each version of PostgreSQL
//	root/run-RUN/       one process's copy in data, its socket, and owner, locked for as long as the process lives
type throwaway struct {
	serverOptions
	root, run string
	account   *syscall.Credential // whom the server runs as, when not as ourselves
}

// held is what ends the server, or lets others sweep its directory, when it closes.
type held struct {
	owner *flock.Flock
	pipe  *os.File
}

// findBinaries gives the directory of PostgreSQL's server binaries: those of the PATH, else Debian's newest.
func findBinaries() (string, bool) {
	var dirs []string
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(path))
		}
	}
	debian, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(debian, func(a, b string) int { return majorVersion(b) - majorVersion(a) })
	for _, dir := range append(dirs, debian...) {
		if isFile(filepath.Join(dir, "initdb")) && isFile(filepath.Join(dir, "postgres")) {
			return dir, true
		}
	}
	return "", false
}

func majorVersion(bin string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	return n
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// startServer starts a server and waits until it answers. A cached cluster may have lost files to a cleaner of the
// temporary directory, so a failed start is tried once more on a new one.
func startServer(ctx context.Context, options serverOptions) (*server, error) {
	t := throwaway{serverOptions: options}
	var err error
	if t.account, err = unprivileged(); err != nil {
		return nil, err
	}
	if err := t.makeRoot(); err != nil {
		return nil, err
	}
	s, err := t.start(ctx, false)
	if err != nil {
		s, err = t.start(ctx, true)
	}
	return s, err
}

// unprivileged gives the account to run as when we are root, whom PostgreSQL refuses; else nil.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		account, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// makeRoot makes the directory of all throw-away servers of this account, and refuses one that somebody else made.
func (t *throwaway) makeRoot() error {
	uid, gid := os.Geteuid(), os.Getegid()
	if t.account != nil {
		uid, gid = int(t.account.Uid), int(t.account.Gid)
	}
	t.root = filepath.Join(os.TempDir(), fmt.Sprintf("nashr-pg-%d", uid))
	err := os.Mkdir(t.root, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return checkOwner(t.root, uid)
	}
	if err != nil {
		return err
	}
	return os.Lchown(t.root, uid, gid)
}

func checkOwner(dir string, uid int) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !ok || int(stat.Uid) != uid || !info.IsDir() {
		return fmt.Errorf("%s is not a directory of user %d: remove it", dir, uid)
	}
	return nil
}

// start runs a server on a new copy of the cluster, itself new if so asked.
func (t *throwaway) start(ctx context.Context, newCluster bool) (*server, error) {
	t.run = newRun()
	owner, err := t.prepare(ctx, newCluster)
	if err != nil {
		return nil, err
	}
	pipe, err := t.serve(ctx)
	if err != nil {
		return nil, errors.Join(err, owner.Close())
	}
	return &server{base: t.url(), run: t.run, hold: held{owner, pipe}}, nil
}

func (t *throwaway) url() *url.URL {
	query := url.Values{"host": {t.dir()}, "port": {serverPort}}
	return &url.URL{Scheme: "postgres", User: url.User(serverRole), Path: "/postgres", RawQuery: query.Encode()}
}

func (t *throwaway) dir() string { return filepath.Join(t.root, "run-"+t.run) }

// prepare sweeps what killed processes left, and lays out this run's directory with a copy of the cluster.
func (t *throwaway) prepare(ctx context.Context, newCluster bool) (*flock.Flock, error) {
	lock := lockFile(filepath.Join(t.root, "lock"))
	if err := lock.Lock(); err != nil {
		return nil, err
	}
	defer lock.Close()
	if err := sweepRuns(t.root); err != nil {
		return nil, err
	}
	cluster, err := t.cluster(ctx, newCluster)
	if err != nil {
		return nil, err
	}
	if err := t.command(ctx, "mkdir", "-m", "0700", t.dir()); err != nil {
		return nil, err
	}
	owner := lockFile(filepath.Join(t.dir(), "owner"))
	if err := owner.Lock(); err != nil {
		return nil, err
	}
	if err := t.command(ctx, "cp", "-Rp", cluster, filepath.Join(t.dir(), "data")); err != nil {
		return nil, errors.Join(err, owner.Close())
	}
	return owner, nil
}

// lockFile makes root's locks readable, so that the account itself may take them too; the directory keeps others out.
func lockFile(path string) *flock.Flock { return flock.New(path, flock.SetPermissions(0o644)) }

// sweepRuns removes the directories whose process is gone.
func sweepRuns(root string) error {
	runs, err := filepath.Glob(filepath.Join(root, "run-*"))
	if err != nil {
		return err
	}
	for _, run := range runs {
		owner := lockFile(filepath.Join(run, "owner"))
		free, err := owner.TryLock()
		if errors.Is(err, fs.ErrNotExist) {
			continue // its own script has just removed it
		}
		if err != nil {
			return err
		}
		if free {
			err = os.RemoveAll(run)
		}
		if err := errors.Join(err, owner.Close()); err != nil {
			return err
		}
	}
	return nil
}

// cluster gives the directory of the cached cluster, which initdb makes when it is not there or a new one is wanted.
func (t *throwaway) cluster(ctx context.Context, anew bool) (string, error) {
	version, err := exec.CommandContext(ctx, filepath.Join(t.bin, "postgres"), "--version").Output()
	if err != nil {
		return "", err
	}
	key := sha256.Sum256([]byte(string(version) + strings.Join(initdbArgs, " ")))
	dir := filepath.Join(t.root, fmt.Sprintf("cluster-%x", key[:6]))
	if _, err := os.Stat(dir); err == nil && !anew {
		return dir, nil
	}
	half := dir + ".half"
	if err := errors.Join(os.RemoveAll(dir), os.RemoveAll(half)); err != nil {
		return "", err
	}
	args := append([]string{"--pgdata=" + half}, initdbArgs...)
	if err := t.command(ctx, filepath.Join(t.bin, "initdb"), args...); err != nil {
		return "", err
	}
	return dir, os.Rename(half, dir)
}

// command runs a program as the server's account to its end; its error holds what the program printed.
func (t *throwaway) command(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	t.confine(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), err, out)
	}
	return nil
}

// confine runs cmd as the server's account, out of reach of the terminal's signals and of PG* variables.
func (t *throwaway) confine(cmd *exec.Cmd) {
	cmd.Dir = t.root
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: t.account, Setpgid: true}
}

// serve starts the server, waits until it answers, and gives the pipe that ends it when it closes.
func (t *throwaway) serve(ctx context.Context) (*os.File, error) {
	log, err := os.Create(filepath.Join(t.dir(), "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	args := []string{
		"-c", serveScript, "sh", t.dir(), filepath.Join(t.bin, "postgres"),
		"-D", filepath.Join(t.dir(), "data"), "-k", t.dir(), "-p", serverPort, "-c", "listen_addresses=",
	}
	for _, setting := range t.settings {
		args = append(args, "-c", setting)
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), "sh", args...) // the server outlives ctx
	t.confine(cmd)
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = log, log, []*os.File{read}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	if err := awaitServer(ctx, t.url(), cmd.Process.Pid); err != nil {
		said, _ := io.ReadAll(io.NewSectionReader(log, 0, 1<<20)) // readable even when its directory is gone
		return nil, errors.Join(fmt.Errorf("start postgres: %w: %s", err, said), write.Close())
	}
	return write, nil
}

// awaitServer waits until the server at u answers, or its process ends.
func awaitServer(ctx context.Context, u *url.URL, pid int) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if conn, err := pgx.Connect(ctx, u.String()); err == nil {
			return conn.Close(ctx)
		}
		var status syscall.WaitStatus
		if ended, err := syscall.Wait4(pid, &status, syscall.WNOHANG, nil); err != nil || ended == pid {
			return errors.Join(errors.New("the server ended"), err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
