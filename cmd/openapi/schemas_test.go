package main

import (
	"maps"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

func TestPointersOfAnswersAreNullable(t *testing.T) {
	card := schemas + "Card properties "
	expect(t, card+"kicker", `{"type": ["string", "null"]}`)
	expect(t, card+"published_at", `{"type": ["string", "null"], "format": "date-time"}`)
	expect(t, card+"mood", `{"anyOf": [{"$ref": "#/components/schemas/Status"}, {"type": "null"}]}`)
	expect(t, card+"section", `{"anyOf": [{"$ref": "#/components/schemas/Section"}, {"type": "null"}], "description": "where it is filed"}`)
	expect(t, card+"kind", `{"type": ["string", "null"], "enum": ["news", "opinion", null]}`)
	expect(t, schemas+"Article properties kicker", `{"type": ["string", "null"]}`)
	expect(t, schemas+"Article properties custom", `{"type": ["object", "null"]}`)
	expect(t, schemas+"Article properties seo", `{"$ref": "#/components/schemas/Seo"}`)
}

func TestAnswersRequireAllButWhatMayBeAbsent(t *testing.T) {
	expect(t, schemas+"Section required", `["children", "id", "name"]`)
	expect(t, schemas+"Body required", `null`)
	expect(t, schemas+"Meta required", `["limit"]`)
	expect(t, schemas+"Meta properties total", `{"type": "integer"}`)
	expect(t, schemas+"CardPage required", `["data", "links", "meta"]`)
}

func TestRequestsRequireWhatIsAnnotated(t *testing.T) {
	expect(t, schemas+"ArticleInput required", `["title"]`)
	expect(t, schemas+"ArticleInput properties kicker", `{"type": "string"}`)
	expect(t, schemas+"ArticleInput properties section", `{"type": ["string", "null"]}`)
	expect(t, schemas+"ArticleInput properties title", `{"type": "string", "maxLength": 300}`)
}

func TestDefaultsOfRequestsAreSaid(t *testing.T) {
	expect(t, schemas+"ArticleInput properties type", `{"type": "string", "description": "A word. Default: article."}`)
	expect(t, schemas+"ArticlePatch properties type", `{"type": ["string", "null"], "description": "A word."}`)
}

func TestObjectsAreClosed(t *testing.T) {
	for name, schema := range at(t, document(t), "components schemas").(map[string]any) {
		s := schema.(map[string]any)
		if s["properties"] != nil && s["additionalProperties"] != false {
			t.Errorf("%s allows unknown properties", name)
		}
	}
}

func TestExtensionsBecomeKeywords(t *testing.T) {
	input := schemas + "ArticleInput properties "
	expect(t, input+"slug", `{"type": "string", "pattern": "^[a-z0-9-]+$"}`)
	expect(t, input+"tags", `{"type": "array", "maxItems": 50, "items": {"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/TagInput"}]}}`)
	expect(t, input+"langs", `{"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}, {"type": "null"}], "description": "of which"}`)
	expect(t, input+"body", `{"allOf": [{"$ref": "#/components/schemas/BodyInput"}], "minProperties": 1, "maxProperties": 1}`)
}

func TestNoExtensionStays(t *testing.T) {
	doc, err := fixture()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := encodeJSON(doc)
	if err != nil {
		t.Fatal(err)
	}
	if at := strings.Index(string(raw), `"x-`); at >= 0 {
		t.Errorf("there is an extension: %.60s", raw[at:])
	}
}

func TestFormatsOfIDsAndTimes(t *testing.T) {
	expect(t, schemas+"Card properties id format", `"uuid"`)
	expect(t, schemas+"Card properties updated_at format", `"date-time"`)
	expect(t, schemas+"Card properties url format", `"uri"`)
	expect(t, update+"parameters 0 schema format", `"uuid"`)
	expect(t, schemas+"Problem properties request_id", `{"type": "string"}`)
}

func TestCommentsDescribe(t *testing.T) {
	expect(t, schemas+"Card description", `"Card is an article in a list."`)
	expect(t, schemas+"HeadingBlock properties text description", `"inline HTML"`)
}

func TestBlocksAreOneOfTheirTypes(t *testing.T) {
	expect(t, schemas+"Block discriminator propertyName", `"type"`)
	expect(t, schemas+"Block discriminator mapping heading", `"#/components/schemas/HeadingBlock"`)
	expect(t, schemas+"Block oneOf 0", `{"$ref": "#/components/schemas/CodeBlock"}`)
	expect(t, schemas+"HeadingBlock required", `["type", "level", "text"]`)
	expect(t, schemas+"HeadingBlock properties type", `{"type": "string", "const": "heading"}`)
	expect(t, schemas+"HeadingBlock properties level minimum", `2`)
	expect(t, schemas+"DividerBlock required", `["type"]`)
	expect(t, schemas+"ImageBlock properties url format", `"uri"`)
	expect(t, schemas+"ListItem properties items items", `{"$ref": "#/components/schemas/ListItem"}`)
	expect(t, schemas+"ListItem required", `["text"]`)
	expect(t, schemas+"Body properties blocks items", `{"$ref": "#/components/schemas/Block"}`)
	if got := len(at(t, document(t), schemas+"Block oneOf").([]any)); got != len(blockShapes) {
		t.Errorf("%d types of block, want %d", got, len(blockShapes))
	}
}

func TestUnknownBlocksAreAnError(t *testing.T) {
	types := &openapi3.Schema{Enum: []any{string(newsroom.BlockCode), "map"}}
	if err := checkBlocks(&openapi3.Schema{}, types); err == nil || !strings.Contains(err.Error(), "map") {
		t.Errorf("a new type of block: %v", err)
	}
	block := &openapi3.Schema{Properties: openapi3.Schemas{"zoom": {}}}
	if err := checkBlocks(block, &openapi3.Schema{}); err == nil || !strings.Contains(err.Error(), "zoom") {
		t.Errorf("a new field of a block: %v", err)
	}
}

func TestPatchesAreDerived(t *testing.T) {
	patch := schemas + "ArticlePatch "
	expect(t, patch+"required", `null`)
	expect(t, patch+"properties title", `{"type": "string", "maxLength": 300}`)
	expect(t, patch+"properties kicker", `{"type": ["string", "null"]}`)
	expect(t, patch+"properties tags type", `["array", "null"]`)
	expect(t, patch+"properties seo", `{"anyOf": [{"$ref": "#/components/schemas/SeoPatch"}, {"type": "null"}]}`)
	expect(t, patch+"properties names additionalProperties", `{"anyOf": [{"$ref": "#/components/schemas/NamePatch"}, {"type": "null"}]}`)
	expect(t, patch+"properties body anyOf 0", `{"$ref": "#/components/schemas/BodyInput"}`)
	expect(t, update+"requestBody content", `{
		"application/json": {"schema": {"$ref": "#/components/schemas/ArticlePatch"}},
		"application/merge-patch+json": {"schema": {"$ref": "#/components/schemas/ArticlePatch"}}}`)
}

func TestSparseAnswers(t *testing.T) {
	expect(t, schemas+"CardPage properties data items",
		`{"anyOf": [{"$ref": "#/components/schemas/Card"}, {"$ref": "#/components/schemas/CardFields"}]}`)
	expect(t, schemas+"Shelf properties cards items", `{"anyOf": [{"$ref": "#/components/schemas/Card"}, {"$ref": "#/components/schemas/CardFields"}]}`)
	expect(t, schemas+"ShelfData properties data", `{"$ref": "#/components/schemas/Shelf"}`)
	expect(t, schemas+"CardFields required", `null`)
	expect(t, schemas+"CardFields minProperties", `1`)
	expect(t, read+"responses 200 content application/json schema", `{"$ref": "#/components/schemas/SparseArticleData"}`)
	expect(t, update+"responses 200 content application/json schema", `{"$ref": "#/components/schemas/ArticleData"}`)
	expect(t, schemas+"ArticleData properties data", `{"$ref": "#/components/schemas/Article"}`)
}

func TestUnusedComponentsArePruned(t *testing.T) {
	used := at(t, document(t), "components schemas").(map[string]any)
	for _, name := range []string{"BlockType", "Block-"} {
		if used[name] != nil {
			t.Errorf("%s is not used", name)
		}
	}
	for name := range maps.Keys(used) {
		if strings.ContainsAny(name, "._-") {
			t.Errorf("%s is not a clean name", name)
		}
	}
}
