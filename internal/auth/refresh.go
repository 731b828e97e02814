package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

const secretBytes = 32

// NewSecret makes an opaque token of 256 random bits: prefix, such as "nrt_", and 43 characters of base64url. plain is
// shown to its holder once; hash, that of HashSecret, is what to keep. The error is that of the system's source of
// randomness.
func NewSecret(prefix string) (plain string, hash []byte, err error) {
	var secret [secretBytes]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return "", nil, fmt.Errorf("auth: new secret: %w", err)
	}
	plain = prefix + base64.RawURLEncoding.EncodeToString(secret[:])
	return plain, HashSecret(plain), nil
}

// HashSecret gives the SHA-256 of a secret, 32 bytes, by which to look it up. The secret is random enough that a fast
// hash protects it, and a look-up by hash tells a guesser nothing through its timing.
func HashSecret(plain string) []byte {
	sum := sha256.Sum256([]byte(plain))
	return sum[:]
}
