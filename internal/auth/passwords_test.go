package auth

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/alexedwards/argon2id"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

func TestHashAndVerify(t *testing.T) {
	const password = "ko\u02bbk osmon va qora non" // one code point for the modifier letter
	p := NewPasswords()
	hash, err := p.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("got hash %s", hash)
	}
	cases := []struct {
		name, password, hash string
		want                 bool
	}{
		{"right", password, hash, true},
		{"wrong", password + "!", hash, false},
		{"other case", strings.ToUpper(password), hash, false},
		{"empty", "", hash, false},
		{"too long", password + strings.Repeat("x", 1<<20), hash, false},
		{"no such account", password, "", false},
		{"no such account, the password of the dummy", "", "", false},
	}
	for _, c := range cases {
		if got, err := p.Verify(t.Context(), c.password, c.hash); err != nil || got != c.want {
			t.Errorf("%s: got %v, %v, want %v", c.name, got, err, c.want)
		}
	}
}

func TestHashNormalises(t *testing.T) {
	p := NewPasswords()
	hash, err := p.Hash(t.Context(), "cafe\u0301 \uff21\uff22\uff23 \u2460") // decomposed, full width, circled
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := p.Verify(t.Context(), "caf\u00e9 ABC 1", hash); err != nil || !ok {
		t.Errorf("got %v, %v", ok, err)
	}
}

func TestHashRefusesLongPasswords(t *testing.T) {
	p := NewPasswords()
	for name, password := range map[string]string{
		"as sent":         strings.Repeat("x", 257),
		"once normalised": strings.Repeat("\ufdfa", 85), // each becomes 18 letters
	} {
		if _, err := p.Hash(t.Context(), password); fieldCode(err) != newsroom.FieldTooLong {
			t.Errorf("%s: got error %v", name, err)
		}
	}
}

func TestVerifyRefusesDamagedHashes(t *testing.T) {
	const salt, key = "c2FsdHNhbHRzYWx0c2FsdA", "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5"
	cases := map[string]string{
		"text":           "hunter2",
		"bcrypt":         "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
		"argon2i":        "$argon2i$v=19$m=19456,t=2,p=1$" + salt + "$" + key,
		"no passes":      "$argon2id$v=19$m=19456,t=0,p=1$" + salt + "$" + key,
		"no lanes":       "$argon2id$v=19$m=19456,t=2,p=0$" + salt + "$" + key,
		"a gigabyte":     "$argon2id$v=19$m=1048576,t=2,p=1$" + salt + "$" + key,
		"many passes":    "$argon2id$v=19$m=19456,t=999999,p=1$" + salt + "$" + key,
		"empty key":      "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$",
		"short key":      "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$a2V5",
		"cut":            "$argon2id$v=19$m=19456,t=2,p=1$" + salt,
		"unknown symbol": "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$*" + key,
	}
	for name, hash := range cases {
		if ok, err := NewPasswords().Verify(t.Context(), "a password of ours", hash); ok || !errors.Is(err, errStoredHash) {
			t.Errorf("%s: got %v, %v", name, ok, err)
		}
	}
}

func TestDummyHashCostsAsMuch(t *testing.T) {
	cost, _, _, err := argon2id.DecodeHash(dummyHash)
	if err != nil || *cost != hashCost {
		t.Errorf("got %+v, %v, want %+v", cost, err, hashCost)
	}
}

// TestHashesAreBounded takes all slots: nothing may finish then, and one free slot must serve everybody in turn.
func TestHashesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPasswords()
		for range cap(p.slots) {
			p.slots <- struct{}{}
		}
		done := make(chan error, 3)
		go func() { _, err := p.Hash(t.Context(), "a password of ours"); done <- err }()
		go func() { _, err := p.Verify(t.Context(), "a password of ours", ""); done <- err }()
		go func() { _, err := p.Verify(t.Context(), "a password of ours", dummyHash); done <- err }()
		synctest.Wait()
		if len(done) != 0 {
			t.Fatalf("%d hashes ran beyond the bound", len(done))
		}
		p.release(0)
		for range cap(done) {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if len(p.slots) != cap(p.slots)-1 {
			t.Errorf("%d slots are taken at the end, want %d", len(p.slots), cap(p.slots)-1)
		}
	})
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &Passwords{slots: make(chan struct{})} // never a free slot
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 2)
		go func() { _, err := p.Hash(ctx, "a password of ours"); done <- err }()
		go func() { _, err := p.Verify(ctx, "a password of ours", ""); done <- err }()
		synctest.Wait()
		if len(done) != 0 {
			t.Fatal("did not wait")
		}
		cancel()
		for range cap(done) {
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("got error %v", err)
			}
		}
	})
}

func TestEndedContextHashesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := NewPasswords()
	if hash, err := p.Hash(ctx, "a password of ours"); hash != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("got %q, %v", hash, err)
	}
	if ok, err := p.Verify(ctx, "a password of ours", ""); ok || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, %v", ok, err)
	}
}

