package api_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// node is the API behind a real HTTP server.
type node struct {
	*httptest.Server
	ended chan string // the path of each request that is over
}

// listen starts a node on a server's database, with other options. It is closed in the end, and waits for its requests.
func (s *server) listen(t *testing.T, change func(*api.Options)) *node {
	t.Helper()
	options := s.options
	if change != nil {
		change(&options)
	}
	n := &node{ended: make(chan string, 1000)}
	handler := api.New(options)
	n.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r)
		n.ended <- r.URL.Path
	}))
	n.Config.ReadTimeout, n.Config.WriteTimeout = time.Second, time.Second // which nothing that lasts may feel
	n.Start()
	t.Cleanup(n.Close)
	return n
}

// stream is a connection that takes Server-Sent Events.
type stream struct {
	t      *testing.T
	header http.Header
	lines  *bufio.Scanner
	close  context.CancelFunc
}

// block is what a stream sends between two empty lines.
type block struct{ id, event, data, comment, retry string }

func (n *node) stream(t *testing.T, token, query, last string) *stream {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, n.URL+events+query, nil)
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Last-Event-ID", last)
	response, err := n.Client().Do(r) //nolint:bodyclose // the stream's close does
	must(t, err)
	if response.StatusCode != http.StatusOK {
		t.Errorf("the stream began with %s", response.Status)
	}
	s := &stream{t: t, header: response.Header, lines: bufio.NewScanner(response.Body)}
	s.lines.Buffer(nil, 4<<20)
	s.close = func() {
		cancel()
		_ = response.Body.Close()
	}
	t.Cleanup(s.close)
	return s
}

// next gives the next block, or false when the stream has ended.
func (s *stream) next() (b block, ok bool) {
	for s.lines.Scan() {
		line := s.lines.Text()
		if line == "" {
			return b, true
		}
		name, value, _ := strings.Cut(line, ": ")
		switch name {
		case "id":
			b.id = value
		case "event":
			b.event = value
		case "data":
			b.data = value
		case "retry":
			b.retry = value
		case "":
			b.comment = value
		default:
			s.t.Errorf("the stream has a line %q", line)
		}
	}
	return b, false
}

// event gives the next block with an event in it.
func (s *stream) event() block {
	for {
		b, ok := s.next()
		if !ok {
			s.t.Errorf("the stream has ended")
		}
		if b.data != "" || !ok {
			return b
		}
	}
}

func TestEventsAsAStream(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		node := s.listen(t, nil)
		after, token := s.newest(t), s.token(t, editor)
		for n := range 5 {
			s.tag(t, s.desk, fmt.Sprint("Tag ", n))
		}
		want := s.do(t, call{as: editor, path: events + "?after=" + after})
		ids := want.all("id")

		first := node.stream(t, token, "?after="+after+"&limit=1&wait=3", "")
		for name, value := range map[string]string{
			"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Length": "", "Link": "",
		} {
			if got := first.header.Get(name); got != value {
				t.Errorf("%s is %q, want %q", name, got, value)
			}
		}
		b, _ := first.next()
		if b.retry != "3000" || b.id != ids[0] || b.event != "tag.created" {
			t.Errorf("the stream begins with %+v", b)
		}
		var event any
		must(t, json.Unmarshal([]byte(b.data), &event))
		if fmt.Sprint(event) != fmt.Sprint(want.at("data.0")) {
			t.Errorf("the stream has %v, the list %v", event, want.at("data.0"))
		}
		if b = first.event(); b.id != ids[1] {
			t.Errorf("then %+v", b)
		}
		first.close()

		again := node.stream(t, token, "?type=tag.*&after=latest", ids[1]) // the header wins
		for _, id := range ids[2:] {
			if b := again.event(); b.id != id {
				t.Errorf("after the break %+v, want %s", b, id)
			}
		}
		s.add(t, "sections", object{"name": "World"})
		s.tag(t, s.desk, "Late")
		if b := again.event(); !strings.Contains(b.data, "Late") {
			t.Errorf("then %+v", b)
		}
	})
}

