package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// request is one with a key, of that body, at noon.
func request(key, body string) newsroom.IdempotencyKey {
	return newsroom.IdempotencyKey{Key: fmt.Appendf(nil, "%-32s", key), Fingerprint: []byte(body), CreatedAt: noon}
}

// adds is a request that adds a user and answers with its name.
func (s *Store) adds(name string) func(context.Context) ([]byte, error) {
	return func(ctx context.Context) ([]byte, error) { return []byte(name), s.addUser(ctx, name, nil) }
}

// mustAnswer expects an answer and whether it is one of before.
func (s *Store) mustAnswer(t *testing.T, k newsroom.IdempotencyKey, run func(context.Context) ([]byte, error), want string, replayed bool) {
	t.Helper()
	answer, again, err := s.Once(t.Context(), k, run)
	if err != nil || string(answer) != want || again != replayed {
		t.Errorf("answer %q, replayed %v, error %v; want %q, %v", answer, again, err, want, replayed)
	}
}

func (s *Store) mustRefuse(t *testing.T, k newsroom.IdempotencyKey, code newsroom.Code) {
	t.Helper()
	if _, _, err := s.Once(t.Context(), k, s.adds("refused")); !newsroom.IsCode(err, code) {
		t.Errorf("error %v, want %s", err, code)
	}
}

func TestOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		s.mustAnswer(t, request("k", "body"), s.adds("a"), "a", false)
		s.mustAnswer(t, request("k", "body"), s.adds("b"), "a", true)
		s.mustRefuse(t, request("k", "another body"), newsroom.CodeIdempotencyReused)
		s.mustAnswer(t, request("other", "body"), s.adds("c"), "c", false)
		nothing := func(context.Context) ([]byte, error) { return []byte("nothing done"), nil }
		s.mustAnswer(t, request("nothing", "body"), nothing, "nothing done", false)
		s.mustAnswer(t, request("nothing", "body"), s.adds("d"), "nothing done", true)
		if got := s.emails(t, t.Context()); got != "a@nashr.example c@nashr.example " {
			t.Errorf("there are %q", got)
		}
	})
}

func TestKeysAreFreeAfterADay(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		first, later := request("k", "body"), request("k", "another body")
		s.mustAnswer(t, first, s.adds("a"), "a", false)
		later.CreatedAt = noon.Add(24*time.Hour - time.Millisecond)
		s.mustRefuse(t, later, newsroom.CodeIdempotencyReused)
		must(t, s.SweepIdempotencyKeys(t.Context(), later.CreatedAt))
		s.mustRefuse(t, later, newsroom.CodeIdempotencyReused)
		later.CreatedAt = noon.Add(24 * time.Hour)
		s.mustAnswer(t, later, s.adds("b"), "b", false)
		s.mustAnswer(t, later, s.adds("c"), "b", true)
		must(t, s.SweepIdempotencyKeys(t.Context(), later.CreatedAt))
		s.mustAnswer(t, later, s.adds("d"), "b", true)
		must(t, s.SweepIdempotencyKeys(t.Context(), later.CreatedAt.Add(24*time.Hour)))
		var left int64
		must(t, s.reader.Table("idempotency_keys").Count(&left).Error)
		if left != 0 {
			t.Errorf("%d keys are left", left)
		}
	})
}

// Whatever ends a request before its answer is kept, leaves neither that nor anything it has done.
func TestAnswerAndEffectAreOne(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		for name, end := range map[string]func(ctx context.Context, leave context.CancelFunc) error{
			"an error": func(context.Context, context.CancelFunc) error { return errSpoilt },
			"a panic":  func(context.Context, context.CancelFunc) error { panic("on purpose") },
			"a caller who leaves": func(_ context.Context, leave context.CancelFunc) error {
				leave()
				return nil
			},
			"a transaction that is gone": func(ctx context.Context, _ context.CancelFunc) error {
				s.joined(ctx).db.Rollback()
				return nil
			},
		} {
			func() {
				defer func() { _ = recover() }()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if _, _, err := s.Once(ctx, request("k", "body"), func(ctx context.Context) ([]byte, error) {
					must(t, s.addUser(ctx, "a", nil))
					must(t, s.WriteSignIn(ctx, func(*Tx) error { return nil }))
					return []byte("a"), end(ctx, cancel)
				}); err == nil {
					t.Errorf("%s is no error", name)
				}
			}()
			if got := s.emails(t, t.Context()); got != "" {
				t.Errorf("after %s there are %q", name, got)
			}
		}
		s.mustAnswer(t, request("k", "body"), s.adds("a"), "a", false)
	})
}

