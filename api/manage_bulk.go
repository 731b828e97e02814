package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
)

// maxOperations is how many operations one call may have.
const maxOperations = 100

// BulkRequest is many changes of articles in one call.
type BulkRequest struct {
	// All or nothing. With false each operation stands for itself.
	Atomic *bool `json:"atomic" default:"true" extensions:"x-nullable" example:"true"`
	// What to do, in this order.
	Operations []BulkOperationInput `json:"operations" validate:"required,min=1,max=100"`
}

// BulkOperationInput is one change of an article, with what the call for it alone would take.
type BulkOperationInput struct {
	// `create` takes `article`; `patch` takes `id`, `if_match` and `article`; `publish` takes `id`, `if_match`, `at` and `until`;
	// `unpublish` takes `id` and `if_match`; `delete`, which moves to the trash, takes `id` and `if_match`.
	Op string `json:"op" validate:"required" enums:"create,patch,publish,unpublish,delete" example:"patch"`
	// Of the article. Needed by all but `create`.
	ID string `json:"id" maxLength:"100" extensions:"x-nullable" example:"01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42"`
	// The ETag of the last GET, or `*`. Needed by `patch` and `delete`.
	IfMatch string `json:"if_match" extensions:"x-nullable" example:"\"7\""`
	// A whole article for `create`, for which it needs a title, and a merge patch for `patch`.
	Article bulkArticle `json:"article" swaggertype:"object" extensions:"x-nullable,x-patch-of=ArticleInput"`
	// From when readers see it; now when left out.
	At *time.Time `json:"at" format:"date-time" extensions:"x-nullable"`
	// Until when readers see it; for good when left out.
	Until *time.Time `json:"until" format:"date-time" extensions:"x-nullable"`
}

// bulkArticle is an article as it came, or a patch of one.
type bulkArticle struct{ value any }

func (a *bulkArticle) bindJSON(b *binder, pointer string, value any) {
	if _, ok := value.(map[string]any); !ok {
		b.wrongType(pointer, "an object")
	}
	a.value = value
}

// bulkFields are the fields that each operation takes, those that it needs first.
var bulkFields = map[string]struct{ needs, takes []string }{
	"create":    {[]string{"article"}, nil},
	"patch":     {[]string{"id", "article"}, []string{"if_match"}},
	"publish":   {[]string{"id"}, []string{"if_match", "at", "until"}},
	"unpublish": {[]string{"id"}, []string{"if_match"}},
	"delete":    {[]string{"id"}, []string{"if_match"}},
}

// bindJSON takes the fields of the operation, and no other.
func (o *BulkOperationInput) bindJSON(b *binder, pointer string, value any) {
	type fields BulkOperationInput
	b.set(pointer, value, reflect.ValueOf((*fields)(o)).Elem())
	sent, _ := value.(map[string]any)
	op, ok := bulkFields[o.Op]
	if _, text := sent["op"].(string); text && !ok {
		b.fail(pointer+"/op", newsroom.FieldInvalid, "The op is one of create, patch, publish, unpublish and delete.")
	}
	if !ok {
		return
	}
	for _, name := range []string{"id", "if_match", "article", "at", "until"} {
		switch needed := slices.Contains(op.needs, name); {
		case needed && sent[name] == nil:
			b.fail(pointer+"/"+name, newsroom.FieldRequired, "This is needed.")
		case !needed && sent[name] != nil && !slices.Contains(op.takes, name):
			b.fail(pointer+"/"+name, newsroom.FieldNotAllowed, "The operation "+o.Op+" does not take this.")
		}
	}
}

// BulkAnswer is what came of the operations.
type BulkAnswer struct {
	Atomic bool `json:"atomic"`
	// How many operations were carried out.
	Applied int `json:"applied" minimum:"0" example:"2"`
	// One for each operation, in their order.
	Results []BulkResult `json:"results"`
}

// BulkResult is what came of one operation.
type BulkResult struct {
	// The number of the operation, from 0.
	Index int    `json:"index" minimum:"0" example:"0"`
	Op    string `json:"op" enums:"create,patch,publish,unpublish,delete" example:"patch"`
	// That the call for it alone would have had.
	Status int `json:"status" minimum:"200" maximum:"499" example:"200"`
	// Of the article, as it was sent; null when none was created.
	ID *string `json:"id" example:"01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42"`
	// The version of the article by now; null after a failure, but for a stale `if_match`, and after `delete`.
	Version *int    `json:"version" minimum:"1" example:"8"`
	Slug    *string `json:"slug" example:"yangi-koprik"`
	// Why it failed; null when it did not.
	Error *BulkError `json:"error"`
}

// BulkError is why an operation failed, in the words of a problem document.
type BulkError struct {
	Code   string `json:"code" example:"stale_version"`
	Title  string `json:"title" example:"Stale version"`
	Detail string `json:"detail" example:"Somebody changed it meanwhile. Read it again before you change it."`
	// Each broken rule, where there are several. A pointer is into the request body.
	Errors []ProblemField `json:"errors"`
}

