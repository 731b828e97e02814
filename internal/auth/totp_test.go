package auth

import (
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/pquerna/otp/hotp"
	"pgregory.net/rapid"
)

// The last six digits of the test vectors in RFC 6238, appendix B.
func TestTOTPIsThatOfTheStandard(t *testing.T) {
	t.Parallel()
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // 12345678901234567890
	for at, code := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if step, ok := TOTPStep(secret, code, 0, time.Unix(at, 0)); !ok || step != at/30 {
			t.Errorf("at %d: step %d, %v", at, step, ok)
		}
	}
}

func TestNewTOTP(t *testing.T) {
	t.Parallel()
	secret, uri, err := NewTOTP("The Courier: Laylakkent", "a@nashr.example")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if len(secret) != 32 || u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/The Courier  Laylakkent:a@nashr.example" || q.Get("secret") != secret ||
		q.Get("issuer") != "The Courier  Laylakkent" || q.Get("digits") != "6" || q.Get("period") != "30" || q.Get("algorithm") != "SHA1" {
		t.Errorf("%s, %s", secret, uri)
	}
}

// A code is good in its step and the ones beside it, and only as long as no code of that step or a later one was used.
func TestACodeIsGoodOnceAndNearItsTime(t *testing.T) {
	t.Parallel()
	secret, _, err := NewTOTP("Nashr", "a@nashr.example")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(1_700_000_000, 4_000_000_000).Draw(t, "now"), 0)
		of := now.Unix()/30 + rapid.Int64Range(-3, 3).Draw(t, "steps off")
		used := now.Unix()/30 + rapid.Int64Range(-4, 4).Draw(t, "used")
		code, err := hotp.GenerateCode(secret, uint64(of))
		if err != nil {
			t.Fatal(err)
		}
		off := of - now.Unix()/30
		step, ok := TOTPStep(secret, code, used, now)
		if want := off >= -1 && off <= 1 && of > used; ok != want || ok && step != of {
			t.Fatalf("%d steps off, used up to %d of %d: %v", off, used, of, ok)
		}
	})
}

func TestNormalCode(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{" 123 456 ": "123456", "MFRG-gzdf\u00a0mztw-Q2LK": "mfrggzdfmztwq2lk", "": "", " - ": ""} {
		if got := NormalCode(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	for code, want := range map[string]bool{"123456": true, "12345": false, "1234567": false, "12345a": false, "": false, "١٢٣": false} {
		if IsTOTP(code) != want {
			t.Errorf("%q: %v", code, !want)
		}
	}
}

func TestNewRecoveryCode(t *testing.T) {
	t.Parallel()
	plain, hash := NewRecoveryCode()
	if !regexp.MustCompile(`^([a-z2-7]{4}-){3}[a-z2-7]{4}$`).MatchString(plain) || string(HashSecret(NormalCode(plain))) != string(hash) {
		t.Errorf("%q", plain)
	}
	if other, _ := NewRecoveryCode(); other == plain {
		t.Error("two are the same")
	}
}
