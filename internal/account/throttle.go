package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// prove lets check compare a secret of the account of that address, unless it or the network address has failed too
// often lately: then it gives rate_limited. It counts a failure, and forgets the account's after a success. As many
// checks run at once as there are processors, so a crowd of guesses gains no more than that. The count stays whatever
// comes of the request.
func (s *Service) prove(ctx context.Context, email, address string, check func() (bool, error)) (bool, error) {
	ctx = s.store.Apart(ctx)
	select {
	case s.checks <- struct{}{}:
		defer func() { <-s.checks }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	account, network := throttleKey("account", email), throttleKey("address", networkOf(address))
	known, err := s.store.Read(ctx).SignInFailures(account, network)
	if err != nil {
		return false, err
	}
	for _, f := range known {
		if wait := f.RetryAt.Sub(s.now()); wait > 0 {
			return false, &newsroom.Error{Code: newsroom.CodeRateLimited, Detail: "Too many failed sign-ins. Wait before the next try.", RetryAfter: wait}
		}
	}
	right, err := check()
	switch {
	case err != nil:
		return false, err
	case !right:
		return false, s.countFailure(ctx, map[string]auth.Throttle{account: auth.AccountThrottle(), network: auth.AddressThrottle()})
	case known[account].Failures > 0:
		return true, s.store.WriteSignIn(ctx, func(tx *store.Tx) error { return tx.ForgetSignInFailures(account) })
	}
	return true, nil
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
