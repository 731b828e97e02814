package newsroom_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

func TestMostLike(t *testing.T) {
	rare, common, section := uuid.New(), uuid.New(), uuid.New()
	carriers := map[uuid.UUID]int64{rare: 2, common: 1000}
	day := time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC)
	to := newsroom.Candidate{Title: "Oʻzbekiston quyoshi", TagIDs: []uuid.UUID{rare, common}, SectionID: &section}
	candidates := []newsroom.Candidate{
		{Title: "stranger, picked", PublishedAt: day, Picked: true},
		{Title: "common tag, a year old", TagIDs: []uuid.UUID{common}, PublishedAt: day.AddDate(-1, 0, 0)},
		{Title: "common tag", TagIDs: []uuid.UUID{common}, PublishedAt: day},
		{Title: "section only", SectionID: &section, PublishedAt: day},
		{Title: "both tags", TagIDs: []uuid.UUID{rare, common}, PublishedAt: day},
		{Title: "rare tag, a week old", TagIDs: []uuid.UUID{rare}, PublishedAt: day.AddDate(0, 0, -7)},
		{Title: "O'zbekistonda quyosh", PublishedAt: day},
		{Title: "common tag, picked, a year old", TagIDs: []uuid.UUID{common}, PublishedAt: day.AddDate(-1, 0, 0), Picked: true},
	}
	want := []string{
		"common tag, picked, a year old", "both tags", "O'zbekistonda quyosh", "rare tag, a week old", "section only",
		"common tag", "common tag, a year old",
	}
	var got []string
	for _, c := range newsroom.MostLike(to, candidates, carriers) {
		got = append(got, c.Title)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// The order depends on the candidates, and not on the order in which they come.
func TestMostLikeIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tags := []uuid.UUID{{1}, {2}, {3}}
		candidate := rapid.Custom(func(t *rapid.T) newsroom.Candidate {
			return newsroom.Candidate{
				ArticleID: uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")), TagIDs: rapid.SliceOfDistinct(rapid.SampledFrom(tags), func(u uuid.UUID) uuid.UUID { return u }).Draw(t, "tags"),
				Title: rapid.SampledFrom([]string{"", "storks over the mill", "mill closed"}).Draw(t, "title"), PublishedAt: time.Unix(rapid.Int64Range(0, 1e9).Draw(t, "at"), 0),
				Picked: rapid.Bool().Draw(t, "picked"),
			}
		})
		all := rapid.SliceOfNDistinct(candidate, 0, 8, func(c newsroom.Candidate) uuid.UUID { return c.ArticleID }).Draw(t, "candidates")
		to := candidate.Draw(t, "to")
		want := newsroom.MostLike(to, all, nil)
		got := newsroom.MostLike(to, rapid.Permutation(all).Draw(t, "shuffled"), nil)
		same := func(a, b newsroom.Candidate) bool { return a.ArticleID == b.ArticleID }
		if len(want) > len(all) || !slices.EqualFunc(got, want, same) {
			t.Fatalf("%v, then %v", want, got)
		}
	})
}
