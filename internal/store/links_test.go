package store

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/testkit"
)

// The migration that made the links what they are links what was published before.
func TestLinksOfWhatWasThere(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		w := newWorld(t, s)
		below := w.section
		below.ID, below.Slug, below.ParentID = uuid.Must(uuid.NewV7()), "below", &w.section.ID
		must(t, s.Write(t.Context(), func(tx *Tx) error { return CreateTerm(tx, &below) }))
		w.section = below
		w.fill(t, 20, w.tag.ID)
		for {
			name, err := s.MigrateDown(t.Context())
			must(t, err)
			if strings.HasSuffix(name, "_read_paths.sql") {
				break
			}
		}
		_, err := s.MigrateUp(t.Context())
		must(t, err)
		must(t, testkit.CheckLinks(t.Context(), s.pools[0]))
	})
}
