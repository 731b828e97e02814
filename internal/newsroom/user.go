package newsroom

import (
	"net/mail"
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
