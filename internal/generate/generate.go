// Package generate fills a newsroom with synthetic articles for load tests. What it writes follows from a seed; nothing in
// it is news, and no place or person in it exists.
package generate

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// How many terms there are, and over which time the articles are spread.
const (
	Authors = 50
	Tags    = 300
	span    = 3 * 365 * 24 * time.Hour
)

// batchSize is how many articles are written in one transaction.
const batchSize = 1000

// Plan says what to generate. The ids, the texts and all else of the n-th article depend on the seed and the languages
// alone, and its date on Until too, however many articles there are.
type Plan struct {
	Articles  int
	Seed      uint64
	Until     time.Time // when the newest articles are published
	Languages lang.Set
}

// Fill adds the articles that are not there yet, oldest first, and the sections, authors and tags they need. It reports
// after each batch how many of the plan are there. When ctx is done it stops, and leaves what it has written. It gives how
// many it has added.
func (p Plan) Fill(ctx context.Context, desk *editorial.Desk, report func(done int)) (added int, err error) {
	g := generator{Plan: p}
	if err := desk.Store.ExpectBulk(ctx); err != nil {
		return 0, err
	}
	actor, err := generatorUser(ctx, desk)
	if err != nil {
		return 0, fmt.Errorf("generate: user: %w", err)
	}
	if g.terms, err = fillTerms(ctx, desk, actor); err != nil {
		return 0, fmt.Errorf("generate: sections, authors and tags: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	var making sync.WaitGroup
	defer making.Wait()
	defer cancel()
	batches := make(chan editorial.Ready, 1)
	var broken error
	making.Go(func() { broken = g.stories(ctx, batches) })
	done := 0
	for batch := range batches {
		n, err := desk.Import(ctx, actor, batch)
		if err != nil {
			return added, err
		}
		added += n
		done += len(batch)
		report(done)
	}
	making.Wait()
	return added, cmp.Or(ctx.Err(), broken)
}

// stories makes all articles, in batches, until ctx is done, while others are written.
func (g generator) stories(ctx context.Context, batches chan<- editorial.Ready) error {
	defer close(batches)
	for numbers := range slices.Chunk(g.oldestFirst(), batchSize) {
		batch := make([]editorial.Story, len(numbers))
		for i, n := range numbers {
			batch[i] = g.story(n)
		}
		ready, err := editorial.Prepare(batch)
		if err != nil {
			return err
		}
		select {
		case batches <- ready:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// generatorEmail is the address of the user who owns what is generated. Nobody can sign in with it.
const generatorEmail = "generate@nashr.invalid"

// generatorUser gives the user who owns what is generated.
func generatorUser(ctx context.Context, desk *editorial.Desk) (actor newsroom.Actor, err error) {
	err = desk.Store.Write(ctx, func(tx *store.Tx) error {
		u, err := tx.UserByEmail(generatorEmail)
		actor.User = u
		if !newsroom.IsCode(err, newsroom.CodeNotFound) {
			return err
		}
		now := desk.Now()
		actor.User = newsroom.User{
			ID: id(newRand(0, 'u', 0), epoch), Email: generatorEmail, Name: "nashr generate", Role: newsroom.RoleEditor,
			DisabledAt: &now, CreatedAt: now, UpdatedAt: now, Version: 1,
		}
		if err := tx.CreateUser(&actor.User); err != nil {
			return err
		}
		return tx.AppendEvent(&newsroom.Event{At: now, Type: "user.created", SubjectID: actor.ID, Data: []byte("{}")})
	})
	return actor, err
}

// generator makes articles that refer to terms.
type generator struct {
	Plan
	terms terms
}

// newRand gives the random numbers of the n-th thing of a kind.
func newRand(seed uint64, kind byte, n int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(kind)<<56|uint64(n))) //nolint:gosec // predictable on purpose
}

// epoch is when, by their ids, the newest things that are generated were made.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// id gives a UUIDv7 of that time.
func id(r *rand.Rand, at time.Time) uuid.UUID {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:], uint64(at.UnixMilli())<<16|r.Uint64N(1<<12)) //nolint:gosec // after 1970
	binary.BigEndian.PutUint64(u[8:], r.Uint64())
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
	return u
}

// head is what a story shares with its translation.
type head struct {
	age        time.Duration
	language   int // in Languages
	translates bool
	id         uuid.UUID
}

// head gives the beginning of the n-th article. Each eighth translates the one before it, where there are languages.
func (g generator) head(n int) head {
	r := newRand(g.Seed, 'a', n)
	age := time.Duration(r.Int64N(int64(span/time.Second))) * time.Second
	h := head{age: age, language: g.language(r), id: id(r, epoch.Add(-age))}
	if n%8 == 7 && len(g.Languages) > 1 {
		other := g.head(n - 1)
		h.translates = true
		h.age = max(0, other.age-time.Duration(1+r.IntN(600))*time.Minute)
		h.language = (other.language + 1 + r.IntN(len(g.Languages)-1)) % len(g.Languages)
		h.id = id(r, epoch.Add(-h.age))
	}
	return h
}

// language draws a language: half of what is left is in each, but for the last.
func (g generator) language(r *rand.Rand) int {
	for i := range len(g.Languages) - 1 {
		if r.IntN(2) == 0 {
			return i
		}
	}
	return len(g.Languages) - 1
}

// oldestFirst gives the numbers of all articles in the order of their dates.
func (g generator) oldestFirst() []int {
	numbers, ages := make([]int, g.Articles), make([]time.Duration, g.Articles)
	for n := range numbers {
		numbers[n], ages[n] = n, g.head(n).age
	}
	slices.SortStableFunc(numbers, func(a, b int) int { return cmp.Compare(ages[b], ages[a]) })
	return numbers
}

// types are the types of articles, the first by far the most frequent.
var types = []string{newsroom.DefaultType, "opinion", "interview", "analysis", "photo"}

// story gives the n-th article.
func (g generator) story(n int) editorial.Story {
	h, r := g.head(n), newRand(g.Seed, 's', n)
	group := h.id
	if h.translates {
		group, r = g.head(n-1).id, newRand(g.Seed, 's', n-1) // the same section, authors and tags
	}
	t := newsroom.Text{
		Lang: g.Languages[h.language], Type: types[0], Custom: []byte("{}"), TranslationGroup: group,
		Featured: r.IntN(20) == 0, Breaking: r.IntN(50) == 0,
	}
	if r.IntN(5) == 0 {
		t.Type = types[1+r.IntN(len(types)-1)]
	}
	t.SectionID = &g.terms.sections[skewed(r, len(g.terms.sections))]
	t.AuthorIDs = some(r, g.terms.authors, 1+r.IntN(6)/5)
	tags := skewedSet(r, Tags, 2+r.IntN(5))
	for _, k := range tags {
		t.TagIDs = append(t.TagIDs, g.terms.tags[k])
	}
	w := newWriter(newRand(g.Seed, 'w', n), t.Lang, tags)
	t.Title, t.Kicker, t.Summary, t.Body = w.title(), w.kicker(), w.summary(), w.body()
	views := int64(50 / (r.Float64() + 0.0005))
	return editorial.Story{ID: h.id, Text: t, At: g.Until.Add(-h.age), Views: views}
}

// skewed draws a number below n, small ones most often: the first of 300 comes up about thirty times as often as the last.
func skewed(r *rand.Rand, n int) int {
	x := r.Float64()
	return int(x * x * float64(n))
}

// skewedSet draws up to count different numbers below n.
func skewedSet(r *rand.Rand, n, count int) []int {
	var out []int
	for range count {
		if k := skewed(r, n); !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// some draws count different ones of ids.
func some(r *rand.Rand, ids []uuid.UUID, count int) []uuid.UUID {
	first := r.IntN(len(ids))
	out := []uuid.UUID{ids[first]}
	if count > 1 {
		out = append(out, ids[(first+1+r.IntN(len(ids)-1))%len(ids)])
	}
	return out
}
