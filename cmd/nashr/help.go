package main

import (
	"context"
	"fmt"
)

// helpCommand prints the help of all commands, or of one.
type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command to explain."`
}

// Run prints the page that --help would print. Without a command it is the page of all of them, and that of serve, which
// has every variable.
func (h *helpCommand) Run(ctx context.Context, std console) error {
	if len(h.Command) > 0 {
		return printHelp(ctx, std, h.Command)
	}
	if err := printHelp(ctx, std, nil); err != nil {
		return err
	}
	fmt.Fprintln(std.out)
	return printHelp(ctx, std, []string{"serve"})
}

func printHelp(ctx context.Context, std console, command []string) error {
	parser, exited, err := newParser(ctx, std)
	if err != nil {
		return err
	}
	if _, err := parser.Parse(append(command, "--help")); err != nil && !*exited {
		return err
	}
	return nil
}
