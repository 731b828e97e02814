package newsroom

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

const (
	// MaxWidgetBytes is how large the value of a widget may be.
	MaxWidgetBytes = 64 << 10
	// MaxTTL is for how many seconds a push may say that it holds: a year.
	MaxTTL = 365 * 24 * 60 * 60
)

// Widget is a small JSON document that an integration pushes: the weather, the rates of currencies.
type Widget struct {
	ID        uuid.UUID       `gorm:"primaryKey"`
	Key       string          // by which frontends ask for it; unique, in the form of a slug
	Value     json.RawMessage `gorm:"serializer:json"` // any JSON but null
	ExpiresAt *time.Time      // readers see it before; nil: for good
	Version   int             // counts changes; its ETag
	CreatedAt time.Time
	UpdatedAt time.Time `gorm:"autoUpdateTime:false"`
}

// Changed names what readers get of w and did not get of before, as clients know it.
func (w Widget) Changed(before Widget) []string {
	changed := []string{}
	if !sameMoment(w.ExpiresAt, before.ExpiresAt) {
		changed = append(changed, "expires_at")
	}
	if !bytes.Equal(w.Value, before.Value) {
		changed = append(changed, "value")
	}
	return changed
}

// Check gives each rule that w breaks at now. before is the expiry that it has had so far: that one may be over.
func (w Widget) Check(now time.Time, before *time.Time) []FieldError {
	var c checker
	c.required("/key", w.Key, MaxName)
	if len(w.Value) > MaxWidgetBytes {
		c.add("/value", FieldTooLong, "A widget takes at most 64 KiB.")
	}
	if w.ExpiresAt != nil && !now.Before(*w.ExpiresAt) && !sameMoment(w.ExpiresAt, before) {
		c.add("/expires_at", FieldOutOfRange, "The expiry must lie in the future.")
	}
	return c.fields
}

// ExpireIn lets w expire so many seconds from now, unless it has an expiry already, or gives what is wrong with that.
func (w *Widget) ExpireIn(seconds int, now time.Time) []FieldError {
	switch {
	case w.ExpiresAt != nil:
		return []FieldError{{"/ttl_seconds", FieldNotAllowed, "Send one of expires_at and ttl_seconds."}}
	case seconds < 1 || seconds > MaxTTL:
		return []FieldError{{"/ttl_seconds", FieldOutOfRange, "The value is a number from 1 to 31,536,000, a year."}}
	}
	end := now.Add(time.Duration(seconds) * time.Second)
	w.ExpiresAt = &end
	return nil
}

func sameMoment(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}
