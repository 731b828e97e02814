package main

import "context"

// helpCommand prints the help of all commands, or of one.
type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command to explain."`
}

// Run prints the page that --help would print.
func (h *helpCommand) Run(ctx context.Context, std console) error {
	parser, exited, err := newParser(ctx, std)
	if err != nil {
		return err
	}
	if _, err := parser.Parse(append(h.Command, "--help")); err != nil && !*exited {
		return err
	}
	return nil
}
