package store

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

func TestNobodyIsInAnArticleThatIsGone(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		e := newsroom.Editing{ArticleID: uuid.New(), UserID: uuid.New(), Since: noon, Until: noon.Add(time.Minute)}
		if err := s.PutEditing(t.Context(), e); !newsroom.IsCode(err, newsroom.CodeNotFound) {
			t.Error(err)
		}
	})
}
