package editorial_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// ms is a moment in milliseconds, never one that does not come.
type ms = int64

const never ms = math.MaxInt64

func millis(t *time.Time) ms {
	if t == nil {
		return never
	}
	return t.UnixMilli()
}

// open are the statuses of what is not in the trash.
const open = "draft in_review scheduled published expired unpublished"

// rule says in which statuses each role may do something: to its own articles, from editor on to anybody's. What killed
// does not allow cannot be done to a story that was withdrawn for good.
type rule struct {
	contributor, author, editor, admin string
	killed                             bool
}

var rules = map[string]rule{
	"save":            {"draft", open, open, open, true},
	"submit":          {"draft expired unpublished", "draft expired unpublished", "draft expired unpublished", "draft expired unpublished", false},
	"return":          {"", "", "in_review", "in_review", false},
	"publish":         {"", open, open, open, false},
	"unpublish":       {"", "scheduled published", "scheduled published", "scheduled published", false},
	"trash":           {"draft", open, open, open, true},
	"restore":         {"trashed", "trashed", "trashed", "trashed", true},
	"purge":           {"", "", "", "trashed", false},
	"kill":            {"", "", open, open, false},
	"correct":         {"", "published", "published", "published", false},
	"drop correction": {"", "published", "published", "published", false},
}

func (r rule) of(role newsroom.Role) string {
	return map[newsroom.Role]string{
		newsroom.RoleContributor: r.contributor, newsroom.RoleAuthor: r.author, newsroom.RoleEditor: r.editor, newsroom.RoleAdmin: r.admin,
	}[role]
}

// text is what the model knows of what an article says.
type text struct{ lang, slug, title string }

// span is a time during which readers are to see one text.
type span struct {
	text
	revision    int
	from, until ms
	asked       ms // until when it was to be
	updated     ms
}

func (s span) covers(t ms) bool { return s.from <= t && t < s.until }

// note is a correction, and when readers see it.
type note struct {
	id          uuid.UUID
	text        string
	from, until ms
}

// story is an article as the model has it.
type story struct {
	text
	id, owner         uuid.UUID
	version, revision int
	saved             ms
	note              string
	submitted         ms
	published         ms     // published_at
	line              []span // what readers saw, see and will see, in order
	withdrawn         bool
	trashed, purged   bool
	reason            string // why it was killed
	killed            ms
	notes             []note
	group             int // of translations
}

// model says in the fewest words what a newsroom does. For readers a story is a line of spans: publishing drops the spans
// that have not begun and cuts the line where the new span begins, taking it back cuts it at now. What was before the cut
// stays as it was.
type model struct {
	stories []*story
	groups  int
	now     ms
}

func (s *story) at(t ms) *span {
	for i := range s.line {
		if s.line[i].covers(t) {
			return &s.line[i]
		}
	}
	return nil
}

// next gives the span that is still to come, or nil.
func (s *story) next(now ms) *span {
	if n := len(s.line) - 1; n >= 0 && s.line[n].from > now {
		return &s.line[n]
	}
	return nil
}

func (s *story) status(now ms) newsroom.Status {
	switch {
	case s.trashed:
		return newsroom.StatusTrashed
	case s.at(now) != nil:
		return newsroom.StatusPublished
	case s.next(now) != nil:
		return newsroom.StatusScheduled
	case s.submitted != never:
		return newsroom.StatusInReview
	case s.withdrawn:
		return newsroom.StatusUnpublished
	case len(s.line) > 0:
		return newsroom.StatusExpired
	}
	return newsroom.StatusDraft
}

// sight is what somebody is told of a story.
type sight struct {
	status newsroom.Status
	text
	version, revision           int
	changes                     bool
	note, reason                string
	saved, submitted, published ms
}

// opens reports whether the working copy of s is open to u.
func (s *story) opens(u newsroom.User) bool {
	return u.ID == s.owner || u.Role == newsroom.RoleEditor || u.Role == newsroom.RoleAdmin
}

// seenBy gives what u is told of a story: of somebody else's what readers see. False: u cannot know of it.
func (s *story) seenBy(u newsroom.User, now ms) (sight, bool) {
	live, ahead := s.at(now), s.next(now)
	switch {
	case s.purged, !s.opens(u) && live == nil:
		return sight{}, false
	case !s.opens(u):
		return sight{
			status: newsroom.StatusPublished, text: live.text, version: live.revision, revision: live.revision,
			saved: live.updated, submitted: never, published: s.published,
		}, true
	}
	if ahead == nil {
		ahead = live
	}
	return sight{
		s.status(now), s.text, s.version, s.revision, ahead != nil && ahead.revision < s.revision, s.note, s.reason, s.saved, s.submitted,
		s.published,
	}, true
}

