package auth

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

const (
	minPasswordRunes = 12
	maxPasswordBytes = 256
	minKeyBytes      = 16 // of a stored hash; a shorter one could be met by chance
)

// hashCost is 19 MiB, two passes, one lane: about 25 ms.
var hashCost = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// dummyHash has the cost of a real one. Its password is random and was thrown away.
const dummyHash = "$argon2id$v=19$m=19456,t=2,p=1$vQVvCG9qnSGY16xIYSIBRQ$QbGzvxlzdRPauaFUU8lNExIEhgld0F9WU/JaGVmQ69w"

var errStoredHash = errors.New("auth: the stored password hash is not one of ours")

// Passwords hashes and verifies passwords, at most GOMAXPROCS at once, since each takes 19 MiB. Make it with
// NewPasswords and share one in the whole process.
type Passwords struct {
	slots chan struct{}
}

// NewPasswords gives a Passwords bounded by the present GOMAXPROCS.
func NewPasswords() *Passwords {
	return &Passwords{slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// Hash gives the Argon2id hash of password in PHC form. It judges only the length, which CheckPassword explains with
// the same validation_failed; while it waits for its turn it may give ctx's error.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	password, ok := normalForm(password)
	if !ok {
		return "", tooLong()
	}
	if err := p.acquire(ctx); err != nil {
		return "", err
	}
	defer p.release(hashCost.Memory)
	return argon2id.CreateHash(password, &hashCost)
}

// Verify reports whether password is the one that hash was made of. With an empty hash, that of an account that does
// not exist or has no password, it works just as long and says no. Errors are ctx's, while it waits for its turn, or
// tell of a hash that Hash did not make.
func (p *Passwords) Verify(ctx context.Context, password, hash string) (bool, error) {
	password, ok := normalForm(password)
	if hash == "" {
		hash, ok = dummyHash, false
	}
	cost, err := costOf(hash)
	if err != nil {
		return false, err
	}
	if err := p.acquire(ctx); err != nil {
		return false, err
	}
	defer p.release(cost.Memory)
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	return match && ok, err
}

func (p *Passwords) acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// release frees the slot, and after the last of several hashes the KiB that they took, which would otherwise stay for
// minutes.
func (p *Passwords) release(memory uint32) {
	<-p.slots
	if len(p.slots) == 0 && memory >= hashCost.Memory {
		runtime.GC()
	}
}

// costOf gives the cost of a hash. It refuses what would make Argon2 panic, cost more than hashCost, or match any
// password.
func costOf(hash string) (*argon2id.Params, error) {
	cost, _, _, err := argon2id.DecodeHash(hash)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errStoredHash, err)
	}
	if cost.Iterations == 0 || cost.Iterations > hashCost.Iterations || cost.Memory > hashCost.Memory ||
		cost.Parallelism != hashCost.Parallelism || cost.KeyLength < minKeyBytes {
		return nil, errStoredHash
	}
	return cost, nil
}

// CheckPassword judges a new password of the user with this e-mail and name, either of which may be empty. It gives nil
// or a validation_failed at "/password": shorter than 12 characters, longer than 256 bytes, or so easy to guess that
// lists of leaked passwords, the e-mail or the name lead to it.
func CheckPassword(password, email, name string) error {
	password, ok := normalForm(password)
	switch {
	case !ok:
		return tooLong()
	case utf8.RuneCountInString(password) < minPasswordRunes:
		return passwordError(newsroom.FieldTooShort, fmt.Sprintf("A password has at least %d characters.", minPasswordRunes))
	case guessBits(password, personalWords(email, name)) < minGuessBits:
		return passwordError(newsroom.FieldInvalid, "This password is easy to guess. Avoid well-known passwords, "+
			"your name and e-mail, repetitions and rows of the keyboard; several unrelated words make a good one.")
	}
	return nil
}

// normalForm gives the NFKC form of password, so that it is the same from every keyboard, or false when it is too long
// before or after.
func normalForm(password string) (string, bool) {
	if len(password) > maxPasswordBytes {
		return "", false
	}
	password = norm.NFKC.String(password)
	return password, len(password) <= maxPasswordBytes
}

func tooLong() error {
	return passwordError(newsroom.FieldTooLong, fmt.Sprintf("A password has at most %d bytes.", maxPasswordBytes))
}

func passwordError(code, detail string) error {
	return newsroom.Invalid([]newsroom.FieldError{{Pointer: "/password", Code: code, Detail: detail}})
}
