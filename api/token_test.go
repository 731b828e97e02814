package api_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/auth"
)

// published gives the keys that the API publishes.
func (s *server) published(t *testing.T) map[string]ed25519.PublicKey {
	t.Helper()
	keys := map[string]ed25519.PublicKey{}
	for _, k := range s.do(t, call{path: "/.well-known/jwks.json"}).at("keys").([]any) {
		x, err := base64.RawURLEncoding.DecodeString(k.(object)["x"].(string))
		must(t, err)
		keys[k.(object)["kid"].(string)] = x
	}
	return keys
}

// verify checks a token as an integrator would: with what is published, and nothing of ours.
func (s *server) verify(t *testing.T, token string) {
	t.Helper()
	keys := s.published(t)
	claims := jwt.MapClaims{}
	parsed, err := jwt.ParseWithClaims(token, claims, func(p *jwt.Token) (any, error) { return keys[p.Header["kid"].(string)], nil },
		jwt.WithValidMethods([]string{"EdDSA"}), jwt.WithIssuer(publicURL), jwt.WithAudience(publicURL), jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(s.clock.Now))
	must(t, err)
	if parsed.Header["typ"] != "at+jwt" {
		t.Errorf("typ is %v", parsed.Header["typ"])
	}
	for _, name := range []string{"iss", "aud", "sub", "exp", "iat", "jti", "sid", "role"} {
		if claims[name] == nil {
			t.Errorf("there is no %s", name)
		}
	}
}

func TestKeysRotate(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		type issued struct {
			token string
			until time.Time
		}
		start := s.clock.Now()
		tokens, kids := []issued{}, map[string]bool{}
		for age := time.Duration(0); age < 61*24*time.Hour; {
			for _, i := range tokens {
				if s.clock.Now().Before(i.until) {
					s.me(t, i.token, 200)
					s.verify(t, i.token)
				}
			}
			token, _ := s.signIn(t, editor)
			s.verify(t, token)
			tokens = append(tokens[max(0, len(tokens)-2):], issued{token, s.clock.Now().Add(auth.AccessLifetime)})
			header, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
			must(t, err)
			kids[header.Header["kid"].(string)] = true
			// Small steps where a key is made, takes over and leaves; large ones elsewhere.
			step := 2 * 24 * time.Hour
			if into := age % auth.KeyLifetime; into < 3*time.Hour || into > auth.KeyLifetime-2*time.Hour {
				step = 7 * time.Minute
			} else if left := auth.KeyLifetime - into; left < step+time.Hour {
				step = left - time.Hour
			}
			age += step
			s.clock.Set(start.Add(age))
		}
		if len(kids) != 3 {
			t.Errorf("%d keys signed in 61 days", len(kids))
		}
		if n := len(s.published(t)); n > 2 {
			t.Errorf("%d keys are still published", n)
		}
	})
}

func TestARotationIsDueAtThatVeryLogin(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for range 3 { // the first login of all, and those a key's life later
			var all sync.WaitGroup
			for _, who := range []string{author, other, editor, admin} {
				all.Go(func() {
					a := s.send(t, s.request(t, call{
						method: "POST", path: "/v1/auth/login", body: object{"email": s.users[who].Email, "password": password},
					}))
					if a.status != 200 {
						t.Errorf("%s: status %d", who, a.status)
					}
				})
			}
			all.Wait()
			s.clock.Advance(auth.KeyLifetime)
		}
	})
}

func TestForgedTokens(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		genuine, _ := s.signIn(t, editor)
		session := s.me(t, genuine, 200).text("data.session_id")
		stored, err := s.store.Read(t.Context()).SigningKeys()
		must(t, err)
		key, err := auth.LoadKey(stored[0])
		must(t, err)
		_, foreign, err := ed25519.GenerateKey(rand.Reader)
		must(t, err)
		now := s.clock.Now()
		claims := jwt.MapClaims{
			"iss": publicURL, "aud": publicURL, "sub": s.users[editor].ID.String(), "sid": session, "jti": uuid.NewString(), "role": "editor",
			"iat": now.Unix(), "exp": now.Add(15 * time.Minute).Unix(),
		}
		sign := func(method jwt.SigningMethod, with any, header object, change object) string {
			c := maps.Clone(claims)
			for name, v := range change {
				if c[name] = v; v == nil {
					delete(c, name)
				}
			}
			token := jwt.NewWithClaims(method, c)
			token.Header["typ"], token.Header["kid"] = "at+jwt", key.ID
			for name, v := range header {
				if token.Header[name] = v; v == nil {
					delete(token.Header, name)
				}
			}
			signed, err := token.SignedString(with)
			must(t, err)
			return signed
		}
		ours := func(header, change object) string { return sign(jwt.SigningMethodEdDSA, key.Private, header, change) }
		s.me(t, ours(nil, nil), 200) // so what follows is refused for its fault alone
		parts := strings.Split(genuine, ".")
		forged := []string{
			"", " ", "x", "a.b.c", "..", genuine + "x", genuine + ".x", " " + genuine, genuine + " ", parts[0] + "." + parts[1] + ".",
			parts[0] + "." + parts[1], "nsh_x", strings.Repeat("a", 5000), strings.Repeat("a.", 5000),
			sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, nil),
			sign(jwt.SigningMethodHS256, []byte(key.Public), nil, nil),
			sign(jwt.SigningMethodHS256, []byte(base64.RawURLEncoding.EncodeToString(key.Public)), nil, nil),
			sign(jwt.SigningMethodEdDSA, foreign, nil, nil),
			sign(jwt.SigningMethodEdDSA, foreign, object{"jwk": object{"kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(foreign.Public().(ed25519.PublicKey))}}, nil),
			ours(object{"kid": "foreign"}, nil), ours(object{"kid": nil}, nil), ours(object{"kid": 7}, nil), ours(object{"typ": "JWT"}, nil), ours(object{"typ": nil}, nil),
			ours(object{"crit": []string{"x"}}, nil), ours(object{"jku": "https://evil.example"}, nil), ours(object{"x": strings.Repeat("x", 6000)}, nil),
			ours(nil, object{"aud": "https://other.example"}), ours(nil, object{"iss": "https://other.example"}), ours(nil, object{"role": "owner"}),
			ours(nil, object{"exp": now.Unix()}), ours(nil, object{"exp": now.Add(24 * time.Hour).Unix()}), ours(nil, object{"iat": now.Add(time.Hour).Unix()}),
			ours(nil, object{"sub": s.users[admin].ID.String()}), ours(nil, object{"sid": uuid.NewString()}), ours(nil, object{"sub": "x"}),
		}
		for name := range claims {
			forged = append(forged, ours(nil, object{name: nil}), ours(nil, object{name: []int{1}}))
		}
		want := s.do(t, call{path: "/v1/auth/me", status: 401}).without("request_id", "detail")
		for _, token := range forged {
			a := s.me(t, token, 401)
			if got := a.without("request_id", "detail"); got != want {
				t.Errorf("%.60s: %s", token, got)
			}
			if got := a.header.Get("WWW-Authenticate"); got != `Bearer realm="nashr", error="invalid_token"` {
				t.Errorf("%.60s: WWW-Authenticate is %q", token, got)
			}
		}
		for _, header := range []string{genuine, "Basic " + genuine, "Bearer", "Bearer\t" + genuine, "Token " + genuine, "Bearer  " + genuine} {
			s.do(t, call{path: "/v1/auth/me", header: map[string]string{"Authorization": header}, status: 401})
		}
	})
}
