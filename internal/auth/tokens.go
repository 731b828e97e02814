package auth

import (
	"crypto/ed25519"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// AccessLifetime is the longest that an access token may live.
const AccessLifetime = 15 * time.Minute

const (
	tokenType     = "at+jwt" // RFC 9068
	maxTokenBytes = 4096
	clockLeeway   = 30 * time.Second // how far ahead the clock of the node that signed may be
)

var (
	errTokenHeader = errors.New("auth: the token's header is not one of ours")
	errClaims      = errors.New("auth: incomplete claims, or a lifetime that is not above 0 and at most AccessLifetime")
	errTokens      = errors.New("auth: Tokens without issuer or audience")
	errNoPrivate   = errors.New("auth: a key without its private half cannot sign")
)

// Claims is what an access token says. All of it is required. Times have whole seconds.
type Claims struct {
	Subject   uuid.UUID // the user
	Session   uuid.UUID // the sign-in that the token belongs to
	TokenID   uuid.UUID
	Role      newsroom.Role
	IssuedAt  time.Time
	ExpiresAt time.Time // at most AccessLifetime later
}

// Tokens signs and verifies access tokens, which are JWTs of RFC 9068, and the tokens of preview links, under EdDSA and no
// other algorithm. Both fields are required. Issuer is the site's URL.
type Tokens struct {
	Issuer   string
	Audience string
}

// Sign gives the token that says c, with its times cut to whole seconds. It fails on claims that Verify would refuse,
// and on a key without its private half.
func (t Tokens) Sign(key Key, c Claims) (string, error) {
	c.IssuedAt, c.ExpiresAt = c.IssuedAt.Truncate(time.Second), c.ExpiresAt.Truncate(time.Second)
	if !c.complete() {
		return "", errClaims
	}
	return t.sign(key, tokenType, jwt.MapClaims{
		"sub": c.Subject.String(), "sid": c.Session.String(), "jti": c.TokenID.String(), "role": string(c.Role),
		"iat": c.IssuedAt.Unix(), "exp": c.ExpiresAt.Unix(),
	})
}

// sign gives the token of that typ that says fields, and who it is from and for.
func (t Tokens) sign(key Key, typ string, fields jwt.MapClaims) (string, error) {
	switch {
	case t.Issuer == "" || t.Audience == "":
		return "", errTokens
	case len(key.Private) != ed25519.PrivateKeySize:
		return "", errNoPrivate
	}
	fields["iss"], fields["aud"] = t.Issuer, t.Audience
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, fields)
	token.Header["typ"], token.Header["kid"] = typ, key.ID
	return token.SignedString(key.Private)
}

// Verify gives the claims of a token that Sign made with a key that keyByID knows, for our issuer and audience, and
// that is valid at now. Anything else is an unauthenticated error which says no more than whether a genuine token has
// expired. keyByID is asked before the signature is checked, so kid is whatever a stranger wrote. Whether the session
// is still open is for the caller to check.
func (t Tokens) Verify(token string, keyByID func(kid string) (ed25519.PublicKey, bool), now time.Time) (Claims, error) {
	fields, err := t.parse(token, tokenType, keyByID, now)
	if errors.Is(err, jwt.ErrTokenExpired) {
		return Claims{}, newsroom.Errorf(newsroom.CodeUnauthenticated, "The access token has expired.")
	}
	c := readClaims(fields)
	if err != nil || !c.complete() || c.IssuedAt.After(now.Add(clockLeeway)) {
		return Claims{}, invalidToken()
	}
	return c, nil
}

// parse gives what a token says that sign made with the same typ, and that has not expired at now.
func (t Tokens) parse(token, typ string, keyByID func(string) (ed25519.PublicKey, bool), now time.Time) (jwt.MapClaims, error) {
	fields := jwt.MapClaims{}
	// The base64 decoder skips line breaks, which would give one token many spellings.
	if len(token) > maxTokenBytes || strings.ContainsAny(token, "\r\n") {
		return fields, errTokenHeader
	}
	if t.Issuer == "" || t.Audience == "" {
		return fields, errTokens
	}
	_, err := t.parser(now).ParseWithClaims(token, fields, func(parsed *jwt.Token) (any, error) {
		return publicKey(parsed.Header, typ, keyByID)
	})
	return fields, err
}

func (t Tokens) parser(now time.Time) *jwt.Parser {
	return jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}),
		jwt.WithStrictDecoding(),
		jwt.WithIssuer(t.Issuer),
		jwt.WithAudience(t.Audience),
		jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(func() time.Time { return now }),
	)
}

// publicKey finds the key of a header that has the three fields of ours and nothing else: no crit, no key of its own.
func publicKey(header map[string]any, want string, keyByID func(string) (ed25519.PublicKey, bool)) (ed25519.PublicKey, error) {
	kid, _ := header["kid"].(string)
	typ, _ := header["typ"].(string)
	if len(header) != 3 || kid == "" || strings.TrimPrefix(strings.ToLower(typ), "application/") != want {
		return nil, errTokenHeader
	}
	key, ok := keyByID(kid)
	if !ok {
		return nil, errTokenHeader
	}
	return key, nil
}

// readClaims leaves zero what is missing or of the wrong type.
func readClaims(fields jwt.MapClaims) Claims {
	role, _ := fields["role"].(string)
	c := Claims{Subject: readID(fields, "sub"), Session: readID(fields, "sid"), TokenID: readID(fields, "jti"), Role: newsroom.Role(role)}
	c.IssuedAt, c.ExpiresAt = readTimes(fields)
	return c
}

// readTimes gives iat and exp.
func readTimes(fields jwt.MapClaims) (issued, expires time.Time) {
	if iat, err := fields.GetIssuedAt(); err == nil && iat != nil {
		issued = iat.UTC()
	}
	if exp, err := fields.GetExpirationTime(); err == nil && exp != nil {
		expires = exp.UTC()
	}
	return issued, expires
}

// readID takes only the spelling that Sign writes; uuid.Parse knows several.
func readID(fields jwt.MapClaims, name string) uuid.UUID {
	text, _ := fields[name].(string)
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		return uuid.Nil
	}
	return id
}

func (c Claims) complete() bool {
	_, known := newsroom.ParseRole(string(c.Role))
	lifetime := c.ExpiresAt.Sub(c.IssuedAt)
	return known && c.Subject != uuid.Nil && c.Session != uuid.Nil && c.TokenID != uuid.Nil &&
		c.IssuedAt.Unix() > 0 && lifetime > 0 && lifetime <= AccessLifetime
}

func invalidToken() error {
	return newsroom.Errorf(newsroom.CodeUnauthenticated, "The access token is not valid.")
}
