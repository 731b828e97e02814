package auth_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/auth"
)

func TestThrottleDelay(t *testing.T) {
	account, address := auth.AccountThrottle(), auth.AddressThrottle()
	cases := []struct {
		name     string
		throttle auth.Throttle
		failures int
		want     time.Duration
	}{
		{"account", account, -1, 0},
		{"account", account, 0, 0},
		{"account", account, 5, 0},
		{"account", account, 6, time.Second},
		{"account", account, 7, 2 * time.Second},
		{"account", account, 11, 32 * time.Second},
		{"account", account, 12, time.Minute},
		{"account", account, math.MaxInt, time.Minute},
		{"address", address, 20, 0},
		{"address", address, 21, time.Second},
		{"address", address, 29, 256 * time.Second},
		{"address", address, 30, 5 * time.Minute},
		{"base above max", auth.Throttle{Base: time.Hour, Max: time.Minute}, 1, time.Minute},
		{"no overflow", auth.Throttle{Base: 1, Max: math.MaxInt64}, 1000, math.MaxInt64},
	}
	for _, c := range cases {
		if got := c.throttle.Delay(c.failures); got != c.want {
			t.Errorf("%s, %d failures: got %v, want %v", c.name, c.failures, got, c.want)
		}
	}
	if account.Forget != time.Hour || address.Forget != time.Hour {
		t.Errorf("forget after %v and %v, want an hour", account.Forget, address.Forget)
	}
}

func TestThrottleNeverShrinks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		throttle := auth.Throttle{
			Free: rapid.IntRange(0, 50).Draw(t, "free"),
			Base: time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "base")),
			Max:  time.Duration(rapid.Int64Range(1, math.MaxInt64).Draw(t, "max")),
		}
		n := rapid.IntRange(0, 200).Draw(t, "failures")
		now, next := throttle.Delay(n), throttle.Delay(n+1)
		if now < 0 || next < now || next > throttle.Max {
			t.Fatalf("%d failures give %v, one more %v", n, now, next)
		}
	})
}
