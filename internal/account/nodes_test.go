package account

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/testkit"
	"github.com/nashr-cms/nashr/internal/testkit/testdb"
)

const publicURL = "https://api.nashr.example"

// onBoth runs a test on SQLite and on PostgreSQL, each time given a fresh database and a clock that stands still.
func onBoth(t *testing.T, test func(t *testing.T, db *store.Store, clock *testkit.Clock)) {
	t.Helper()
	testdb.Each(t, func(t *testing.T, url string) {
		test(t, open(t, url), testkit.NewClock(time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)))
	})
}

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// issued is an access token that clients still hold.
type issued struct {
	token   string
	expires time.Time
}

// sign makes an access token as a sign-in on this node would.
func (s *Service) sign(t *testing.T) issued {
	t.Helper()
	now := s.now()
	key, err := s.keys.signing(t.Context(), now)
	must(t, err)
	expires := now.Add(auth.AccessLifetime)
	token, err := s.tokens.Sign(key, auth.Claims{
		Subject: uuid.New(), Session: uuid.New(), TokenID: uuid.New(), Role: newsroom.RoleEditor, IssuedAt: now, ExpiresAt: expires,
	})
	must(t, err)
	return issued{token, expires}
}

// verify checks a token as a request to this node would.
func (s *Service) verify(ctx context.Context, token string) error {
	keys, err := s.keys.all(ctx, s.now())
	if err == nil {
		_, err = s.tokens.Verify(token, keys.public, s.now())
	}
	return err
}

// Two nodes on one database sign and verify for 90 days, in which each of three keys is born, signs and goes. Steps are
// short where keys change and irregular everywhere.
func TestNodesVerifyEachOthersTokensThroughRotations(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.Store, clock *testkit.Clock) {
		nodes := []*Service{New(db, publicURL, clock.Now), New(db, publicURL, clock.Now)}
		begin, keys, signers := clock.Now(), map[string]bool{}, map[string]bool{}
		var held []issued
		for step := 0; clock.Now().Sub(begin) < 90*24*time.Hour; step++ {
			held = stillValid(held, clock.Now())
			for i, n := range nodes {
				if (step+i)%3 == 0 {
					continue // nobody asks this node now, so that the two read the keys at different times
				}
				held = append(held, n.sign(t))
				key, err := n.keys.signing(t.Context(), clock.Now())
				must(t, err)
				signers[key.ID] = true
				for _, token := range held {
					if err := n.verify(t.Context(), token.token); err != nil {
						t.Fatalf("after %v node %d refuses a token: %v", clock.Now().Sub(begin), i, err)
					}
				}
			}
			for _, jwk := range publicKeys(t, nodes[step%2]) {
				keys[jwk.ID] = true
			}
			clock.Advance(stride(clock.Now().Sub(begin), step))
		}
		if len(keys) != 3 || len(signers) != 3 {
			t.Errorf("%d keys were published and %d signed, want 3 and 3", len(keys), len(signers))
		}
		stored, err := db.Read(t.Context()).SigningKeys()
		must(t, err)
		if len(stored) > 2 {
			t.Errorf("%d keys are kept", len(stored))
		}
	})
}

func stillValid(held []issued, now time.Time) []issued {
	var valid []issued
	for _, h := range held {
		if now.Before(h.expires) {
			valid = append(valid, h)
		}
	}
	return valid
}

func publicKeys(t *testing.T, s *Service) []auth.JWK {
	t.Helper()
	set, err := s.JWKS(t.Context())
	must(t, err)
	if len(set) == 0 {
		t.Fatal("no keys are published")
	}
	return set
}

// stride gives how far to go: less than a minute or some minutes around the time when keys change, else some hours.
func stride(age time.Duration, step int) time.Duration {
	if age%auth.KeyLifetime < 3*time.Hour || auth.KeyLifetime-age%auth.KeyLifetime <= time.Minute {
		return []time.Duration{20 * time.Second, 59 * time.Second, 31 * time.Second, 61 * time.Second, 4 * time.Minute}[step%5]
	}
	far := []time.Duration{3 * time.Hour, 11 * time.Hour, 50 * time.Minute, 13 * time.Minute, 7*time.Hour + time.Millisecond}[step%5]
	return min(far, auth.KeyLifetime-age%auth.KeyLifetime-time.Minute+time.Millisecond)
}

