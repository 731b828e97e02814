package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi3"
)

// parameter gives the query parameter of the list as JSON would have it.
func parameter(t *testing.T, name string) map[string]any {
	t.Helper()
	for _, p := range at(t, document(t), list+"parameters").([]any) {
		if p := p.(map[string]any); p["name"] == name {
			return p
		}
	}
	t.Fatalf("no parameter %s", name)
	return nil
}

func TestQueryParameters(t *testing.T) {
	for name, want := range map[string]string{
		"q":       "map[description:Words to look for. example:bridge in:query name:q schema:map[maxLength:200 minLength:2 type:string]]",
		"lang":    "map[description:Language tag. example:[uz-Latn ru] explode:true in:query name:lang schema:map[items:map[type:string] type:array] style:form]",
		"section": "map[description:sections, any of them explode:false in:query name:section schema:map[items:map[type:string] type:array] style:form]",
		"tag":     "map[description:tags, all of them explode:true in:query name:tag schema:map[items:map[type:string] type:array] style:form]",
		"sort":    "map[description:order in:query name:sort schema:map[default:title enum:[title -title] type:string]]",
		"limit":   "map[description:page size in:query name:limit schema:map[default:20 maximum:100 minimum:1 type:integer]]",
		"window":  `map[description:how far back in:query name:window schema:map[pattern:^\d+[hd]$ type:string]]`,
		"from":    "map[description:since when in:query name:from schema:map[format:date-time type:string]]",
		"fields":  "map[description:only these fields example:[title slug] explode:false in:query name:fields schema:map[items:map[type:string] type:array] style:form]",
	} {
		if got := fmt.Sprint(parameter(t, name)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
	expect(t, read+"parameters 1 example", `"uz-Latn"`)
	expect(t, read+"parameters 2 example", `["title", "slug"]`)
	expect(t, read+"parameters 2 schema default", `["title"]`)
}

func TestPublicOperationsSaySo(t *testing.T) {
	expect(t, list+"security", `[]`)
	expect(t, create+"security", `[{"BearerAuth": []}]`)
}

func TestFailuresAreShared(t *testing.T) {
	expect(t, list+"responses 401", `null`)
	expect(t, create+"responses 401", `{"$ref": "#/components/responses/Unauthenticated"}`)
	expect(t, create+"responses 422", `{"$ref": "#/components/responses/ValidationFailed"}`)
	expect(t, create+"responses 409", `{"$ref": "#/components/responses/Conflict"}`)
	for _, status := range []string{"400", "500", "503"} {
		expect(t, list+"responses "+status+" $ref", `"#/components/responses/`+failures[status].name+`"`)
	}
}

func TestFailuresAreProblemsAndNothingElse(t *testing.T) {
	for name, response := range at(t, document(t), "components responses").(map[string]any) {
		content := at(t, response, "content").(map[string]any)
		if len(content) != 1 || at(t, content, problemType+" schema $ref") != schemaPrefix+"Problem" {
			t.Errorf("%s: %v", name, content)
		}
		if at(t, response, "headers "+requestID) == nil {
			t.Errorf("%s has no %s", name, requestID)
		}
	}
	const responses = "components responses "
	expect(t, responses+"Unauthenticated headers WWW-Authenticate", `{"$ref": "#/components/headers/WWWAuthenticate"}`)
	expect(t, responses+"RateLimited headers Retry-After", `{"$ref": "#/components/headers/RetryAfter"}`)
	expect(t, responses+"Unavailable headers Retry-After", `{"$ref": "#/components/headers/RetryAfter"}`)
	expect(t, responses+"MethodNotAllowed headers Allow", `{"$ref": "#/components/headers/Allow"}`)
	expect(t, responses+"Conflict content application/problem+json examples slug_taken value code", `"slug_taken"`)
	expect(t, responses+"Conflict content application/problem+json examples slug_taken value status", `409`)
}

func TestSuccesses(t *testing.T) {
	expect(t, list+"responses 200 headers", `{
		"X-Request-Id": {"$ref": "#/components/headers/XRequestId"},
		"ETag": {"$ref": "#/components/headers/ETag"}, "Link": {"$ref": "#/components/headers/Link"},
		"Last-Modified": {"$ref": "#/components/headers/LastModified"}, "Cache-Control": {"$ref": "#/components/headers/CacheControl"}}`)
	expect(t, list+"responses 304 content", `null`)
	expect(t, list+"responses 304 headers X-Request-Id $ref", `"#/components/headers/XRequestId"`)
	expect(t, read+"responses 308 headers Location $ref", `"#/components/headers/Location"`)
	expect(t, remove+"responses 204 content", `null`)
	expect(t, "paths /v1/content/articles/{key}/views post responses 202 content", `null`)
	expect(t, "paths /feeds/rss.xml get responses 200 content", `{"application/rss+xml": {"schema": {"type": "string"}}}`)
	expect(t, "paths /feeds/rss.xml get responses 200 headers X-Feed description", `"how fresh"`)
}

func TestAStreamIsText(t *testing.T) {
	object := openapi3.NewObjectSchema().NewRef()
	response := &openapi3.Response{Content: openapi3.Content{"application/json": {Schema: object}, streamType: {Schema: object}}}
	completeSuccesses(&openapi3.Operation{Responses: openapi3.NewResponses(openapi3.WithStatus(200, &openapi3.ResponseRef{Value: response}))})
	if !response.Content[streamType].Schema.Value.Type.Is("string") || !response.Content["application/json"].Schema.Value.Type.Is("object") {
		t.Errorf("the answer is %v", response.Content)
	}
}

func TestSharedRequestHeaders(t *testing.T) {
	expect(t, update+"parameters 1", `{"$ref": "#/components/parameters/IfMatch"}`)
	expect(t, update+"parameters", `[
		{"in": "path", "name": "id", "required": true, "description": "Article id", "example": "`+exampleID+`", "schema": {"type": "string", "format": "uuid"}},
		{"$ref": "#/components/parameters/IfMatch"}]`)
	expect(t, create+"parameters", `[{"$ref": "#/components/parameters/IdempotencyKey"}]`)
	expect(t, create+"responses 409", `{"$ref": "#/components/responses/Conflict"}`)
	expect(t, "paths /v1/content/articles/{key}/views post responses 413", `{"$ref": "#/components/responses/TooLarge"}`)
	expect(t, list+"parameters 9", `{"$ref": "#/components/parameters/IfNoneMatch"}`)
	expect(t, "components parameters IfMatch required", `true`)
	expect(t, "paths /v1/manage/articles/{id}/publish post parameters 2", `{"$ref": "#/components/parameters/OptionalIfMatch"}`)
	expect(t, "components parameters OptionalIfMatch required", `null`)
}

func TestBodies(t *testing.T) {
	expect(t, create+"requestBody", `{"required": true, "description": "The article",
		"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ArticleInput"}}}}`)
	expect(t, "paths /v1/manage/articles/picture post requestBody required", `true`)
	expect(t, "paths /v1/manage/articles/picture post requestBody content multipart/form-data schema required", `["file"]`)
}

func TestIncompleteOperationsAreErrors(t *testing.T) {
	complete := func() *openapi3.Operation {
		return &openapi3.Operation{
			OperationID: "x", Summary: "X", Tags: []string{"x"}, Responses: openapi3.NewResponses(openapi3.WithStatus(200,
				&openapi3.ResponseRef{Value: &openapi3.Response{}})),
		}
	}
	if err := completeOperation(nil, "GET", complete()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*openapi3.Operation){
		"@ID":        func(op *openapi3.Operation) { op.OperationID = "" },
		"@Summary":   func(op *openapi3.Operation) { op.Summary = "" },
		"@Tags":      func(op *openapi3.Operation) { op.Tags = nil },
		"status 418": func(op *openapi3.Operation) { op.Responses.Set("418", &openapi3.ResponseRef{}) },
	} {
		op := complete()
		spoil(op)
		if err := completeOperation(nil, "GET", op); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCodesThatProblemsDoNotListAreLeftOut(t *testing.T) {
	code := &openapi3.SchemaRef{Value: &openapi3.Schema{Enum: []any{"slug_taken"}}}
	schemas := openapi3.Schemas{"Problem": {Value: &openapi3.Schema{Properties: openapi3.Schemas{"code": code}}}}
	examples := failureResponses(schemas)["Conflict"].Value.Content.Get(problemType).Examples
	if len(examples) != 1 || examples["slug_taken"] == nil {
		t.Errorf("examples %v, want slug_taken only", examples)
	}
}

func TestNamesMustDiffer(t *testing.T) {
	raw := []byte(`{"definitions": {"api.Card": {}, "newsroom.Card": {}}}`)
	doc := &openapi2.T{Definitions: map[string]*openapi2.SchemaRef{"api.Card": {}, "newsroom.Card": {}}}
	if _, err := renameDefinitions(raw, doc); err == nil || !strings.Contains(err.Error(), "called Card") {
		t.Errorf("two types called Card: %v", err)
	}
}
