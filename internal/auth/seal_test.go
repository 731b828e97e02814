package auth_test

import (
	"bytes"
	"testing"

	"github.com/nashr-cms/nashr/internal/auth"
)

func TestSeal(t *testing.T) {
	t.Parallel()
	key, other := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	for _, text := range []string{"", "a secret that is shown once"} {
		sealed, err := auth.Seal(key, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if text != "" && bytes.Contains(sealed, []byte(text)) {
			t.Error("the text can be read")
		}
		if again, err := auth.Seal(key, []byte(text)); err != nil || bytes.Equal(again, sealed) {
			t.Errorf("sealed twice it is the same: %v", err)
		}
		if got, err := auth.Unseal(key, sealed); err != nil || string(got) != text {
			t.Errorf("unsealed it is %q, %v", got, err)
		}
		if _, err := auth.Unseal(other, sealed); err == nil {
			t.Error("another key unseals it")
		}
		for i := range sealed {
			damaged := bytes.Clone(sealed)
			damaged[i] ^= 1
			if _, err := auth.Unseal(key, damaged); err == nil {
				t.Errorf("damage at byte %d is not noticed", i)
			}
		}
		if _, err := auth.Unseal(key, sealed[:11]); err == nil {
			t.Error("a part unseals")
		}
	}
	if _, err := auth.Seal(key[:7], nil); err == nil {
		t.Error("a short key seals")
	}
}
