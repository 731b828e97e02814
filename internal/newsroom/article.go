package newsroom

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// DefaultType is the type of an article that names none.
const DefaultType = "article"

// Text is what an article says. The working copy, each revision and each publication hold one of their own, so that
// changing one never changes another.
type Text struct {
	Lang        string // BCP 47
	Slug        string
	Title       string
	Kicker      string
	Subtitle    string
	Summary     string
	AutoSummary bool    // Summary was made from the body, and follows it
	Body        []Block `gorm:"serializer:json"`
	WordCount   int     // of the body
	SectionID   *uuid.UUID
	AuthorIDs   []uuid.UUID `gorm:"serializer:json"` // in byline order
	TagIDs      []uuid.UUID `gorm:"serializer:json"` // as the editor ordered them
	Type        string      // a word of the newsroom's own: "article", "opinion", "interview"
	Featured    bool
	Breaking    bool
	SEO         SEO             `gorm:"serializer:json"`
	Custom      json.RawMessage `gorm:"serializer:json"` // a JSON object of the newsroom's own fields
	// TranslationGroup is shared by articles that translate each other.
	TranslationGroup uuid.UUID
}

// SEO is what search engines and link previews are told instead of the title and summary. It is stored as JSON.
type SEO struct {
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	Canonical   string `json:"canonical,omitempty"` // absolute URL of the original
	NoIndex     bool   `json:"no_index,omitempty"`
}

// Article is the working copy of an article: what editors see. What readers see is a Publication.
type Article struct {
	ID            uuid.UUID `gorm:"primaryKey"`
	Text          `gorm:"embedded"`
	Version       int     // counts every change, publishing included; its ETag
	Revision      int     // counts the saves of its text
	Note          *string // an editor's word to the writer, when it was returned
	CreatedBy     uuid.UUID
	CreatedAt     time.Time
	UpdatedAt     time.Time  `gorm:"autoUpdateTime:false"` // when the text was last saved
	PublishedAt   *time.Time // of the first publication; kept ever after
	UnpublishedAt *time.Time // readers were last cut off by hand, and nothing was published since
	SubmittedAt   *time.Time // the writer asked for review, and nobody has answered yet
	TrashedAt     *time.Time
}

// Revision is one save of an article's text, kept forever.
type Revision struct {
	ArticleID uuid.UUID `gorm:"primaryKey"`
	Revision  int       `gorm:"primaryKey"` // from 1
	Text      `gorm:"embedded"`
	SavedBy   uuid.UUID
	SavedAt   time.Time
	// Changed names the fields that differ from the revision before, as clients know them ("title", "body").
	Changed      []string `gorm:"serializer:json"`
	RestoredFrom *int     // the revision whose text it took back
}

// Publication is the frozen text of one revision and the time during which readers see it: from VisibleFrom, and
// before VisibleUntil. No two publications of an article are visible at the same moment.
type Publication struct {
	ID           uuid.UUID `gorm:"primaryKey"`
	ArticleID    uuid.UUID
	Revision     int
	Text         `gorm:"embedded"`
	PublishedAt  time.Time  // of the article's first publication, or the date it was imported with
	UpdatedAt    time.Time  `gorm:"autoUpdateTime:false"` // of this one
	VisibleFrom  time.Time  // or when, later, what it refers to was replaced
	VisibleUntil *time.Time // nil: for good
	Until        *time.Time // the end that was asked for; VisibleUntil is earlier when something replaces p before
	PublishedBy  uuid.UUID
}

// PastPublication is a Publication that readers no longer see, as it was.
type PastPublication struct {
	Publication `gorm:"embedded"`
}

// TableName tells GORM where past publications are.
func (PastPublication) TableName() string { return "publication_history" }

// LiveAt reports whether readers see p at now.
func (p Publication) LiveAt(now time.Time) bool {
	return !now.Before(p.VisibleFrom) && (p.VisibleUntil == nil || now.Before(*p.VisibleUntil))
}

// Kill is why an article was withdrawn for good. Readers get it instead of the article.
type Kill struct {
	ArticleID uuid.UUID `gorm:"primaryKey"`
	Reason    string    // public
	KilledAt  time.Time
	KilledBy  uuid.UUID
}

// Correction is a public note of what was put right in an article.
type Correction struct {
	ID        uuid.UUID `gorm:"primaryKey"`
	ArticleID uuid.UUID
	At        time.Time
	Text      string
	CreatedBy uuid.UUID
	DeletedAt *time.Time // readers saw it before
}

// PreviewLink shows one revision of an article to whoever holds it, until ExpiresAt or until it is deleted.
type PreviewLink struct {
	ID        uuid.UUID `gorm:"primaryKey"`
	ArticleID uuid.UUID
	Revision  int
	CreatedBy uuid.UUID
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Editing says that a user has an article open in an editor. It blocks nobody.
type Editing struct {
	ArticleID uuid.UUID `gorm:"primaryKey"`
	UserID    uuid.UUID `gorm:"primaryKey"`
	Since     time.Time
	Until     time.Time // unless renewed
}

// TableName tells GORM where edit presence is.
func (Editing) TableName() string { return "editing" }

// FormerSlug is a slug under which an article was once published: it redirects to the present one, and no other
// article of that language may take it.
type FormerSlug struct {
	Lang      string `gorm:"primaryKey"`
	Slug      string `gorm:"primaryKey"`
	ArticleID uuid.UUID
	CreatedAt time.Time
}

// TableName tells GORM where former slugs are.
func (FormerSlug) TableName() string { return "slug_history" }

// Site is what a newsroom says of itself. There is one.
type Site struct {
	ID           int `gorm:"primaryKey"` // always 1
	Name         string
	Description  string
	Translations Translations      `gorm:"serializer:json"` // of name and description
	Navigation   *[]NavigationItem `gorm:"serializer:json"` // nil: the top of the tree of sections
	Version      int
	UpdatedAt    time.Time `gorm:"autoUpdateTime:false"`
}

// TableName tells GORM where the site is.
func (Site) TableName() string { return "site" }