func TestCheckPassword(t *testing.T) {
	const tooShort, long, weak = newsroom.FieldTooShort, newsroom.FieldTooLong, newsroom.FieldInvalid
	const email, name = "alisher.karimov@gazeta-xabar.uz", "Alisher Karimov"
	cases := []struct {
		want      string
		passwords []string
	}{
		{"", []string{
			"correct horse staple battery", "uchta non va toza suv", "kTz7#wq9LmXp", "velvetwindow", "vjqmxtoplwrd",
			"лиловый паровоз стоит", "人工智能改变新闻编辑室的日常", "dragon monkey sunshine master", "k7#93847561029",
		}},
		{tooShort, []string{"", "password", "kTz7#wq9LmX", "парольпарол", "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301"}},
		{long, []string{strings.Repeat("kTz7#wq9", 33), strings.Repeat("\ufdfa", 85), strings.Repeat("x", 1<<20)}},
		{weak, []string{ // well known, dressed up
			"password1234", "Password2024!", "P@ssw0rd!!!!", "pa$$w0rd1234", "passwordpassword", "PASSWORDPASSWORD",
			"ｐａｓｓｗｏｒｄ１２３４", "iloveyou2024!", "administrator", "admin12345678", "letmeinplease", "Toshkent2025!",
			"Uzbekistan1991", "o'zbekiston1", "Oʻzbekiston 24", "parolparol12", "пароль123456", "ПарольПароль", "correcthorsebatterystaple",
			"thisismypassword", "welcome welcome", "12password34", "!!!password!!!", "dragonmonkeymaster", "trustno1trustno1",
		}},
		{weak, []string{ // rows and repetitions
			"123456789012", "098765432109", "1234567890-=", "qwertyuiop12", "qwerty123456", "QwertyQwerty", "poiuytrewq12",
			"asdfghjkl123", "1q2w3e4r5t6y", "1qaz2wsx3edc", "qazwsxedcrfv", "abcdefghijkl", "abc123abc123", "йцукенгшщзхъ",
			"фывапролджэ1", "aaaaaaaaaaaa", "111111111111", "            ", "............", "abababababab", "kqzkqzkqzkqz",
			"998901234567", "384756102938", "19901231 2024", "aaaaaabbbbbb",
		}},
		{weak, []string{ // the user
			email, "ALISHER.KARIMOV@GAZETA-XABAR.UZ", "alisher.karimov", "alisherkarimov", "karimovalisher", "Alisher Karimov",
			"Alisher1985!", "karimov12345", "gazeta-xabar.uz", "al1sherk4rimov",
		}},
	}
	for _, c := range cases {
		for _, password := range c.passwords {
			if got := fieldCode(CheckPassword(password, email, name)); got != c.want {
				t.Errorf("%.40q: got %q, want %q", password, got, c.want)
			}
		}
	}
}

func TestCheckPasswordKnowsOnlyThisUser(t *testing.T) {
	const email, name = "r.h.v.x.m.d.p@hurlik-davr-olam.uz", "Li Xu Wa Qo Ze Bu Hilola Zafarbekova"
	for _, password := range []string{
		"zafarbekova7hilola", "r.h.v.x.m.d.p", "hurlik-davr-olam.uz", "li xu wa qo ze bu hilola zafarbekova",
		"lixuwaqozebuhilolazafarbekova",
	} {
		if err := CheckPassword(password, "", ""); err != nil {
			t.Errorf("%q of a stranger: %v", password, err)
		}
		if err := CheckPassword(password, email, name); fieldCode(err) != newsroom.FieldInvalid {
			t.Errorf("%q of the user: got error %v", password, err)
		}
	}
}

// TestCheckPasswordTakesWhatManagersMake draws what password managers make; a fixed seed keeps it repeatable.
func TestCheckPasswordTakesWhatManagersMake(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, alphabet := range []string{"abcdefghijklmnopqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789!@#$%&*-_"} {
		for range 200 {
			var b strings.Builder
			for range 16 {
				b.WriteByte(alphabet[random.IntN(len(alphabet))])
			}
			if err := CheckPassword(b.String(), "a@news.example", "A"); err != nil {
				t.Fatalf("%q: %v", b.String(), err)
			}
		}
	}
}

func FuzzCheckPassword(f *testing.F) {
	f.Add("password1234", "a@b.example", "A B")
	f.Add(strings.Repeat("a", 256), "", "")
	f.Add("\xff\ufdfa e\u0301", "@", "  ")
	f.Fuzz(func(t *testing.T, password, email, name string) {
		err := CheckPassword(password, email, name)
		if err != nil && !newsroom.IsCode(err, newsroom.CodeValidationFailed) {
			t.Fatalf("got error %v", err)
		}
		if err == nil && len(password) > maxPasswordBytes {
			t.Fatalf("accepted %d bytes", len(password))
		}
	})
}

// fieldCode is the code of the one field error of err, which must point at the password, or "" without an error.
func fieldCode(err error) string {
	if err == nil {
		return ""
	}
	var e *newsroom.Error
	if !errors.As(err, &e) || e.Code != newsroom.CodeValidationFailed || len(e.Fields) != 1 || e.Fields[0].Pointer != "/password" {
		return err.Error()
	}
	return e.Fields[0].Code
}

func BenchmarkCheckPassword(b *testing.B) {
	worst := strings.Repeat("a", maxPasswordBytes)
	for b.Loop() {
		_ = CheckPassword(worst, "alisher.karimov@gazeta-xabar.uz", "Alisher Karimov")
	}
}
