package newsroom

import (
	"fmt"
	"slices"
	"time"
)

// HasTOTP reports whether u needs a second factor to sign in.
func (u User) HasTOTP() bool { return u.TOTPConfirmedAt != nil }

// CanAdminister reports whether u is an admin who can sign in: not disabled, nor invited only.
func (u User) CanAdminister() bool {
	return u.Role.AtLeast(RoleAdmin) && u.DisabledAt == nil && u.PasswordHash != ""
}

// CheckStepDown says whether u may stop to be an admin who can sign in, when so many others are: not the last one.
func (u User) CheckStepDown(others int64) error {
	if u.CanAdminister() && others == 0 {
		return Errorf(CodeInvalidTransition, "This is the last admin who can sign in. Make another one first.")
	}
	return nil
}

// ByToken gives u as t acts for them: an editor at most.
func (u User) ByToken(t APIToken) Actor {
	if u.Role.AtLeast(RoleEditor) {
		u.Role = RoleEditor
	}
	return Actor{User: u, Token: &t}
}

// Expired reports whether the token's time is over at now.
func (t APIToken) Expired(now time.Time) bool { return t.ExpiresAt != nil && !now.Before(*t.ExpiresAt) }

// Check gives each rule that t breaks at now. before is the expiry that it has had so far: that one may be over.
func (t APIToken) Check(now time.Time, before *time.Time) []FieldError {
	var c checker
	c.required("/name", t.Name, MaxName)
	if len(t.Scopes) == 0 {
		c.add("/scopes", FieldRequired, "A token needs one scope at least.")
	}
	for i, scope := range t.Scopes {
		switch at := fmt.Sprintf("/scopes/%d", i); {
		case !slices.Contains(Scopes(), scope):
			c.add(at, FieldInvalid, fmt.Sprintf("The scopes are %v.", Scopes()))
		case slices.Contains(t.Scopes[:i], scope):
			c.add(at, FieldDuplicate, "This scope stands there twice.")
		}
	}
	kept := before != nil && t.ExpiresAt != nil && before.Equal(*t.ExpiresAt)
	if t.Expired(now) && !kept {
		c.add("/expires_at", FieldOutOfRange, "The expiry must lie in the future.")
	}
	return c.fields
}
