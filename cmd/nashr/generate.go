package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/mattn/go-isatty"

	"github.com/nashr-cms/nashr/internal/config"
	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/generate"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/store"
)

type generateCommand struct {
	config.Database
	Articles  int       `required:"" placeholder:"N" help:"How many articles there are to be of this seed, from 1 to 1,000,000. What is there already stays."`
	Seed      uint64    `default:"1" placeholder:"S" help:"The same seed gives the same content, another one adds more."`
	Until     time.Time `format:"2006-01-02" placeholder:"DATE" help:"The day (UTC) at whose beginning the three years of articles end. Today when absent."`
	Languages string    `env:"NASHR_LANGUAGES" default:"en" placeholder:"TAGS" help:"The languages of the site."`
}

// Run fills the configured database with synthetic articles.
func (g *generateCommand) Run(ctx context.Context, std console) error {
	plan, err := g.plan(now())
	if err != nil {
		return err
	}
	return withStore(ctx, g.Database, func(s *store.Store) error {
		if err := prepareSchema(ctx, s, false); err != nil {
			return err
		}
		desk := &editorial.Desk{Store: s, Languages: plan.Languages, Now: now}
		if err := desk.OpenSite(ctx); err != nil {
			return err
		}
		begin := time.Now()
		debug.SetGCPercent(400) // what is made is written and forgotten
		draw, end := progress(std.log, plan.Articles)
		added, err := plan.Fill(ctx, desk, draw)
		end()
		if ctx.Err() != nil {
			return fmt.Errorf("stopped: %d articles were added; the same command adds the rest", added)
		}
		if err == nil {
			fmt.Fprintf(std.out, "added %d articles in %.1f s; %d of seed %d are there\n", added, time.Since(begin).Seconds(), plan.Articles, plan.Seed)
		}
		return err
	})
}

// plan checks the flags.
func (g *generateCommand) plan(now time.Time) (generate.Plan, error) {
	if g.Articles < 1 || g.Articles > 1_000_000 {
		return generate.Plan{}, fmt.Errorf("--articles: must be from 1 to 1000000")
	}
	if g.Until.IsZero() {
		g.Until = now.Truncate(24 * time.Hour)
	}
	if g.Until.After(now) {
		return generate.Plan{}, fmt.Errorf("--until: must not lie in the future")
	}
	languages, err := lang.ParseSet(g.Languages)
	if err != nil {
		return generate.Plan{}, fmt.Errorf("NASHR_LANGUAGES: %w", err)
	}
	return generate.Plan{Articles: g.Articles, Seed: g.Seed, Until: g.Until, Languages: languages}, nil
}

// barWidth is how many characters a full progress bar has.
const barWidth = 40

// progress gives what draws a bar on out, and what ends its line, if that is a terminal; otherwise they do nothing.
func progress(out io.Writer, total int) (draw func(done int), end func()) {
	file, ok := out.(*os.File)
	if !ok || !isatty.IsTerminal(file.Fd()) {
		return func(int) {}, func() {}
	}
	draw = func(done int) {
		full := done * barWidth / total
		fmt.Fprintf(out, "\r[%s%s] %d of %d", strings.Repeat("=", full), strings.Repeat(" ", barWidth-full), done, total)
	}
	draw(0)
	return draw, func() { fmt.Fprintln(out) }
}
