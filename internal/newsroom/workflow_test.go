package newsroom_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

var now = time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)

// at gives the moment that many hours from now.
func at(hours int) *time.Time {
	t := now.Add(time.Duration(hours) * time.Hour)
	return &t
}

func publication(revision int, from, until *time.Time) newsroom.Publication {
	return newsroom.Publication{ID: uuid.New(), Revision: revision, VisibleFrom: *from, VisibleUntil: until, PublishedAt: *from, UpdatedAt: *from}
}

func TestLiveAt(t *testing.T) {
	t.Parallel()
	instant := time.Nanosecond
	p := publication(1, at(0), at(1))
	for moment, want := range map[time.Time]bool{
		now.Add(-instant): false, now: true, at(1).Add(-instant): true, *at(1): false, *at(9): false,
	} {
		if p.LiveAt(moment) != want {
			t.Errorf("at %v: %v", moment, !want)
		}
	}
	if p.VisibleUntil = nil; !p.LiveAt(now.AddDate(100, 0, 0)) {
		t.Error("for good is not for good")
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	past, live, next, later := publication(1, at(-3), at(-2)), publication(2, at(-1), nil), publication(3, at(1), at(2)), publication(4, at(2), nil)
	cases := []struct {
		name         string
		article      newsroom.Article
		publications []newsroom.Publication
		status       newsroom.Status
		changes      bool
	}{
		{"new", newsroom.Article{Revision: 1}, nil, newsroom.StatusDraft, false},
		{"live", newsroom.Article{Revision: 2}, []newsroom.Publication{live}, newsroom.StatusPublished, false},
		{"live and behind", newsroom.Article{Revision: 3}, []newsroom.Publication{past, live}, newsroom.StatusPublished, true},
		{"live, and the next is the working copy", newsroom.Article{Revision: 3}, []newsroom.Publication{live, next}, newsroom.StatusPublished, false},
		{"scheduled", newsroom.Article{Revision: 3}, []newsroom.Publication{next}, newsroom.StatusScheduled, false},
		{"scheduled twice, in any order", newsroom.Article{Revision: 4}, []newsroom.Publication{later, next}, newsroom.StatusScheduled, true},
		{"scheduled again", newsroom.Article{Revision: 3, UnpublishedAt: at(-1)}, []newsroom.Publication{past, next}, newsroom.StatusScheduled, false},
		{"over", newsroom.Article{Revision: 9, PublishedAt: at(-3)}, []newsroom.Publication{past}, newsroom.StatusExpired, false},
		{"over, and moved to history", newsroom.Article{Revision: 9, PublishedAt: at(-3)}, nil, newsroom.StatusExpired, false},
		{"taken back", newsroom.Article{Revision: 9, UnpublishedAt: at(-1)}, nil, newsroom.StatusUnpublished, false},
		{"in review", newsroom.Article{Revision: 1, SubmittedAt: at(-1)}, nil, newsroom.StatusInReview, false},
		{"in review when over", newsroom.Article{Revision: 2, SubmittedAt: at(-1)}, []newsroom.Publication{past}, newsroom.StatusInReview, false},
		{"in review when taken back", newsroom.Article{Revision: 2, SubmittedAt: at(-1), UnpublishedAt: at(-2)}, nil, newsroom.StatusInReview, false},
		{"thrown away", newsroom.Article{Revision: 2, TrashedAt: at(0)}, []newsroom.Publication{live}, newsroom.StatusTrashed, false},
	}
	seen := map[newsroom.Status]bool{}
	for _, c := range cases {
		s := newsroom.NewStanding(c.article, c.publications, now)
		if s.Status() != c.status || s.HasChanges() != c.changes {
			t.Errorf("%s: %s, changes %v; want %s, %v", c.name, s.Status(), s.HasChanges(), c.status, c.changes)
		}
		seen[c.status] = true
	}
	if len(seen) != len(newsroom.Statuses()) {
		t.Errorf("only these statuses are met: %v", seen)
	}
	if s := newsroom.NewStanding(newsroom.Article{PublishedAt: at(-3)}, []newsroom.Publication{later, past, live, next}, now); s.Live.ID != live.ID || s.Scheduled.ID != next.ID || !s.Past {
		t.Errorf("live %v, scheduled %v, past %v", s.Live, s.Scheduled, s.Past)
	}
}

// standingAs gives an article of owner that stands as s.
func standingAs(s newsroom.Status, owner uuid.UUID) newsroom.Standing {
	a := newsroom.Article{CreatedBy: owner, Revision: 1, Version: 1}
	var p []newsroom.Publication
	switch s {
	case newsroom.StatusScheduled:
		a.PublishedAt, p = at(1), append(p, publication(1, at(1), nil))
	case newsroom.StatusPublished:
		a.PublishedAt, p = at(-1), append(p, publication(1, at(-1), nil))
	case newsroom.StatusExpired:
		a.PublishedAt, p = at(-2), append(p, publication(1, at(-2), at(-1)))
	case newsroom.StatusUnpublished:
		a.PublishedAt, a.UnpublishedAt = at(-2), at(-1)
	case newsroom.StatusInReview:
		a.SubmittedAt = at(-1)
	case newsroom.StatusTrashed:
		a.TrashedAt = at(-1)
	}
	return newsroom.NewStanding(a, p, now)
}

const (
	ok        = newsroom.Code("")
	forbidden = newsroom.CodeForbidden
	notFound  = newsroom.CodeNotFound
	conflict  = newsroom.CodeInvalidTransition
)

// What each role may do with an article of its own, by where it stands: saving, publishing, unpublishing, trashing,
// submitting, returning, restoring, purging, killing, correcting.
var own = map[newsroom.Role]map[newsroom.Status][10]newsroom.Code{
	newsroom.RoleContributor: {
		newsroom.StatusDraft:       {ok, forbidden, forbidden, ok, ok, forbidden, conflict, forbidden, forbidden, forbidden},
		newsroom.StatusInReview:    {forbidden, forbidden, forbidden, forbidden, conflict, forbidden, conflict, forbidden, forbidden, forbidden},
		newsroom.StatusScheduled:   {forbidden, forbidden, forbidden, forbidden, conflict, forbidden, conflict, forbidden, forbidden, forbidden},
		newsroom.StatusPublished:   {forbidden, forbidden, forbidden, forbidden, conflict, forbidden, conflict, forbidden, forbidden, forbidden},
		newsroom.StatusExpired:     {forbidden, forbidden, forbidden, forbidden, ok, forbidden, conflict, forbidden, forbidden, forbidden},
		newsroom.StatusUnpublished: {forbidden, forbidden, forbidden, forbidden, ok, forbidden, conflict, forbidden, forbidden, forbidden},
		newsroom.StatusTrashed:     {conflict, forbidden, forbidden, conflict, conflict, forbidden, ok, forbidden, forbidden, forbidden},
	},
	newsroom.RoleAuthor: asAuthor,
	newsroom.RoleEditor: asEditor,
	newsroom.RoleAdmin:  asAdmin,
}

var asAuthor = map[newsroom.Status][10]newsroom.Code{
	newsroom.StatusDraft:       {ok, ok, conflict, ok, ok, forbidden, conflict, forbidden, forbidden, conflict},
	newsroom.StatusInReview:    {ok, ok, conflict, ok, conflict, forbidden, conflict, forbidden, forbidden, conflict},
	newsroom.StatusScheduled:   {ok, ok, ok, ok, conflict, forbidden, conflict, forbidden, forbidden, conflict},
	newsroom.StatusPublished:   {ok, ok, ok, ok, conflict, forbidden, conflict, forbidden, forbidden, ok},
	newsroom.StatusExpired:     {ok, ok, conflict, ok, ok, forbidden, conflict, forbidden, forbidden, conflict},
	newsroom.StatusUnpublished: {ok, ok, conflict, ok, ok, forbidden, conflict, forbidden, forbidden, conflict},
	newsroom.StatusTrashed:     {conflict, conflict, conflict, conflict, conflict, forbidden, ok, forbidden, forbidden, conflict},
}

var asEditor = map[newsroom.Status][10]newsroom.Code{
	newsroom.StatusDraft:       {ok, ok, conflict, ok, ok, conflict, conflict, forbidden, conflict, conflict},
	newsroom.StatusInReview:    {ok, ok, conflict, ok, conflict, ok, conflict, forbidden, conflict, conflict},
	newsroom.StatusScheduled:   {ok, ok, ok, ok, conflict, conflict, conflict, forbidden, conflict, conflict},
	newsroom.StatusPublished:   {ok, ok, ok, ok, conflict, conflict, conflict, forbidden, ok, ok},
	newsroom.StatusExpired:     {ok, ok, conflict, ok, ok, conflict, conflict, forbidden, ok, conflict},
	newsroom.StatusUnpublished: {ok, ok, conflict, ok, ok, conflict, conflict, forbidden, ok, conflict},
	newsroom.StatusTrashed:     {conflict, conflict, conflict, conflict, conflict, conflict, ok, forbidden, conflict, conflict},
}

var asAdmin = map[newsroom.Status][10]newsroom.Code{
	newsroom.StatusDraft:       {ok, ok, conflict, ok, ok, conflict, conflict, conflict, conflict, conflict},
	newsroom.StatusInReview:    {ok, ok, conflict, ok, conflict, ok, conflict, conflict, conflict, conflict},
	newsroom.StatusScheduled:   {ok, ok, ok, ok, conflict, conflict, conflict, conflict, conflict, conflict},
	newsroom.StatusPublished:   {ok, ok, ok, ok, conflict, conflict, conflict, conflict, ok, ok},
	newsroom.StatusExpired:     {ok, ok, conflict, ok, ok, conflict, conflict, conflict, ok, conflict},
	newsroom.StatusUnpublished: {ok, ok, conflict, ok, ok, conflict, conflict, conflict, ok, conflict},
	newsroom.StatusTrashed:     {conflict, conflict, conflict, conflict, conflict, conflict, ok, ok, conflict, conflict},
}

// othersOf is the same for somebody else's article: what readers do not see is not there for those below an editor.
func othersOf(role newsroom.Role, s newsroom.Status) [10]newsroom.Code {
	switch {
	case role.AtLeast(newsroom.RoleEditor):
		return own[role][s]
	case s == newsroom.StatusPublished:
		return every(forbidden)
	}
	return every(notFound)
}

func every(code newsroom.Code) (all [10]newsroom.Code) {
	for i := range all {
		all[i] = code
	}
	return all
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	for role, byStatus := range own {
		for _, status := range newsroom.Statuses() {
			u := newsroom.Actor{User: newsroom.User{ID: uuid.New(), Role: role}}
			checkRights(t, u, standingAs(status, u.ID), fmt.Sprintf("%s, own, %s", role, status), byStatus[status])
			checkRights(t, u, standingAs(status, uuid.New()), fmt.Sprintf("%s, another's, %s", role, status), othersOf(role, status))
		}
	}
	nobody := newsroom.Actor{User: newsroom.User{ID: uuid.New(), Role: "owner"}} // an unknown role
	for _, status := range newsroom.Statuses() {
		if err := nobody.CheckPublish(standingAs(status, nobody.ID)); err == nil {
			t.Errorf("an unknown role publishes what is %s", status)
		}
	}
}

func checkRights(t *testing.T, u newsroom.Actor, s newsroom.Standing, what string, want [10]newsroom.Code) {
	t.Helper()
	for i, err := range []error{
		u.CheckSave(s), u.CheckPublish(s), u.CheckUnpublish(s), u.CheckTrash(s), u.CheckSubmit(s), u.CheckReturn(s), u.CheckRestore(s),
		u.CheckPurge(s), u.CheckKill(s), u.CheckCorrect(s),
	} {
		if err == nil && want[i] == ok || newsroom.IsCode(err, want[i]) {
			continue
		}
		t.Errorf("%s: %s gives %v, want %q", what, []string{"save", "publish", "unpublish", "trash", "submit", "return", "restore", "purge", "kill", "correct"}[i], err, want[i])
	}
}

func TestSeenBy(t *testing.T) {
	t.Parallel()
	owner, note := newsroom.User{ID: uuid.New(), Role: newsroom.RoleContributor}, "Too long."
	a := newsroom.Article{
		CreatedBy: owner.ID, Revision: 7, Version: 9, Note: &note, UnpublishedAt: at(-9), PublishedAt: at(-8), UpdatedAt: *at(0),
		Text: newsroom.Text{Title: "Secret plans", TranslationGroup: uuid.New()},
	}
	live, next, past := publication(2, at(-1), nil), publication(7, at(1), nil), publication(1, at(-3), at(-2))
	live.Title, live.TranslationGroup = "What readers see", uuid.New()
	whole := newsroom.NewStanding(a, []newsroom.Publication{past, live, next}, now)
	whole.Views, whole.Past = 5, true

	for _, u := range []newsroom.User{owner, {ID: uuid.New(), Role: newsroom.RoleEditor}, {ID: uuid.New(), Role: newsroom.RoleAdmin}} {
		if s, err := whole.SeenBy(u); err != nil || s.Title != "Secret plans" || s.Note == nil || s.Scheduled == nil || !s.Past {
			t.Errorf("%s: %+v, %v", u.Role, s, err)
		}
	}
	for _, role := range []newsroom.Role{newsroom.RoleContributor, newsroom.RoleAuthor, "owner", ""} {
		u := newsroom.User{ID: uuid.New(), Role: role}
		s, err := whole.SeenBy(u)
		if err != nil || s.Title != live.Title || s.Revision != 2 || s.Note != nil || s.Scheduled != nil || s.Past || s.UnpublishedAt != nil ||
			s.TranslationGroup != live.TranslationGroup || !s.PublishedAt.Equal(live.PublishedAt) || !s.Article.UpdatedAt.Equal(live.UpdatedAt) ||
			s.Status() != newsroom.StatusPublished || s.HasChanges() || s.Views != 5 {
			t.Errorf("%q: %+v, %v", role, s, err)
		}
		if _, err := newsroom.NewStanding(a, []newsroom.Publication{past, next}, now).SeenBy(u); !newsroom.IsCode(err, notFound) {
			t.Errorf("%q sees what readers do not: %v", role, err)
		}
	}
	if whole.Title != "Secret plans" || whole.Note == nil {
		t.Error("looking changed it")
	}
}

func TestPlanPublication(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name              string
		published         *time.Time // before
		at, until         *time.Time
		from              *time.Time // nil: refused
		publishedAt, date *time.Time
	}{
		{"now", nil, nil, nil, at(0), at(0), at(0)},
		{"now, by name", nil, at(0), nil, at(0), at(0), at(0)},
		{"later", nil, at(2), nil, at(2), at(2), at(2)},
		{"dated back", nil, at(-48), nil, at(0), at(-48), at(-48)},
		{"until later", nil, nil, at(1), at(0), at(0), at(0)},
		{"later, until later still", nil, at(1), at(2), at(1), at(1), at(1)},
		{"again", at(-5), nil, nil, at(0), at(-5), at(0)},
		{"again, later", at(-5), at(3), nil, at(3), at(-5), at(3)},
		{"again, dated back", at(-5), at(-48), nil, at(0), at(-5), at(0)},
		{"first published this moment", at(0), nil, nil, at(0), at(0), at(0)},
		{"sooner than was scheduled", at(5), at(1), nil, at(1), at(1), at(1)},
		{"now instead of as scheduled", at(5), nil, nil, at(0), at(0), at(0)},
		{"dated back instead of as scheduled", at(5), at(-48), nil, at(0), at(-48), at(-48)},
		{"until now", nil, nil, at(0), nil, nil, nil},
		{"until before", nil, nil, at(-1), nil, nil, nil},
		{"from then until then", nil, at(2), at(2), nil, nil, nil},
		{"until before it begins", nil, at(2), at(1), nil, nil, nil},
		{"dated back until a time that has passed", nil, at(-3), at(-1), nil, nil, nil},
	}
	for _, c := range cases {
		p, err := newsroom.PlanPublication(newsroom.Standing{Article: newsroom.Article{PublishedAt: c.published}, At: now}, c.at, c.until, now)
		if c.from == nil {
			var e *newsroom.Error
			if !errors.As(err, &e) || e.Code != newsroom.CodeValidationFailed || e.Fields[0].Pointer != "/until" || e.Fields[0].Code != newsroom.FieldOutOfRange {
				t.Errorf("%s: %+v, %v", c.name, p, err)
			}
			continue
		}
		if err != nil || !p.VisibleFrom.Equal(*c.from) || p.VisibleUntil != c.until || !p.PublishedAt.Equal(*c.publishedAt) || !p.UpdatedAt.Equal(*c.date) {
			t.Errorf("%s: %+v, %v", c.name, p, err)
		}
	}
}

