package account

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// recoveryCodes is how many recovery codes a user gets.
const recoveryCodes = 10

// OfferTOTP gives who, by their password, the secret of a second factor and its otpauth URI. It counts once ConfirmTOTP
// was given a code of it, and only the last one offered does. With a second factor already: invalid_transition.
func (s *Service) OfferTOTP(ctx context.Context, who newsroom.Actor, address, password string) (secret, uri string, err error) {
	if err := s.provePassword(ctx, who, address, password, "/password"); err != nil {
		return "", "", err
	}
	site, err := s.store.Read(ctx).Site()
	if err != nil {
		return "", "", err
	}
	secret, uri, err = auth.NewTOTP(site.Name, who.User.Email)
	if err != nil {
		return "", "", err
	}
	return secret, uri, s.store.WriteSignIn(ctx, func(tx *store.Tx) error {
		u, err := byID(who.User.ID)(tx)
		if err != nil {
			return err
		}
		if err := needTOTP(u, false); err != nil {
			return err
		}
		return tx.OfferTOTP(u.ID, secret)
	})
}

// ConfirmTOTP turns on the second factor whose secret was offered, given a code of it, and gives its recovery codes.
// Wrong guesses slow down like failed sign-ins.
func (s *Service) ConfirmTOTP(ctx context.Context, who newsroom.Actor, address, code string) ([]string, error) {
	var codes []string
	err := s.proveAndChange(ctx, who, address, func(w *userWork) error {
		if err := needTOTP(w.User, false); err != nil {
			return err
		}
		if w.TOTPSecret == "" {
			return newsroom.Errorf(newsroom.CodeInvalidTransition, "Ask for a secret first.")
		}
		step, ok := auth.TOTPStep(w.TOTPSecret, auth.NormalCode(code), w.TOTPStep, w.now)
		if !ok {
			return wrong{wrongCode()}
		}
		w.TOTPStep, w.TOTPConfirmedAt = step, &w.now
		if err := w.happened("user.totp_enabled", nil); err != nil {
			return err
		}
		var err error
		codes, err = w.newRecoveryCodes()
		return err
	})
	return codes, err
}

// RenewRecoveryCodes gives who new recovery codes, given a code of the second factor, and voids the former ones.
func (s *Service) RenewRecoveryCodes(ctx context.Context, who newsroom.Actor, address, code string) ([]string, error) {
	var codes []string
	err := s.proveAndChange(ctx, who, address, func(w *userWork) error {
		if err := w.spendCode(code); err != nil {
			return err
		}
		if err := w.happened("user.recovery_codes_renewed", nil); err != nil {
			return err
		}
		var err error
		codes, err = w.newRecoveryCodes()
		return err
	})
	return codes, err
}

// DropTOTP turns off the second factor of who, given their password and a code of it.
func (s *Service) DropTOTP(ctx context.Context, who newsroom.Actor, address, password, code string) error {
	return s.prove(ctx, who.User.Email, address, func() error {
		if err := s.checkPassword(ctx, who, password, "/password"); err != nil {
			return err
		}
		_, err := s.changeUser(ctx, &who, byID(who.User.ID), func(w *userWork) error {
			if err := w.spendCode(code); err != nil {
				return err
			}
			return w.dropTOTP()
		})
		return err
	})
}

// RemoveTOTP turns off the second factor that the user of that id has lost.
func (s *Service) RemoveTOTP(ctx context.Context, by newsroom.Actor, id uuid.UUID, p newsroom.Precondition) error {
	_, err := s.changeUser(ctx, &by, byID(id), func(w *userWork) error {
		if err := p.Check(w.Version); err != nil {
			return err
		}
		return w.removeTOTP()
	})
	return err
}

// RemoveTOTPOf is RemoveTOTP for commands, by address.
func (s *Service) RemoveTOTPOf(ctx context.Context, email string) error {
	_, err := s.changeUser(ctx, nil, byEmail(email), (*userWork).removeTOTP)
	return err
}

