package newsroom

import (
	"encoding/json"
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
