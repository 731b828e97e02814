package auth_test

import (
	"bytes"
	"crypto/sha256"
	"regexp"
	"testing"

	"github.com/nashr-cms/nashr/internal/auth"
)

func TestNewSecret(t *testing.T) {
	form := regexp.MustCompile(`^nrt_[A-Za-z0-9_-]{43}$`)
	seen := map[string]bool{}
	for range 100 {
		plain, hash, err := auth.NewSecret("nrt_")
		if err != nil {
			t.Fatal(err)
		}
		if !form.MatchString(plain) || seen[plain] {
			t.Errorf("got %q", plain)
		}
		seen[plain] = true
		if want := sha256.Sum256([]byte(plain)); !bytes.Equal(hash, want[:]) || !bytes.Equal(hash, auth.HashSecret(plain)) {
			t.Errorf("%q: got hash %x", plain, hash)
		}
	}
}
