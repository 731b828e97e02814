package newsroom

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCheckAPIToken(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)
	past, future := now.Add(-time.Hour), now.Add(time.Millisecond)
	read := []Scope{ScopeArticlesRead}
	for want, token := range map[string]APIToken{
		"":                                 {Name: "x", Scopes: Scopes(), ExpiresAt: &future},
		"/name required /scopes required ": {Name: "\u200b"},
		"/name too_long ":                  {Name: strings.Repeat("x", 201), Scopes: read},
		"/scopes/1 invalid_value /scopes/2 duplicate /scopes/3 invalid_value ": {Name: "x", Scopes: []Scope{ScopeArticlesRead, "*", ScopeArticlesRead, ""}},
		"/expires_at out_of_range ": {Name: "x", Scopes: read, ExpiresAt: &now},
	} {
		got := ""
		for _, f := range token.Check(now, &past) {
			got += fmt.Sprintf("%s %s ", f.Pointer, f.Code)
		}
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if broken := (APIToken{Name: "x", Scopes: read, ExpiresAt: &past}).Check(now, &past); broken != nil {
		t.Errorf("an expired token cannot be renamed: %v", broken)
	}
}

func TestATokenIsNeverAnAdmin(t *testing.T) {
	t.Parallel()
	for role, want := range map[Role]Role{
		RoleContributor: RoleContributor, RoleAuthor: RoleAuthor, RoleEditor: RoleEditor, RoleAdmin: RoleEditor, "owner": "owner",
	} {
		who := User{Role: role}.ByToken(APIToken{Scopes: Scopes()})
		if who.Role != want || who.Session != nil || who.Token == nil {
			t.Errorf("%s acts as %s", role, who.Role)
		}
	}
}

func TestTheLastAdminStays(t *testing.T) {
	t.Parallel()
	now := time.Now()
	last := User{Role: RoleAdmin, PasswordHash: "x"}
	var free []User
	for _, change := range []func(*User){
		func(u *User) { u.Role = RoleEditor }, func(u *User) { u.DisabledAt = &now }, func(u *User) { u.PasswordHash = "" },
	} {
		u := last
		change(&u)
		free = append(free, u)
	}
	if err := last.CheckStepDown(0); !IsCode(err, CodeInvalidTransition) {
		t.Errorf("the last admin may go: %v", err)
	}
	if err := last.CheckStepDown(1); err != nil {
		t.Error(err)
	}
	if i := slices.IndexFunc(free, func(u User) bool { return u.CheckStepDown(0) != nil }); i >= 0 {
		t.Errorf("who cannot administer has to stay: %+v", free[i])
	}
}
