package account

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// wrong is the error of a secret that was compared and is not the one: it counts as a failure.
type wrong struct{ error }

// Unwrap gives the error that the caller sees.
func (w wrong) Unwrap() error { return w.error }

// prove lets check compare a secret of that account, unless it or the network address has failed too often lately: then
// it gives rate_limited. The account is an e-mail address, or empty for a secret of no account that is known. What check gives
// as wrong counts as a failure; after a success those of the account are forgotten. As many checks run at once as there
// are processors, so a crowd of guesses gains no more than that.
func (s *Service) prove(ctx context.Context, account, address string, check func() error) error {
	select {
	case s.checks <- struct{}{}:
		defer func() { <-s.checks }()
	case <-ctx.Done():
		return ctx.Err()
	}
	rules := map[string]auth.Throttle{throttleKey("address", networkOf(address)): auth.AddressThrottle()}
	key := throttleKey("account", account)
	if account != "" {
		rules[key] = auth.AccountThrottle()
	}
	known, err := s.store.Read(ctx).SignInFailures(slices.Collect(maps.Keys(rules))...)
	if err != nil {
		return err
	}
	for _, f := range known {
		if wait := f.RetryAt.Sub(s.now()); wait > 0 {
			return &newsroom.Error{Code: newsroom.CodeRateLimited, Detail: "Too many failed sign-ins. Wait before the next try.", RetryAfter: wait}
		}
	}
	err = check()
	var failed wrong
	switch {
	case errors.As(err, &failed):
		return cmp.Or(s.countFailure(ctx, rules), failed.error)
	case err == nil && known[key].Failures > 0:
		return s.store.WriteSignIn(ctx, func(tx *store.Tx) error { return tx.ForgetSignInFailures(key) })
	}
	return err
}

// countFailure counts one more failure of each key, by its rule.
func (s *Service) countFailure(ctx context.Context, rules map[string]auth.Throttle) error {
	return s.store.WriteSignIn(ctx, func(tx *store.Tx) error {
		known, err := tx.SignInFailures(slices.Collect(maps.Keys(rules))...)
		if err != nil {
			return err
		}
		now := s.now()
		for key, rule := range rules {
			if err := tx.PutSignInFailure(oneMore(known[key], key, rule, now)); err != nil {
				return err
			}
		}
		return nil
	})
}

func oneMore(f newsroom.SignInFailure, key string, rule auth.Throttle, now time.Time) newsroom.SignInFailure {
	if now.Sub(f.UpdatedAt) > rule.Forget {
		f.Failures = 0
	}
	f.Failures++
	f.Key, f.RetryAt, f.UpdatedAt = key, now.Add(rule.Delay(f.Failures)), now
	return f
}

// throttleKey keeps addresses of people out of the table.
func throttleKey(kind, value string) string {
	sum := sha256.Sum256([]byte(kind + ":" + value))
	return kind + ":" + hex.EncodeToString(sum[:16])
}

// networkOf gives what counts as one address: all of IPv4, and the /64 of IPv6 that one subscriber has to choose from.
func networkOf(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	prefix, _ := ip.Prefix(64)
	return prefix.String()
}
