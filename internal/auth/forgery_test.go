package auth_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"slices"
	"strings"

	"github.com/nashr-cms/nashr/internal/auth"
)

// forgery is a token in the making. It starts as a genuine one; a case spoils it.
type forgery struct {
	header, claims map[string]any
	key            auth.Key
	sign           func(input []byte) []byte
}

func genuine(key auth.Key) *forgery {
	c := claims()
	return &forgery{
		header: map[string]any{"alg": "EdDSA", "typ": "at+jwt", "kid": key.ID},
		claims: map[string]any{
			"iss": tokens.Issuer, "aud": tokens.Audience, "role": "editor",
			"sub": c.Subject.String(), "sid": c.Session.String(), "jti": c.TokenID.String(),
			"iat": c.IssuedAt.Unix(), "exp": c.ExpiresAt.Unix(),
		},
		key:  key,
		sign: func(input []byte) []byte { return ed25519.Sign(key.Private, input) },
	}
}

func (f *forgery) token() string {
	header, errHeader := json.Marshal(f.header)
	payload, errPayload := json.Marshal(f.claims)
	if err := errors.Join(errHeader, errPayload); err != nil {
		panic(err)
	}
	return f.seal(header, payload)
}

func (f *forgery) seal(header, payload []byte) string {
	input := b64(header) + "." + b64(payload)
	return input + "." + b64(f.sign([]byte(input)))
}

func (f *forgery) signHMAC(secret []byte) {
	f.header["alg"] = "HS256"
	f.sign = func(input []byte) []byte {
		mac := hmac.New(sha256.New, secret)
		mac.Write(input)
		return mac.Sum(nil)
	}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func publicPEM(key auth.Key) []byte {
	der, err := x509.MarshalPKIXPublicKey(key.Public)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func signRSA(f *forgery) {
	f.header["alg"] = "RS256"
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	f.sign = func(input []byte) []byte {
		sum := sha256.Sum256(input)
		signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
		if err != nil {
			panic(err)
		}
		return signature
	}
}

func signECDSA(f *forgery) {
	f.header["alg"] = "ES256"
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	f.sign = func(input []byte) []byte {
		sum := sha256.Sum256(input)
		r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
		if err != nil {
			panic(err)
		}
		return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	}
}

// addOrderToSignature adds the order of the curve's group to S, which lax verifiers take for the same signature.
func addOrderToSignature(f *forgery) {
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	sign := f.sign
	f.sign = func(input []byte) []byte {
		signature := sign(input)
		slices.Reverse(signature[32:])
		s := new(big.Int).SetBytes(signature[32:])
		s.Add(s, order).FillBytes(signature[32:])
		slices.Reverse(signature[32:])
		return signature
	}
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s) + "_"
}

func flipFirst(s string) string {
	if s[0] == 'A' {
		return "B" + s[1:]
	}
	return "A" + s[1:]
}

// nextSymbol is the base64url symbol after c. The last symbol of 64 bytes has four idle bits, all zero, so it decodes
// to the same byte.
func nextSymbol(c byte) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(alphabet[strings.IndexByte(alphabet, c)+1])
}

// standardBase64 respells s with + for - and / for _, and is sure to differ from s.
func standardBase64(s string) string {
	return strings.NewReplacer("-", "+", "_", "/").Replace(s[:10] + "-_" + s[12:])
}
