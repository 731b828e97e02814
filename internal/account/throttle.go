package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// throttle counts a try as failed before it is made, so that many at once gain nothing, or refuses it with
// rate_limited. Account and address count apart. A success is settled by the function that it gives: it forgets the
// account's failures and takes this try off the address.
func (s *Service) throttle(ctx context.Context, email, address string) (settle func() error, err error) {
	account, network := throttleKey("account", email), throttleKey("address", networkOf(address))
	rules := map[string]auth.Throttle{account: auth.AccountThrottle(), network: auth.AddressThrottle()}
	err = s.store.SignIn(ctx, func(tx *store.Tx) error {
		now := s.now()
		known, err := tx.SignInFailures(account, network)
		if err != nil {
			return err
		}
		for _, f := range known {
			if wait := f.RetryAt.Sub(now); wait > 0 {
				return &newsroom.Error{Code: newsroom.CodeRateLimited, Detail: "Too many failed sign-ins. Wait before the next try.", RetryAfter: wait}
			}
		}
		for key, rule := range rules {
			if err := tx.PutSignInFailure(oneMore(known[key], key, rule, now)); err != nil {
				return err
			}
		}
		return nil
	})
	return func() error { return s.settle(ctx, account, network) }, err
}

func oneMore(f newsroom.SignInFailure, key string, rule auth.Throttle, now time.Time) newsroom.SignInFailure {
	if now.Sub(f.UpdatedAt) > rule.Forget {
		f.Failures = 0
	}
	f.Failures++
	f.Key, f.RetryAt, f.UpdatedAt = key, now.Add(rule.Delay(f.Failures)), now
	return f
}

func (s *Service) settle(ctx context.Context, account, network string) error {
	return s.store.SignIn(ctx, func(tx *store.Tx) error {
		known, err := tx.SignInFailures(network)
		if err != nil {
			return err
		}
		f := known[network]
		if f.Failures <= 1 {
			return tx.ForgetSignInFailures(account, network)
		}
		f.Failures, f.RetryAt = f.Failures-1, s.now()
		if err := tx.PutSignInFailure(f); err != nil {
			return err
		}
		return tx.ForgetSignInFailures(account)
	})
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
