package editorial_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
)

func (r *room) section(t *testing.T, name, parent string) newsroom.Section {
	t.Helper()
	s, err := r.Sections().Create(t.Context(), r.editor, editorial.TermDraft[newsroom.Section]{
		Value: newsroom.Section{Term: newsroom.Term{Name: name, Translations: newsroom.Translations{}}}, Parent: parent,
	})
	must(t, err)
	return s
}

// move puts a section below another.
func (r *room) move(t *testing.T, id uuid.UUID, parent string) error {
	t.Helper()
	_, err := r.Sections().Change(t.Context(), r.editor, id.String(), anyVersion, func(s newsroom.Section) (editorial.TermDraft[newsroom.Section], error) {
		return editorial.TermDraft[newsroom.Section]{Value: s, Parent: parent}, nil
	})
	return err
}

// Each of two moves is possible by itself; together they would make a ring, and so one of them is refused.
func TestMovesThatWouldMakeARing(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		for round := range 5 {
			a, b := r.section(t, fmt.Sprint("a", round), ""), r.section(t, fmt.Sprint("b", round), "")
			below := []newsroom.Section{r.section(t, fmt.Sprint("below a", round), a.Slug), r.section(t, fmt.Sprint("below b", round), b.Slug)}
			errs := r.atOnce(2, func(i int) error { return r.move(t, []newsroom.Section{a, b}[i].ID, below[1-i].Slug) })
			moved := slices.Index(errs, nil)
			if moved < 0 || !newsroom.IsCode(errs[1-moved], newsroom.CodeValidationFailed) {
				t.Fatalf("%v", errs)
			}
		}
		all, err := r.Store.Read(t.Context()).Sections()
		must(t, err)
		for _, s := range all {
			for level := 0; s.ParentID != nil; s = all[*s.ParentID] {
				if level++; level > newsroom.MaxSectionDepth {
					t.Fatalf("%s stands in a ring", s.Slug)
				}
			}
		}
	})
}

// A section cannot be put below another that is deleted at the same moment, nor be lost with it.
func TestMovingBelowWhatGoes(t *testing.T) {
	onBoth(t, func(t *testing.T, r *room) {
		for round := range 5 {
			old, by, moving := r.section(t, fmt.Sprint("old", round), ""), r.section(t, fmt.Sprint("by", round), ""), r.section(t, fmt.Sprint("moving", round), "")
			errs := r.atOnce(2, func(i int) error {
				if i == 0 {
					return r.Sections().Replace(t.Context(), r.editor, old.Slug, anyVersion, by.Slug)
				}
				return r.move(t, moving.ID, old.Slug)
			})
			must(t, errs[0])
			s, err := r.Store.Read(t.Context()).Section(moving.Slug)
			must(t, err)
			if late := newsroom.IsCode(errs[1], newsroom.CodeValidationFailed); late == (s.ParentID != nil) || !late && (errs[1] != nil || *s.ParentID != by.ID) {
				t.Errorf("%v: it stands below %v, want %v", errs[1], s.ParentID, by.ID)
			}
		}
	})
}