// A node that read the keys just before another made the next one meets no token that it cannot verify.
func TestANewKeyIsKnownBeforeItSigns(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.Store, clock *testkit.Clock) {
		quick, slow := New(db, publicURL, clock.Now), New(db, publicURL, clock.Now)
		must(t, quick.Prepare(t.Context()))
		clock.Advance(auth.KeyLifetime - time.Second)
		must(t, slow.Prepare(t.Context()))
		clock.Advance(time.Second)
		token := quick.sign(t)
		if n := len(publicKeys(t, quick)); n != 2 || len(publicKeys(t, slow)) != 1 {
			t.Fatalf("the quick node has %d keys", n)
		}
		must(t, slow.verify(t.Context(), token.token))
	})
}

// A token that one node signs is known to every other at once, also when neither has made keys before.
func TestNodesThatStartAtOnceAgreeOnTheKey(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.Store, clock *testkit.Clock) {
		nodes := make([]*Service, 6)
		var wg sync.WaitGroup
		for i := range nodes {
			nodes[i] = New(db, publicURL, clock.Now)
			wg.Go(func() {
				if err := nodes[i].Prepare(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		stored, err := db.Read(t.Context()).SigningKeys()
		must(t, err)
		if len(stored) != 1 {
			t.Errorf("%d keys were made", len(stored))
		}
		for _, signer := range nodes {
			token := signer.sign(t)
			for _, n := range nodes {
				must(t, n.verify(t.Context(), token.token))
			}
		}
	})
}

func TestADamagedKeyIsNoKey(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.Store, clock *testkit.Clock) {
		key, err := auth.NewKey(clock.Now())
		must(t, err)
		stored := key.Stored()
		stored.PrivateKey[0]++
		must(t, db.WriteSignIn(t.Context(), func(tx *store.Tx) error { return tx.CreateSigningKey(stored) }))
		if err := New(db, publicURL, clock.Now).Prepare(t.Context()); err == nil || strings.Contains(err.Error(), string(stored.PrivateKey)) {
			t.Errorf("signs with a damaged key: %v", err)
		}
	})
}

func fails() error { return wrong{badLogin()} }

// try counts a failed sign-in, and reports how long the next must wait.
func (s *Service) try(t *testing.T, email, address string) time.Duration {
	t.Helper()
	err := s.prove(t.Context(), email, address, fails)
	var refused *newsroom.Error
	switch {
	case newsroom.IsCode(err, newsroom.CodeUnauthenticated):
		return 0
	case errors.As(err, &refused) && refused.Code == newsroom.CodeRateLimited && refused.RetryAfter > 0:
		return refused.RetryAfter
	}
	t.Fatal(err)
	return 0
}

func TestFailuresAreForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.Store, clock *testkit.Clock) {
		s, free := New(db, publicURL, clock.Now), auth.AccountThrottle().Free
		for n := range free + 1 {
			if wait := s.try(t, "a@nashr.example", fmt.Sprintf("192.0.2.%d", n)); wait != 0 {
				t.Fatalf("try %d waits %v", n+1, wait)
			}
		}
		wait := s.try(t, "a@nashr.example", "192.0.2.99")
		if wait != auth.AccountThrottle().Base {
			t.Fatalf("after %d failures the account waits %v", free+1, wait)
		}
		if s.try(t, "b@nashr.example", "192.0.2.1") != 0 {
			t.Error("another account waits too")
		}
		clock.Advance(wait - time.Millisecond)
		if s.try(t, "a@nashr.example", "192.0.2.99") != time.Millisecond {
			t.Error("a refused try costs more")
		}
		clock.Advance(time.Millisecond)
		if s.try(t, "a@nashr.example", "192.0.2.99") != 0 || s.try(t, "a@nashr.example", "192.0.2.99") != 2*wait {
			t.Error("the next failure does not cost twice as much")
		}
		clock.Advance(auth.AccountThrottle().Forget + time.Millisecond)
		for n := range free + 1 {
			if s.try(t, "a@nashr.example", "192.0.2.99") != 0 {
				t.Fatalf("an hour later try %d waits", n+1)
			}
		}
	})
}

// Whoever has a whole /64 of IPv6 has one address.
func TestAddressesCountByNetwork(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.Store, clock *testkit.Clock) {
		s := New(db, publicURL, clock.Now)
		for n := range auth.AddressThrottle().Free + 1 {
			if s.try(t, fmt.Sprintf("u%d@nashr.example", n), fmt.Sprintf("2001:db8:0:1::%x", n)) != 0 {
				t.Fatalf("try %d waits", n+1)
			}
		}
		if s.try(t, "u@nashr.example", "2001:db8:0:1:ffff::1") == 0 {
			t.Error("another address of the same network is another one")
		}
		if s.try(t, "u@nashr.example", "2001:db8:0:2::1") != 0 {
			t.Error("another network waits too")
		}
	})
}

