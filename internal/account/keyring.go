package account

import (
	"context"
	"crypto/ed25519"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nashr-cms/nashr/internal/auth"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// keyringAge is how long a node goes on with the keys it knows. A new key is announced for longer than that before it
// signs, so no node meets a token whose key it does not know.
const keyringAge = time.Minute

// keyring holds the keys of the store in memory, and rotates them when it is time.
type keyring struct {
	store   *store.Store
	known   atomic.Pointer[reading]
	renewal sync.Mutex
}

// reading is what the store was found to hold at a time.
type reading struct {
	keys keySet
	at   time.Time
}

type keySet []auth.Key

func (k keySet) public(id string) (ed25519.PublicKey, bool) {
	for _, key := range k {
		if key.ID == id {
			return key.Public, true
		}
	}
	return nil, false
}

// Prepare makes the first signing key, so that a start that cannot keep keys fails early.
func (s *Service) Prepare(ctx context.Context) error {
	_, err := s.keys.signing(ctx, s.now())
	return err
}

// JWKS gives the public keys by which anyone can verify access tokens.
func (s *Service) JWKS(ctx context.Context) ([]auth.JWK, error) {
	keys, err := s.keys.current(ctx, s.now())
	return auth.JWKS(keys), err
}

// signing gives the key that signs at now.
func (k *keyring) signing(ctx context.Context, now time.Time) (auth.Key, error) {
	keys, err := k.all(ctx, now)
	if err != nil {
		return auth.Key{}, err
	}
	key, ok := auth.Signing(keys, now)
	if !ok {
		return key, newsroom.Errorf(newsroom.CodeUnavailable, "There is no key to sign with.")
	}
	return key, nil
}

// current gives the keys that verify access tokens at now.
func (k *keyring) current(ctx context.Context, now time.Time) (keySet, error) {
	keys, err := k.all(ctx, now)
	return auth.Current(keys, now), err
}

// all gives the keys that are kept at now, at most keyringAge old. While one caller reads them anew, the others go on with
// what is known.
func (k *keyring) all(ctx context.Context, now time.Time) (keySet, error) {
	known := k.known.Load()
	if known.fresh(now) {
		return known.keys, nil
	}
	if known == nil {
		k.renewal.Lock()
	} else if !k.renewal.TryLock() {
		return known.keys, nil
	}
	defer k.renewal.Unlock()
	if known := k.known.Load(); known.fresh(now) {
		return known.keys, nil
	}
	return k.renew(ctx, now)
}

func (r *reading) fresh(now time.Time) bool {
	return r != nil && now.Sub(r.at) < keyringAge && !now.Before(r.at)
}

// renew reads the keys, and rotates them when it is time. What it then knows must be in the store, whatever comes of the
// request.
func (k *keyring) renew(ctx context.Context, now time.Time) (keySet, error) {
	ctx = k.store.Apart(ctx)
	keys, err := load(k.store.Read(ctx))
	if err != nil {
		return nil, err
	}
	if auth.NeedsRotation(keys, now) || len(auth.Deletable(keys, now)) > 0 {
		if keys, err = k.rotate(ctx, now); err != nil {
			return nil, err
		}
	}
	k.known.Store(&reading{keys, now})
	return keys, nil
}

// rotate adds the next key and deletes those that have had their time, unless another node was quicker.
func (k *keyring) rotate(ctx context.Context, now time.Time) (keySet, error) {
	var keys keySet
	err := k.store.WriteSignIn(ctx, func(tx *store.Tx) (err error) {
		if keys, err = load(tx.Queries); err != nil {
			return err
		}
		if auth.NeedsRotation(keys, now) {
			next, err := auth.NewKey(now)
			if err != nil {
				return err
			}
			if err := tx.CreateSigningKey(next.Stored()); err != nil {
				return err
			}
		}
		for _, old := range auth.Deletable(keys, now) {
			if err := tx.DeleteSigningKeys(old.ID); err != nil {
				return err
			}
		}
		keys, err = load(tx.Queries)
		return err
	})
	return keys, err
}

func load(q store.Queries) (keySet, error) {
	stored, err := q.SigningKeys()
	if err != nil {
		return nil, err
	}
	keys := keySet{}
	for _, s := range stored {
		key, err := auth.LoadKey(s)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}
