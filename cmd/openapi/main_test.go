package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi/datamodel"
	"go.yaml.in/yaml/v3"
)

var fixture = sync.OnceValues(func() (*openapi3.T, error) {
	return generate("testdata/api", "../../internal/newsroom")
})

// document generates the fixture's document, once for all tests, and gives it as a client decodes it.
func document(t *testing.T) map[string]any {
	t.Helper()
	doc, err := fixture()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := encodeJSON(doc)
	if err != nil {
		t.Fatal(err)
	}
	var decoded map[string]any
	if err := json.Unmarshal(raw, &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}

// at gives what a path of keys leads to, separated by spaces; numbers index arrays by their digit.
func at(t *testing.T, v any, path string) any {
	t.Helper()
	for _, key := range strings.Fields(path) {
		switch node := v.(type) {
		case map[string]any:
			v = node[key]
		case []any:
			v = node[int(key[0]-'0')]
		default:
			t.Fatalf("%s: nothing at %s", path, key)
		}
	}
	return v
}

// expect checks that what is at path in the fixture's document equals want, which is JSON. An absent value is null.
func expect(t *testing.T, path, want string) {
	t.Helper()
	var wanted any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatalf("%s: %v", want, err)
	}
	if got := at(t, document(t), path); !reflect.DeepEqual(got, wanted) {
		raw, _ := json.Marshal(got)
		t.Errorf("%s:\n got %s\nwant %s", path, raw, want)
	}
}

const (
	schemas = "components schemas "
	list    = "paths /v1/content/articles get "
	read    = "paths /v1/content/articles/{key} get "
	create  = "paths /v1/manage/articles post "
	update  = "paths /v1/manage/articles/{id} patch "
	remove  = "paths /v1/manage/articles/{id} delete "
)

func TestSameBytesOnEachRun(t *testing.T) {
	dirs := []string{t.TempDir(), t.TempDir(), t.TempDir()}
	for _, dir := range dirs {
		doc, err := generate("testdata/api", "../../internal/newsroom")
		if err != nil {
			t.Fatal(err)
		}
		if err := write(dir, doc); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"openapi.json", "openapi.yaml"} {
		first, err := os.ReadFile(filepath.Join(dirs[0], name))
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range dirs[1:] {
			if again, _ := os.ReadFile(filepath.Join(dir, name)); !bytes.Equal(first, again) {
				t.Errorf("%s differs from one run to the next", name)
			}
		}
	}
}

func TestYAMLHasTheSameData(t *testing.T) {
	doc, err := fixture()
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := encodeJSON(doc)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := toYAML(asJSON)
	if err != nil {
		t.Fatal(err)
	}
	var fromYAML any
	if err := yaml.Unmarshal(asYAML, &fromYAML); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(fromYAML)
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(again, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(asJSON, &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Error("openapi.yaml and openapi.json differ")
	}
}

func TestValidByTheOfficialSchema(t *testing.T) {
	doc, err := fixture()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := encodeJSON(doc)
	if err != nil {
		t.Fatal(err)
	}
	config := datamodel.NewDocumentConfiguration()
	config.IgnoreArrayCircularReferences = true // sections within sections
	model, err := libopenapi.NewDocumentWithConfiguration(raw, config)
	if err != nil {
		t.Fatal(err)
	}
	check, errs := validator.NewValidator(model)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if ok, problems := check.ValidateDocument(); !ok {
		for _, p := range problems {
			t.Errorf("%s: %s", p.Message, p.Reason)
		}
	}
}

func TestGeneralInformation(t *testing.T) {
	expect(t, "openapi", `"3.1.1"`)
	expect(t, "info license", `{"name": "MIT", "url": "https://opensource.org/license/mit"}`)
	expect(t, "info description", `"One of everything.\nEvery GET answers HEAD too."`)
	expect(t, "servers 0 url", `"/"`)
	expect(t, "tags 1", `{"name": "manage-articles", "description": "What editors do."}`)
	expect(t, "components securitySchemes BearerAuth",
		`{"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "A JWT or an API token."}`)
}

func TestCleanName(t *testing.T) {
	for name, want := range map[string]string{
		"api.Card":                "Card",
		"api.problem":             "Problem",
		"newsroom.Block":          "Block",
		"api.Page-api_Card":       "CardPage",
		"api.Page-newsroom_Block": "BlockPage",
		"api.Data-array_api_Card": "CardListData",
		"api.Data-string":         "StringData",
		"Named":                   "Named",
	} {
		if got := cleanName(name); got != want {
			t.Errorf("cleanName(%q) = %q, want %q", name, got, want)
		}
	}
}
