package auth

import (
	"cmp"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// The life of a key: it is published for KeyAnnounce before it signs, signs for KeyLifetime, and is published for
// KeyOverlap after its successor took over. Then it is kept for the preview links that it signed, and verifies nothing else.
const (
	KeyLifetime = 30 * 24 * time.Hour
	// KeyAnnounce is how long clients may cache the key set.
	KeyAnnounce = time.Hour
	// KeyOverlap outlasts the last token that the key signed, even if a node went on with it for three quarters of an hour.
	KeyOverlap = AccessLifetime + 45*time.Minute
)

// Key is an Ed25519 key pair that signs access tokens and preview links. ID is its RFC 7638 thumbprint, and the "kid" of its tokens.
type Key struct {
	ID        string
	Public    ed25519.PublicKey
	Private   ed25519.PrivateKey `json:"-"`
	CreatedAt time.Time
}

// NewKey makes a random key. The error is that of the system's source of randomness.
func NewKey(now time.Time) (Key, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return Key{}, fmt.Errorf("auth: new key: %w", err)
	}
	return keyOf(private, now), nil
}

// LoadKey gives the key that Key.Stored made s of, or an error if s was damaged since.
func LoadKey(s newsroom.SigningKey) (Key, error) {
	if len(s.PrivateKey) != ed25519.SeedSize {
		return Key{}, fmt.Errorf("auth: stored key %q has %d bytes", s.ID, len(s.PrivateKey))
	}
	key := keyOf(ed25519.NewKeyFromSeed(s.PrivateKey), s.CreatedAt)
	if key.ID != s.ID {
		return Key{}, errors.New("auth: stored key " + s.ID + " does not match its thumbprint")
	}
	return key, nil
}

// Stored gives the form in which k is kept.
func (k Key) Stored() newsroom.SigningKey {
	return newsroom.SigningKey{ID: k.ID, PrivateKey: k.Private.Seed(), CreatedAt: k.CreatedAt}
}

// String gives the ID, so that no log shows the private half.
func (k Key) String() string { return "key " + k.ID }

// GoString is String, for %#v.
func (k Key) GoString() string { return k.String() }

func keyOf(private ed25519.PrivateKey, createdAt time.Time) Key {
	public := private.Public().(ed25519.PublicKey)
	return Key{ID: thumbprint(public), Public: public, Private: private, CreatedAt: createdAt}
}

// thumbprint hashes the required members of the JWK in the order and spelling that RFC 7638 lays down.
func thumbprint(public ed25519.PublicKey) string {
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + base64.RawURLEncoding.EncodeToString(public) + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Signing gives the key to sign with: the newest that every client has had the time to learn of, or the oldest while
// there is none such. It is false when there are no keys.
func Signing(keys []Key, now time.Time) (Key, bool) {
	if len(keys) == 0 {
		return Key{}, false
	}
	sorted := oldestFirst(keys)
	for _, k := range slices.Backward(sorted) {
		if !now.Before(k.CreatedAt.Add(KeyAnnounce)) {
			return k, true
		}
	}
	return sorted[0], true
}

// NeedsRotation reports whether it is time to make a key. The present one goes on signing until the new one has been
// announced.
func NeedsRotation(keys []Key, now time.Time) bool {
	for _, k := range keys {
		if now.Before(k.CreatedAt.Add(KeyLifetime)) {
			return false
		}
	}
	return true
}

// Expired gives the keys of which no access token is valid any more, oldest first. The key that signs is never among
// them, whatever its age.
func Expired(keys []Key, now time.Time) []Key {
	var expired []Key
	sorted := oldestFirst(keys)
	for i := 1; i < len(sorted); i++ {
		successor := sorted[i]
		if !now.Before(successor.CreatedAt.Add(KeyAnnounce + KeyOverlap)) {
			expired = append(expired, sorted[i-1])
		}
	}
	return expired
}

// Current gives the keys that are not Expired: those that verify access tokens.
func Current(keys []Key, now time.Time) []Key {
	expired := Expired(keys, now)
	return slices.DeleteFunc(slices.Clone(keys), func(k Key) bool {
		return slices.ContainsFunc(expired, func(old Key) bool { return old.ID == k.ID })
	})
}

// Deletable gives the keys that nobody needs any more, oldest first: those that have been Expired for as long as a
// preview link may live.
func Deletable(keys []Key, now time.Time) []Key {
	return Expired(keys, now.Add(-newsroom.PreviewLifetime))
}

// JWK is the public half of a Key, as a JSON Web Key (RFC 8037) says it.
type JWK struct {
	KeyType   string // "OKP"
	Curve     string // "Ed25519"
	Algorithm string // "EdDSA"
	Use       string // "sig"
	ID        string
	X         string // the 32 bytes in base64url without padding
}

// JWKS publishes all of keys, oldest first, those that do not sign yet or any more among them.
func JWKS(keys []Key) []JWK {
	set := make([]JWK, 0, len(keys))
	for _, k := range oldestFirst(keys) {
		x := base64.RawURLEncoding.EncodeToString(k.Public)
		set = append(set, JWK{KeyType: "OKP", Curve: "Ed25519", Algorithm: "EdDSA", Use: "sig", ID: k.ID, X: x})
	}
	return set
}

// oldestFirst sorts a copy, by ID among equals, so that all nodes agree.
func oldestFirst(keys []Key) []Key {
	return slices.SortedFunc(slices.Values(keys), func(a, b Key) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), strings.Compare(a.ID, b.ID))
	})
}
