package api

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
)

const (
	headerIdempotencyKey      = "Idempotency-Key"
	headerIdempotencyReplayed = "Idempotency-Replayed"
)

// once lets a request that carries an Idempotency-Key happen once: when it comes again, it gets the first answer. An
// answer that says to try again, by 429 or 5xx, is none.
func (s *server) once(handle echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Header.Values(headerIdempotencyKey) == nil {
			return handle(c)
		}
		k, err := keyedBy(c)
		if err != nil {
			return err
		}
		sealed, replayed, err := s.Store.Once(c.Request().Context(), k.record(s.Desk.Now()), func(ctx context.Context) ([]byte, error) {
			answer, err := s.perform(ctx, c, handle)
			if err != nil {
				return nil, err
			}
			return auth.Seal(k.derive("seal", k.digest), answer)
		})
		if err != nil {
			return err
		}
		answer, err := auth.Unseal(k.derive("seal", k.digest), sealed)
		if err != nil {
			return err
		}
		return replay(c, answer, replayed)
	}
}

// keyed is a request with an Idempotency-Key. Nothing of the key is kept but what follows from it.
type keyed struct {
	key    string
	who    []byte // sent it
	digest []byte // of the request
}

// keyedBy reads the key and the body, which it puts back. For what everyone may do, strangers who choose the same key
// are told apart by what they send.
func keyedBy(c echo.Context) (keyed, error) {
	sent := c.Request().Header.Values(headerIdempotencyKey)
	if len(sent) != 1 || !validKey(sent[0]) {
		return keyed{}, &newsroom.Error{Code: newsroom.CodeInvalidParameter, Detail: "The Idempotency-Key cannot be one.", Fields: []newsroom.FieldError{
			{Pointer: headerIdempotencyKey, Code: newsroom.FieldInvalid, Detail: "This must be 1 to 255 visible ASCII characters."},
		}}
	}
	body, err := readBytes(c)
	if err != nil {
		return keyed{}, err
	}
	c.Request().Body = io.NopCloser(bytes.NewReader(body))
	digest := sha256.New()
	writeParts(digest, []byte(c.Request().Method), []byte(c.Request().URL.RequestURI()), body)
	k := keyed{key: sent[0], digest: digest.Sum(nil)}
	k.who = k.digest
	if who, ok := c.Get(actorKey).(newsroom.Actor); ok {
		k.who = who.User.ID[:]
		if who.Token != nil {
			k.who = who.Token.ID[:]
		}
	}
	return k, nil
}

func validKey(key string) bool {
	return key != "" && len(key) <= 255 && strings.IndexFunc(key, func(r rune) bool { return r < '!' || r > '~' }) < 0
}

// derive gives 32 bytes for one purpose, which nobody can tell who does not know the key.
func (k keyed) derive(purpose string, of []byte) []byte {
	mac := hmac.New(sha256.New, []byte(k.key))
	writeParts(mac, []byte(purpose), of)
	return mac.Sum(nil)
}

// record gives the form in which the request is known to the store.
func (k keyed) record(now time.Time) newsroom.IdempotencyKey {
	return newsroom.IdempotencyKey{Key: k.derive("key", k.who), Fingerprint: k.derive("fingerprint", k.digest), CreatedAt: now}
}

// writeParts writes parts so that no others look the same.
func writeParts(w io.Writer, parts ...[]byte) {
	for _, part := range parts {
		_ = binary.Write(w, binary.BigEndian, int64(len(part))) // a hash takes anything
		_, _ = w.Write(part)
	}
}

// recording is an answer that is not sent yet: the ResponseWriter of a handler.
type recording struct {
	Status  int
	Headers http.Header
	Body    []byte
}

// Header implements http.ResponseWriter.
func (r *recording) Header() http.Header { return r.Headers }

// WriteHeader implements http.ResponseWriter.
func (r *recording) WriteHeader(status int) { r.Status = status }

// Write implements http.ResponseWriter.
func (r *recording) Write(p []byte) (int, error) {
	r.Body = append(r.Body, p...)
	return len(p), nil
}

// perform gives what handle answers when it works with ctx, or the error that is no answer to keep.
func (s *server) perform(ctx context.Context, c echo.Context, handle echo.HandlerFunc) ([]byte, error) {
	request, response := c.Request(), c.Response()
	defer func() {
		c.SetRequest(request)
		c.SetResponse(response)
	}()
	id := response.Header()[echo.HeaderXRequestID]
	r := &recording{Headers: http.Header{echo.HeaderXRequestID: id}}
	c.SetRequest(request.WithContext(ctx))
	c.SetResponse(echo.NewResponse(r, c.Echo()))
	if err := handle(c); err != nil {
		if !isFinal(err) {
			return nil, err
		}
		s.fail(err, c)
	}
	r.Headers.Del(echo.HeaderXRequestID) // each request has its own
	return json.Marshal(r)
}

// isFinal reports whether a failure would be the same if the request came again.
func isFinal(err error) bool {
	var known *newsroom.Error
	return errors.As(err, &known) && known.Code != newsroom.CodeRateLimited && statuses[known.Code].status < http.StatusInternalServerError
}

// replay sends an answer that was recorded.
func replay(c echo.Context, recorded []byte, again bool) error {
	var r recording
	if err := json.Unmarshal(recorded, &r); err != nil {
		return err
	}
	maps.Copy(c.Response().Header(), r.Headers)
	if again {
		c.Response().Header().Set(headerIdempotencyReplayed, "true")
	}
	c.Response().WriteHeader(r.Status)
	_, err := c.Response().Write(r.Body)
	return err
}
