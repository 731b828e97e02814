package testkit

import (
	"sync"
	"time"
)

// Clock is a clock that moves only when a test moves it. It reads in UTC and whole milliseconds, as both databases keep
// time, so that a moment read back equals the moment written. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock makes a Clock that stands at t.
func NewClock(t time.Time) *Clock {
	c := &Clock{}
	c.Set(t)
	return c
}

// Now gives the moment at which the clock stands. Pass the method itself where a func() time.Time is wanted.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock to t, forwards or back.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = truncate(t)
}

// Advance moves the clock on by d and gives the new moment.
func (c *Clock) Advance(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = truncate(c.now.Add(d))
	return c.now
}

func truncate(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
