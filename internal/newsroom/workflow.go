package newsroom

import "time"

// Status is where an article stands. It is derived, never set.
type Status string

// The statuses an article can have.
const (
	StatusDraft       Status = "draft"       // never published
	StatusInReview    Status = "in_review"   // its writer asked for review
	StatusScheduled   Status = "scheduled"   // readers will see it at a moment to come
	StatusPublished   Status = "published"   // readers see it
	StatusExpired     Status = "expired"     // its time has passed
	StatusUnpublished Status = "unpublished" // it was taken back by hand
	StatusTrashed     Status = "trashed"
)

// Statuses lists every status.
func Statuses() []Status {
	return []Status{StatusDraft, StatusInReview, StatusScheduled, StatusPublished, StatusExpired, StatusUnpublished, StatusTrashed}
}

// Standing is an article with what readers see of it at a moment.
type Standing struct {
	Article
	At        time.Time
	Live      *Publication // what readers see, or nil
	Scheduled *Publication // what they will see next, or nil
	Past      bool         // readers saw it, and nobody has taken it from them since: what they no longer see has run out
	Killed    *Kill        // it was withdrawn for good, or nil
	Views     int64        // how often readers opened the article
}

// NewStanding gives the standing of a at now, from all its publications.
func NewStanding(a Article, publications []Publication, now time.Time) Standing {
	s := Standing{Article: a, At: now, Past: a.PublishedAt != nil && !a.PublishedAt.After(now) && a.UnpublishedAt == nil}
	for i, p := range publications {
		switch {
		case p.LiveAt(now):
			s.Live = &publications[i]
		case p.VisibleFrom.After(now) && (s.Scheduled == nil || p.VisibleFrom.Before(s.Scheduled.VisibleFrom)):
			s.Scheduled = &publications[i]
		}
	}
	return s
}

// Status gives where the article stands.
func (s Standing) Status() Status {
	switch {
	case s.TrashedAt != nil:
		return StatusTrashed
	case s.Live != nil:
		return StatusPublished
	case s.Scheduled != nil:
		return StatusScheduled
	case s.SubmittedAt != nil:
		return StatusInReview
	case s.Past:
		return StatusExpired
	case s.UnpublishedAt != nil:
		return StatusUnpublished
	default:
		return StatusDraft
	}
}

// HasChanges reports whether the working copy is ahead of what readers see, or will see next.
func (s Standing) HasChanges() bool {
	last := s.Scheduled
	if last == nil {
		last = s.Live
	}
	return last != nil && last.Revision < s.Revision
}

// Owns reports whether the article is u's own.
func (u User) Owns(a Article) bool { return u.ID == a.CreatedBy }

// SeesWorkingCopy reports whether u may read the working copy: one's own, and for editors everybody's.
func (u User) SeesWorkingCopy(a Article) bool { return u.Role.AtLeast(RoleEditor) || u.Owns(a) }

// SeenBy gives what u may see of the standing: all of it, or of somebody else's article only what readers see, or
// not_found.
func (s Standing) SeenBy(u User) (Standing, error) {
	if u.SeesWorkingCopy(s.Article) {
		return s, nil
	}
	if s.Live == nil {
		return Standing{}, Errorf(CodeNotFound, "There is no such article.")
	}
	p := s.Live
	s.Text, s.Revision, s.Version = p.Text, p.Revision, p.Revision
	s.PublishedAt, s.Article.UpdatedAt = &p.PublishedAt, p.UpdatedAt
	s.Note, s.UnpublishedAt, s.SubmittedAt, s.Scheduled, s.Past = nil, nil, nil, nil, false
	return s, nil
}

// CheckSave says whether u may change the text of an article that stands as s. What u may not see is not found.
func (u Actor) CheckSave(s Standing) error {
	if err := u.CheckWorkingCopy(s); err != nil {
		return err
	}
	if err := s.checkNotTrashed(); err != nil {
		return err
	}
	if !u.Role.AtLeast(RoleAuthor) && !s.withWriter() {
		return Errorf(CodeForbidden, "A contributor changes drafts, and what was returned, only; this article is %s.", s.Status())
	}
	return nil
}

// CheckPublish says whether u may publish an article that stands as s.
func (u Actor) CheckPublish(s Standing) error {
	if err := u.CheckWorkingCopy(s); err != nil {
		return err
	}
	if !u.Role.AtLeast(RoleAuthor) {
		return Errorf(CodeForbidden, "A contributor cannot publish.")
	}
	if s.Killed != nil {
		return Errorf(CodeInvalidTransition, "The story was withdrawn for good.")
	}
	return s.checkNotTrashed()
}

// withWriter reports whether an article is with its writer: a draft, or one that an editor has returned since readers
// last saw it.
func (s Standing) withWriter() bool {
	switch s.Status() {
	case StatusDraft:
		return true
	case StatusExpired, StatusUnpublished:
		return s.Note != nil
	default:
		return false
	}
}

func (s Standing) checkNotTrashed() error {
	if s.Status() == StatusTrashed {
		return Errorf(CodeInvalidTransition, "The article is in the trash.")
	}
	return nil
}

// CheckSubmit says whether u may ask for review of an article that stands as s: of one's own, when readers do not see
// it, nor will.
func (u Actor) CheckSubmit(s Standing) error {
	if err := u.CheckWorkingCopy(s); err != nil {
		return err
	}
	switch status := s.Status(); {
	case s.Killed != nil:
		return Errorf(CodeInvalidTransition, "The story was withdrawn for good.")
	case status == StatusDraft, status == StatusExpired, status == StatusUnpublished:
		return nil
	default:
		return Errorf(CodeInvalidTransition, "The article is %s: it cannot be submitted.", status)
	}
}

