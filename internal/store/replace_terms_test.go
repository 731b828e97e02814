package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// statementCounter is a log that counts the statements in it.
type statementCounter struct {
	slog.Handler
	n int
}

func (*statementCounter) Enabled(context.Context, slog.Level) bool { return true }

func (c *statementCounter) Handle(context.Context, slog.Record) error {
	c.n++
	return nil
}

// statements gives how many statements a change takes.
func (w world) statements(t *testing.T, change func(*Tx) error) int {
	t.Helper()
	var log statementCounter
	w.store.writer.Logger = queryLog{slog.New(&log)}
	must(t, w.store.Write(t.Context(), change))
	return log.n
}

// fill makes n live articles with the tags.
func (w world) fill(t *testing.T, n int, tags ...uuid.UUID) {
	t.Helper()
	articles, revisions, publications := make([]newsroom.Article, n), make([]newsroom.Revision, n), make([]newsroom.Publication, n)
	for i := range n {
		w.article, revisions[i] = w.newArticle(uuid.NewString())
		w.article.TagIDs = tags
		articles[i], publications[i] = w.article, w.newPublication(noon, nil)
	}
	const batch = 500
	for from := 0; from < n; from += batch {
		to := min(from+batch, n)
		must(t, w.store.Write(t.Context(), func(tx *Tx) error {
			return errors.Join(tx.CreateArticles(articles[from:to], revisions[from:to]), tx.CreatePublications(publications[from:to], make([]Found, to-from)))
		}))
	}
}

// Whether one article moves or thousands do, it takes as many statements, and loses nothing.
func TestThousandsMoveInAFewStatements(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		w := newWorld(t, s)
		const many = 5000
		tags := make([]newsroom.Tag, 3)
		for i := range tags {
			name := fmt.Sprint("tag-", i)
			tags[i] = newsroom.Tag{Term: newTerm(name), NameKey: name}
		}
		must(t, s.Write(t.Context(), func(tx *Tx) error {
			return errors.Join(CreateTerm(tx, &tags[0]), CreateTerm(tx, &tags[1]), CreateTerm(tx, &tags[2]))
		}))
		w.fill(t, many, tags[1].ID, tags[0].ID, tags[2].ID)
		now := noon.Add(time.Hour)
		merge := func(old, by uuid.UUID, want Moved) int {
			return w.statements(t, func(tx *Tx) error {
				moved, err := MergeTag(tx, old, by, now)
				if moved != want {
					t.Errorf("moved %+v, want %+v", moved, want)
				}
				return err
			})
		}
		one, all := merge(w.tag.ID, tags[0].ID, Moved{1, 1}), merge(tags[1].ID, tags[2].ID, Moved{many, many})
		if one != all || all > 16 {
			t.Errorf("%d statements for one, %d for %d", one, all, many)
		}
		list := fmt.Sprintf(`["%s","%s"]`, tags[2].ID, tags[0].ID)
		before := fmt.Sprintf(`["%s","%s","%s"]`, tags[1].ID, tags[0].ID, tags[2].ID)
		for query, want := range map[string]int64{
			"SELECT count(*) FROM articles WHERE CAST(tag_ids AS text) = ? AND version = 2 AND revision = 1":                                                                     many,
			"SELECT count(*) FROM publications WHERE CAST(tag_ids AS text) = ?":                                                                                                  many,
			"SELECT count(*) FROM publication_history WHERE CAST(tag_ids AS text) <> ?":                                                                                          many + 1,
			"SELECT count(*) FROM publication_history h JOIN publications p ON p.article_id = h.article_id AND p.visible_from = h.visible_until AND CAST(p.tag_ids AS text) = ?": many,
			"SELECT count(*) FROM article_tags l JOIN articles a ON a.id = l.article_id AND CAST(a.tag_ids AS text) = ?":                                                         2 * many,
			"SELECT count(*) FROM publication_tags l JOIN publications p ON p.id = l.publication_id AND CAST(p.tag_ids AS text) = ?":                                             2 * many,
		} {
			if got := w.number(t, query, list); got != want {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
		if got := w.number(t, "SELECT count(DISTINCT id) FROM publication_history WHERE CAST(tag_ids AS text) = ?", before); got != many {
			t.Errorf("%d publications are in history as they were", got)
		}
	})
}

func (w world) number(t *testing.T, query string, vars ...any) int64 {
	t.Helper()
	var n int64
	must(t, w.store.reader.Raw(query, vars...).Scan(&n).Error)
	return n
}
