package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/nashr-cms/nashr/internal/config"
	"github.com/nashr-cms/nashr/internal/store"
)

type reindexCommand struct{ config.Database }

// Run makes the search index anew. It tells on a terminal how far it is.
func (r *reindexCommand) Run(ctx context.Context, std console) error {
	return withStore(ctx, r.Database, func(s *store.Store) error {
		if err := prepareSchema(ctx, s, false); err != nil {
			return err
		}
		terminal := isTerminal(std.out)
		var indexed int64
		err := s.Reindex(ctx, func(done, total int64) {
			indexed = done
			if terminal {
				fmt.Fprintf(std.out, "\rindexing %d of %d (%d %%)", done, total, 100*done/total)
			}
		})
		if terminal && indexed > 0 {
			fmt.Fprintln(std.out)
		}
		if err == nil {
			fmt.Fprintf(std.out, "indexed %d publications\n", indexed)
		}
		return err
	})
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