// Many wrong tries at once gain no more than those that are under way while the last free one fails.
func TestTriesAtOnceCountEach(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.Store, clock *testkit.Clock) {
		s := New(db, publicURL, clock.Now)
		var mu sync.Mutex
		passed := 0
		var wg sync.WaitGroup
		for n := range 12 {
			wg.Go(func() {
				err := s.prove(t.Context(), "a@nashr.example", fmt.Sprintf("192.0.2.%d", n), fails)
				if newsroom.IsCode(err, newsroom.CodeUnauthenticated) {
					mu.Lock()
					passed++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if free := auth.AccountThrottle().Free; passed <= free || passed > free+cap(s.checks) {
			t.Errorf("%d passed, of which %d are free and %d at once", passed, free, cap(s.checks))
		}
	})
}

func TestTidyDeletesOnlyWhatIsOld(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.Store, clock *testkit.Clock) {
		ctx, s, now := t.Context(), New(db, publicURL, clock.Now), clock.Now()
		u := newsroom.User{
			ID: uuid.New(), Email: "a@nashr.example", Name: "A", Role: newsroom.RoleEditor, PasswordHash: "-", CreatedAt: now, UpdatedAt: now, Version: 1,
		}
		must(t, db.Write(ctx, func(tx *store.Tx) error { return tx.CreateUser(&u) }))
		month := sessionLifetime
		ago := func(d time.Duration) *time.Time { at := now.Add(-d); return &at }
		sessions := map[string]newsroom.Session{
			"open":              {ExpiresAt: now.Add(time.Hour)},
			"ended now":         {ExpiresAt: now.Add(time.Hour), EndedAt: &now},
			"ended a month ago": {ExpiresAt: now.Add(time.Hour), EndedAt: ago(month)},
			"just expired":      {ExpiresAt: now},
			"expired a month":   {ExpiresAt: *ago(month)},
			"old: ended":        {ExpiresAt: now.Add(time.Hour), EndedAt: ago(month + time.Millisecond)},
			"old: expired":      {ExpiresAt: *ago(month + time.Millisecond)},
		}
		must(t, db.WriteSignIn(ctx, func(tx *store.Tx) error {
			for name, session := range sessions {
				session.ID, session.UserID, session.CreatedAt, session.LastUsedAt = uuid.New(), u.ID, now, now
				sessions[name] = session
				must(t, tx.CreateSession(&session))
				must(t, tx.CreateRefreshToken(&newsroom.RefreshToken{Hash: []byte(name), SessionID: session.ID, CreatedAt: now}))
			}
			must(t, tx.CreatePasswordLink(&newsroom.PasswordLink{Hash: []byte("new"), UserID: u.ID, CreatedAt: now, ExpiresAt: now.Add(time.Millisecond)}))
			must(t, tx.CreatePasswordLink(&newsroom.PasswordLink{Hash: []byte("old"), UserID: u.ID, CreatedAt: now, ExpiresAt: now}))
			must(t, tx.PutSignInFailure(newsroom.SignInFailure{Key: "new", Failures: 1, RetryAt: now, UpdatedAt: *ago(failureLifetime)}))
			return tx.PutSignInFailure(newsroom.SignInFailure{Key: "old", Failures: 1, RetryAt: now, UpdatedAt: *ago(failureLifetime + time.Millisecond)})
		}))
		must(t, s.Prepare(ctx))
		must(t, s.Tidy(ctx))
		q := db.Read(ctx)
		for name, session := range sessions {
			_, kept := q.SignedIn(session.ID)
			_, token := q.RefreshToken([]byte(name))
			if old := strings.HasPrefix(name, "old"); old != newsroom.IsCode(kept, newsroom.CodeNotFound) || old != newsroom.IsCode(token, newsroom.CodeNotFound) {
				t.Errorf("%s: session %v, token %v", name, kept, token)
			}
		}
		_, kept := q.PasswordLink([]byte("new"))
		if _, old := q.PasswordLink([]byte("old")); kept != nil || !newsroom.IsCode(old, newsroom.CodeNotFound) {
			t.Errorf("links: %v, %v", kept, old)
		}
		failures, err := q.SignInFailures("new", "old")
		must(t, err)
		if _, ok := failures["new"]; !ok || len(failures) != 1 {
			t.Errorf("failures left: %v", failures)
		}
		if keys, err := q.SigningKeys(); err != nil || len(keys) != 1 {
			t.Errorf("keys left: %v, %v", keys, err)
		}
	})
}

func TestClip(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"": "", "abc": "abc", "abcdef": "abcd", "abcю": "abc", "юю": "юю"} {
		if got := clip(in, 4); got != want {
			t.Errorf("clip(%q) = %q, want %q", in, got, want)
		}
	}
}