// bulkArticles carries out many operations.
//
// @Summary     Change many articles
// @Description Up to 100 operations, each with the rights and rules of the call for it alone; an API token needs `articles:publish`
// @Description to publish and unpublish. When `atomic`, which is the default, all happen in one transaction: the first failure gives its
// @Description status and code, `errors` has those of all operations, and nothing is done. Otherwise each result has a status of its own.
// @Description A failure that is ours (5xx) ends the call; send an `Idempotency-Key` to repeat it safely.
// @ID          bulkArticles
// @Tags        manage-articles
// @Security    BearerAuth
// @Param       body body BulkRequest true "The operations"
// @Success     200 {object} Data[BulkAnswer]
// @Failure     403,404,409,412,428 {object} Problem
// @Router      /v1/manage/articles/bulk [post]
func (h manage) bulkArticles(c echo.Context) error {
	var in BulkRequest
	if err := readBody(c, &in); err != nil {
		return err
	}
	b := bulk{manage: h, who: actor(c), atomic: in.Atomic == nil || *in.Atomic}
	if err := b.run(c.Request().Context(), in.Operations); err != nil {
		return err
	}
	return private(c, http.StatusOK, Data[BulkAnswer]{BulkAnswer{Atomic: b.atomic, Applied: b.applied, Results: b.results}})
}

// bulk is a call of many operations while they are carried out.
type bulk struct {
	manage
	who     newsroom.Actor
	atomic  bool
	applied int
	results []BulkResult
	failed  *newsroom.Error // the first failure, with the fields of all
}

func (b *bulk) run(ctx context.Context, operations []BulkOperationInput) error {
	switch n := len(operations); {
	case n == 0:
		return newsroom.Invalid([]newsroom.FieldError{{Pointer: "/operations", Code: newsroom.FieldRequired, Detail: "At least one operation is needed."}})
	case n > maxOperations:
		return newsroom.Invalid([]newsroom.FieldError{{Pointer: "/operations", Code: newsroom.FieldTooLong, Detail: "A call has at most 100 operations."}})
	case !b.atomic:
		return b.each(ctx, operations)
	}
	return b.store.Together(ctx, func(ctx context.Context) error {
		if err := b.each(ctx, operations); err != nil || b.failed == nil {
			return err
		}
		return b.failed
	})
}

// each carries out the operations, also after failures; a fault of ours ends them.
func (b *bulk) each(ctx context.Context, operations []BulkOperationInput) error {
	for i, o := range operations {
		r := BulkResult{Index: i, Op: o.Op, Status: o.status(), ID: nullable(o.ID)}
		s, err := b.carryOut(ctx, o)
		var known *newsroom.Error
		switch {
		case err != nil && !isFinal(err):
			return err
		case errors.As(err, &known):
			b.fail(&r, known)
		default:
			b.applied++
			if o.Op != "delete" {
				id := s.ID.String()
				r.ID, r.Version, r.Slug = &id, &s.Version, &s.Slug
			}
		}
		b.results = append(b.results, r)
	}
	return nil
}

// status is that of a success.
func (o BulkOperationInput) status() int {
	switch o.Op {
	case "create":
		return http.StatusCreated
	case "delete":
		return http.StatusNoContent
	}
	return http.StatusOK
}

// carryOut gives the article after an operation; after delete nothing of it.
func (b *bulk) carryOut(ctx context.Context, o BulkOperationInput) (newsroom.Standing, error) {
	if o.Op == "create" {
		var input ArticleInput
		broken := bind(o.Article.value, &input)
		return b.desk.CreateArticle(ctx, b.who, b.draft(input, broken))
	}
	id, ok := parseID(o.ID)
	if !ok {
		return newsroom.Standing{}, noArticle()
	}
	if o.Op == "publish" || o.Op == "unpublish" {
		return b.publication(ctx, o, id)
	}
	if o.IfMatch == "" {
		return newsroom.Standing{}, noPrecondition()
	}
	if o.Op == "delete" {
		return newsroom.Standing{}, b.desk.TrashArticle(ctx, b.who, id, precondition(o.IfMatch))
	}
	return b.desk.SaveArticle(ctx, b.who, id, precondition(o.IfMatch), func(a newsroom.Article) (editorial.Draft, error) {
		return b.patched(a, o.Article.value), nil
	})
}

// publication publishes or unpublishes, for which the call as a whole does not ask who may.
func (b *bulk) publication(ctx context.Context, o BulkOperationInput, id uuid.UUID) (newsroom.Standing, error) {
	if err := permit(b.who, authors, newsroom.ScopeArticlesPublish); err != nil {
		return newsroom.Standing{}, err
	}
	if o.Op == "publish" {
		return b.desk.Publish(ctx, b.who, id, precondition(o.IfMatch), o.At, o.Until)
	}
	return b.desk.Unpublish(ctx, b.who, id, precondition(o.IfMatch))
}

// fail notes a failure in the result of its operation and, for when nothing is to be done, in that of the whole.
func (b *bulk) fail(r *BulkResult, e *newsroom.Error) {
	at := fmt.Sprintf("/operations/%d", r.Index)
	kind := statuses[e.Code]
	r.Status, r.Error = kind.status, &BulkError{Code: string(e.Code), Title: kind.title, Detail: e.Detail, Errors: []ProblemField{}}
	if e.Code == newsroom.CodeStaleVersion {
		r.Version = &e.Version
	}
	if b.failed == nil {
		b.failed = &newsroom.Error{Code: e.Code, Detail: fmt.Sprintf("Nothing was done, because operation %d failed: %s", r.Index, e.Detail), Version: e.Version}
	}
	for _, f := range e.Fields {
		if r.Op == "create" || r.Op == "patch" {
			f.Pointer = "/article" + f.Pointer
		}
		f.Pointer = at + f.Pointer
		r.Error.Errors = append(r.Error.Errors, ProblemField(f))
		b.failed.Fields = append(b.failed.Fields, f)
	}
	if len(e.Fields) == 0 {
		b.failed.Fields = append(b.failed.Fields, newsroom.FieldError{Pointer: at, Code: string(e.Code), Detail: e.Detail})
	}
}
