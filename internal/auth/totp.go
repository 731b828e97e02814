package auth

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// The second factor is TOTP (RFC 6238) as every authenticator app knows it: SHA-1, 6 digits, a step of 30 seconds.
const (
	totpStep   = 30 // seconds
	totpDigits = 6
	totpSkew   = 1 // steps by which the clocks may differ
)

// NewTOTP makes a secret, in base32, and the otpauth URI by which an app takes it over under the names of issuer and
// account. The error is that of the system's source of randomness.
func NewTOTP(issuer, account string) (secret, uri string, err error) {
	issuer = strings.ReplaceAll(issuer, ":", " ") // which parts the two names
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, Period: totpStep, Digits: totpDigits})
	if err != nil {
		return "", "", fmt.Errorf("auth: new second factor: %w", err)
	}
	return key.Secret(), key.URL(), nil
}

// TOTPStep gives the step of which code is the code by secret: one near now and later than used. It is false for any
// other code.
func TOTPStep(secret, code string, used int64, now time.Time) (step int64, ok bool) {
	present := now.Unix() / totpStep
	for step = max(present-totpSkew, used+1); step <= present+totpSkew; step++ {
		if hotp.Validate(code, uint64(step), secret) {
			return step, true
		}
	}
	return 0, false
}

// NormalCode gives a code of the second factor, or a recovery code, as it is compared: without spaces and hyphens, and in
// lower case.
func NormalCode(code string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return unicode.ToLower(r)
	}, code)
}

// IsTOTP reports whether a normal code is one of an app, and not a recovery code.
func IsTOTP(code string) bool {
	return len(code) == totpDigits && strings.Trim(code, "0123456789") == ""
}

// recoveryRunes are 80 bits of base32.
const recoveryRunes = 16

// NewRecoveryCode makes a code of 80 random bits that stands in for a lost second factor. hash, that of HashSecret for
// the normal code, is what to keep.
func NewRecoveryCode() (plain string, hash []byte) {
	code := strings.ToLower(rand.Text()[:recoveryRunes])
	return code[:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:], HashSecret(code)
}
