package api

import (
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// ManagedSection is a section as editors see it.
type ManagedSection struct {
	termFields
	// Words in other languages, by BCP 47 tag.
	Translations map[string]TermTranslation `json:"translations"`
	// The slug of the section above; null at the top.
	Parent   *string `json:"parent" example:"news"`
	Position int     `json:"position" minimum:"0"`
}

// SectionInput is a section as a client writes it. Only the name is required.
type SectionInput struct {
	// Made from the name when left out.
	Slug         string                          `json:"slug" maxLength:"100" extensions:"x-nullable,x-pattern=^[a-z0-9]+(-[a-z0-9]+)*$" example:"world"`
	Name         string                          `json:"name" validate:"required" minLength:"1" maxLength:"200" example:"World"`
	Description  string                          `json:"description" maxLength:"2000" extensions:"x-nullable"`
	Translations map[string]TermTranslationInput `json:"translations" extensions:"x-nullable"`
	// Slug or id of the section above.
	Parent string `json:"parent" extensions:"x-nullable" example:"news"`
	// Order among the sections beside it, then by name.
	Position int `json:"position" minimum:"0" maximum:"1000000"`
}

type sectionHandler = termHandler[newsroom.Section, SectionInput]

func newSectionHandler(m manage) sectionHandler {
	return sectionHandler{
		manage: m, what: "section", desk: m.desk.Sections(),
		list: store.Queries.ListSections, find: store.Queries.Section,
		term:     func(s newsroom.Section) newsroom.Term { return s.Term },
		draft:    sectionDraft,
		input:    sectionInputOf,
		show:     showSections,
		sortable: []string{"position", "name", "slug", "created_at", "updated_at"},
		fields:   []string{"id", "slug", "name", "description", "version", "created_at", "updated_at", "translations", "parent", "position"},
	}
}

func sectionDraft(in SectionInput, broken []newsroom.FieldError) editorial.TermDraft[newsroom.Section] {
	trim(&in.Name, &in.Slug, &in.Description)
	translations, broken := translationsFrom(in.Translations, TermTranslationInput.translation, broken)
	return editorial.TermDraft[newsroom.Section]{
		Value: newsroom.Section{
			Term:     newsroom.Term{Slug: in.Slug, Name: in.Name, Description: in.Description, Translations: translations},
			Position: in.Position,
		},
		Parent:  in.Parent,
		Invalid: broken,
	}
}

func sectionInputOf(s newsroom.Section) SectionInput {
	in := SectionInput{
		Slug: s.Slug, Name: s.Name, Description: s.Description, Position: s.Position,
		Translations: translationsTo(s.Translations, termTranslationInputOf),
	}
	if s.ParentID != nil {
		in.Parent = s.ParentID.String()
	}
	return in
}

func showSections(q store.Queries, list []newsroom.Section) ([]any, error) {
	all, err := q.Sections()
	if err != nil {
		return nil, err
	}
	out := make([]any, len(list))
	for i, s := range list {
		m := ManagedSection{termFields: termFieldsOf(s.Term), Translations: translationsTo(s.Translations, termTranslationOf), Position: s.Position}
		if s.ParentID != nil {
			m.Parent = nullable(all[*s.ParentID].Slug)
		}
		out[i] = m
	}
	return out, nil
}

// listSections gives sections.
//
// @Summary  List sections
// @ID       listManagedSections
// @Tags     manage-taxonomy
// @Security BearerAuth
// @Param    query  query PageQuery false "paging"
// @Param    sort   query []string    false "Order, the first key first; - means descending." default(position) example(name) collectionFormat(csv) Enums(position,-position,name,-name,slug,-slug,created_at,-created_at,updated_at,-updated_at)
// @Param    fields query []string  false "Only these fields of each section." collectionFormat(csv) Enums(id,slug,name,description,version,created_at,updated_at,translations,parent,position)
// @Success  200 {object} Page[ManagedSection]
// @Header   200 {string} Link "x"
// @Failure  403 {object} Problem
// @Router   /v1/manage/sections [get]
func listSections(h sectionHandler) echo.HandlerFunc { return h.page }

// createSection adds a section.
//
// @Summary  Create a section
// @ID       createSection
// @Tags     manage-taxonomy
// @Security BearerAuth
// @Param    body body SectionInput true "The section"
// @Success  201 {object} Data[ManagedSection]
// @Header   201 {string} Location "x"
// @Header   201 {string} ETag "x"
// @Failure  403,409 {object} Problem
// @Router   /v1/manage/sections [post]
func createSection(h sectionHandler) echo.HandlerFunc { return h.create }

// getSection gives a section.
//
// @Summary  Read a section
// @ID       getManagedSection
// @Tags     manage-taxonomy
// @Security BearerAuth
// @Param    ref path string true "Id or slug." minlength(1) maxlength(100) example(world)
// @Success  200 {object} Data[ManagedSection]
// @Header   200 {string} ETag "x"
// @Failure  403,404 {object} Problem
// @Router   /v1/manage/sections/{ref} [get]
func getSection(h sectionHandler) echo.HandlerFunc { return h.get }

// updateSection changes a section.
//
// @Summary     Change a section
// @Description A JSON merge patch (RFC 7396). Readers see a new name everywhere at once.
// @ID          updateSection
// @Tags        manage-taxonomy
// @Security    BearerAuth
// @Param       ref  path string       true "Id or slug." minlength(1) maxlength(100) example(world)
// @Param       body body SectionInput true "What changes"
// @Success     200 {object} Data[ManagedSection]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412,428 {object} Problem
// @Router      /v1/manage/sections/{ref} [patch]
func updateSection(h sectionHandler) echo.HandlerFunc { return h.update }

// deleteSection deletes a section.
//
// @Summary     Delete a section
// @Description Not while articles or other sections stand in it (in_use), unless replace_with names a section for them.
// @ID          deleteSection
// @Tags        manage-taxonomy
// @Security    BearerAuth
// @Param       ref path string true "Id or slug." minlength(1) maxlength(100) example(world)
// @Param       replace_with query string false "Id or slug of the section that takes its place, in working copies and for readers." minlength(1) maxlength(100) example(news)
// @Success     204
// @Failure     403,404,409,412,428 {object} Problem
// @Router      /v1/manage/sections/{ref} [delete]
func deleteSection(h sectionHandler) echo.HandlerFunc { return h.delete }
