package api

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// termFields are the fields that sections, authors and tags have in common, as editors see them.
type termFields struct {
	ID          string  `json:"id" format:"uuid"`
	Slug        string  `json:"slug" example:"world"`
	Name        string  `json:"name" example:"World"`
	Description *string `json:"description"`
	// Counts every change; the ETag holds it.
	Version   int       `json:"version" minimum:"1" example:"3"`
	CreatedAt time.Time `json:"created_at" format:"date-time"`
	UpdatedAt time.Time `json:"updated_at" format:"date-time"`
}

func termFieldsOf(t newsroom.Term) termFields {
	return termFields{
		ID: t.ID.String(), Slug: t.Slug, Name: t.Name, Description: nullable(t.Description),
		Version: t.Version, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
	}
}

// TermTranslation is the words of a section or tag in one language.
type TermTranslation struct {
	Name        *string `json:"name" example:"Мир"`
	Description *string `json:"description"`
}

func termTranslationOf(t newsroom.Translation) TermTranslation {
	return TermTranslation{Name: nullable(t.Name), Description: nullable(t.Description)}
}

// TermTranslationInput is the words of a section or tag in one language, as a client writes them.
type TermTranslationInput struct {
	Name        string `json:"name" maxLength:"200" extensions:"x-nullable" example:"Мир"`
	Description string `json:"description" maxLength:"2000" extensions:"x-nullable"`
}

func (t TermTranslationInput) translation() newsroom.Translation {
	return newsroom.Translation{Name: t.Name, Description: t.Description}
}

func termTranslationInputOf(t newsroom.Translation) TermTranslationInput {
	return TermTranslationInput{Name: t.Name, Description: t.Description}
}

// termHandler answers for one kind of term; every route of the three kinds is one of its methods.
type termHandler[T store.Term, In any] struct {
	manage
	what  string // "section"
	desk  editorial.TermDesk[T]
	list  func(store.Queries, store.Page) (store.Listing[T], error)
	find  func(store.Queries, string) (T, error)
	term  func(T) newsroom.Term
	draft func(In, []newsroom.FieldError) editorial.TermDraft[T]
	input func(T) In
	show  func(store.Queries, []T) ([]any, error)
	// sortable are the names that sort may use; the first is the order without it.
	sortable []string
	fields   []string
}

func (h termHandler[T, In]) page(c echo.Context) error {
	q := queryOf(c)
	page := q.page(h.sortable, store.SortKey{Field: h.sortable[0]})
	fields := q.list("fields", h.fields)
	if err := q.err(); err != nil {
		return err
	}
	listing, err := h.list(h.read(c), page.Page)
	if err != nil {
		return err
	}
	shown, err := h.show(h.read(c), listing.Items)
	if err != nil {
		return err
	}
	items, err := sparse(shown, fields)
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, pageOf(c, items, page, listing))
}

func (h termHandler[T, In]) create(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	value, err := readJSON(c, false)
	if err != nil {
		return err
	}
	var in In
	broken := bind(value, &in)
	t, err := h.desk.Create(c.Request().Context(), actor(c), h.draft(in, broken))
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/v1/manage/"+h.what+"s/"+h.term(t).ID.String())
	return h.answer(c, http.StatusCreated, t)
}

func (h termHandler[T, In]) get(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	ref, err := h.ref(c)
	if err != nil {
		return err
	}
	t, err := h.find(h.read(c), ref)
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return h.missing()
	}
	if err != nil {
		return err
	}
	return h.answer(c, http.StatusOK, t)
}

func (h termHandler[T, In]) update(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	ref, err := h.ref(c)
	if err != nil {
		return err
	}
	expected, err := ifMatch(c)
	if err != nil {
		return err
	}
	patch, err := readJSON(c, false)
	if err != nil {
		return err
	}
	t, err := h.desk.Change(c.Request().Context(), actor(c), ref, expected, func(before T) (editorial.TermDraft[T], error) {
		var in In
		broken := bindPatch(h.input(before), canonicalTranslations(patch), &in)
		return h.draft(in, broken), nil
	})
	if err != nil {
		return err
	}
	return h.answer(c, http.StatusOK, t)
}

func (h termHandler[T, In]) delete(c echo.Context) error {
	q := queryOf(c)
	with := q.one("replace_with")
	if err := q.err(); err != nil {
		return err
	}
	ref, err := h.ref(c)
	if err != nil {
		return err
	}
	expected, err := ifMatch(c)
	if err != nil {
		return err
	}
	if with == "" {
		err = h.desk.Delete(c.Request().Context(), actor(c), ref, expected)
	} else {
		err = h.desk.Replace(c.Request().Context(), actor(c), ref, expected, with)
	}
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// ref gives the slug or id in the path, or not_found.
func (h termHandler[T, In]) ref(c echo.Context) (string, error) {
	ref, ok := termRef(param(c, "ref"))
	if !ok {
		return "", h.missing()
	}
	return ref, nil
}

func (h termHandler[T, In]) missing() error {
	return newsroom.Errorf(newsroom.CodeNotFound, "There is no such %s.", h.what)
}

func (h termHandler[T, In]) answer(c echo.Context, status int, t T) error {
	shown, err := h.show(h.read(c), []T{t})
	if err != nil {
		return err
	}
	return versioned(c, status, h.term(t).Version, Data[any]{shown[0]})
}

// canonicalTranslations gives a patch whose translations are named as they are kept, so that "RU" changes what "ru" said.
// What is no language tag stays, and is refused later.
func canonicalTranslations(patch any) any {
	object, _ := patch.(map[string]any)
	translations, ok := object["translations"].(map[string]any)
	if !ok {
		return patch
	}
	named := map[string]any{}
	for tag, words := range translations {
		canonical, err := lang.Parse(tag)
		if _, twice := translations[canonical]; err != nil || twice {
			canonical = tag
		}
		named[canonical] = words
	}
	out := maps.Clone(object)
	out["translations"] = named
	return out
}

// translationsFrom gives the words in other languages that a client has sent, and what is wrong with their tags.
func translationsFrom[In any](all map[string]In, read func(In) newsroom.Translation, broken []newsroom.FieldError) (newsroom.Translations, []newsroom.FieldError) {
	out := newsroom.Translations{}
	for _, tag := range slices.Sorted(maps.Keys(all)) {
		at := "/translations/" + escapePointer(tag)
		canonical, err := lang.Parse(tag)
		_, twice := out[canonical]
		switch {
		case err != nil:
			broken = append(broken, newsroom.FieldError{Pointer: at, Code: newsroom.FieldInvalid, Detail: "This is not a language tag."})
		case twice:
			broken = append(broken, newsroom.FieldError{Pointer: at, Code: newsroom.FieldDuplicate, Detail: "This language stands there twice."})
		default:
			out[canonical] = read(all[tag])
		}
	}
	return out, broken
}

// translationsTo gives the words in other languages in the form of a client.
func translationsTo[Out any](all newsroom.Translations, show func(newsroom.Translation) Out) map[string]Out {
	out := make(map[string]Out, len(all))
	for tag, t := range all {
		out[tag] = show(t)
	}
	return out
}