// proveAndChange is changeUser of who, by who, for a change that compares a code.
func (s *Service) proveAndChange(ctx context.Context, who newsroom.Actor, address string, change func(*userWork) error) error {
	return s.prove(ctx, who.User.Email, address, func() error {
		_, err := s.changeUser(ctx, &who, byID(who.User.ID), change)
		return err
	})
}

// spendCode uses up a code of the second factor, which the user must have.
func (w *userWork) spendCode(code string) error {
	if err := needTOTP(w.User, true); err != nil {
		return err
	}
	right, err := spend(w.tx, w.User, auth.NormalCode(code), w.now)
	if err == nil && !right {
		return wrong{wrongCode()}
	}
	return err
}

func (w *userWork) removeTOTP() error {
	if !w.HasTOTP() {
		return newsroom.Errorf(newsroom.CodeNotFound, "The user has no second factor.")
	}
	return w.dropTOTP()
}

func (w *userWork) dropTOTP() error {
	w.TOTPSecret, w.TOTPConfirmedAt, w.TOTPStep = "", nil, 0
	if err := w.tx.ReplaceRecoveryCodes(w.ID, nil); err != nil {
		return err
	}
	return w.happened("user.totp_disabled", nil)
}

func (w *userWork) newRecoveryCodes() ([]string, error) {
	plain, kept := make([]string, recoveryCodes), make([]newsroom.RecoveryCode, recoveryCodes)
	for i := range plain {
		kept[i].UserID = w.ID
		plain[i], kept[i].Hash = auth.NewRecoveryCode()
	}
	return plain, w.tx.ReplaceRecoveryCodes(w.ID, kept)
}

// needTOTP gives invalid_transition unless u has a second factor, or has none, as it must be.
func needTOTP(u newsroom.User, on bool) error {
	switch {
	case u.HasTOTP() == on:
		return nil
	case on:
		return newsroom.Errorf(newsroom.CodeInvalidTransition, "You have no second factor.")
	default:
		return newsroom.Errorf(newsroom.CodeInvalidTransition, "You have a second factor already. Turn it off first.")
	}
}

// signInCode uses up the code by which u signs in, if u needs one.
func signInCode(tx *store.Tx, u newsroom.User, code string, now time.Time) error {
	if !u.HasTOTP() {
		return nil
	}
	code = auth.NormalCode(code)
	if code == "" {
		return refusedCode(newsroom.FieldRequired, "A code of your second factor is needed, or a recovery code.")
	}
	right, err := spend(tx, u, code, now)
	if err == nil && !right {
		return wrong{refusedCode(newsroom.FieldInvalid, "This code is wrong, or was used already.")}
	}
	return err
}

// spend uses up a normal code, of u's app or a recovery code, and reports whether it was good. The row decides, so of two
// at once one is.
func spend(tx *store.Tx, u newsroom.User, code string, now time.Time) (bool, error) {
	if !auth.IsTOTP(code) {
		return tx.UseRecoveryCode(u.ID, auth.HashSecret(code), now)
	}
	step, ok := auth.TOTPStep(u.TOTPSecret, code, u.TOTPStep, now)
	if !ok {
		return false, nil
	}
	return tx.UseTOTPStep(u.ID, step)
}

// refusedCode gives an unauthenticated error at the code of a sign-in.
func refusedCode(field, detail string) error {
	return &newsroom.Error{
		Code: newsroom.CodeUnauthenticated, Detail: detail,
		Fields: []newsroom.FieldError{{Pointer: "/code", Code: field, Detail: detail}},
	}
}

// wrongCode gives a validation_failed at the code of a signed-in user.
func wrongCode() error {
	return newsroom.Invalid([]newsroom.FieldError{
		{Pointer: "/code", Code: newsroom.FieldInvalid, Detail: "This code is wrong, or was used already."},
	})
}
