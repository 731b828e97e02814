package newsroom

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Role is what a user may do. Each role may do all that the one before it may.
type Role string

// The roles, from least to most.
const (
	RoleContributor Role = "contributor" // writes own drafts
	RoleAuthor      Role = "author"      // and publishes them
	RoleEditor      Role = "editor"      // and everybody's, and the taxonomy
	RoleAdmin       Role = "admin"       // and the site and its users
)

var roleRank = map[Role]int{RoleContributor: 1, RoleAuthor: 2, RoleEditor: 3, RoleAdmin: 4}

// ParseRole gives the role of that name, or false.
func ParseRole(name string) (Role, bool) {
	_, ok := roleRank[Role(name)]
	return Role(name), ok
}

// AtLeast reports whether r may do all that least may. An unknown role may nothing, and nobody has one.
func (r Role) AtLeast(least Role) bool {
	return roleRank[least] > 0 && roleRank[r] >= roleRank[least]
}

// User is a person who signs in.
type User struct {
	ID           uuid.UUID `gorm:"primaryKey"`
	Email        string    // lower case, unique
	Name         string
	Role         Role
	PasswordHash string // Argon2id in PHC form
	DisabledAt   *time.Time
	CreatedAt    time.Time
	UpdatedAt    time.Time `gorm:"autoUpdateTime:false"`
	Version      int       // counts changes; its ETag
	// TOTPSecret is the base32 secret of the second factor, which counts once TOTPConfirmedAt is set.
	TOTPSecret      string
	TOTPConfirmedAt *time.Time
	TOTPStep        int64 // the last 30-second step whose code was used; none is good twice
}

// NormalEmail gives the form in which e-mail addresses are kept and compared.
func NormalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}

// Check gives a validation_failed error that names each field of u that breaks a rule, or nil.
func (u User) Check() error {
	var fields []FieldError
	if !isEmail(u.Email) {
		fields = append(fields, FieldError{"/email", FieldInvalid, "This is not an e-mail address."})
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(u.Name)); n == 0 || n > 200 {
		fields = append(fields, FieldError{"/name", FieldRequired, "A name of 1 to 200 characters is needed."})
	}
	if _, ok := roleRank[u.Role]; !ok {
		fields = append(fields, FieldError{"/role", FieldInvalid, "The role is one of contributor, author, editor, admin."})
	}
	return Invalid(fields)
}

// Session is one sign-in of a user, kept alive by refresh tokens. It is over when EndedAt is set or ExpiresAt has
// passed; access tokens of an ended session are refused at once.
type Session struct {
	ID         uuid.UUID `gorm:"primaryKey"`
	UserID     uuid.UUID
	UserAgent  string
	Address    string
	CreatedAt  time.Time
	LastUsedAt time.Time
	ExpiresAt  time.Time
	EndedAt    *time.Time
}

// Open reports whether the session still counts at now.
func (s Session) Open(now time.Time) bool { return s.EndedAt == nil && now.Before(s.ExpiresAt) }

// Actor is who a request comes from: a user in a session, or a user by an API token.
type Actor struct {
	User
	Session *Session  // nil with a token, and in commands
	Token   *APIToken // nil with a session
}

// Has reports whether u may do what scope stands for. Sessions have every scope; their role decides.
func (u Actor) Has(scope Scope) bool {
	return u.Token == nil || slices.Contains(u.Token.Scopes, scope)
}

// Scope is one thing that an API token may do.
type Scope string

// The scopes of API tokens.
const (
	ScopeArticlesRead     Scope = "articles:read"
	ScopeArticlesWrite    Scope = "articles:write"
	ScopeArticlesPublish  Scope = "articles:publish"
	ScopeTaxonomyWrite    Scope = "taxonomy:write"
	ScopeCollectionsWrite Scope = "collections:write"
	ScopeWidgetsWrite     Scope = "widgets:write"
	ScopeMediaWrite       Scope = "media:write"
	ScopeEventsRead       Scope = "events:read"
)

// Scopes lists every scope.
func Scopes() []Scope {
	return []Scope{
		ScopeArticlesRead, ScopeArticlesWrite, ScopeArticlesPublish, ScopeTaxonomyWrite, ScopeCollectionsWrite, ScopeWidgetsWrite,
		ScopeMediaWrite, ScopeEventsRead,
	}
}

// APIToken lets a machine do a part of what its maker may, kept as a hash.
type APIToken struct {
	ID         uuid.UUID `gorm:"primaryKey"`
	Hash       []byte
	Name       string
	Scopes     []Scope `gorm:"serializer:json"`
	CreatedBy  uuid.UUID
	Version    int // counts changes; its ETag
	CreatedAt  time.Time
	UpdatedAt  time.Time  `gorm:"autoUpdateTime:false"`
	ExpiresAt  *time.Time // nil: never
	LastUsedAt *time.Time // to the minute
}

// PasswordLink lets a user choose a password once: an invitation, or a reset. It is kept as a hash.
type PasswordLink struct {
	Hash      []byte `gorm:"primaryKey"`
	UserID    uuid.UUID
	CreatedAt time.Time
	ExpiresAt time.Time
}

// RecoveryCode stands in once for a second factor that is lost. It is kept as a hash.
type RecoveryCode struct {
	Hash   []byte `gorm:"primaryKey"`
	UserID uuid.UUID
	UsedAt *time.Time
}

// IdempotencyKey is what a POST with such a key was answered.
type IdempotencyKey struct {
	Key         []byte `gorm:"primaryKey"` // hash of the key and of who sent it
	Fingerprint []byte // hash of the request
	Answer      []byte // sealed
	CreatedAt   time.Time
}

// RefreshToken is one single-use token of a session, kept as a hash. A second use of it ends the session.
type RefreshToken struct {
	Hash      []byte `gorm:"primaryKey"`
	SessionID uuid.UUID
	CreatedAt time.Time
	UsedAt    *time.Time
}

// SigningKey is an Ed25519 key pair that signs access tokens; ID is its RFC 7638 thumbprint.
type SigningKey struct {
	ID         string `gorm:"primaryKey"`
	PrivateKey []byte // the 32-byte seed
	CreatedAt  time.Time
}

// SignInFailure counts the failed sign-ins of one key, a hashed account or address, and says when the next try is
// allowed.
type SignInFailure struct {
	Key       string `gorm:"primaryKey"`
	Failures  int
	RetryAt   time.Time
	UpdatedAt time.Time `gorm:"autoUpdateTime:false"`
}
