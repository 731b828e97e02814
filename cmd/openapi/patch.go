package main

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// patchBodies makes the bodies of PATCH operations RFC 7396 merge patches: an annotated ArticleInput becomes an
// ArticlePatch, sent as either of two media types. Fields that are annotated as a patch become one too.
func patchBodies(doc *openapi3.T) {
	eachSchema(doc, func(ref *openapi3.SchemaRef) {
		if input, ok := ref.Value.Extensions[extPatchOf].(string); ok {
			ref.Value.Type, ref.Value.AllOf = nil, openapi3.SchemaRefs{reference(patchOf(doc.Components.Schemas, input))}
		}
	})
	eachOperation(doc, func(method string, op *openapi3.Operation) {
		if method != "PATCH" || op.RequestBody == nil {
			return
		}
		body := op.RequestBody.Value
		for _, media := range body.Content {
			if input := referred(media.Schema); strings.HasSuffix(input, "Input") {
				media.Schema = reference(patchOf(doc.Components.Schemas, input))
			}
			body.Content = openapi3.Content{"application/merge-patch+json": media, "application/json": media}
			return
		}
	})
}

// patchOf derives the patch of the named input and gives its name. Nothing is required, and null removes what the
// input does not require.
func patchOf(schemas openapi3.Schemas, input string) string {
	name := strings.TrimSuffix(input, "Input") + "Patch"
	if schemas[name] != nil {
		return name
	}
	patch := clone(schemas[input].Value)
	patch.Description = "A merge patch (RFC 7396): what is absent stays, what is null is removed."
	schemas[name] = &openapi3.SchemaRef{Value: patch}
	for field, property := range patch.Properties {
		patchNested(schemas, property)
		if !slices.Contains(patch.Required, field) {
			wrap(property).Nullable = true
		}
		if property.Value != nil {
			property.Value.Default = nil // what is absent stays as it is
		}
	}
	patch.Required = nil
	return name
}

// patchNested makes patches of the inputs that property is, or is a map of: they are merged too. Lists, and objects
// with exactly one property, are replaced as they are.
func patchNested(schemas openapi3.Schemas, property *openapi3.SchemaRef) {
	if nested := referred(property); strings.HasSuffix(nested, "Input") && wrap(property).MaxProps == nil {
		property.Value.AllOf[0] = reference(patchOf(schemas, nested))
	}
	if property.Value == nil || property.Value.AdditionalProperties.Schema == nil {
		return
	}
	entry := property.Value.AdditionalProperties.Schema
	patchNested(schemas, entry)
	wrap(entry).Nullable = true
}