// refuses gives the code with which u may not do something to s, or "". What nobody may do then is impossible; what
// others may is forbidden.
func (m *model) refuses(u newsroom.User, does string, s *story) newsroom.Code {
	r, status := rules[does], string(s.status(m.now))
	within := func(statuses string) bool { return slices.Contains(strings.Fields(statuses), status) }
	_, known := s.seenBy(u, m.now)
	switch {
	case !known:
		return newsroom.CodeNotFound
	case !s.opens(u), r.of(u.Role) == "":
		return newsroom.CodeForbidden
	case !within(r.admin), s.reason != "" && !r.killed, does == "kill" && s.published > m.now:
		return newsroom.CodeInvalidTransition
	case r.of(u.Role) == "draft" && s.note != "" && within("expired unpublished"): // an editor returned it
		return ""
	case !within(r.of(u.Role)):
		return newsroom.CodeForbidden
	case does == "restore": // needs the right to throw away what it will be
		was := *s
		was.trashed = false
		return m.refuses(u, "trash", &was)
	}
	return ""
}

// draft is what a writer sends: a slug or "", and a story that it is to translate or nil.
type draft struct {
	text
	of *story
}

// write makes d the text of s, and gives why it cannot or whether that changes anything.
func (m *model) write(u newsroom.User, s *story, d draft) (refused newsroom.Code, changed bool) {
	group := s.group
	if d.of != nil {
		group = d.of.group
		if _, known := d.of.seenBy(u, m.now); !known {
			return newsroom.CodeValidationFailed, false
		}
		if m.twin(s, group, d.lang) {
			return newsroom.CodeAlreadyExists, false
		}
	}
	if d.title == "" || s.published != never && d.lang != s.lang {
		return newsroom.CodeValidationFailed, false
	}
	if d.slug != "" && m.reserved(s, d.lang, d.slug) {
		return newsroom.CodeSlugTaken, false
	}
	base := slugOf(d.title)
	for n := 2; d.slug == ""; n++ {
		if !m.reserved(s, d.lang, base) {
			d.slug = base
		}
		base = fmt.Sprintf("%s-%d", slugOf(d.title), n)
	}
	if m.twin(s, group, d.lang) {
		return newsroom.CodeAlreadyExists, false
	}
	if s.text == d.text && s.group == group {
		return "", false
	}
	s.text, s.group = d.text, group
	s.revision++
	s.saved = m.now
	return "", true
}

// slugOf gives the slug of a plain title.
func slugOf(title string) string { return strings.ReplaceAll(strings.ToLower(title), " ", "-") }

// reserved reports whether another story than s has a slug, had it when readers saw it, or will.
func (m *model) reserved(s *story, lang, slug string) bool {
	return slices.ContainsFunc(m.stories, func(o *story) bool {
		return o != s && !o.purged && o.lang == lang && (o.slug == slug || o.had(slug, never))
	})
}

// had reports whether readers find, or found, s under slug by the moment t.
func (s *story) had(slug string, t ms) bool {
	return slices.ContainsFunc(s.line, func(l span) bool { return l.slug == slug && l.from <= t })
}

// twin reports whether a group of translations has another text than s in a language.
func (m *model) twin(s *story, group int, lang string) bool {
	return slices.ContainsFunc(m.stories, func(o *story) bool {
		return o != s && !o.purged && !o.trashed && o.group == group && o.lang == lang
	})
}

// cut ends the line of s at that moment, as seen from now.
func (s *story) cut(at, now ms) {
	s.line = slices.DeleteFunc(s.line, func(l span) bool { return l.from > now || l.from >= at })
	if n := len(s.line) - 1; n >= 0 && s.line[n].until > now {
		s.line[n].until = min(at, s.line[n].asked)
	}
}

func (s *story) publish(at, until, now ms) newsroom.Code {
	from := max(at, now)
	if until <= from {
		return newsroom.CodeValidationFailed
	}
	s.cut(from, now)
	updated := from
	if s.published > now { // nobody has seen it yet
		s.published, updated = at, at
	}
	s.line = append(s.line, span{s.text, s.revision, from, until, until, updated})
	s.withdrawn, s.submitted, s.note = false, never, ""
	return ""
}

func (s *story) withdraw(now ms) {
	s.cut(now, now)
	if s.withdrawn = s.published <= now; !s.withdrawn {
		s.published = never
	}
}

// trash throws s away, and reports whether that takes it from readers.
func (s *story) trash(now ms) bool {
	public := s.at(now) != nil || s.next(now) != nil
	if public {
		s.withdraw(now)
	}
	s.trashed, s.submitted = true, never
	return public
}

// restore takes s back, out of its group when that has another text in its language by now.
func (m *model) restore(s *story) {
	s.trashed = false
	if m.twin(s, s.group, s.lang) {
		m.groups++
		s.group = m.groups
		s.revision++
		s.saved = m.now
	}
}

// moments gives now and what comes after, and each border of s that is not over with the milliseconds around it.
func (m *model) moments(s *story) []ms {
	all := []ms{m.now, m.now + 1, m.now + 24*time.Hour.Milliseconds()}
	for _, l := range s.line {
		for _, b := range []ms{l.from, l.until} {
			if b != never {
				all = append(all, b-1, b, b+1)
			}
		}
	}
	all = slices.DeleteFunc(all, func(t ms) bool { return t < m.now })
	slices.Sort(all)
	return slices.Compact(all)
}

// find gives the story that is meant where several have one address: of the only language, or English first.
func (m *model) find(only string, has func(*story) bool) *story {
	for _, lang := range []string{"en", "ru"} {
		for _, s := range m.stories {
			if !s.purged && s.lang == lang && (only == "" || only == lang) && has(s) {
				return s
			}
		}
	}
	return nil
}
