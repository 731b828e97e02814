package editorial

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// Story is a published text that was written elsewhere, complete with the ids of what it refers to.
type Story struct {
	ID    uuid.UUID
	Text  newsroom.Text // without a slug, which is made from the title, nor what follows from the body
	At    time.Time     // when it was published, not in the future
	Views int64
}

// Ready is stories with all that follows from their texts. Making it takes as long as writing them.
type Ready []readyStory

type readyStory struct {
	Story
	found store.Found
}

// Prepare makes stories ready for Import. It gives validation_failed when a text breaks a rule.
func Prepare(stories []Story) (Ready, error) {
	texts := make([]newsroom.Text, len(stories))
	for i, s := range stories {
		if err := newsroom.Invalid(s.Text.Check()); err != nil {
			return nil, err
		}
		complete(&s.Text)
		s.Text.Slug = lang.Slug(s.Text.Title, s.Text.Lang)
		texts[i] = s.Text
	}
	ready := make(Ready, len(stories))
	for i, found := range store.Find(texts...) {
		ready[i] = readyStory{stories[i], found}
		ready[i].Text = texts[i]
	}
	return ready, nil
}

// Import adds stories that actor owns, and publishes them under their dates: what creating and publishing each of them
// would do, in one transaction of few statements for hundreds of them. Those whose ids are there already stay as they
// are. It gives how many it has added.
func (d *Desk) Import(ctx context.Context, actor newsroom.Actor, stories Ready) (int, error) {
	var added int
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		fresh, err := fresh(tx, stories)
		if err != nil || len(fresh) == 0 {
			return err
		}
		i, err := newImport(d.Now(), actor, fresh)
		if err != nil {
			return err
		}
		added = len(fresh)
		return i.write(tx)
	})
	return added, err
}

// fresh gives those of stories that are not there yet, with slugs that are free.
func fresh(tx *store.Tx, stories Ready) (Ready, error) {
	ids := make([]uuid.UUID, len(stories))
	for i, s := range stories {
		ids[i] = s.ID
	}
	there, err := tx.ArticlesThere(ids)
	if err != nil {
		return nil, err
	}
	var out Ready
	slugs := map[string][]string{} // by language
	for _, s := range stories {
		if !there[s.ID] {
			slugs[s.Text.Lang] = append(slugs[s.Text.Lang], s.Text.Slug)
			out = append(out, s)
		}
	}
	return out, partSlugs(tx, out, slugs)
}

// partSlugs adds a piece of the id to each slug that is empty or taken, also by one of the stories before it.
func partSlugs(tx *store.Tx, stories Ready, slugs map[string][]string) error {
	taken := map[string]map[string]bool{}
	for l, s := range slugs {
		var err error
		if taken[l], err = tx.ReservedSlugs(l, uuid.Nil, s...); err != nil {
			return err
		}
	}
	for i := range stories {
		t := &stories[i].Text
		if t.Slug == "" {
			t.Slug = newsroom.DefaultType
			taken[t.Lang][t.Slug] = true
		}
		if taken[t.Lang][t.Slug] {
			t.Slug += "-" + stories[i].ID.String()[24:]
		}
		taken[t.Lang][t.Slug] = true
	}
	return nil
}

// batch is the rows of stories.
type batch struct {
	articles     []newsroom.Article
	revisions    []newsroom.Revision
	publications []newsroom.Publication
	found        []store.Found // what each publication is found by
	events       []newsroom.Event
	views        map[uuid.UUID]int64
}

func newImport(now time.Time, actor newsroom.Actor, stories Ready) (batch, error) {
	b := batch{views: map[uuid.UUID]int64{}}
	for _, s := range stories {
		b.found = append(b.found, s.found)
		if err := b.add(now, actor, s.Story); err != nil {
			return batch{}, err
		}
	}
	return b, nil
}

// add adds the rows of one story, as its creation and its publication would leave them.
func (b *batch) add(now time.Time, actor newsroom.Actor, s Story) error {
	w := &work{actor: actor, now: now, Standing: newsroom.NewStanding(newsroom.Article{
		ID: s.ID, Text: s.Text, CreatedBy: actor.ID, CreatedAt: now,
	}, nil, now)}
	plan, err := newsroom.PlanPublication(w.Standing, &s.At, nil, now)
	if err != nil {
		return err
	}
	w.revise([]string{})
	b.revisions = append(b.revisions, *w.revision)
	if err := w.happened("article.created", false, map[string]any{}); err != nil {
		return err
	}
	b.events = append(b.events, w.event)
	p, err := w.publication(plan)
	if err != nil {
		return err
	}
	b.publications = append(b.publications, p)
	w.Version, w.PublishedAt = 2, &plan.PublishedAt
	b.articles = append(b.articles, w.Article)
	b.views[s.ID] = s.Views
	err = w.published(plan)
	b.events = append(b.events, w.event)
	return err
}

func (b batch) write(tx *store.Tx) error {
	if err := tx.CreateArticles(b.articles, b.revisions); err != nil {
		return err
	}
	if err := tx.SetViews(b.views); err != nil {
		return err
	}
	if err := tx.CreatePublications(b.publications, b.found); err != nil {
		return err
	}
	return tx.AppendEvents(b.events)
}
