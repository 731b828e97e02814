// Command nashr is the headless CMS: server, migrations and users in one binary.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // time zones without a system that has them

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "nashr: "+oneLine(err))
		os.Exit(1)
	}
}

// oneLine gives what an error says without line breaks, which those of databases have.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// console is what a command reads and writes.
type console struct {
	in  io.Reader
	out io.Writer
	log io.Writer
}

// commands is the command line. Each field is one command, in a file of its own.
type commands struct {
	Serve    serveCommand    `cmd:"" help:"Serve the API. Migrates an embedded database first."`
	Migrate  migrateCommand  `cmd:"" help:"Apply, take back or list schema migrations. Safe when several instances start at once."`
	Reindex  reindexCommand  `cmd:"" help:"Make the search index anew, also while the API is served."`
	User     userCommand     `cmd:"" help:"Create and change users."`
	Generate generateCommand `cmd:"" help:"Fill the database with synthetic live articles, for load tests."`
	Health   healthCommand   `cmd:"" help:"Ask a running server whether it is ready; for container health checks."`
	Version  versionCommand  `cmd:"" help:"Print version, commit and Go version."`
	Help     helpCommand     `cmd:"" help:"Explain every command, or one: nashr help serve."`
}

// run is the whole program: it carries out the command that args name and ends when ctx does.
func run(ctx context.Context, args []string, in io.Reader, out, log io.Writer) error {
	parser, exited, err := newParser(ctx, console{in, out, log})
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"help"}
	}
	command, err := parser.Parse(args)
	if *exited {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w; see nashr help", err)
	}
	return command.Run()
}

// newParser gives the parser of the command line, and tells through exited when it has already printed a help page.
func newParser(ctx context.Context, std console) (parser *kong.Kong, exited *bool, err error) {
	exited = new(bool)
	parser, err = kong.New(&commands{},
		kong.Name("nashr"),
		kong.Description("Nashr is a headless CMS for newsrooms. Every variable is a flag of serve too; the flag wins."),
		kong.Writers(std.out, std.log),
		kong.Exit(func(int) { *exited = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.ValueFormatter(explain),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std),
	)
	return parser, exited, err
}

// explain is what the help says of a flag: what it is for, its default and its variable.
func explain(v *kong.Value) string {
	var notes []string
	if v.HasDefault {
		notes = append(notes, "default "+v.Default)
	}
	for _, name := range v.Tag.Envs {
		notes = append(notes, "$"+name)
	}
	if len(notes) == 0 {
		return v.Help
	}
	return strings.TrimSuffix(v.Help, ".") + " (" + strings.Join(notes, ", ") + ")."
}
