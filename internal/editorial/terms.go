package editorial

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// TermDraft is a section, an author or a tag as a client sends it: complete, but for the id of a new one and the slug,
// which is made from the name, when they are empty, and for a section's parent.
type TermDraft[T any] struct {
	Value  T
	Parent string // of a section: slug or id; empty: none
	// Invalid is what the sender of the draft has broken already; it is reported together with the rest.
	Invalid []newsroom.FieldError
}

// TermDesk changes the terms of one kind.
type TermDesk[T store.Term] struct {
	desk *Desk
	kind termKind[T]
}

// termKind is what differs between sections, authors and tags.
type termKind[T store.Term] struct {
	name string
	find func(store.Queries, string) (T, error)
	// refer is find for what refers to a term.
	refer func(store.Queries, string) (T, error)
	term  func(*T) *newsroom.Term
	// taken gives those of slugs that other terms keep.
	taken func(*store.Tx, uuid.UUID, ...string) (map[string]bool, error)
	// prepare completes a term that a client has sent, to replace before unless that is nil, and gives the rules that it
	// breaks. The string is the parent of a section.
	prepare func(tx *store.Tx, term, before *T, parent string) ([]newsroom.FieldError, error)
	// public reports whether readers can see the term even before an article with it is live.
	public func(T) bool
	// checkName, unless nil, gives already_exists when the name belongs to another.
	checkName func(*store.Tx, T) error
	// checkReplacement gives the rules that by would break in the place of old. Their pointer is empty.
	checkReplacement func(tx *store.Tx, old, by uuid.UUID) ([]newsroom.FieldError, error)
	// replace puts by in the place of old and deletes that.
	replace func(tx *store.Tx, old, by uuid.UUID, now time.Time) (store.Moved, error)
	// below gives what stands right below the term, or is nil.
	below func(store.Queries, uuid.UUID) ([]T, error)
	// fields gives what readers can know of the term, by the names that events have for it.
	fields func(T) map[string]any
	// secrets gives what they cannot, or is nil. Events say that it changed, and no more.
	secrets func(T) map[string]any
}

// Sections changes sections.
func (d *Desk) Sections() TermDesk[newsroom.Section] {
	return TermDesk[newsroom.Section]{d, termKind[newsroom.Section]{
		name:    "section",
		find:    store.Queries.Section,
		refer:   store.Queries.Section,
		term:    func(s *newsroom.Section) *newsroom.Term { return &s.Term },
		taken:   store.TakenSlugs[newsroom.Section],
		prepare: placeSection,
		public:  func(newsroom.Section) bool { return true },
		checkReplacement: func(tx *store.Tx, old, by uuid.UUID) ([]newsroom.FieldError, error) {
			all, err := tx.Sections()
			return newsroom.CheckReplacement(all, old, by), err
		},
		replace: store.ReplaceTerm[newsroom.Section],
		below:   store.Queries.Subsections,
		fields:  sectionFields,
	}}
}

// Authors changes authors.
func (d *Desk) Authors() TermDesk[newsroom.Author] {
	return TermDesk[newsroom.Author]{d, termKind[newsroom.Author]{
		name:  "author",
		find:  store.Queries.Author,
		refer: store.Queries.Author,
		term:  func(a *newsroom.Author) *newsroom.Term { return &a.Term },
		taken: store.TakenSlugs[newsroom.Author],
		prepare: func(_ *store.Tx, a, _ *newsroom.Author, _ string) ([]newsroom.FieldError, error) {
			return a.Check(), nil
		},
		public:           func(newsroom.Author) bool { return true },
		checkReplacement: checkAnother,
		replace:          store.ReplaceTerm[newsroom.Author],
		fields:           authorFields,
		secrets:          func(a newsroom.Author) map[string]any { return map[string]any{"email": a.Email} },
	}}
}

// Tags changes tags.
func (d *Desk) Tags() TermDesk[newsroom.Tag] { return TermDesk[newsroom.Tag]{d, tagKind} }

var tagKind = termKind[newsroom.Tag]{
	name:  "tag",
	find:  store.Queries.Tag,
	refer: store.Queries.ResolveTag,
	term:  func(t *newsroom.Tag) *newsroom.Term { return &t.Term },
	taken: (*store.Tx).TakenTagSlugs,
	prepare: func(_ *store.Tx, t, before *newsroom.Tag, _ string) ([]newsroom.FieldError, error) {
		t.NameKey = newsroom.FoldName(t.Name)
		t.Listed = before == nil || before.Listed || !reflect.DeepEqual(t.Term, before.Term)
		return t.Check(), nil
	},
	public:           func(t newsroom.Tag) bool { return t.Listed },
	checkName:        checkTagName,
	checkReplacement: checkAnother,
	replace:          store.MergeTag,
	fields:           func(t newsroom.Tag) map[string]any { return termFields(t.Term) },
}

// placeSection looks up the parent of a section and checks that it may stand there.
func placeSection(tx *store.Tx, s, _ *newsroom.Section, parent string) ([]newsroom.FieldError, error) {
	var r resolver
	s.ParentID = nil
	if parent != "" {
		if p, err := tx.Section(parent); r.found("/parent", parent, err) {
			s.ParentID = &p.ID
		}
	}
	all, err := tx.Sections()
	if err != nil || r.err != nil {
		return nil, errors.Join(err, r.err)
	}
	return slices.Concat(s.Check(), r.fields, newsroom.CheckParent(all, s.ID, s.ParentID)), nil
}

