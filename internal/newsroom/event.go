package newsroom

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Event is one change of the newsroom, written in the transaction that made it. Events are numbered in the order in
// which they were committed, so a reader of "all after N" misses none.
type Event struct {
	ID        int64 `gorm:"primaryKey"`
	At        time.Time
	Type      string          // "article.published"
	SubjectID uuid.UUID       // what changed
	ActorID   *uuid.UUID      // who changed it; nil: the system
	TokenID   *uuid.UUID      // the API token that ActorID's change came by, if it did
	Public    bool            // readers can see the change
	Data      json.RawMessage `gorm:"serializer:json"`
}

// AccountSubjects are the subjects of events that tell of accounts. They are for admins who are signed in.
func AccountSubjects() []string { return []string{"user", "token"} }

// Subject is what kind of thing changed: the "article" of "article.published".
func (e Event) Subject() string {
	subject, _, _ := strings.Cut(e.Type, ".")
	return subject
}

// AboutAccounts reports whether e is of AccountSubjects.
func (e Event) AboutAccounts() bool { return slices.Contains(AccountSubjects(), e.Subject()) }

// SeesAccounts reports whether u may see events about accounts. API tokens may not, whoever made them.
func (u Actor) SeesAccounts() bool { return u.Session != nil && u.Role.AtLeast(RoleAdmin) }
