package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// ManagedTag is a tag as editors see it.
type ManagedTag struct {
	termFields
	// Words in other languages, by BCP 47 tag.
	Translations map[string]TermTranslation `json:"translations"`
}

// TagInput is a tag as a client writes it. Only the name is required.
type TagInput struct {
	// Made from the name when left out.
	Slug         string                          `json:"slug" maxLength:"100" extensions:"x-nullable,x-pattern=^[a-z0-9]+(-[a-z0-9]+)*$" example:"football"`
	Name         string                          `json:"name" validate:"required" minLength:"1" maxLength:"200" example:"Football"`
	Description  string                          `json:"description" maxLength:"2000" extensions:"x-nullable"`
	Translations map[string]TermTranslationInput `json:"translations" extensions:"x-nullable"`
}

// TagMergeRequest names the tag that another is merged into.
type TagMergeRequest struct {
	// Slug or id of the tag that stays.
	Into string `json:"into" validate:"required" minLength:"1" maxLength:"100" example:"football"`
}

type tagHandler = termHandler[newsroom.Tag, TagInput]

func newTagHandler(m manage) tagHandler {
	return tagHandler{
		manage: m, what: "tag", desk: m.desk.Tags(),
		list: store.Queries.ListTags, find: store.Queries.Tag,
		term:     func(t newsroom.Tag) newsroom.Term { return t.Term },
		draft:    tagDraft,
		input:    tagInputOf,
		show:     showTags,
		sortable: []string{"name", "slug", "created_at", "updated_at"},
		fields:   []string{"id", "slug", "name", "description", "version", "created_at", "updated_at", "translations"},
	}
}

func tagDraft(in TagInput, broken []newsroom.FieldError) editorial.TermDraft[newsroom.Tag] {
	trim(&in.Name, &in.Slug, &in.Description)
	translations, broken := translationsFrom(in.Translations, TermTranslationInput.translation, broken)
	return editorial.TermDraft[newsroom.Tag]{
		Value:   newsroom.Tag{Term: newsroom.Term{Slug: in.Slug, Name: in.Name, Description: in.Description, Translations: translations}},
		Invalid: broken,
	}
}

func tagInputOf(t newsroom.Tag) TagInput {
	return TagInput{
		Slug: t.Slug, Name: t.Name, Description: t.Description,
		Translations: translationsTo(t.Translations, termTranslationInputOf),
	}
}

func showTags(_ store.Queries, list []newsroom.Tag) ([]any, error) {
	out := make([]any, len(list))
	for i, t := range list {
		out[i] = ManagedTag{termFields: termFieldsOf(t.Term), Translations: translationsTo(t.Translations, termTranslationOf)}
	}
	return out, nil
}

// listTags gives tags.
//
// @Summary  List tags
// @ID       listManagedTags
// @Tags     manage-taxonomy
// @Security BearerAuth
// @Param    query  query PageQuery false "paging"
// @Param    sort   query []string    false "Order, the first key first; - means descending." default(name) example(-created_at) collectionFormat(csv) Enums(name,-name,slug,-slug,created_at,-created_at,updated_at,-updated_at)
// @Param    fields query []string  false "Only these fields of each tag." collectionFormat(csv) Enums(id,slug,name,description,version,created_at,updated_at,translations)
// @Success  200 {object} Page[ManagedTag]
// @Header   200 {string} Link "x"
// @Failure  403 {object} Problem
// @Router   /v1/manage/tags [get]
func listTags(h tagHandler) echo.HandlerFunc { return h.page }

// createTag adds a tag.
//
// @Summary     Create a tag
// @Description The name must be new, however it is cased.
// @ID          createTag
// @Tags        manage-taxonomy
// @Security    BearerAuth
// @Param       body body TagInput true "The tag"
// @Success     201 {object} Data[ManagedTag]
// @Header      201 {string} Location "x"
// @Header      201 {string} ETag "x"
// @Failure     403,409 {object} Problem
// @Router      /v1/manage/tags [post]
func createTag(h tagHandler) echo.HandlerFunc { return h.create }

// getTag gives a tag.
//
// @Summary  Read a tag
// @ID       getManagedTag
// @Tags     manage-taxonomy
// @Security BearerAuth
// @Param    ref path string true "Id or slug." minlength(1) maxlength(100) example(football)
// @Success  200 {object} Data[ManagedTag]
// @Header   200 {string} ETag "x"
// @Failure  403,404 {object} Problem
// @Router   /v1/manage/tags/{ref} [get]
func getTag(h tagHandler) echo.HandlerFunc { return h.get }

// updateTag changes a tag.
//
// @Summary     Change a tag
// @Description A JSON merge patch (RFC 7396). Readers see a new name everywhere at once.
// @ID          updateTag
// @Tags        manage-taxonomy
// @Security    BearerAuth
// @Param       ref  path string   true "Id or slug." minlength(1) maxlength(100) example(football)
// @Param       body body TagInput true "What changes"
// @Success     200 {object} Data[ManagedTag]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412,428 {object} Problem
// @Router      /v1/manage/tags/{ref} [patch]
func updateTag(h tagHandler) echo.HandlerFunc { return h.update }

// deleteTag deletes a tag.
//
// @Summary     Delete a tag
// @Description Not while articles have it (in_use), unless replace_with names a tag for them; this one is merged into that one then.
// @ID          deleteTag
// @Tags        manage-taxonomy
// @Security    BearerAuth
// @Param       ref path string true "Id or slug." minlength(1) maxlength(100) example(football)
// @Param       replace_with query string false "Id or slug of the tag that takes its place, in working copies and for readers." minlength(1) maxlength(100) example(sport)
// @Success     204
// @Failure     403,404,409,412,428 {object} Problem
// @Router      /v1/manage/tags/{ref} [delete]
func deleteTag(h tagHandler) echo.HandlerFunc { return h.delete }

// mergeTag makes two tags one.
//
// @Summary     Merge a tag into another
// @Description The articles move to the other tag, in working copies and for readers; revisions stay as they were. This tag is gone: its slug
// @Description redirects, filters and drafts that name its slug, its id or its name get the other one, and no new tag may take its slug or its name.
// @Description Its words in other languages are not moved. The version of each article that moves is raised by one. If-Match is optional.
// @ID          mergeTag
// @Tags        manage-taxonomy
// @Security    BearerAuth
// @Param       ref  path string          true "Id or slug of the tag that goes." minlength(1) maxlength(100) example(soccer)
// @Param       body body TagMergeRequest true "The tag that stays"
// @Success     200 {object} Data[ManagedTag]
// @Header      200 {string} ETag "x"
// @Failure     403,404,412 {object} Problem
// @Router      /v1/manage/tags/{ref}/merge [post]
func mergeTag(h tagHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		var in TagMergeRequest
		if err := readBody(c, &in); err != nil {
			return err
		}
		ref, err := h.ref(c)
		if err != nil {
			return err
		}
		tag, err := h.manage.desk.MergeTag(c.Request().Context(), actor(c), ref, optionalIfMatch(c), in.Into)
		if err != nil {
			return err
		}
		return h.answer(c, http.StatusOK, tag)
	}
}
