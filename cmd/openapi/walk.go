package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const schemaPrefix = "#/components/schemas/"

// eachSchema visits every schema of doc that is not a mere reference, parents before children, in a fixed order.
func eachSchema(doc *openapi3.T, visit func(*openapi3.SchemaRef)) {
	for _, name := range slices.Sorted(maps.Keys(doc.Components.Schemas)) {
		walk(doc.Components.Schemas[name], visit)
	}
	eachOperation(doc, func(_ string, op *openapi3.Operation) {
		for _, p := range op.Parameters {
			if p.Value != nil {
				walk(p.Value.Schema, visit)
			}
		}
		if op.RequestBody != nil {
			walkContent(op.RequestBody.Value.Content, visit)
		}
		for _, response := range op.Responses.Map() {
			if response.Value != nil {
				walkContent(response.Value.Content, visit)
			}
		}
	})
}

func walkContent(content openapi3.Content, visit func(*openapi3.SchemaRef)) {
	for _, media := range content {
		walk(media.Schema, visit)
	}
}

func walk(ref *openapi3.SchemaRef, visit func(*openapi3.SchemaRef)) {
	if ref == nil || ref.Ref != "" || ref.Value == nil {
		return
	}
	visit(ref)
	s := ref.Value
	if s == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		walk(s.Properties[name], visit)
	}
	walk(s.Items, visit)
	walk(s.AdditionalProperties.Schema, visit)
	for _, list := range []openapi3.SchemaRefs{s.AllOf, s.AnyOf, s.OneOf} {
		for _, child := range list {
			walk(child, visit)
		}
	}
}

// eachOperation visits the operations of doc by path and method. The method is in capitals.
func eachOperation(doc *openapi3.T, visit func(method string, op *openapi3.Operation)) {
	for _, path := range doc.Paths.InMatchingOrder() {
		operations := doc.Paths.Value(path).Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			visit(method, operations[method])
		}
	}
}

// isRequest reports whether the named schema describes what clients send.
func isRequest(name string) bool {
	return strings.HasSuffix(name, "Input") || strings.HasSuffix(name, "Patch") || strings.HasSuffix(name, "Request")
}

// reference makes a reference to the named schema.
func reference(name string) *openapi3.SchemaRef {
	return &openapi3.SchemaRef{Ref: schemaPrefix + name}
}

// referred is the name of the schema that ref refers to, by itself or as its single allOf. Empty when there is none.
func referred(ref *openapi3.SchemaRef) string {
	switch {
	case ref == nil:
		return ""
	case ref.Ref != "":
		return strings.TrimPrefix(ref.Ref, schemaPrefix)
	case ref.Value != nil && len(ref.Value.AllOf) == 1:
		return referred(ref.Value.AllOf[0])
	}
	return ""
}

// wrap turns a reference into a schema that has the reference as its single allOf, so that more can be said of it.
// It leaves any other schema alone.
func wrap(ref *openapi3.SchemaRef) *openapi3.Schema {
	if ref.Ref != "" {
		target := &openapi3.SchemaRef{Ref: ref.Ref}
		*ref = openapi3.SchemaRef{Value: &openapi3.Schema{AllOf: openapi3.SchemaRefs{target}}}
	}
	return ref.Value
}

// clone copies a schema with all that is in it, but not what it refers to.
func clone(s *openapi3.Schema) *openapi3.Schema {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err) // a schema read from JSON can be written as JSON
	}
	var c openapi3.Schema
	if err := json.Unmarshal(raw, &c); err != nil {
		panic(err)
	}
	return &c
}
