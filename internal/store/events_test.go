package store

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
)

// follower reads the feed as a client does: again and again, after what it knows.
type follower struct {
	looked bell
	looks  int64
	ids    []int64
}

func (f *follower) follow(t *testing.T, s *Store, done <-chan struct{}) {
	var after int64
	for ended := false; ; {
		feed, err := s.Read(t.Context()).EventFeed(EventFilter{Accounts: true}, after, 7)
		if err != nil {
			t.Error(err)
			return
		}
		for _, e := range feed.Events {
			f.ids = append(f.ids, e.ID)
		}
		after = feed.Last
		f.looks++
		f.looked.ring(f.looks)
		if ended && !feed.More {
			return
		}
		select {
		case <-done: // whatever there is has been committed: one more round finds it
			ended = true
		default:
		}
	}
}

func TestNoEventSlipsThroughBetweenNodes(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { // which has one node
		t.Parallel()
		s := migrated(t, sqliteURL(t))
		checkNoEventSlipsThrough(t, func() *Store { return s })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if url := postgresURL(t); url != "" {
			checkNoEventSlipsThrough(t, func() *Store { return openAt(t, url) })
		}
	})
}

// checkNoEventSlipsThrough lets nodes write at once, hold numbers for long before they commit or take them back, and be
// read all the time.
func checkNoEventSlipsThrough(t *testing.T, open func() *Store) {
	const nodes, each = 8, 12
	followers := make([]follower, 3)
	done := make(chan struct{})
	var reading, writing sync.WaitGroup
	for i := range followers {
		s := open()
		reading.Go(func() { followers[i].follow(t, s, done) })
	}
	for node := range nodes {
		s := open()
		writing.Go(func() {
			for n := range each {
				undone := errors.New("undone")
				err := s.Write(t.Context(), func(tx *Tx) error {
					if err := tx.AppendEvent(newEvent(fmt.Sprintf("%d.%d", node, n))); err != nil {
						return err
					}
					switch (node + n) % 4 {
					case 0:
						waitForLooks(followers)
					case 1:
						return undone
					}
					return nil
				})
				if err != nil && !errors.Is(err, undone) {
					t.Error(err)
				}
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
	var all []int64
	events, err := open().Read(t.Context()).Events(0, 1000)
	must(t, err)
	for _, e := range events {
		all = append(all, e.ID)
	}
	if want := nodes * each * 3 / 4; len(all) != want {
		t.Errorf("%d events were kept, want %d", len(all), want)
	}
	for i := range followers {
		if !slices.Equal(followers[i].ids, all) {
			t.Errorf("a follower saw %v, want %v", followers[i].ids, all)
		}
	}
}

// waitForLooks returns when each follower has looked once more from beginning to end.
func waitForLooks(followers []follower) {
	for i := range followers {
		for range 2 { // the first may have begun before
			<-followers[i].looked.next()
		}
	}
}

func TestACommittedEventWakesThoseWhoWait(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		woken := func(ch <-chan struct{}) bool {
			select {
			case <-ch:
				return true
			default:
				return false
			}
		}
		first, second := s.EventAppended(), s.EventAppended()
		must(t, s.Write(t.Context(), func(*Tx) error { return nil }))
		_ = s.Write(t.Context(), func(tx *Tx) error { return errors.Join(tx.AppendEvent(newEvent("x.y")), errors.New("no")) })
		if woken(first) || woken(second) {
			t.Error("woken by nothing")
		}
		must(t, s.Write(t.Context(), func(tx *Tx) error {
			must(t, tx.AppendEvent(newEvent("x.y")))
			if woken(first) {
				t.Error("woken before the commit")
			}
			return nil
		}))
		if !woken(first) || !woken(second) || woken(s.EventAppended()) {
			t.Error("not woken, or twice")
		}
	})
}

func TestAnEventOfAnotherProcessWakesAllWhoWait(t *testing.T) {
	t.Parallel()
	check := func(t *testing.T, s, other *Store) {
		var waiting sync.WaitGroup
		for range 20 {
			appended := s.EventAppended()
			waiting.Go(func() { s.WaitForEvent(t.Context(), appended) })
		}
		must(t, other.Write(t.Context(), func(tx *Tx) error { return tx.AppendEvent(newEvent("x.y")) }))
		waiting.Wait()
		if !s.looking.TryLock() {
			t.Error("somebody looks still")
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		url := sqliteURL(t)
		check(t, migrated(t, url), openAt(t, url))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if url := postgresURL(t); url != "" {
			check(t, openAt(t, url), openAt(t, url))
		}
	})
}

func TestTheFeedIsFiltered(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		article := uuid.New()
		numbers := map[int64]int{0: 0} // of the databases, by ours
		for i, what := range []string{"article.created", "user.created", "article.updated", "tag.created", "articles.x", "token.created", "article.published"} {
			e := newEvent(what)
			if i%2 == 0 {
				e.SubjectID = article
			}
			must(t, s.Write(t.Context(), func(tx *Tx) error { return tx.AppendEvent(e) }))
			numbers[e.ID] = i + 1
		}
		last := int64(0)
		for id := range numbers {
			last = max(last, id)
		}
		one := func(types ...string) Match { return Match{AnyOf: [][]string{types}} }
		for _, c := range []struct {
			filter EventFilter
			limit  int
			want   string
		}{
			{EventFilter{Accounts: true}, 9, "[1 2 3 4 5 6 7] up to 7"},
			{EventFilter{}, 9, "[1 3 4 5 7] up to 7"},
			{EventFilter{}, 5, "[1 3 4 5 7] up to 7"},
			{EventFilter{}, 2, "[1 3] up to 3 and more"},
			{EventFilter{Types: one("article.*")}, 9, "[1 3 7] up to 7"},
			{EventFilter{Types: one("article.*")}, 2, "[1 3] up to 3 and more"},
			{EventFilter{Types: one("article.updated", "tag.*")}, 9, "[3 4] up to 7"},
			{EventFilter{Types: Match{None: []string{"article.updated", "tag.*"}}}, 9, "[1 5 7] up to 7"},
			{EventFilter{Types: Match{AnyOf: [][]string{{"article.*"}, {"article.created", "tag.created"}}}}, 9, "[1] up to 7"},
			{EventFilter{Types: one("user.*", "token.created")}, 9, "[] up to 7"},
			{EventFilter{Types: one("user.*", "token.created"), Accounts: true}, 9, "[2 6] up to 7"},
			{EventFilter{Types: one("ARTICLE.*", "article", "%", "a_ticle.*")}, 9, "[] up to 7"},
			{EventFilter{ArticleID: &article}, 9, "[1 3 7] up to 7"},
			{EventFilter{ArticleID: &uuid.Nil}, 9, "[] up to 7"},
		} {
			feed, err := s.Read(t.Context()).EventFeed(c.filter, 0, c.limit)
			must(t, err)
			ours := []int{}
			for _, e := range feed.Events {
				ours = append(ours, numbers[e.ID])
			}
			got := fmt.Sprint(ours, " up to ", numbers[feed.Last])
			if feed.More {
				got += " and more"
			}
			if got != c.want {
				t.Errorf("%+v: %s, want %s", c.filter, got, c.want)
			}
		}
		must(t, s.Write(t.Context(), func(tx *Tx) error { return tx.AppendEvent(newEvent("user.disabled")) }))
		for _, after := range []int64{last, last + 1, 1 << 62} {
			feed, err := s.Read(t.Context()).EventFeed(EventFilter{}, after, 9)
			if err != nil || len(feed.Events) > 0 || feed.Last != last {
				t.Errorf("after %d: %+v, %v", after, feed, err)
			}
		}
	})
}

func TestAnEmptyFeedEndsAtNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		if feed, err := s.Read(t.Context()).EventFeed(EventFilter{}, 0, 9); err != nil || feed.Last != 0 || feed.More || len(feed.Events) != 0 {
			t.Errorf("%+v, %v", feed, err)
		}
	})
}