func TestPrecondition(t *testing.T) {
	t.Parallel()
	for _, p := range []newsroom.Precondition{{Any: true}, {Versions: []int{7}}, {Versions: []int{3, 7, 9}}, {Any: true, Versions: []int{1}}} {
		if err := p.Check(7); err != nil {
			t.Errorf("%+v: %v", p, err)
		}
	}
	for _, p := range []newsroom.Precondition{{}, {Versions: []int{}}, {Versions: []int{6, 8}}} {
		var e *newsroom.Error
		if err := p.Check(7); !errors.As(err, &e) || e.Code != newsroom.CodeStaleVersion || e.Version != 7 {
			t.Errorf("%+v: %v", p, err)
		}
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	ranks := []newsroom.Role{newsroom.RoleContributor, newsroom.RoleAuthor, newsroom.RoleEditor, newsroom.RoleAdmin}
	for i, r := range ranks {
		for j, least := range ranks {
			if r.AtLeast(least) != (i >= j) {
				t.Errorf("%s is at least %s: %v", r, least, i < j)
			}
		}
		if parsed, ok := newsroom.ParseRole(string(r)); !ok || parsed != r {
			t.Errorf("%s is no role", r)
		}
	}
	for _, unknown := range []newsroom.Role{"", "owner", "Admin", "admin ", "editor\x00"} {
		for _, least := range append(ranks, unknown, "") {
			if unknown.AtLeast(least) {
				t.Errorf("%q is at least %q", unknown, least)
			}
		}
		if _, ok := newsroom.ParseRole(string(unknown)); ok {
			t.Errorf("%q is a role", unknown)
		}
	}
}

func TestUserCheck(t *testing.T) {
	t.Parallel()
	good := newsroom.User{Email: "a@nashr.example", Name: "Aziza", Role: newsroom.RoleAuthor}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	bad := map[string]func(*newsroom.User){
		"/email": func(u *newsroom.User) { u.Email = "Aziza <a@nashr.example>" },
		"/name":  func(u *newsroom.User) { u.Name = " " },
		"/role":  func(u *newsroom.User) { u.Role = "owner" },
	}
	for pointer, spoil := range bad {
		u := good
		spoil(&u)
		var e *newsroom.Error
		if err := u.Check(); !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Pointer != pointer {
			t.Errorf("%s: %v", pointer, u.Check())
		}
	}
	for _, email := range []string{"", "a", "a@", "@b", "a b@nashr.example", "a@nashr.example ", strings.Repeat("a", 250) + "@nashr.example", "a@nashr.example\r\nBcc: b@x"} {
		u := good
		u.Email = email
		if u.Check() == nil {
			t.Errorf("%q is an address", email)
		}
	}
	if newsroom.NormalEmail(" Aziza@Nashr.Example\n") != "aziza@nashr.example" {
		t.Error("addresses are not folded")
	}
}

func TestSessionOpen(t *testing.T) {
	t.Parallel()
	s := newsroom.Session{ExpiresAt: *at(1)}
	if !s.Open(now) || s.Open(*at(1)) || s.Open(*at(2)) {
		t.Error("a session is open until it expires")
	}
	if s.EndedAt = at(0); s.Open(now) {
		t.Error("an ended session is open")
	}
}
