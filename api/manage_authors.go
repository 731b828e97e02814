package api

import (
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// ManagedAuthor is an author as editors see them.
type ManagedAuthor struct {
	termFields
	// Words in other languages, by BCP 47 tag.
	Translations map[string]AuthorTranslation `json:"translations"`
	JobTitle     *string                      `json:"job_title" example:"political scientist"`
	Bio          *string                      `json:"bio"`
	Avatar       *string                      `json:"avatar" format:"uri"`
	// Never shown to readers.
	Email *string      `json:"email" format:"email"`
	Links []AuthorLink `json:"links"`
}

// AuthorTranslation is the words about an author in one language.
type AuthorTranslation struct {
	Name        *string `json:"name" example:"Дилноза Юсупова"`
	Description *string `json:"description"`
	JobTitle    *string `json:"job_title"`
	Bio         *string `json:"bio"`
}

// AuthorInput is an author as a client writes them. Only the name is required.
type AuthorInput struct {
	// Made from the name when left out.
	Slug         string                            `json:"slug" maxLength:"100" extensions:"x-nullable,x-pattern=^[a-z0-9]+(-[a-z0-9]+)*$" example:"dilnoza-yusupova"`
	Name         string                            `json:"name" validate:"required" minLength:"1" maxLength:"200" example:"Dilnoza Yusupova"`
	Description  string                            `json:"description" maxLength:"2000" extensions:"x-nullable"`
	Translations map[string]AuthorTranslationInput `json:"translations" extensions:"x-nullable"`
	JobTitle     string                            `json:"job_title" maxLength:"200" extensions:"x-nullable" example:"political scientist"`
	Bio          string                            `json:"bio" maxLength:"5000" extensions:"x-nullable"`
	// Absolute http or https URL of a picture.
	Avatar string `json:"avatar" maxLength:"2000" format:"uri" extensions:"x-nullable"`
	// Never shown to readers.
	Email string            `json:"email" format:"email" extensions:"x-nullable"`
	Links []AuthorLinkInput `json:"links" validate:"max=50" extensions:"x-nullable"`
}

// AuthorTranslationInput is the words about an author in one language, as a client writes them.
type AuthorTranslationInput struct {
	Name        string `json:"name" maxLength:"200" extensions:"x-nullable" example:"Дилноза Юсупова"`
	Description string `json:"description" maxLength:"2000" extensions:"x-nullable"`
	JobTitle    string `json:"job_title" maxLength:"200" extensions:"x-nullable"`
	Bio         string `json:"bio" maxLength:"5000" extensions:"x-nullable"`
}

// AuthorLinkInput is a public page of an author.
type AuthorLinkInput struct {
	Label string `json:"label" maxLength:"200" example:"Blog"`
	URL   string `json:"url" validate:"required" maxLength:"2000" format:"uri" example:"https://blog.example"`
}

type authorHandler = termHandler[newsroom.Author, AuthorInput]

func newAuthorHandler(m manage) authorHandler {
	return authorHandler{
		manage: m, what: "author", desk: m.desk.Authors(),
		list: store.Queries.ListAuthors, find: store.Queries.Author,
		term:     func(a newsroom.Author) newsroom.Term { return a.Term },
		draft:    authorDraft,
		input:    authorInputOf,
		show:     showAuthors,
		sortable: []string{"name", "slug", "created_at", "updated_at"},
		fields: []string{
			"id", "slug", "name", "description", "version", "created_at", "updated_at", "translations",
			"job_title", "bio", "avatar", "email", "links",
		},
	}
}

func authorDraft(in AuthorInput, broken []newsroom.FieldError) editorial.TermDraft[newsroom.Author] {
	trim(&in.Name, &in.Slug, &in.Description)
	translations, broken := translationsFrom(in.Translations, func(t AuthorTranslationInput) newsroom.Translation { return newsroom.Translation(t) }, broken)
	links := make([]newsroom.AuthorLink, len(in.Links))
	for i, l := range in.Links {
		links[i] = newsroom.AuthorLink(l)
	}
	return editorial.TermDraft[newsroom.Author]{
		Value: newsroom.Author{
			Term:     newsroom.Term{Slug: in.Slug, Name: in.Name, Description: in.Description, Translations: translations},
			JobTitle: in.JobTitle, Bio: in.Bio, Avatar: in.Avatar, Email: in.Email, Links: links,
		},
		Invalid: broken,
	}
}

func authorInputOf(a newsroom.Author) AuthorInput {
	links := make([]AuthorLinkInput, len(a.Links))
	for i, l := range a.Links {
		links[i] = AuthorLinkInput(l)
	}
	return AuthorInput{
		Slug: a.Slug, Name: a.Name, Description: a.Description,
		JobTitle: a.JobTitle, Bio: a.Bio, Avatar: a.Avatar, Email: a.Email, Links: links,
		Translations: translationsTo(a.Translations, func(t newsroom.Translation) AuthorTranslationInput { return AuthorTranslationInput(t) }),
	}
}

func showAuthors(_ store.Queries, list []newsroom.Author) ([]any, error) {
	out := make([]any, len(list))
	for i, a := range list {
		m := ManagedAuthor{
			termFields: termFieldsOf(a.Term), JobTitle: nullable(a.JobTitle), Bio: nullable(a.Bio),
			Avatar: nullable(a.Avatar), Email: nullable(a.Email), Links: authorLinks(a.Links),
			Translations: translationsTo(a.Translations, func(t newsroom.Translation) AuthorTranslation {
				return AuthorTranslation{nullable(t.Name), nullable(t.Description), nullable(t.JobTitle), nullable(t.Bio)}
			}),
		}
		out[i] = m
	}
	return out, nil
}

func authorLinks(links []newsroom.AuthorLink) []AuthorLink {
	out := make([]AuthorLink, len(links))
	for i, l := range links {
		out[i] = AuthorLink(l)
	}
	return out
}

// listAuthors gives authors.
//
// @Summary  List authors
// @ID       listManagedAuthors
// @Tags     manage-taxonomy
// @Security BearerAuth
// @Param    query  query PageQuery false "paging"
// @Param    sort   query []string    false "Order, the first key first; - means descending." default(name) example(-created_at) collectionFormat(csv) Enums(name,-name,slug,-slug,created_at,-created_at,updated_at,-updated_at)
// @Param    fields query []string  false "Only these fields of each author." collectionFormat(csv) Enums(id,slug,name,description,version,created_at,updated_at,translations,job_title,bio,avatar,email,links)
// @Success  200 {object} Page[ManagedAuthor]
// @Header   200 {string} Link "x"
// @Failure  403 {object} Problem
// @Router   /v1/manage/authors [get]
func listAuthors(h authorHandler) echo.HandlerFunc { return h.page }

// createAuthor adds an author.
//
// @Summary  Create an author
// @ID       createAuthor
// @Tags     manage-taxonomy
// @Security BearerAuth
// @Param    body body AuthorInput true "The author"
// @Success  201 {object} Data[ManagedAuthor]
// @Header   201 {string} Location "x"
// @Header   201 {string} ETag "x"
// @Failure  403,409 {object} Problem
// @Router   /v1/manage/authors [post]
func createAuthor(h authorHandler) echo.HandlerFunc { return h.create }

// getAuthor gives an author.
//
// @Summary  Read an author
// @ID       getManagedAuthor
// @Tags     manage-taxonomy
// @Security BearerAuth
// @Param    ref path string true "Id or slug." minlength(1) maxlength(100) example(dilnoza-yusupova)
// @Success  200 {object} Data[ManagedAuthor]
// @Header   200 {string} ETag "x"
// @Failure  403,404 {object} Problem
// @Router   /v1/manage/authors/{ref} [get]
func getAuthor(h authorHandler) echo.HandlerFunc { return h.get }

// updateAuthor changes an author.
//
// @Summary     Change an author
// @Description A JSON merge patch (RFC 7396). Readers see a new name everywhere at once.
// @ID          updateAuthor
// @Tags        manage-taxonomy
// @Security    BearerAuth
// @Param       ref  path string      true "Id or slug." minlength(1) maxlength(100) example(dilnoza-yusupova)
// @Param       body body AuthorInput true "What changes"
// @Success     200 {object} Data[ManagedAuthor]
// @Header      200 {string} ETag "x"
// @Failure     403,404,409,412,428 {object} Problem
// @Router      /v1/manage/authors/{ref} [patch]
func updateAuthor(h authorHandler) echo.HandlerFunc { return h.update }

// deleteAuthor deletes an author.
//
// @Summary     Delete an author
// @Description Not while articles carry the name (in_use), unless replace_with names an author for them.
// @ID          deleteAuthor
// @Tags        manage-taxonomy
// @Security    BearerAuth
// @Param       ref path string true "Id or slug." minlength(1) maxlength(100) example(dilnoza-yusupova)
// @Param       replace_with query string false "Id or slug of the author that takes its place, in working copies and for readers." minlength(1) maxlength(100) example(nodira-saidova)
// @Success     204
// @Failure     403,404,409,412,428 {object} Problem
// @Router      /v1/manage/authors/{ref} [delete]
func deleteAuthor(h authorHandler) echo.HandlerFunc { return h.delete }
