package auth_test

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
)

var (
	start  = time.Date(2026, 3, 21, 9, 0, 0, 0, time.UTC)
	tokens = auth.Tokens{Issuer: "https://news.example", Audience: "nashr"}
)

func newKey(t testing.TB, now time.Time) auth.Key {
	t.Helper()
	key, err := auth.NewKey(now)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func lookup(keys ...auth.Key) func(string) (ed25519.PublicKey, bool) {
	return func(kid string) (ed25519.PublicKey, bool) {
		for _, k := range keys {
			if k.ID == kid {
				return k.Public, true
			}
		}
		return nil, false
	}
}

func claims() auth.Claims {
	return auth.Claims{
		Subject: uuid.MustParse("0195b0e0-0000-7000-8000-000000000001"),
		Session: uuid.MustParse("0195b0e0-0000-7000-8000-000000000002"),
		TokenID: uuid.MustParse("0195b0e0-0000-7000-8000-00000000000a"),
		Role:    newsroom.RoleEditor, IssuedAt: start, ExpiresAt: start.Add(auth.AccessLifetime),
	}
}

const (
	notValid   = "The access token is not valid."
	hasExpired = "The access token has expired."
)

func wantUnauthenticated(t *testing.T, err error, detail string) {
	t.Helper()
	var e *newsroom.Error
	if !errors.As(err, &e) || e.Code != newsroom.CodeUnauthenticated || e.Detail != detail {
		t.Fatalf("got error %v, want unauthenticated: %s", err, detail)
	}
}

func TestVerifyAcceptsGenuine(t *testing.T) {
	key := newKey(t, start)
	cases := map[string]func(*forgery){
		"as signed":           func(*forgery) {},
		"typ in capitals":     func(f *forgery) { f.header["typ"] = "AT+JWT" },
		"typ as a media type": func(f *forgery) { f.header["typ"] = "Application/at+jwt" },
		"aud list with ours":  func(f *forgery) { f.claims["aud"] = []string{"other", tokens.Audience} },
		"iat 30 s ahead":      func(f *forgery) { f.claims["iat"] = start.Add(30 * time.Second).Unix() },
		"nbf now":             func(f *forgery) { f.claims["nbf"] = start.Unix() },
		"an unknown claim":    func(f *forgery) { f.claims["locale"] = "uz-Latn" },
	}
	for name, edit := range cases {
		t.Run(name, func(t *testing.T) {
			f := genuine(key)
			edit(f)
			got, err := tokens.Verify(f.token(), lookup(newKey(t, start), key), start)
			if err != nil {
				t.Fatal(err)
			}
			if got.Subject != claims().Subject || got.Session != claims().Session || got.TokenID != claims().TokenID || got.Role != newsroom.RoleEditor {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestVerifyReadsNoLongToken(t *testing.T) {
	key := newKey(t, start)
	f := genuine(key)
	pad := 2500
	for len(f.token()) < 4093 {
		pad++
		f.claims["pad"] = strings.Repeat("x", pad)
	}
	asked := false
	ask := func(kid string) (ed25519.PublicKey, bool) { asked = true; return lookup(key)(kid) }
	if _, err := tokens.Verify(f.token(), ask, start); err != nil || !asked {
		t.Fatalf("%d bytes: %v", len(f.token()), err)
	}
	asked = false
	f.claims["pad"] = strings.Repeat("x", pad+5)
	_, err := tokens.Verify(f.token(), ask, start)
	wantUnauthenticated(t, err, notValid)
	if len(f.token()) <= 4096 || asked {
		t.Errorf("%d bytes were parsed", len(f.token()))
	}
}

func TestVerifyExpiry(t *testing.T) {
	key := newKey(t, start)
	token := genuine(key).token()
	end := start.Add(auth.AccessLifetime)
	if _, err := tokens.Verify(token, lookup(key), end.Add(-time.Nanosecond)); err != nil {
		t.Errorf("just before the end: %v", err)
	}
	_, err := tokens.Verify(token, lookup(key), end)
	wantUnauthenticated(t, err, hasExpired)

	forged := genuine(key)
	forged.sign = func([]byte) []byte { return make([]byte, ed25519.SignatureSize) }
	_, err = tokens.Verify(forged.token(), lookup(key), end)
	wantUnauthenticated(t, err, notValid)
	_, err = tokens.Verify(token, lookup(), end)
	wantUnauthenticated(t, err, notValid)
}

func TestVerifyNeedsIssuerAndAudience(t *testing.T) {
	key := newKey(t, start)
	f := genuine(key)
	f.claims["aud"] = []string{tokens.Audience, ""}
	for _, lax := range []auth.Tokens{{}, {Issuer: tokens.Issuer}, {Audience: tokens.Audience}} {
		_, err := lax.Verify(f.token(), lookup(key), start)
		wantUnauthenticated(t, err, notValid)
		if _, err := lax.Sign(key, claims()); err == nil {
			t.Errorf("%+v signed", lax)
		}
	}
}

func TestVerifyNeedsKidEvenIfAnyWouldDo(t *testing.T) {
	key := newKey(t, start)
	anyKey := func(string) (ed25519.PublicKey, bool) { return key.Public, true }
	for _, kid := range []any{"", nil, 1} {
		f := genuine(key)
		f.header["kid"] = kid
		_, err := tokens.Verify(f.token(), anyKey, start)
		wantUnauthenticated(t, err, notValid)
	}
}

func TestVerifySurvivesBadKeys(t *testing.T) {
	key := newKey(t, start)
	for _, public := range []ed25519.PublicKey{nil, {}, make([]byte, 31), make([]byte, 32), make([]byte, 64)} {
		bad := func(string) (ed25519.PublicKey, bool) { return public, true }
		_, err := tokens.Verify(genuine(key).token(), bad, start)
		wantUnauthenticated(t, err, notValid)
	}
}

func TestSignRefusesWhatVerifyWould(t *testing.T) {
	key := newKey(t, start)
	cases := map[string]func(*auth.Claims){
		"no subject":      func(c *auth.Claims) { c.Subject = uuid.Nil },
		"no session":      func(c *auth.Claims) { c.Session = uuid.Nil },
		"no token id":     func(c *auth.Claims) { c.TokenID = uuid.Nil },
		"no role":         func(c *auth.Claims) { c.Role = "" },
		"unknown role":    func(c *auth.Claims) { c.Role = "owner" },
		"no issue":        func(c *auth.Claims) { c.IssuedAt = time.Time{} },
		"issued in 1970":  func(c *auth.Claims) { c.IssuedAt, c.ExpiresAt = time.Unix(0, 0), time.Unix(60, 0) },
		"no expiry":       func(c *auth.Claims) { c.ExpiresAt = time.Time{} },
		"lives too long":  func(c *auth.Claims) { c.ExpiresAt = c.ExpiresAt.Add(time.Second) },
		"lives no second": func(c *auth.Claims) { c.ExpiresAt = c.IssuedAt.Add(999 * time.Millisecond) },
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			c := claims()
			spoil(&c)
			if token, err := tokens.Sign(key, c); err == nil {
				t.Errorf("signed %s", token)
			}
		})
	}
	key.Private = nil
	if _, err := tokens.Sign(key, claims()); err == nil {
		t.Error("signed without a private key")
	}
}

func TestSignVerifyRoundTrip(t *testing.T) {
	keys := []auth.Key{newKey(t, start), newKey(t, start.Add(time.Hour))}
	rapid.Check(t, func(t *rapid.T) {
		c := drawClaims(t)
		token, err := tokens.Sign(rapid.SampledFrom(keys).Draw(t, "key"), c)
		if err != nil {
			t.Fatal(err)
		}
		c.IssuedAt, c.ExpiresAt = c.IssuedAt.Truncate(time.Second), c.ExpiresAt.Truncate(time.Second)
		valid := c.ExpiresAt.Sub(c.IssuedAt) + 30*time.Second
		now := c.ExpiresAt.Add(-time.Duration(rapid.Int64Range(1, int64(valid)).Draw(t, "before the end")))
		got, err := tokens.Verify(token, lookup(keys...), now)
		if err != nil || got != c {
			t.Fatalf("got %+v, %v, want %+v", got, err, c)
		}
	})
}

func drawClaims(t *rapid.T) auth.Claims {
	id := rapid.Custom(func(t *rapid.T) uuid.UUID {
		b := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bytes")
		b[15] |= 1
		return uuid.UUID(b)
	})
	issued := time.Unix(rapid.Int64Range(1, 1<<33).Draw(t, "iat"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC()
	life := time.Duration(rapid.Int64Range(int64(time.Second), int64(auth.AccessLifetime)).Draw(t, "life"))
	return auth.Claims{
		Subject: id.Draw(t, "sub"), Session: id.Draw(t, "sid"), TokenID: id.Draw(t, "jti"),
		Role: rapid.SampledFrom([]newsroom.Role{
			newsroom.RoleContributor, newsroom.RoleAuthor, newsroom.RoleEditor, newsroom.RoleAdmin,
		}).Draw(t, "role"),
		IssuedAt: issued, ExpiresAt: issued.Add(life),
	}
}

// FuzzVerify feeds arbitrary text: only the genuine token, in its one spelling, may pass.
func FuzzVerify(f *testing.F) {
	key := fixedKey()
	valid := genuine(key).token()
	for _, seed := range []string{valid, valid + ".", valid[:len(valid)-1], "", "..", "a.b.c", strings.ToUpper(valid)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		_, err := tokens.Verify(token, lookup(key), start)
		if err == nil && token != valid {
			t.Fatalf("accepted %q", token)
		}
		if err != nil && !newsroom.IsCode(err, newsroom.CodeUnauthenticated) {
			t.Fatalf("got error %v", err)
		}
	})
}

// FuzzVerifySigned feeds arbitrary content under a genuine signature: what passes must be complete and in time.
func FuzzVerifySigned(f *testing.F) {
	key := fixedKey()
	g := genuine(key)
	header, _ := json.Marshal(g.header)
	payload, _ := json.Marshal(g.claims)
	f.Add(header, payload)
	f.Add(header, []byte(strings.Replace(string(payload), `"exp":`, `"exp":1e300,"was":`, 1)))
	f.Add([]byte(`{"alg":"EdDSA","crit":["x"]}`), []byte(`{"exp":1e999}`))
	f.Fuzz(func(t *testing.T, header, payload []byte) {
		c, err := tokens.Verify(g.seal(header, payload), lookup(key), start)
		if err != nil {
			if !newsroom.IsCode(err, newsroom.CodeUnauthenticated) {
				t.Fatalf("got error %v", err)
			}
			return
		}
		if !c.ExpiresAt.After(start) || c.IssuedAt.After(start.Add(30*time.Second)) {
			t.Fatalf("accepted out of time: %+v", c)
		}
		if _, err := tokens.Sign(key, c); err != nil && c.ExpiresAt.Sub(c.IssuedAt) >= time.Second {
			t.Fatalf("accepted what Sign refuses: %+v: %v", c, err)
		}
	})
}

func fixedKey() auth.Key {
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	return auth.Key{ID: "fixed", Public: private.Public().(ed25519.PublicKey), Private: private, CreatedAt: start}
}
