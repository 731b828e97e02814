package newsroom

import "time"

// PreviewLifetime is the longest that a preview link may live.
const PreviewLifetime = 30 * 24 * time.Hour

// previewDefault is how long a preview link lives when nobody says.
const previewDefault = 24 * time.Hour

// EditingLifetime is how long somebody counts as being in an article without saying so again.
const EditingLifetime = time.Minute

// PreviewRequest is what a preview link is to show, and until when: ExpiresAt, or ExpiresIn seconds from now.
type PreviewRequest struct {
	Revision  *int // nil: the present one
	ExpiresAt *time.Time
	ExpiresIn *int
}

// CheckPreview says whether u may make preview links to an article that stands as s.
func (u Actor) CheckPreview(s Standing) error {
	if err := u.CheckWorkingCopy(s); err != nil {
		return err
	}
	if s.Killed != nil {
		return Errorf(CodeInvalidTransition, "The story was withdrawn for good.")
	}
	return s.checkNotTrashed()
}

// PlanPreview gives the link that is asked for at s.At, without its id and maker, or validation_failed. It ends at a
// whole second, as its token can say no other.
func (s Standing) PlanPreview(r PreviewRequest) (PreviewLink, error) {
	link := PreviewLink{ArticleID: s.ID, Revision: s.Revision, CreatedAt: s.At, ExpiresAt: s.At.Add(previewDefault)}
	var broken []FieldError
	if r.Revision != nil {
		link.Revision = *r.Revision
		if link.Revision < 1 || link.Revision > s.Revision {
			broken = append(broken, FieldError{"/revision", FieldUnknownReference, "The article has no such revision."})
		}
	}
	const longest = int(PreviewLifetime / time.Second)
	switch in := r.ExpiresIn; {
	case in != nil && r.ExpiresAt != nil:
		broken = append(broken, FieldError{"/expires_in", FieldNotAllowed, "Either expires_at or expires_in is possible."})
	case in != nil && (*in < 1 || *in > longest):
		broken = append(broken, FieldError{"/expires_in", FieldOutOfRange, "A link lives for 1 second to 30 days."})
	case in != nil:
		link.ExpiresAt = s.At.Add(time.Duration(*in) * time.Second)
	case r.ExpiresAt != nil:
		link.ExpiresAt = *r.ExpiresAt
		if life := link.ExpiresAt.Sub(s.At); life < time.Second || life > PreviewLifetime {
			broken = append(broken, FieldError{"/expires_at", FieldOutOfRange, "A link lives for 1 second to 30 days."})
		}
	}
	link.ExpiresAt = link.ExpiresAt.Truncate(time.Second)
	return link, Invalid(broken)
}

// Preview gives r as readers would see it: with the dates of what they see now, or else of this moment. What is in the
// trash, or was withdrawn for good, is not_found.
func (s Standing) Preview(r Revision) (Publication, error) {
	if s.TrashedAt != nil || s.Killed != nil {
		return Publication{}, NoPreview()
	}
	p := Publication{ArticleID: s.ID, Revision: r.Revision, Text: r.Text, PublishedAt: s.At, UpdatedAt: s.At}
	if s.Live != nil {
		p.PublishedAt, p.UpdatedAt = s.Live.PublishedAt, s.Live.UpdatedAt
	}
	return p, nil
}

// NoPreview gives the not_found of every preview that cannot be had, whatever the reason.
func NoPreview() *Error { return Errorf(CodeNotFound, "There is no such preview.") }
