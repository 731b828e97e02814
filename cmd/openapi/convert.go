package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3conv"
)

// version is the version of OpenAPI that the documents are written in.
const version = "3.1.1"

// generate makes the document of the handlers in api, which may name types of the packages in others. The document is
// valid, or there is an error.
func generate(api string, others ...string) (*openapi3.T, error) {
	swagger, err := parse(api, others...)
	if err != nil {
		return nil, err
	}
	types, err := readTypes(append([]string{api}, others...)...)
	if err != nil {
		return nil, err
	}
	doc, err := convert(swagger, types)
	if err != nil {
		return nil, err
	}
	return validated(doc)
}

// convert makes an OpenAPI 3.1 document of swagger, completed with what types tells. The order of the steps counts:
// names and facts first, then what is derived from them, then null (which must be settled before Upgrade, as that
// drops it from references), and last what nothing refers to.
func convert(swagger *openapi2.T, types map[string]goType) (*openapi3.T, error) {
	keepParameterExamples(swagger)
	doc, err := openapi2conv.ToV3(swagger)
	if err != nil {
		return nil, fmt.Errorf("convert to OpenAPI 3: %w", err)
	}
	doc.Servers = openapi3.Servers{{URL: "/", Description: "The server that this document comes from"}}

	addGoFacts(doc, types)
	if err := splitBlocks(doc); err != nil {
		return nil, err
	}
	applyExtensions(doc)
	inferFormats(doc)
	patchBodies(doc)
	sayDefaults(doc)
	requireFields(doc)
	closeObjects(doc)
	allowSparse(doc)
	settleNull(doc)

	bearerScheme(doc)
	if err := completeOperations(doc); err != nil {
		return nil, err
	}
	dropExtensions(doc)
	unwrapReferences(doc)
	if err := prune(doc); err != nil {
		return nil, err
	}
	openapi3conv.Upgrade(doc)
	doc.OpenAPI = version
	return doc, nil
}

// validated reads doc anew, which resolves its references, and validates it with its examples.
func validated(doc *openapi3.T) (*openapi3.T, error) {
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	doc, err = openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		return nil, fmt.Errorf("load the document: %w", err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("validate the document: %w", err)
	}
	return doc, nil
}
