// Package views counts how often readers open articles, without keeping who they are.
package views

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"zgo.at/isbot"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

const (
	flushEvery = 500 * time.Millisecond // what a killed process loses at most
	ageEvery   = time.Minute
	maxWaiting = 100_000 // visits that wait to be counted
)

// Counter collects visits and counts them in batches, so that a view costs its reader no write. Make it by New, and let
// Run run.
type Counter struct {
	store *store.Store
	now   func() time.Time
	log   *slog.Logger

	mu      sync.Mutex
	salt    newsroom.VisitSalt
	waiting map[[sha256.Size]byte]uuid.UUID // the articles that were visited, by the hash of the visit
	counts  sync.Mutex                      // held by the one who counts a batch
}

// New gives a counter that has nothing to count yet.
func New(s *store.Store, now func() time.Time, log *slog.Logger) *Counter {
	return &Counter{store: s, now: now, log: log, waiting: map[[sha256.Size]byte]uuid.UUID{}}
}

// Add takes a visit of an article from an address with a user agent. It gives unavailable when too many wait.
func (c *Counter) Add(ctx context.Context, article uuid.UUID, address, userAgent string) error {
	if isBot(userAgent) {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) >= maxWaiting {
		return &newsroom.Error{Code: newsroom.CodeUnavailable, Detail: "Too many views wait to be counted.", RetryAfter: time.Second}
	}
	if err := c.freshSalt(ctx); err != nil {
		return err
	}
	hash := hmac.New(sha256.New, c.salt.Salt)
	hash.Write(article[:])
	hash.Write([]byte(address + "\n" + userAgent))
	c.waiting[[sha256.Size]byte(hash.Sum(nil))] = article
	return nil
}

// isBot reports whether what calls itself so is known to be no reader. Readers' apps often name only the library that they
// use, okhttp on Android.
func isBot(userAgent string) bool {
	if strings.HasPrefix(userAgent, "okhttp/") {
		return false
	}
	const anApp = " (app /)" // without which a short name would be all that is seen
	switch isbot.UserAgent(userAgent + anApp) {
	case isbot.BotKnownBot, isbot.BotBoty, isbot.BotLink, isbot.BotPrefetch:
		return true
	}
	return slices.ContainsFunc(previewers, func(name string) bool { return strings.HasPrefix(userAgent, name) })
}

// previewers fetch what somebody has linked to, to show a card of it.
var previewers = []string{"facebookexternalhit", "facebookcatalog", "meta-externalagent", "WhatsApp/", "Viber", "HeadlessChrome"}

// freshSalt sees to it that the salt is that of the day.
func (c *Counter) freshSalt(ctx context.Context) error {
	day := c.now().Format(time.DateOnly)
	if c.salt.Day == day {
		return nil
	}
	return c.store.WriteViews(ctx, func(tx *store.Tx) error {
		salt, err := tx.VisitSalt(day)
		if err == nil {
			c.salt = newsroom.VisitSalt{Day: day, Salt: salt}
		}
		return err
	})
}

// Flush counts what waits. What cannot be counted now waits on.
func (c *Counter) Flush(ctx context.Context) error {
	c.counts.Lock()
	defer c.counts.Unlock()
	c.mu.Lock()
	batch := c.waiting
	c.waiting = make(map[[sha256.Size]byte]uuid.UUID)
	c.mu.Unlock()
	if len(batch) == 0 {
		return nil
	}
	err := c.count(ctx, batch)
	if err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		for hash, article := range batch {
			c.waiting[hash] = article
		}
	}
	return err
}

func (c *Counter) count(ctx context.Context, batch map[[sha256.Size]byte]uuid.UUID) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	now := c.now()
	visits := make([]newsroom.Visit, 0, len(batch))
	for hash, article := range batch {
		visits = append(visits, newsroom.Visit{Hash: hash[:], ArticleID: article, CountedAt: now, Batch: id})
	}
	return c.store.WriteViews(ctx, func(tx *store.Tx) error { return tx.CountVisits(visits, now) })
}

// Age lets the views leave the windows of popularity whose time is over.
func (c *Counter) Age(ctx context.Context) error {
	return c.store.WriteViews(ctx, func(tx *store.Tx) error { return tx.AgeViews(c.now()) })
}

// Run counts what comes until ctx is done, and then what still waits.
func (c *Counter) Run(ctx context.Context) {
	flush, age := time.NewTicker(flushEvery), time.NewTicker(ageEvery)
	defer flush.Stop()
	defer age.Stop()
	c.report(c.Age(ctx))
	for {
		select {
		case <-flush.C:
			c.report(c.Flush(ctx))
		case <-age.C:
			c.report(c.Age(ctx))
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			c.report(c.Flush(last))
			return
		}
	}
}

func (c *Counter) report(err error) {
	if err != nil {
		c.log.Warn("views wait to be counted", "error", err)
	}
}
