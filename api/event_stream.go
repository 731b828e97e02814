package api

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

const (
	eventStreamType = "text/event-stream"
	lastEventID     = "Last-Event-ID"
	// streamBatch is how many events a stream holds in memory at a time.
	streamBatch = 100
	// streamRetry is when a client shall connect again, in milliseconds.
	streamRetry = 3000
)

// nextEvents gives the events that come next, as soon as there are any, and moves q on. When patience is over or the server
// stops, the page is empty. It gives unauthenticated or forbidden when the client may not have them any more.
func (s *server) nextEvents(c echo.Context, q *eventQuery, patience time.Duration) (EventPage, error) {
	defer s.renewWriteDeadline(c)
	waiting, stop := context.WithTimeout(c.Request().Context(), patience)
	defer stop()
	defer context.AfterFunc(s.Stopping, stop)()
	for {
		over := waiting.Err() != nil
		appended := s.Store.EventAppended() // before reading, so that nothing happens in between
		page, err := s.readEvents(c, q, over)
		if err != nil || len(page.Data) > 0 || over {
			return page, err
		}
		s.Store.WaitForEvent(waiting, appended)
	}
}

// readEvents looks once for the events that q asks for, and moves q on. What it gives at last, or any event, is only for
// those who may have it by then.
func (s *server) readEvents(c echo.Context, q *eventQuery, last bool) (EventPage, error) {
	ctx, cancel := context.WithTimeout(c.Request().Context(), requestTimeout)
	defer cancel()
	q.Accounts = actor(c).SeesAccounts()
	feed, err := s.Store.Read(ctx).EventFeed(q.EventFilter, q.after, q.limit)
	if err != nil {
		return EventPage{}, err
	}
	q.after = feed.Last
	if last || len(feed.Events) > 0 {
		if err := readmit(ctx, c); err != nil {
			return EventPage{}, err
		}
		if !actor(c).SeesAccounts() {
			feed.Events = slices.DeleteFunc(feed.Events, newsroom.Event.AboutAccounts)
		}
	}
	return s.eventPage(ctx, c, q, feed)
}

// streamEvents sends events as they happen, until the client leaves, may have no more of them, or does not take them in time.
func (s *server) streamEvents(c echo.Context, q eventQuery) error {
	page, err := s.nextEvents(c, &q, 0)
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, eventStreamType)
	header.Set(echo.HeaderCacheControl, "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx would keep events back
	c.Response().WriteHeader(http.StatusOK)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	if err := s.sendEvents(c, &q, page); err != nil && c.Request().Context().Err() == nil { // and not because the client is gone
		c.Set(problemCodeKey, string(s.explain(err, c).Code)) // for the log
	}
	return nil
}

// sendEvents sends a page, and then whatever comes, until something goes wrong or the server stops.
func (s *server) sendEvents(c echo.Context, q *eventQuery, page EventPage) error {
	start := fmt.Appendf(nil, "retry: %d\n", streamRetry)
	for {
		part, err := appendEvents(start, page)
		if err != nil {
			return err
		}
		if err := send(c, part); err != nil || s.Stopping.Err() != nil {
			return err
		}
		start = nil
		if page, err = s.nextEvents(c, q, s.Heartbeat); err != nil {
			return err
		}
	}
}

// appendEvents adds a page to a stream. An empty one is a comment, with the number to go on after as the id of no event.
func appendEvents(stream []byte, page EventPage) ([]byte, error) {
	if len(page.Data) == 0 {
		return fmt.Appendf(stream, ": ping\nid: %d\n\n", page.Meta.Last), nil
	}
	for _, e := range page.Data {
		data, err := encode(e)
		if err != nil {
			return nil, err
		}
		stream = fmt.Appendf(stream, "id: %d\nevent: %s\ndata: %s\n\n", e.ID, e.Type, data)
	}
	return stream, nil
}

// send writes a part of a stream, and returns when it is on its way or the client was too slow.
func send(c echo.Context, part []byte) error {
	if _, err := c.Response().Write(part); err != nil {
		return err
	}
	return http.NewResponseController(c.Response().Writer).Flush()
}

// wantsStream reports whether the client takes Server-Sent Events and did not ask for JSON.
func wantsStream(r *http.Request) bool {
	stream := false
	for kind := range strings.SplitSeq(strings.Join(r.Header.Values(echo.HeaderAccept), ","), ",") {
		switch kind, _, _ := mime.ParseMediaType(kind); kind {
		case eventStreamType:
			stream = true
		case echo.MIMEApplicationJSON:
			return false
		}
	}
	return stream
}
