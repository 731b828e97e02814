package store

import "sync"

// bell wakes all who wait for something to happen. The zero value is ready.
type bell struct {
	mu   sync.Mutex
	next chan struct{} // nil: nobody waits
}

// wait gives a channel that the next ring closes.
func (b *bell) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = make(chan struct{})
	}
	return b.next
}

// ring wakes those who wait, and blocks for nobody.
func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next != nil {
		close(b.next)
		b.next = nil
	}
}