// A stream that starts at the end, or skips what its filters leave out, tells where to go on before anything happens.
func TestAStreamTellsWhereItIs(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		node := s.listen(t, func(o *api.Options) { o.Heartbeat = 20 * time.Millisecond })
		token := s.token(t, editor)
		stream := node.stream(t, token, "?after=latest&type=tag.*", "")
		if b, _ := stream.next(); b.id != s.newest(t) || b.comment != "ping" || b.data != "" {
			t.Errorf("it begins with %+v", b)
		}
		s.add(t, "sections", object{"name": "World"})
		last := s.newest(t)
		waited := make(chan string)
		go func() {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, node.URL+events+"?wait=60&after="+last, nil)
			if err != nil {
				waited <- err.Error()
				return
			}
			r.Header.Set("Authorization", "Bearer "+token)
			response, err := node.Client().Do(r)
			if err != nil {
				waited <- err.Error()
				return
			}
			defer response.Body.Close()
			body, _ := io.ReadAll(response.Body)
			waited <- string(body)
		}()
		for range 60 { // longer than the server would wait for anything else
			if b, ok := stream.next(); !ok || b.comment != "ping" || b.event != "" || b.retry != "" {
				t.Errorf("then %+v", b)
			}
		}
		if b, _ := stream.next(); b.id != last {
			t.Errorf("at last %+v, want %s", b, last)
		}
		s.tag(t, s.desk, "Seen")
		if b := stream.event(); b.event != "tag.created" {
			t.Errorf("got %+v", b)
		}
		if body := <-waited; !strings.Contains(body, `"type":"tag.created"`) {
			t.Errorf("who waited got %s", body)
		}
	})
}

func TestOnlyWhatLastsHasNoDeadline(t *testing.T) {
	for path, want := range map[string]string{"/bounded": "true", "/lasting": "false"} {
		recorder := httptest.NewRecorder()
		api.Deadlines().ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if recorder.Body.String() != want {
			t.Errorf("%s: %s", path, recorder.Body)
		}
	}
}

func TestWhoGetsAStream(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for accept, stream := range map[string]bool{
			"": false, "*/*": false, "application/json": false, "text/event-stream, application/json": false, "text/html": false, "nonsense;;": false,
			"text/event-stream": true, "TEXT/Event-Stream;charset=utf-8": true, "text/event-stream, */*;q=0.1": true,
		} {
			a := s.do(t, call{as: editor, method: "HEAD", path: events, header: map[string]string{"Accept": accept}})
			if got := a.header.Get("Content-Type") == "text/event-stream"; got != stream {
				t.Errorf("%q: %s", accept, a.header.Get("Content-Type"))
			}
		}
		header := map[string]string{"Accept": "text/event-stream"}
		s.do(t, call{as: author, path: events, header: header, status: 403, code: "forbidden"})
		s.do(t, call{path: events, header: header, status: 401})
		s.do(t, call{as: editor, path: events + "?type=x", header: header, status: 400})
		header["Last-Event-ID"] = "x"
		s.do(t, call{as: editor, path: events, header: header, status: 400, code: "invalid_parameter"}).is("errors.0.pointer", "Last-Event-ID")
		delete(header, "Accept")
		s.do(t, call{as: editor, path: events, header: header})
	})
}