// Create adds a term; slug_taken or already_exists when there is one of that slug or, for tags, of that name.
func (t TermDesk[T]) Create(ctx context.Context, actor newsroom.Actor, draft TermDraft[T]) (T, error) {
	value := draft.Value
	err := t.desk.Store.Write(ctx, func(tx *store.Tx) error {
		if err := t.check(tx, &value, nil, draft); err != nil {
			return err
		}
		return t.create(tx, actor, &value)
	})
	return value, err
}

func (t TermDesk[T]) create(tx *store.Tx, actor newsroom.Actor, value *T) error {
	term := t.kind.term(value)
	now := t.desk.Now()
	term.Version, term.CreatedAt, term.UpdatedAt = 1, now, now
	if term.ID == uuid.Nil {
		var err error
		if term.ID, err = newID(); err != nil {
			return err
		}
	}
	if err := t.setSlug(tx, term); err != nil {
		return err
	}
	if err := store.CreateTerm(tx, value); err != nil {
		return err
	}
	return t.saved(tx, actor, "created", value, nil, now)
}

// Change changes the term of that slug or id: edit is given the present one and gives the whole new one. A change of
// nothing is nothing.
func (t TermDesk[T]) Change(ctx context.Context, actor newsroom.Actor, ref string, p newsroom.Precondition, edit func(T) (TermDraft[T], error)) (T, error) {
	var value T
	err := t.desk.Store.Write(ctx, func(tx *store.Tx) error {
		before, err := t.load(tx, ref, p)
		if err != nil {
			return err
		}
		draft, err := edit(before)
		if err != nil {
			return err
		}
		value = draft.Value
		term, was := t.kind.term(&value), t.kind.term(&before)
		term.ID, term.Version, term.CreatedAt, term.UpdatedAt = was.ID, was.Version, was.CreatedAt, was.UpdatedAt
		if err := t.check(tx, &value, &before, draft); err != nil {
			return err
		}
		if err := t.setSlug(tx, term); err != nil || reflect.DeepEqual(value, before) {
			return err
		}
		term.Version++
		term.UpdatedAt = t.desk.Now()
		if err := store.UpdateTerm(tx, &value); err != nil {
			return err
		}
		return t.saved(tx, actor, "updated", &value, &before, term.UpdatedAt)
	})
	return value, err
}

// Delete deletes the term of that slug or id; in_use when an article, or a subsection, refers to it. See Replace.
func (t TermDesk[T]) Delete(ctx context.Context, actor newsroom.Actor, ref string, p newsroom.Precondition) error {
	return t.desk.Store.Write(ctx, func(tx *store.Tx) error {
		value, err := t.load(tx, ref, p)
		if err != nil {
			return err
		}
		id := t.kind.term(&value).ID
		if err := checkUnused[T](tx, id); err != nil {
			return err
		}
		if err := store.DeleteTerm[T](tx, id); err != nil {
			return err
		}
		return t.happened(tx, actor, "deleted", &value, t.kind.public(value), t.desk.Now(), map[string]any{"replaced_by": nil})
	})
}

func (t TermDesk[T]) load(tx *store.Tx, ref string, p newsroom.Precondition) (T, error) {
	value, err := t.kind.find(tx.Queries, ref)
	if err != nil {
		return value, notFound(err, t.kind.name)
	}
	return value, p.Check(t.kind.term(&value).Version)
}

// check completes a term and gives all that is wrong with it.
func (t TermDesk[T]) check(tx *store.Tx, value, before *T, draft TermDraft[T]) error {
	broken, err := t.kind.prepare(tx, value, before, draft.Parent)
	if err != nil {
		return err
	}
	broken = append(broken, slugForm(t.kind.term(value).Slug)...)
	if err := newsroom.Invalid(addUnreported(draft.Invalid, broken)); err != nil || t.kind.checkName == nil {
		return err
	}
	return t.kind.checkName(tx, *value)
}

// setSlug checks the slug that is asked for, or makes one from the name.
func (t TermDesk[T]) setSlug(tx *store.Tx, term *newsroom.Term) (err error) {
	taken := func(slugs ...string) (map[string]bool, error) { return t.kind.taken(tx, term.ID, slugs...) }
	if term.Slug != "" {
		return checkSlug(term.Slug, taken)
	}
	base := lang.Slug(term.Name, t.desk.Languages.Default())
	if base == "" {
		base = fmt.Sprintf("%s-%s", t.kind.name, term.ID.String()[24:])
	}
	term.Slug, err = freeSlug(base, taken)
	return err
}

// happened appends an event that names the term, with data. Readers can see the change when public is set.
func (t TermDesk[T]) happened(tx *store.Tx, actor newsroom.Actor, what string, value *T, public bool, now time.Time, data map[string]any) error {
	term := t.kind.term(value)
	data["slug"], data["name"] = term.Slug, term.Name
	e, err := newEvent(now, actor, t.kind.name+"."+what, term.ID, public, data)
	if err != nil {
		return err
	}
	return tx.AppendEvent(&e)
}
