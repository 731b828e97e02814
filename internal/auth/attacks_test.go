package auth_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/auth"
)

func TestVerifyRefusesHeaders(t *testing.T) {
	key, foreign := newKey(t, start), newKey(t, start)
	foreignJWK := map[string]string{"kty": "OKP", "crv": "Ed25519", "x": b64(foreign.Public)}
	byForeign := func(input []byte) []byte { return ed25519.Sign(foreign.Private, input) }
	cases := map[string]func(*forgery){
		"HS256 with the public key":       func(f *forgery) { f.signHMAC(key.Public) },
		"HS256 with the public PEM":       func(f *forgery) { f.signHMAC(publicPEM(key)) },
		"HS256 with the public x":         func(f *forgery) { f.signHMAC([]byte(b64(key.Public))) },
		"HS256 with an empty secret":      func(f *forgery) { f.signHMAC(nil) },
		"RS256":                           signRSA,
		"ES256":                           signECDSA,
		"alg is a number":                 func(f *forgery) { f.header["alg"] = 1 },
		"alg missing":                     func(f *forgery) { delete(f.header, "alg") },
		"alg in lower case":               func(f *forgery) { f.header["alg"] = "eddsa" },
		"alg under another spelling":      func(f *forgery) { delete(f.header, "alg"); f.header["Alg"] = "EdDSA" },
		"typ JWT":                         func(f *forgery) { f.header["typ"] = "JWT" },
		"typ dpop+jwt":                    func(f *forgery) { f.header["typ"] = "dpop+jwt" },
		"typ of a refresh token":          func(f *forgery) { f.header["typ"] = "rt+jwt" },
		"typ missing":                     func(f *forgery) { delete(f.header, "typ") },
		"typ is a list":                   func(f *forgery) { f.header["typ"] = []string{"at+jwt"} },
		"kid missing":                     func(f *forgery) { delete(f.header, "kid") },
		"kid empty":                       func(f *forgery) { f.header["kid"] = "" },
		"kid is a number":                 func(f *forgery) { f.header["kid"] = 0 },
		"kid is null":                     func(f *forgery) { f.header["kid"] = nil },
		"kid is a path":                   func(f *forgery) { f.header["kid"] = "../../../../dev/null" },
		"kid is SQL":                      func(f *forgery) { f.header["kid"] = "' UNION SELECT 'AA'; --" },
		"kid with a NUL":                  func(f *forgery) { f.header["kid"] = key.ID + "\x00" },
		"kid in other case":               func(f *forgery) { f.header["kid"] = swapCase(key.ID) },
		"kid of a foreign key":            func(f *forgery) { f.header["kid"] = foreign.ID; f.sign = byForeign },
		"our kid, signed by another":      func(f *forgery) { f.sign = byForeign },
		"embedded jwk":                    func(f *forgery) { f.header["jwk"] = foreignJWK; f.sign = byForeign },
		"embedded jwk, genuine signature": func(f *forgery) { f.header["jwk"] = foreignJWK },
		"jku":                             func(f *forgery) { f.header["jku"] = "https://evil.example/jwks.json"; f.sign = byForeign },
		"x5u":                             func(f *forgery) { f.header["x5u"] = "https://evil.example/cert.pem"; f.sign = byForeign },
		"x5c":                             func(f *forgery) { f.header["x5c"] = []string{"MIIB"}; f.sign = byForeign },
		"crit":                            func(f *forgery) { f.header["crit"] = []string{"exp"} },
		"crit b64":                        func(f *forgery) { f.header["crit"] = []string{"b64"}; f.header["b64"] = false },
		"cty of a nested token":           func(f *forgery) { f.header["cty"] = "JWT" },
		"compressed":                      func(f *forgery) { f.header["zip"] = "DEF" },
		"all zero signature":              func(f *forgery) { f.sign = func([]byte) []byte { return make([]byte, ed25519.SignatureSize) } },
		"second spelling of S":            addOrderToSignature,
		"signature over the bare payload": func(f *forgery) { f.sign = func([]byte) []byte { return ed25519.Sign(key.Private, []byte("{}")) } },
	}
	for _, alg := range []string{"none", "None", "NONE", "nOnE", "noNe", "", "none ", "EdDSA\x00"} {
		cases["alg "+alg] = func(f *forgery) { f.header["alg"] = alg; f.sign = func([]byte) []byte { return nil } }
		cases["signed, alg "+alg] = func(f *forgery) { f.header["alg"] = alg }
	}
	refuseAll(t, key, cases)
}

