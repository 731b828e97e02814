package newsroom

import "testing"

func TestWhoSeesAccounts(t *testing.T) {
	for _, c := range []struct {
		who  Actor
		want bool
	}{
		{Actor{User: User{Role: RoleAdmin}, Session: &Session{}}, true},
		{Actor{User: User{Role: RoleEditor}, Session: &Session{}}, false},
		{Actor{User: User{Role: RoleAdmin}, Token: &APIToken{}}, false},
		{Actor{}, false},
	} {
		if c.who.SeesAccounts() != c.want {
			t.Errorf("%+v: %v", c.who, !c.want)
		}
	}
}

func TestWhichEventsAreAboutAccounts(t *testing.T) {
	for what, want := range map[string]bool{
		"user.created": true, "token.revoked": true, "article.created": false, "users.created": false, "user": true, "": false,
	} {
		if (Event{Type: what}).AboutAccounts() != want {
			t.Errorf("%s: %v", what, !want)
		}
	}
}
