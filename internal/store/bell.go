package store

import "sync"

// bell wakes all who wait for the next event. The zero value is ready.
type bell struct {
	mu      sync.Mutex
	last    int64         // the event that it rang for
	waiting chan struct{} // nil: nobody is
}

// next gives a channel that the next ring closes.
func (b *bell) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting == nil {
		b.waiting = make(chan struct{})
	}
	return b.waiting
}

// ring wakes those who wait, unless it rang for that event before. It blocks for nobody.
func (b *bell) ring(event int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if event == b.last {
		return
	}
	b.last = event
	if b.waiting != nil {
		close(b.waiting)
		b.waiting = nil
	}
}