// What a request refuses is undone, and what it did besides stays with the answer that says so.
func TestOnceKeepsRefusals(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		refuses := func(ctx context.Context) ([]byte, error) {
			must(t, s.addUser(ctx, "counted", nil))
			if err := s.addUser(ctx, "refused", errSpoilt); err == nil {
				t.Error("no error")
			}
			must(t, s.Together(ctx, func(ctx context.Context) error { return s.addUser(ctx, "together", nil) }))
			return []byte("refused"), nil
		}
		s.mustAnswer(t, request("k", "body"), refuses, "refused", false)
		s.mustAnswer(t, request("k", "body"), refuses, "refused", true)
		if got := s.emails(t, t.Context()); got != "counted@nashr.example together@nashr.example " {
			t.Errorf("there are %q", got)
		}
	})
}

func TestOnceHoldsNothingBeforeItWrites(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		s.mustAnswer(t, request("k", "body"), func(ctx context.Context) ([]byte, error) {
			must(t, s.addUser(t.Context(), "other", nil)) // another request
			must(t, s.addUser(s.Apart(ctx), "apart", nil))
			if got := s.emails(t, ctx); got != "apart@nashr.example other@nashr.example " {
				t.Errorf("it sees %q", got)
			}
			s.mustRefuse(t, request("k", "body"), newsroom.CodeIdempotencyBusy)
			return []byte("done"), nil
		}, "done", false)
	})
}

func TestOnceAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		var done, busy atomic.Int64
		var all sync.WaitGroup
		for n := range 16 {
			all.Go(func() {
				answer, _, err := s.Once(t.Context(), request("k", "body"), s.adds(fmt.Sprint("u", n)))
				switch {
				case newsroom.IsCode(err, newsroom.CodeIdempotencyBusy):
					busy.Add(1)
				case err == nil && bytes.HasPrefix(answer, []byte("u")):
					done.Add(1)
				default:
					t.Errorf("answer %q, error %v", answer, err)
				}
			})
		}
		all.Wait()
		users, err := s.Read(t.Context()).Users()
		must(t, err)
		if len(users) != 1 || done.Load() == 0 || done.Load()+busy.Load() != 16 {
			t.Errorf("%d users, %d answers, %d were told to wait", len(users), done.Load(), busy.Load())
		}
	})
}

// Two nodes know nothing of each other but what the database tells them.
func TestOnceAcrossNodes(t *testing.T) {
	t.Parallel()
	url := postgresURL(t)
	if url == "" {
		return
	}
	one, two := openAt(t, url), openAt(t, url)
	k := request("k", "body")
	one.mustAnswer(t, k, func(ctx context.Context) ([]byte, error) {
		must(t, one.addUser(ctx, "a", nil))
		two.mustRefuse(t, k, newsroom.CodeIdempotencyBusy)
		return []byte("a"), nil
	}, "a", false)
	two.mustAnswer(t, k, two.adds("b"), "a", true)

	k = request("late", "body") // finished at the one while the other has begun and not yet written
	two.mustAnswer(t, k, func(ctx context.Context) ([]byte, error) {
		one.mustAnswer(t, k, one.adds("c"), "c", false)
		if err := two.addUser(ctx, "d", nil); err == nil {
			t.Error("it wrote again")
		}
		return nil, errors.New("whatever a handler makes of that")
	}, "c", true)

	other := request("other", "other body")
	_, _, err := two.Once(t.Context(), other, func(ctx context.Context) ([]byte, error) {
		other := other
		other.Fingerprint = []byte("body")
		one.mustAnswer(t, other, one.adds("e"), "e", false)
		return []byte("done"), nil // without a write
	})
	if !newsroom.IsCode(err, newsroom.CodeIdempotencyReused) {
		t.Errorf("another body at the same time: %v", err)
	}
	if got := one.emails(t, t.Context()); got != "a@nashr.example c@nashr.example e@nashr.example " {
		t.Errorf("there are %q", got)
	}
	openAt(t, url).mustAnswer(t, k, one.adds("f"), "c", true) // after a restart
}
