package auth_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nashr-cms/nashr/internal/auth"
)

func keysAt(ages ...time.Duration) []auth.Key {
	keys := make([]auth.Key, len(ages))
	for i, age := range ages {
		keys[i] = auth.Key{ID: fmt.Sprintf("k%d", i), CreatedAt: start.Add(age)}
	}
	return keys
}

func ids(keys []auth.Key) string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.ID
	}
	return strings.Join(names, " ")
}

func TestRotationRules(t *testing.T) {
	const (
		day  = 24 * time.Hour
		tick = time.Nanosecond
		gone = auth.KeyAnnounce + auth.KeyOverlap
	)
	cases := []struct {
		name    string
		made    []time.Duration // k0, k1, ... after start
		at      time.Duration
		signing string
		rotate  bool
		expired string
	}{
		{"no keys", nil, 0, "", true, ""},
		{"the first key signs at once", []time.Duration{0}, 0, "k0", false, ""},
		{"just before its lifetime ends", []time.Duration{0}, auth.KeyLifetime - tick, "k0", false, ""},
		{"its lifetime has ended", []time.Duration{0}, auth.KeyLifetime, "k0", true, ""},
		{"forgotten for a year it still signs", []time.Duration{0}, 365 * day, "k0", true, ""},
		{"the successor is made", []time.Duration{0, 30 * day}, 30 * day, "k0", false, ""},
		{"not yet announced", []time.Duration{0, 30 * day}, 30*day + auth.KeyAnnounce - tick, "k0", false, ""},
		{"announced", []time.Duration{0, 30 * day}, 30*day + auth.KeyAnnounce, "k1", false, ""},
		{"the overlap lasts", []time.Duration{0, 30 * day}, 30*day + gone - tick, "k1", false, ""},
		{"the overlap is over", []time.Duration{0, 30 * day}, 30*day + gone, "k1", false, "k0"},
		{"the order given does not matter", []time.Duration{30 * day, 0}, 30*day + gone, "k0", false, "k1"},
		{"two nodes start at once", []time.Duration{0, 0}, 0, "k0", false, ""},
		{"and agree later", []time.Duration{0, 0}, auth.KeyAnnounce, "k1", false, ""},
		{"made a moment apart", []time.Duration{0, time.Minute}, auth.KeyAnnounce, "k0", false, ""},
		{"then the later one", []time.Duration{0, time.Minute}, auth.KeyAnnounce + time.Minute, "k1", false, ""},
		{"an early rotation", []time.Duration{0, day}, day + auth.KeyAnnounce, "k1", false, ""},
		{"a key from a fast clock waits", []time.Duration{0, 2 * time.Hour}, time.Hour, "k0", false, ""},
		{"long asleep with three keys", []time.Duration{0, 30 * day, 60 * day}, 200 * day, "k2", true, "k0 k1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			keys, now := keysAt(c.made...), start.Add(c.at)
			signing, ok := auth.Signing(keys, now)
			if signing.ID != c.signing || ok != (c.signing != "") {
				t.Errorf("signing: got %q, %v, want %q", signing.ID, ok, c.signing)
			}
			if got := auth.NeedsRotation(keys, now); got != c.rotate {
				t.Errorf("needs rotation: got %v", got)
			}
			if got := ids(auth.Expired(keys, now)); got != c.expired {
				t.Errorf("expired: got %q, want %q", got, c.expired)
			}
		})
	}
}

// TestRotationNeverBreaksATokenOrSurprisesAClient lives through half a year minute by minute: the caller rotates and
// deletes as it is told, a client refreshes its copy of the key set every KeyAnnounce, and every token signed must find
// its key at the client until it expires.
func TestRotationNeverBreaksATokenOrSurprisesAClient(t *testing.T) {
	var keys, cached []auth.Key
	lastUse := map[string]time.Time{}
	made, most := 0, 0
	for now, end := start, start.Add(180*24*time.Hour); now.Before(end); now = now.Add(time.Minute) {
		if auth.NeedsRotation(keys, now) {
			keys = append(keys, auth.Key{ID: fmt.Sprintf("k%d", made), CreatedAt: now})
			made++
		}
		for _, old := range auth.Expired(keys, now) {
			if now.Before(lastUse[old.ID].Add(auth.AccessLifetime)) {
				t.Fatalf("%v: %s may be deleted while its tokens are valid", now, old.ID)
			}
			keys = slices.DeleteFunc(keys, func(k auth.Key) bool { return k.ID == old.ID })
		}
		if now.Sub(start)%auth.KeyAnnounce == 0 {
			cached = slices.Clone(keys)
		}
		signing, ok := auth.Signing(keys, now)
		if !ok || !slices.ContainsFunc(cached, func(k auth.Key) bool { return k.ID == signing.ID }) {
			t.Fatalf("%v: signed with %q, which the client does not know", now, signing.ID)
		}
		lastUse[signing.ID] = now
		most = max(most, len(keys))
	}
	if made != 6 || most != 2 || len(lastUse) != made {
		t.Errorf("made %d keys, held up to %d, signed with %d; want 6, 2, 6", made, most, len(lastUse))
	}
}

func TestRulesLeaveTheirArgumentAlone(t *testing.T) {
	keys := keysAt(2*time.Hour, 0, time.Hour)
	before := slices.Clone(keys)
	auth.Signing(keys, start)
	auth.Expired(keys, start.Add(24*time.Hour))
	auth.JWKS(keys)
	if !reflect.DeepEqual(keys, before) {
		t.Errorf("got %v, want %v", keys, before)
	}
}

// TestThumbprint uses the key of RFC 8037, appendix A.
func TestThumbprint(t *testing.T) {
	seed, err := base64.RawURLEncoding.DecodeString("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
	if err != nil {
		t.Fatal(err)
	}
	const id = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
	stored := auth.Key{ID: id, Private: ed25519.NewKeyFromSeed(seed), CreatedAt: start}.Stored()
	key, err := auth.LoadKey(stored)
	if err != nil {
		t.Fatal(err)
	}
	want := auth.JWK{
		KeyType: "OKP", Curve: "Ed25519", Algorithm: "EdDSA", Use: "sig", ID: id, X: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
	}
	if got := auth.JWKS([]auth.Key{key}); len(got) != 1 || got[0] != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestKeyStorage(t *testing.T) {
	key := newKey(t, start)
	back, err := auth.LoadKey(key.Stored())
	if err != nil || !reflect.DeepEqual(back, key) {
		t.Errorf("got %v, %v, want %v", back, err, key)
	}
	if other := newKey(t, start); other.ID == key.ID {
		t.Error("two new keys are the same")
	}
	damaged := key.Stored()
	damaged.PrivateKey[0] ^= 1
	if _, err := auth.LoadKey(damaged); err == nil {
		t.Error("a damaged key was loaded")
	}
	damaged.PrivateKey = damaged.PrivateKey[1:]
	if _, err := auth.LoadKey(damaged); err == nil {
		t.Error("a short key was loaded")
	}
}

func TestJWKSOfNoKeysIsAList(t *testing.T) {
	if got := auth.JWKS(nil); got == nil || len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestKeysShowNoSecret(t *testing.T) {
	key := newKey(t, start)
	asJSON, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s", key, []auth.Key{key}, key, &key), string(asJSON)} {
		for _, secret := range []string{fmt.Sprintf("%d", key.Private[:4]), base64.StdEncoding.EncodeToString(key.Private[:30])} {
			if strings.Contains(text, strings.Trim(secret, "[]")) {
				t.Errorf("the private key shows in %s", text)
			}
		}
	}
}