func TestVerifyRefusesClaims(t *testing.T) {
	key := newKey(t, start)
	set := func(name string, value any) func(*forgery) {
		return func(f *forgery) { f.claims[name] = value }
	}
	id := claims().Subject.String()
	cases := map[string]func(*forgery){
		"iss of another":             set("iss", "https://evil.example"),
		"iss with a slash":           set("iss", tokens.Issuer+"/"),
		"iss in capitals":            set("iss", strings.ToUpper(tokens.Issuer)),
		"aud of another":             set("aud", "other"),
		"aud list without ours":      set("aud", []string{"other", "nashr2"}),
		"aud empty list":             set("aud", []string{}),
		"aud list with a number":     set("aud", []any{tokens.Audience, 1}),
		"nbf ahead":                  set("nbf", start.Add(time.Second).Unix()),
		"nbf is text":                set("nbf", "0"),
		"iat 31 s ahead":             set("iat", start.Add(31*time.Second).Unix()),
		"iat zero":                   set("iat", 0),
		"iat before 1970":            set("iat", -1),
		"exp before iat":             func(f *forgery) { f.claims["iat"] = start.Unix() + 20; f.claims["exp"] = start.Unix() + 10 },
		"exp too far from iat":       set("exp", start.Add(auth.AccessLifetime+time.Second).Unix()),
		"exp beyond all time":        set("exp", 1<<62),
		"exp in milliseconds":        set("exp", start.UnixMilli()),
		"role unknown":               set("role", "owner"),
		"role in capitals":           set("role", "Admin"),
		"sub is the nil UUID":        set("sub", uuid.Nil.String()),
		"sub is an e-mail":           set("sub", "a@news.example"),
		"sub in braces":              set("sub", "{"+id+"}"),
		"sub as a URN":               set("sub", "urn:uuid:"+id),
		"sid without hyphens":        set("sid", strings.ReplaceAll(id, "-", "")),
		"jti in capitals":            set("jti", strings.ToUpper(claims().TokenID.String())),
		"claims under capital names": func(f *forgery) { delete(f.claims, "sid"); f.claims["SID"] = id },
	}
	for name := range genuine(key).claims {
		cases[name+" missing"] = func(f *forgery) { delete(f.claims, name) }
		for kind, wrong := range map[string]any{"null": nil, "true": true, "an object": map[string]any{}, "a nested list": []any{[]any{}}, "empty": ""} {
			cases[name+" is "+kind] = set(name, wrong)
		}
	}
	for _, name := range []string{"iss", "aud", "sub", "sid", "jti", "role"} {
		cases[name+" is a number"] = set(name, 7)
	}
	for _, name := range []string{"iat", "exp"} {
		cases[name+" is digits in quotes"] = set(name, "1900000000")
		cases[name+" is a date"] = set(name, "2030-01-01T00:00:00Z")
	}
	refuseAll(t, key, cases)
}

func refuseAll(t *testing.T, key auth.Key, cases map[string]func(*forgery)) {
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			f := genuine(key)
			spoil(f)
			got, err := tokens.Verify(f.token(), lookup(key), start)
			wantUnauthenticated(t, err, notValid)
			if got != (auth.Claims{}) {
				t.Errorf("claims of a refused token: %+v", got)
			}
		})
	}
}

func TestVerifyRefusesMangledTokens(t *testing.T) {
	key := newKey(t, start)
	valid := genuine(key).token()
	parts := strings.Split(valid, ".")
	payload := func(old, new string) string {
		raw, _ := base64.RawURLEncoding.DecodeString(parts[1])
		return parts[0] + "." + b64([]byte(strings.Replace(string(raw), old, new, 1))) + "." + parts[2]
	}
	raw := func(header, payload string) string { return genuine(key).seal([]byte(header), []byte(payload)) }
	header := `{"alg":"EdDSA","typ":"at+jwt","kid":"` + key.ID + `"}`
	cases := map[string]string{
		"empty":                   "",
		"one dot":                 parts[0] + "." + parts[1],
		"only dots":               "..",
		"five parts":              valid + "..",
		"an extra part":           valid + "." + parts[2],
		"a dot before":            "." + valid,
		"role raised":             payload(`"editor"`, `"admin"`),
		"life prolonged":          payload(`"exp":`, `"exp":9`),
		"signature stripped":      parts[0] + "." + parts[1] + ".",
		"signature cut":           valid[:len(valid)-4],
		"last character cut":      valid[:len(valid)-1],
		"signature flipped":       parts[0] + "." + parts[1] + "." + flipFirst(parts[2]),
		"signature of a longer":   valid + "AAAA",
		"header and payload swap": parts[1] + "." + parts[0] + "." + parts[2],
		"padded":                  valid + "==",
		"non-zero trailing bits":  valid[:len(valid)-1] + nextSymbol(valid[len(valid)-1]),
		"standard base64":         parts[0] + "." + parts[1] + "." + standardBase64(parts[2]),
		"line break at the end":   valid + "\n",
		"line break inside":       valid[:len(valid)-10] + "\r\n" + valid[len(valid)-10:],
		"space before":            " " + valid,
		"Bearer kept":             "Bearer " + valid,
		"NUL at the end":          valid + "\x00",
		"full-width letters":      "ｅｙＪ" + valid[3:],
		"not UTF-8":               "\xff\xfe" + valid,
		"one megabyte":            strings.Repeat("A", 1<<20),
		"one megabyte of dots":    strings.Repeat(".", 1<<20),
		"genuine but too long":    raw(header, `{"pad":"`+strings.Repeat("x", 4096)+`"}`),
		"payload is null":         raw(header, `null`),
		"payload is a list":       raw(header, `[]`),
		"payload is not JSON":     raw(header, `{`),
		"payload is two values":   raw(header, `{}{}`),
		"payload nests deeply":    raw(header, strings.Repeat("[", 2000)),
		"header is null":          raw(`null`, `{}`),
		"header is a list":        raw(`[]`, `{}`),
		"header is empty":         raw(``, `{}`),
		"alg twice, last is none": raw(strings.Replace(header, "}", `,"alg":"none"}`, 1), `{}`),
		"JSON serialisation":      `{"payload":"` + parts[1] + `","signatures":[]}`,
		"an opaque token":         "nsh_" + strings.Repeat("a", 43),
	}
	for name, token := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := tokens.Verify(token, lookup(key), start)
			wantUnauthenticated(t, err, notValid)
		})
	}
	if _, err := tokens.Verify(valid, lookup(key), start); err != nil {
		t.Fatalf("the token that the cases spoil is not valid: %v", err)
	}
}
