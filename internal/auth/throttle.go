package auth

import "time"

// Throttle says how repeated failures slow the next try down. It never locks out for good.
type Throttle struct {
	Free   int           // failures that cost nothing
	Base   time.Duration // the delay after the first failure beyond Free; it doubles with each further one
	Max    time.Duration // the longest delay
	Forget time.Duration // a failure older than this counts no more
}

// AccountThrottle is the rule for the failed sign-ins of one account.
func AccountThrottle() Throttle {
	return Throttle{Free: 5, Base: time.Second, Max: time.Minute, Forget: time.Hour}
}

// AddressThrottle is the rule for one network address, which many people may share.
func AddressThrottle() Throttle {
	return Throttle{Free: 20, Base: time.Second, Max: 5 * time.Minute, Forget: time.Hour}
}

// Delay gives how long to wait after that many failures before the next try.
func (t Throttle) Delay(failures int) time.Duration {
	if failures <= t.Free {
		return 0
	}
	delay := t.Base
	for n := t.Free + 1; n < failures; n++ {
		if delay > t.Max/2 {
			return t.Max
		}
		delay *= 2
	}
	return min(delay, t.Max)
}
