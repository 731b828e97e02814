package newsroom

import (
	"time"

	"github.com/google/uuid"
)

// Visit is one reader's look at one article, told only by a hash that nobody can trace back once its salt is gone.
type Visit struct {
	Hash      []byte `gorm:"primaryKey"` // of article, address and user agent under the salt of the day
	ArticleID uuid.UUID
	CountedAt time.Time // when it last counted as a view
	Batch     uuid.UUID // of visits that were counted together
}

// VisitAgain is how long the same reader's looks at the same article are one view.
const VisitAgain = 30 * time.Minute

// VisitSalt makes the hashes of one day unlike those of any other.
type VisitSalt struct {
	Day  string `gorm:"primaryKey"` // 2006-01-02, UTC
	Salt []byte
}

// Window is a stretch of time, up to now, in which views count for what is popular.
type Window struct {
	Name   string // as clients know it
	Length time.Duration
	Grain  time.Duration // a view leaves the window up to so much earlier
}

// Windows are the windows of popularity, from the narrowest to the widest.
var Windows = [...]Window{
	{"1h", time.Hour, 10 * time.Minute},
	{"24h", 24 * time.Hour, time.Hour},
	{"7d", 7 * 24 * time.Hour, time.Hour},
	{"30d", 30 * 24 * time.Hour, 24 * time.Hour},
}
