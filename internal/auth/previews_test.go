package auth_test

import (
	"crypto/ed25519"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
)

func previewLink() newsroom.PreviewLink {
	return newsroom.PreviewLink{
		ID:        uuid.MustParse("0195b0e0-0000-7000-8000-000000000003"),
		ArticleID: uuid.MustParse("0195b0e0-0000-7000-8000-000000000004"),
		Revision:  7, CreatedAt: start, ExpiresAt: start.Add(newsroom.PreviewLifetime),
	}
}

// genuinePreview is the token of previewLink in the making.
func genuinePreview(key auth.Key) *forgery {
	f, l := genuine(key), previewLink()
	f.header["typ"] = "preview+jwt"
	f.claims = map[string]any{
		"iss": tokens.Issuer, "aud": tokens.Audience, "jti": l.ID.String(), "sub": l.ArticleID.String(), "rev": l.Revision,
		"iat": l.CreatedAt.Unix(), "exp": l.ExpiresAt.Unix(),
	}
	return f
}

func TestPreviewTokens(t *testing.T) {
	key := newKey(t, start)
	made, err := tokens.SignPreview(key, previewLink())
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{made, genuinePreview(key).token()} {
		for _, now := range []time.Time{start, start.Add(newsroom.PreviewLifetime - time.Nanosecond)} {
			if l, err := tokens.VerifyPreview(token, lookup(newKey(t, start), key), now); err != nil || l != previewLink() {
				t.Errorf("got %+v, %v", l, err)
			}
		}
		wantNoPreview(t, token, key, start.Add(newsroom.PreviewLifetime))
		wantNoPreview(t, token, newKey(t, start), start)
		_, err := tokens.Verify(token, lookup(key), start)
		wantUnauthenticated(t, err, notValid)
	}
	wantNoPreview(t, genuine(key).token(), key, start)
}

func wantNoPreview(t *testing.T, token string, key auth.Key, now time.Time) {
	t.Helper()
	l, err := tokens.VerifyPreview(token, lookup(key), now)
	if !newsroom.IsCode(err, newsroom.CodeNotFound) || err.Error() != newsroom.NoPreview().Error() || l != (newsroom.PreviewLink{}) {
		t.Errorf("got %+v, %v", l, err)
	}
}

func TestVerifyPreviewRefuses(t *testing.T) {
	key, foreign := newKey(t, start), newKey(t, start)
	set := func(name string, value any) func(*forgery) { return func(f *forgery) { f.claims[name] = value } }
	header := func(name string, value any) func(*forgery) { return func(f *forgery) { f.header[name] = value } }
	cases := map[string]func(*forgery){
		"signed by another":        func(f *forgery) { f.sign = func(input []byte) []byte { return ed25519.Sign(foreign.Private, input) } },
		"no signature":             func(f *forgery) { f.sign = func([]byte) []byte { return nil } },
		"alg none":                 func(f *forgery) { f.header["alg"] = "none"; f.sign = func([]byte) []byte { return nil } },
		"HS256 by the public key":  func(f *forgery) { f.signHMAC(key.Public) },
		"typ of an access token":   header("typ", "at+jwt"),
		"typ JWT":                  header("typ", "JWT"),
		"typ missing":              func(f *forgery) { delete(f.header, "typ") },
		"crit":                     header("crit", []string{"exp"}),
		"iss of another":           set("iss", "https://evil.example"),
		"aud of another":           set("aud", "other"),
		"rev zero":                 set("rev", 0),
		"rev negative":             set("rev", -1),
		"rev a fraction":           set("rev", 1.5),
		"rev beyond all revisions": set("rev", 1<<40),
		"rev is text":              set("rev", "7"),
		"exp too far":              set("exp", start.Add(newsroom.PreviewLifetime).Unix()+1),
		"exp before iat":           func(f *forgery) { f.claims["iat"] = start.Unix() + 20; f.claims["exp"] = start.Unix() + 10 },
		"exp is text":              set("exp", "1900000000"),
		"jti is the nil UUID":      set("jti", uuid.Nil.String()),
		"sub in braces":            set("sub", "{"+previewLink().ArticleID.String()+"}"),
	}
	for name := range genuinePreview(key).claims {
		cases[name+" missing"] = func(f *forgery) { delete(f.claims, name) }
		cases[name+" is null"] = set(name, nil)
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			f := genuinePreview(key)
			spoil(f)
			wantNoPreview(t, f.token(), key, start)
		})
	}
}

func TestSignPreviewRefusesWhatVerifyWould(t *testing.T) {
	key := newKey(t, start)
	for name, spoil := range map[string]func(*newsroom.PreviewLink){
		"no id":           func(l *newsroom.PreviewLink) { l.ID = uuid.Nil },
		"no article":      func(l *newsroom.PreviewLink) { l.ArticleID = uuid.Nil },
		"no revision":     func(l *newsroom.PreviewLink) { l.Revision = 0 },
		"lives too long":  func(l *newsroom.PreviewLink) { l.ExpiresAt = l.ExpiresAt.Add(time.Second) },
		"lives no second": func(l *newsroom.PreviewLink) { l.ExpiresAt = l.CreatedAt.Add(999 * time.Millisecond) },
	} {
		l := previewLink()
		spoil(&l)
		if token, err := tokens.SignPreview(key, l); err == nil {
			t.Errorf("%s: signed %s", name, token)
		}
	}
}

// A key is kept, and only for previews, as long as a link that it signed may live.
func TestKeysAreKeptForPreviewLinks(t *testing.T) {
	keys := keysAt(0, auth.KeyLifetime)
	over := start.Add(auth.KeyLifetime + auth.KeyAnnounce + auth.KeyOverlap) // no access token of the first is valid any more
	signed := start.Add(auth.KeyLifetime + auth.KeyAnnounce)                 // its last link was
	for _, c := range []struct {
		at                 time.Time
		current, deletable string
	}{
		{over.Add(-1), "k0 k1", ""},
		{over, "k1", ""},
		{signed.Add(newsroom.PreviewLifetime), "k1", ""},
		{over.Add(newsroom.PreviewLifetime - 1), "k1", ""},
		{over.Add(newsroom.PreviewLifetime), "k1", "k0"},
	} {
		slices.Reverse(keys) // the order given does not matter
		current := auth.Current(keys, c.at)
		slices.SortFunc(current, func(a, b auth.Key) int { return a.CreatedAt.Compare(b.CreatedAt) })
		if ids(current) != c.current || ids(auth.Deletable(keys, c.at)) != c.deletable {
			t.Errorf("%v: current %q, deletable %q", c.at.Sub(start), ids(current), ids(auth.Deletable(keys, c.at)))
		}
	}
}