// CheckReturn says whether u may give an article that stands as s back to its writer.
func (u Actor) CheckReturn(s Standing) error {
	if err := u.CheckWorkingCopy(s); err != nil {
		return err
	}
	if !u.Role.AtLeast(RoleEditor) {
		return Errorf(CodeForbidden, "Only editors return articles.")
	}
	if s.Status() != StatusInReview {
		return Errorf(CodeInvalidTransition, "The article is %s: only what is in review can be returned.", s.Status())
	}
	return nil
}

// CheckRestore says whether u may take an article that stands as s out of the trash: whoever might have thrown it away.
func (u Actor) CheckRestore(s Standing) error {
	if err := u.CheckWorkingCopy(s); err != nil {
		return err
	}
	if s.Status() != StatusTrashed {
		return Errorf(CodeInvalidTransition, "The article is not in the trash.")
	}
	s.TrashedAt = nil
	return u.CheckSave(s)
}

// CheckPurge says whether u may delete an article that stands as s for good.
func (u Actor) CheckPurge(s Standing) error {
	if err := u.CheckWorkingCopy(s); err != nil {
		return err
	}
	switch {
	case !u.Role.AtLeast(RoleAdmin):
		return Errorf(CodeForbidden, "Only admins purge articles.")
	case s.Status() != StatusTrashed:
		return Errorf(CodeInvalidTransition, "Only what is in the trash can be purged.")
	case s.Killed != nil:
		return Errorf(CodeInvalidTransition, "A story that was withdrawn for good stays, so that its address can say why.")
	}
	return nil
}

// CheckKill says whether u may withdraw an article that stands as s for good. What no reader can have seen is simply
// thrown away.
func (u Actor) CheckKill(s Standing) error {
	if err := u.CheckWorkingCopy(s); err != nil {
		return err
	}
	switch {
	case !u.Role.AtLeast(RoleEditor):
		return Errorf(CodeForbidden, "Only editors withdraw a story for good.")
	case s.Killed != nil:
		return Errorf(CodeInvalidTransition, "The story was withdrawn for good already.")
	case s.PublishedAt == nil || s.PublishedAt.After(s.At):
		return Errorf(CodeInvalidTransition, "No reader has seen this article.")
	}
	return s.checkNotTrashed()
}

// CheckCorrect says whether u may add a public note to an article that stands as s, or take one back.
func (u Actor) CheckCorrect(s Standing) error {
	if err := u.CheckPublish(s); err != nil {
		return err
	}
	if s.Live == nil {
		return Errorf(CodeInvalidTransition, "The article is %s: only what readers see can be corrected.", s.Status())
	}
	return nil
}

// CheckUnpublish says whether u may take back an article that stands as s. Only what readers see, or will see, can be
// taken back.
func (u Actor) CheckUnpublish(s Standing) error {
	if err := u.CheckPublish(s); err != nil {
		return err
	}
	if s.Live == nil && s.Scheduled == nil {
		return Errorf(CodeInvalidTransition, "The article is %s: there is nothing to unpublish.", s.Status())
	}
	return nil
}

// CheckTrash says whether u may throw away an article that stands as s. Throwing away what readers see takes it from
// them, so it needs the right to unpublish.
func (u Actor) CheckTrash(s Standing) error {
	if s.Status() == StatusTrashed && u.SeesWorkingCopy(s.Article) {
		return Errorf(CodeInvalidTransition, "The article is in the trash already.")
	}
	if (s.Live != nil || s.Scheduled != nil) && !u.Has(ScopeArticlesPublish) {
		return Errorf(CodeForbidden, "Readers see this article, or will: to take it from them needs the scope %s.", ScopeArticlesPublish)
	}
	return u.CheckSave(s)
}

// CheckWorkingCopy says whether u may see the working copy of an article, its revisions and what readers once saw of it:
// forbidden for what u sees only as readers do, not_found for what u cannot see at all.
func (u Actor) CheckWorkingCopy(s Standing) error {
	switch {
	case u.SeesWorkingCopy(s.Article):
		return nil
	case s.Live != nil:
		return Errorf(CodeForbidden, "This article belongs to someone else.")
	default:
		return Errorf(CodeNotFound, "There is no such article.")
	}
}

// Plan is what a publication is to be: worked out by PlanPublication, carried out by package editorial.
type Plan struct {
	VisibleFrom  time.Time
	VisibleUntil *time.Time
	PublishedAt  time.Time
	UpdatedAt    time.Time
}

// PlanPublication gives the times of a publication that is asked for at now. at nil means now; an at in the past makes
// the article visible now and dates it back. until nil means for good.
func PlanPublication(s Standing, at, until *time.Time, now time.Time) (Plan, error) {
	when := now
	if at != nil {
		when = *at
	}
	p := Plan{VisibleFrom: when, VisibleUntil: until, PublishedAt: when, UpdatedAt: when}
	if when.Before(now) {
		p.VisibleFrom = now
	}
	if until != nil && !until.After(p.VisibleFrom) {
		return Plan{}, Invalid([]FieldError{{"/until", FieldOutOfRange, "The end must lie after the beginning, and in the future."}})
	}
	if first := s.PublishedAt; first != nil && !first.After(now) { // readers have seen it
		p.PublishedAt, p.UpdatedAt = *first, p.VisibleFrom
	}
	return p, nil
}
