package store

import (
	"context"
	"errors"
	"testing"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

var errSpoilt = errors.New("spoilt")

// emails gives the addresses of all users that a call with ctx sees.
func (s *Store) emails(t *testing.T, ctx context.Context) string {
	t.Helper()
	users, err := s.Read(ctx).Users()
	must(t, err)
	all := ""
	for _, u := range users {
		all += u.Email + " "
	}
	return all
}

// addUser adds a user by a call of its own, which then fails with err.
func (s *Store) addUser(ctx context.Context, name string, err error) error {
	return s.Write(ctx, func(tx *Tx) error {
		u := newUser(name)
		return errors.Join(tx.CreateUser(&u), err)
	})
}

func TestTogether(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		must(t, s.Together(t.Context(), func(ctx context.Context) error {
			must(t, s.addUser(ctx, "a", nil))
			if err := s.addUser(ctx, "b", errSpoilt); !errors.Is(err, errSpoilt) {
				t.Errorf("a call that fails gives %v", err)
			}
			if err := s.addUser(ctx, "a", nil); !newsroom.IsCode(err, newsroom.CodeAlreadyExists) {
				t.Errorf("a broken constraint gives %v", err)
			}
			must(t, s.WriteSignIn(ctx, func(tx *Tx) error {
				return tx.CreateSigningKey(newsroom.SigningKey{ID: "k", PrivateKey: make([]byte, 32), CreatedAt: noon})
			}))
			err := s.Together(ctx, func(ctx context.Context) error {
				must(t, s.addUser(ctx, "c", nil))
				return errSpoilt
			})
			if !errors.Is(err, errSpoilt) {
				t.Errorf("an inner one that fails gives %v", err)
			}
			must(t, s.addUser(ctx, "d", nil))
			if got := s.emails(t, ctx); got != "a@nashr.example d@nashr.example " {
				t.Errorf("within it there are %q", got)
			}
			must(t, s.Snapshot(ctx, func(q Queries) error {
				keys, err := q.SigningKeys()
				if len(keys) != 1 {
					t.Errorf("a snapshot within it has %d keys", len(keys))
				}
				return err
			}))
			must(t, s.Live().At(ctx, noon).Snapshot(func(v LiveView) error {
				_, err := v.Changed()
				return err
			}))
			if got := s.emails(t, t.Context()) + s.emails(t, s.Apart(ctx)); got != "" {
				t.Errorf("before it ends others see %q", got)
			}
			return nil
		}))
		if got := s.emails(t, t.Context()); got != "a@nashr.example d@nashr.example " {
			t.Errorf("after it there are %q", got)
		}
	})
}

func TestTogetherIsUndoneAsAWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		ends := map[string]func(context.CancelFunc) error{
			"an error": func(context.CancelFunc) error { return errSpoilt },
			"a caller who leaves": func(leave context.CancelFunc) error {
				leave()
				return nil
			},
			"a panic": func(context.CancelFunc) error { panic("on purpose") },
		}
		for name, end := range ends {
			func() {
				defer func() { _ = recover() }()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if err := s.Together(ctx, func(ctx context.Context) error {
					must(t, s.addUser(ctx, "a", nil))
					return end(cancel)
				}); err == nil {
					t.Errorf("%s is no error", name)
				}
			}()
			if got := s.emails(t, t.Context()); got != "" {
				t.Errorf("after %s there are %q", name, got)
			}
		}
		must(t, s.addUser(t.Context(), "a", nil)) // the writer is free again
	})
}
