package auth

import (
	"crypto/ed25519"
	"errors"
	"math"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// previewType keeps the tokens of preview links and access tokens from passing for each other.
const previewType = "preview+jwt"

var errPreview = errors.New("auth: an incomplete preview link, or a lifetime that is not above 0 and at most PreviewLifetime")

// SignPreview gives the token of a preview link: its id, article, revision and times, cut to whole seconds. It fails on
// what VerifyPreview would refuse, and on a key without its private half.
func (t Tokens) SignPreview(key Key, l newsroom.PreviewLink) (string, error) {
	l.CreatedAt, l.ExpiresAt = l.CreatedAt.Truncate(time.Second), l.ExpiresAt.Truncate(time.Second)
	if !completePreview(l) {
		return "", errPreview
	}
	return t.sign(key, previewType, jwt.MapClaims{
		"jti": l.ID.String(), "sub": l.ArticleID.String(), "rev": l.Revision, "iat": l.CreatedAt.Unix(), "exp": l.ExpiresAt.Unix(),
	})
}

// VerifyPreview gives the link, but not its maker, of a token that SignPreview made with a key that keyByID knows, and
// that has not expired at now. Anything else is not_found, which does not say why. Whether the link was deleted is for
// the caller to check.
func (t Tokens) VerifyPreview(token string, keyByID func(kid string) (ed25519.PublicKey, bool), now time.Time) (newsroom.PreviewLink, error) {
	fields, err := t.parse(token, previewType, keyByID, now)
	l := newsroom.PreviewLink{ID: readID(fields, "jti"), ArticleID: readID(fields, "sub")}
	if n, ok := fields["rev"].(float64); ok && n == math.Trunc(n) && n <= math.MaxInt32 {
		l.Revision = int(n)
	}
	l.CreatedAt, l.ExpiresAt = readTimes(fields)
	if err != nil || !completePreview(l) {
		return newsroom.PreviewLink{}, newsroom.NoPreview()
	}
	return l, nil
}

func completePreview(l newsroom.PreviewLink) bool {
	lifetime := l.ExpiresAt.Sub(l.CreatedAt)
	return l.ID != uuid.Nil && l.ArticleID != uuid.Nil && l.Revision > 0 &&
		l.CreatedAt.Unix() > 0 && lifetime > 0 && lifetime <= newsroom.PreviewLifetime
}