// A stream ends with the right to it, also when nothing happens, and the log says why.
func TestAStreamEndsWithTheRightToIt(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for name, heartbeat := range map[string]time.Duration{"event": time.Hour, "heartbeat": 10 * time.Millisecond} {
			var log bytes.Buffer
			node := s.listen(t, func(o *api.Options) {
				o.Heartbeat, o.Log = heartbeat, slog.New(slog.NewJSONHandler(&log, nil))
			})
			token, _ := s.signIn(t, editor)
			stream := node.stream(t, token, "?after=latest", "")
			_, _ = stream.next()
			s.do(t, call{method: "POST", path: "/v1/auth/logout", header: bearer(token), status: 204})
			if name == "event" {
				s.tag(t, s.desk, "Unseen")
			}
			for {
				b, ok := stream.next()
				if b.data != "" {
					t.Errorf("%s: %+v", name, b)
				}
				if !ok {
					break
				}
			}
			<-node.ended
			if !strings.Contains(log.String(), `"status":200,"code":"unauthenticated"`) {
				t.Errorf("%s: the log says %s", name, log.String())
			}
		}
	})
}

// A server that stops does not wait for those who wait.
func TestStoppingEndsWaiting(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		stopping, stop := context.WithCancel(t.Context())
		node := s.listen(t, func(o *api.Options) { o.Stopping = stopping })
		token := s.token(t, editor)
		stream := node.stream(t, token, "?after=latest", "")
		_, _ = stream.next()
		s.change(func(o *api.Options) { o.Stopping = stopping })
		r := s.request(t, call{as: editor, path: events + "?wait=60&after=latest"})
		answered := make(chan answer)
		before := s.queries.Load()
		go func() { answered <- s.send(t, r) }()
		s.untilQueries(t, before+3)
		stop()
		(<-answered).is("data", "[]").is("meta.last", s.newest(t))
		if b, ok := stream.next(); ok && b.data != "" {
			t.Errorf("the stream went on with %+v", b)
		}
		must(t, node.Config.Shutdown(t.Context()))
	})
}

// A client that takes nothing more is given up, and meanwhile holds nobody up.
func TestASlowClientIsGivenUp(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		node := s.listen(t, func(o *api.Options) { o.WriteTimeout = 200 * time.Millisecond })
		request := fmt.Sprintf("GET %s?after=%s HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer %s\r\n\r\n",
			events, s.newest(t), s.token(t, editor))
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", node.Listener.Addr().String())
		must(t, err)
		defer conn.Close()
		_, err = io.WriteString(conn, request)
		must(t, err)
		long, err := json.Marshal(map[string]string{"long": strings.Repeat("x", 1<<20)})
		must(t, err)
		for range 24 { // more than the connection holds
			must(t, s.store.Write(t.Context(), func(tx *store.Tx) error {
				return tx.AppendEvent(&newsroom.Event{At: s.clock.Now(), Type: "test.long", SubjectID: uuid.New(), Data: long})
			}))
		}
		if path := <-node.ended; path != events {
			t.Errorf("%s has ended", path)
		}
	})
}

// Not in parallel with others, whose goroutines would count.
func TestFollowersLeaveNothingBehind(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "nashr.db")
	db, err := store.Open(t.Context(), url, slog.New(slog.DiscardHandler))
	must(t, err)
	_, err = db.MigrateUp(t.Context())
	must(t, err)
	must(t, db.Close())
	s := newServer(t, url)
	token := s.token(t, editor)
	before := goleak.IgnoreCurrent()
	node := s.listen(t, nil)
	var all []*stream
	for range 20 {
		all = append(all, node.stream(t, token, "", ""))
	}
	s.tag(t, s.desk, "Seen")
	for _, stream := range all {
		for b := stream.event(); b.event != "tag.created"; b = stream.event() {
		}
		stream.close()
	}
	ctx, leave := context.WithCancel(t.Context())
	r := s.request(t, call{path: events + "?wait=60&after=latest", header: bearer(token)}).WithContext(ctx)
	left := make(chan struct{})
	queries := s.queries.Load()
	go func() { s.handler.ServeHTTP(httptest.NewRecorder(), r); close(left) }()
	s.untilQueries(t, queries+3)
	leave()
	<-left
	node.Client().CloseIdleConnections()
	node.Close()
	goleak.VerifyNone(t, before)
}
