package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/config"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

type userCommand struct {
	Create      userCreateCommand      `cmd:"" help:"Add a user."`
	List        userListCommand        `cmd:"" help:"List all users."`
	Disable     userDisableCommand     `cmd:"" help:"End all that a user may do, at once."`
	Enable      userEnableCommand      `cmd:"" help:"Let a disabled user sign in again."`
	SetPassword userSetPasswordCommand `cmd:"" help:"Give a user a new password and end their sessions."`
	RemoveTOTP  userRemoveTOTPCommand  `cmd:"" name:"remove-totp" help:"Remove a second factor that its user has lost."`
}

// password is how commands get one: never as an argument, which others on the machine can read.
type password struct {
	PasswordStdin bool `required:"" help:"Read the password from standard input, one line."`
}

type userCreateCommand struct {
	config.Database
	password
	Email string `required:"" help:"E-mail address."`
	Name  string `required:"" help:"Name, as others see it."`
	Role  string `required:"" enum:"contributor,author,editor,admin" help:"One of ${enum}."`
}

type (
	userListCommand    struct{ config.Database }
	userDisableCommand struct {
		config.Database
		Email string `required:"" help:"E-mail address."`
	}
	userEnableCommand struct {
		config.Database
		Email string `required:"" help:"E-mail address."`
	}
	userRemoveTOTPCommand struct {
		config.Database
		Email string `required:"" help:"E-mail address."`
	}
	userSetPasswordCommand struct {
		config.Database
		password
		Email string `required:"" help:"E-mail address."`
	}
)

// Run adds the user.
func (u *userCreateCommand) Run(ctx context.Context, std console) error {
	secret, err := readPassword(std.in)
	if err != nil {
		return err
	}
	return withAccounts(ctx, u.Database, func(a *account.Service, _ *store.Store) error {
		user, err := a.CreateUser(ctx, u.Email, u.Name, newsroom.Role(u.Role), secret)
		if err == nil {
			fmt.Fprintf(std.out, "created %s, %s, %s\n", user.Email, user.Role, user.ID)
		}
		return err
	})
}

// Run lists the users.
func (u *userListCommand) Run(ctx context.Context, std console) error {
	return withAccounts(ctx, u.Database, func(_ *account.Service, s *store.Store) error {
		users, err := s.Read(ctx).Users()
		for _, u := range users {
			fmt.Fprintf(std.out, "%s\t%s\t%s\t%s\t%s\t%s\n", u.ID, u.Email, u.Role, stateOf(u), secondFactorOf(u), u.Name)
		}
		return err
	})
}

func stateOf(u newsroom.User) string {
	switch {
	case u.DisabledAt != nil:
		return "disabled"
	case u.PasswordHash == "":
		return "invited"
	}
	return "active"
}

func secondFactorOf(u newsroom.User) string {
	if u.HasTOTP() {
		return "totp"
	}
	return "-"
}

// Run disables the user.
func (u *userDisableCommand) Run(ctx context.Context, std console) error {
	return withAccounts(ctx, u.Database, func(a *account.Service, _ *store.Store) error {
		err := a.Disable(ctx, u.Email)
		if err == nil {
			fmt.Fprintln(std.out, "disabled", newsroom.NormalEmail(u.Email))
		}
		return err
	})
}

// Run enables the user.
func (u *userEnableCommand) Run(ctx context.Context, std console) error {
	return withAccounts(ctx, u.Database, func(a *account.Service, _ *store.Store) error {
		err := a.Enable(ctx, u.Email)
		if err == nil {
			fmt.Fprintln(std.out, "enabled", newsroom.NormalEmail(u.Email))
		}
		return err
	})
}

// Run removes the second factor.
func (u *userRemoveTOTPCommand) Run(ctx context.Context, std console) error {
	return withAccounts(ctx, u.Database, func(a *account.Service, _ *store.Store) error {
		err := a.RemoveTOTPOf(ctx, u.Email)
		if err == nil {
			fmt.Fprintln(std.out, "removed the second factor of", newsroom.NormalEmail(u.Email))
		}
		return err
	})
}

// Run sets the password.
func (u *userSetPasswordCommand) Run(ctx context.Context, std console) error {
	secret, err := readPassword(std.in)
	if err != nil {
		return err
	}
	return withAccounts(ctx, u.Database, func(a *account.Service, _ *store.Store) error {
		err := a.SetPassword(ctx, u.Email, secret)
		if err == nil {
			fmt.Fprintln(std.out, "password set; all sessions of", newsroom.NormalEmail(u.Email), "have ended")
		}
		return err
	})
}

// withAccounts opens the configured database, which must be migrated unless it is embedded, for a command on users.
func withAccounts(ctx context.Context, database config.Database, do func(*account.Service, *store.Store) error) error {
	return withStore(ctx, database, func(s *store.Store) error {
		if err := prepareSchema(ctx, s, false); err != nil {
			return err
		}
		return explained(do(account.New(s, "", now), s))
	})
}

// explained adds to a validation error what is wrong with each field.
func explained(err error) error {
	var e *newsroom.Error
	if !errors.As(err, &e) {
		return err
	}
	detail := e.Detail
	for _, f := range e.Fields {
		detail += " " + strings.TrimPrefix(f.Pointer, "/") + ": " + f.Detail
	}
	return errors.New(detail)
}

func readPassword(in io.Reader) (string, error) {
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("there is no password on standard input")
	}
	return line, nil
}

// now is the clock of the whole program: UTC in whole milliseconds, which both databases keep.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
