package api

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// Event is one change of the newsroom.
type Event struct {
	// Numbers the changes in the order in which they were made; some numbers are left out.
	ID int64     `json:"id" minimum:"1" example:"1042"`
	At time.Time `json:"at" format:"date-time"`
	// What changed and how: article.published, section.updated. There will be more types.
	Type    string       `json:"type" example:"article.published"`
	Subject EventSubject `json:"subject"`
	// Who changed it; null for the system and the command line.
	Actor *UserRef `json:"actor"`
	// The API token that the change came by.
	TokenID *string `json:"token_id" format:"uuid"`
	// Readers can see the change.
	Public bool `json:"public"`
	// Depends on the type. An update names the fields that differ in changed; a section, an author, a tag, a collection or the
	// site that is new or changed stands whole in after, as readers see it from then on. What is in a widget is left out.
	Data json.RawMessage `json:"data" swaggertype:"object"`
}

// EventSubject is what an event happened to.
type EventSubject struct {
	Type string `json:"type" example:"article"`
	ID   string `json:"id" format:"uuid"`
}

// EventPage is the part of the feed of events after one of them.
type EventPage struct {
	Data  []Event   `json:"data"`
	Meta  EventMeta `json:"meta"`
	Links Links     `json:"links"`
}

// EventMeta says which part of the feed this is. A feed is not counted, and has no pages.
type EventMeta struct {
	Meta
	// Go on with after=last, also when there is nothing more yet. It has passed what the filters leave out.
	Last int64 `json:"last" minimum:"0" example:"1042"`
}

// EventQuery documents which events are wanted.
type EventQuery struct {
	// The number of the event to go on after, or latest to wait for what comes.
	After string `form:"after" default:"0" extensions:"x-pattern=^([0-9]{1,18}|latest)$" example:"1042"`
	// Types such as article.published, or article.* for all of that subject. Commas mean "or", repeating the parameter means
	// "and", a leading - excludes.
	Type []string `form:"type" collectionFormat:"multi" validate:"max=20" extensions:"x-pattern=^[a-z0-9_.*,-]+$" example:"article.*,-article.updated"`
	// Only what happened to the article of this id.
	Article string `form:"article" format:"uuid"`
	// How many at most.
	Limit int `form:"limit" minimum:"1" maximum:"100" default:"20"`
	// How many seconds to wait when there is nothing yet.
	Wait int `form:"wait" minimum:"0" maximum:"60" default:"0"`
}

// listEvents gives what has happened, or tells it as it happens.
//
// @Summary     Follow what happens
// @Description The audit trail and the change feed in one, in the order in which changes were made: reading on after the last event
// @Description that you know never misses one. Ask with `after` = `meta.last` of the answer before; `wait` holds the answer back until
// @Description something happens. Only admins who are signed in get events about users and tokens.
// @Description
// @Description With `Accept: text/event-stream` the answer is a stream of Server-Sent Events that goes on as things happen: `id` is the
// @Description event's number, `event` its type, `data` the same JSON. `Last-Event-ID` wins over `after`; `limit` and `wait` do not count.
// @Description While nothing happens there is a comment every 15 seconds, with the number to go on after as an `id` without an event.
// @Description The stream ends with your rights or your access token: connect again with a new one.
// @ID          listEvents
// @Tags        manage-events
// @Security    BearerAuth
// @Produce     json,text/event-stream
// @Param       query         query  EventQuery false "which"
// @Param       Last-Event-ID header string     false "The number of the last event of a stream that broke off." example(1042)
// @Success     200 {object} EventPage
// @Header      200 {string} Link "x"
// @Failure     403 {object} Problem
// @Router      /v1/manage/events [get]
func (s *server) listEvents(c echo.Context) error {
	streams := wantsStream(c.Request())
	c.Response().Header().Add(echo.HeaderVary, echo.HeaderAccept)
	q, err := readEventQuery(c, streams)
	if err != nil {
		return err
	}
	if streams {
		return s.streamEvents(c, q)
	}
	page, err := s.nextEvents(c, &q, q.wait)
	if err != nil {
		return err
	}
	if page.Links.Next != nil {
		c.Response().Header().Set("Link", fmt.Sprintf(`<%s>; rel="next"`, *page.Links.Next))
	}
	return private(c, http.StatusOK, page)
}

// eventQuery is which events a request asks for next.
type eventQuery struct {
	store.EventFilter
	after int64
	limit int
	wait  time.Duration
}

func readEventQuery(c echo.Context, streams bool) (eventQuery, error) {
	q := queryOf(c)
	e := eventQuery{after: q.eventNumber("after", q.one("after")), limit: q.number("limit", 1, 100, 20)}
	e.wait = time.Duration(q.number("wait", 0, 60, 0)) * time.Second
	e.Types = q.match("type", func(t string) (string, bool) { return t, eventType.MatchString(t) })
	if article := q.one("article"); article != "" {
		id, ok := parseID(article)
		if e.ArticleID = &id; !ok {
			q.fail("article", "The value is the id of an article.")
		}
	}
	if streams {
		if last := c.Request().Header.Get(lastEventID); last != "" {
			e.after = q.eventNumber(lastEventID, last)
		}
		e.limit = streamBatch
	}
	return e, q.err()
}

var eventType = regexp.MustCompile(`^[a-z][a-z0-9_]*\.([a-z][a-z0-9_]*|\*)$`)

// latest is after every event.
const latest = math.MaxInt64

// eventNumber reads the number of an event, or the word latest.
func (q *query) eventNumber(name, v string) int64 {
	switch v {
	case "":
		return 0
	case "latest":
		return latest
	}
	n, err := strconv.ParseUint(v, 10, 63)
	if err != nil {
		q.fail(name, "The value is the number of an event, or latest.")
	}
	return int64(n)
}

// eventPage gives a part of the feed with the names of those who acted, which take one query.
func (s *server) eventPage(ctx context.Context, c echo.Context, q *eventQuery, feed store.EventFeed) (EventPage, error) {
	page := EventPage{Data: []Event{}, Meta: EventMeta{Meta{Limit: q.limit}, feed.Last}, Links: Links{Self: c.Request().URL.RequestURI()}}
	if feed.More {
		next := strconv.FormatInt(feed.Last, 10)
		page.Meta.NextCursor, page.Links.Next = &next, linkTo(c, "after", next)
	}
	if len(feed.Events) == 0 {
		return page, nil
	}
	var actors []uuid.UUID
	for _, e := range feed.Events {
		if e.ActorID != nil {
			actors = append(actors, *e.ActorID)
		}
	}
	users, err := s.Store.Read(ctx).UsersByID(actors...)
	for _, e := range feed.Events {
		page.Data = append(page.Data, eventOf(e, users))
	}
	return page, err
}

func eventOf(e newsroom.Event, users map[uuid.UUID]newsroom.User) Event {
	out := Event{
		ID: e.ID, At: e.At, Type: e.Type, Subject: EventSubject{Type: e.Subject(), ID: e.SubjectID.String()},
		Public: e.Public, Data: e.Data,
	}
	if e.ActorID != nil {
		out.Actor = &UserRef{ID: e.ActorID.String(), Name: users[*e.ActorID].Name}
	}
	if e.TokenID != nil {
		id := e.TokenID.String()
		out.TokenID = &id
	}
	return out
}
