package testkit_test

import (
	"sync"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/internal/testkit"
)

func TestClockKeepsUTCMilliseconds(t *testing.T) {
	tashkent := time.FixedZone("Tashkent", 5*60*60)
	clock := testkit.NewClock(time.Date(2026, 3, 21, 12, 0, 0, 1_999_999, tashkent))
	if got, want := clock.Now(), time.Date(2026, 3, 21, 7, 0, 0, 1_000_000, time.UTC); got != want {
		t.Errorf("Now() = %v, want %v", got, want)
	}
	if got, want := clock.Advance(1500*time.Microsecond), time.Date(2026, 3, 21, 7, 0, 0, 2_000_000, time.UTC); got != want {
		t.Errorf("Advance() = %v, want %v", got, want)
	}
	clock.Set(time.Unix(0, 0))
	if got, want := clock.Now(), time.Unix(0, 0).UTC(); got != want {
		t.Errorf("after Set, Now() = %v, want %v", got, want)
	}
}

func TestClockIsSafeForConcurrentUse(t *testing.T) {
	start := time.Unix(1000, 0).UTC()
	clock := testkit.NewClock(start)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			clock.Advance(time.Second)
			clock.Now()
		})
	}
	wg.Wait()
	if got := clock.Now().Sub(start); got != 20*time.Second {
		t.Errorf("20 goroutines moved the clock by %v, want 20s", got)
	}
}
