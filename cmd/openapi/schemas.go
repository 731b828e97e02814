package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// The extensions that annotations may give to a schema. None of them stays in the document.
const (
	extOptional   = "x-optional"    // an answer may lack the field
	extPattern    = "x-pattern"     // a regular expression for a string
	extOr         = "x-or"          // the name of a primitive type that will do as well
	extOrOne      = "x-or-one"      // one item of the array, without the array, will do as well
	extExactlyOne = "x-exactly-one" // exactly one of the object's properties must be given
	extSparse     = "x-sparse"      // the "fields" of the request are those of this list's items
	extPatchOf    = "x-patch-of"    // the name of an input: the field is a merge patch of it
	extExample    = "x-example"     // a parameter's example, which Swagger 2 has no place for
)

// addGoFacts describes schemas by the comments of their types, and makes pointers of answers nullable and what they
// may omit optional.
func addGoFacts(doc *openapi3.T, types map[string]goType) {
	for schema, ref := range doc.Components.Schemas {
		name := typeOf(types, schema)
		if ref.Value.Description == "" {
			ref.Value.Description = capital(types[name].synopsis)
		}
		if isRequest(schema) {
			continue
		}
		for field, facts := range allFields(types, name) {
			if property := ref.Value.Properties[field]; property != nil {
				addFieldFacts(property, facts)
			}
		}
	}
}

func addFieldFacts(property *openapi3.SchemaRef, facts goField) {
	if facts.nullable {
		wrap(property).Nullable = true
	}
	if facts.optional {
		setExtension(wrap(property), extOptional)
	}
}

func setExtension(s *openapi3.Schema, name string) {
	if s.Extensions == nil {
		s.Extensions = map[string]any{}
	}
	s.Extensions[name] = true
}

// applyExtensions turns the extensions of annotations into keywords. On an array they speak of its items.
func applyExtensions(doc *openapi3.T) {
	eachSchema(doc, func(ref *openapi3.SchemaRef) {
		extensions := ref.Value.Extensions
		target := ref
		if ref.Value.Type.Is("array") {
			target = ref.Value.Items
		}
		if pattern, ok := extensions[extPattern].(string); ok {
			wrap(target).Pattern = pattern
		}
		if primitive, ok := extensions[extOr].(string); ok {
			allowPrimitive(wrap(target), primitive)
		}
		if extensions[extExactlyOne] != nil {
			s := wrap(target)
			s.MinProps, s.MaxProps = 1, openapi3.Ptr[uint64](1)
		}
		if extensions[extOrOne] != nil {
			allowOne(ref)
		}
	})
}

// allowOne lets a value be one item of the array that ref describes as well.
func allowOne(ref *openapi3.SchemaRef) {
	array := clone(ref.Value)
	array.Description, array.Nullable, array.Example, array.Extensions = "", false, nil, nil
	ref.Value = &openapi3.Schema{
		Description: ref.Value.Description, Nullable: ref.Value.Nullable, Example: ref.Value.Example,
		AnyOf: openapi3.SchemaRefs{array.Items, array.NewRef()},
	}
}

// allowPrimitive lets s, a wrapped reference, be a value of the primitive type as well.
func allowPrimitive(s *openapi3.Schema, primitive string) {
	s.AnyOf = append(openapi3.SchemaRefs{{Value: &openapi3.Schema{Type: &openapi3.Types{primitive}}}}, s.AllOf...)
	s.AllOf = nil
}

// inferFormats gives the strings called id the format uuid and those that end in _at date-time, unless they have one.
func inferFormats(doc *openapi3.T) {
	eachSchema(doc, func(ref *openapi3.SchemaRef) {
		for name, property := range ref.Value.Properties {
			inferFormat(name, property.Value)
		}
	})
	eachOperation(doc, func(_ string, op *openapi3.Operation) {
		for _, p := range op.Parameters {
			inferFormat(p.Value.Name, p.Value.Schema.Value)
		}
	})
}

func inferFormat(name string, s *openapi3.Schema) {
	switch {
	case s == nil || !s.Type.Is("string") || s.Format != "":
	case name == "id":
		s.Format = "uuid"
	case strings.HasSuffix(name, "_at"):
		s.Format = "date-time"
	}
}

// requireFields requires every field of the answers that is not optional: a field is always present. What requests
// require is annotated.
func requireFields(doc *openapi3.T) {
	for name, ref := range doc.Components.Schemas {
		if isRequest(name) || isBlock(name) {
			continue
		}
		walk(ref, func(ref *openapi3.SchemaRef) {
			ref.Value.Required = nil
			for _, field := range slices.Sorted(maps.Keys(ref.Value.Properties)) {
				property := ref.Value.Properties[field]
				if property.Value == nil || property.Ref != "" || property.Value.Extensions[extOptional] == nil {
					ref.Value.Required = append(ref.Value.Required, field)
				}
			}
		})
	}
}

// sayDefaults moves the defaults of requests into their descriptions. Generators of clients take a property with a
// default for one that is always there, and would make every caller send it.
func sayDefaults(doc *openapi3.T) {
	for name, ref := range doc.Components.Schemas {
		if !isRequest(name) {
			continue
		}
		for _, property := range ref.Value.Properties {
			if s := property.Value; s != nil && property.Ref == "" && s.Default != nil {
				s.Description = strings.TrimSpace(fmt.Sprintf("%s Default: %v.", s.Description, s.Default))
				s.Default = nil
			}
		}
	}
}

// closeObjects allows no property that the document does not name, neither in requests nor in answers. Objects without
// named properties stay free.
func closeObjects(doc *openapi3.T) {
	eachSchema(doc, func(ref *openapi3.SchemaRef) {
		s := ref.Value
		if len(s.Properties) > 0 && s.AdditionalProperties.Schema == nil && s.AdditionalProperties.Has == nil {
			s.AdditionalProperties.Has = openapi3.Ptr(false)
		}
	})
}

// settleNull says "or null" in the way of JSON Schema where a plain type cannot: anyOf for references, and null as one
// of the values of an enumeration.
func settleNull(doc *openapi3.T) {
	eachSchema(doc, func(ref *openapi3.SchemaRef) {
		s := ref.Value
		if !s.Nullable {
			return
		}
		null := &openapi3.SchemaRef{Value: &openapi3.Schema{Type: &openapi3.Types{"null"}}}
		switch {
		case len(s.AllOf) > 0:
			s.AnyOf, s.AllOf, s.Nullable = append(s.AllOf, null), nil, false
		case len(s.AnyOf) > 0:
			s.AnyOf, s.Nullable = append(s.AnyOf, null), false
		case len(s.Enum) > 0 && !slices.Contains(s.Enum, any(nil)):
			s.Enum = append(s.Enum, nil)
		}
	})
}

// dropExtensions removes the extensions: they are for this program and for Go, not for clients.
func dropExtensions(doc *openapi3.T) {
	eachSchema(doc, func(ref *openapi3.SchemaRef) { ref.Extensions, ref.Value.Extensions = nil, nil })
	eachOperation(doc, func(_ string, op *openapi3.Operation) {
		for _, p := range op.Parameters {
			if p.Value != nil {
				p.Value.Extensions = nil
			}
		}
		if op.RequestBody != nil {
			op.RequestBody.Value.Extensions = nil
		}
	})
}

// unwrapReferences undoes wrap where nothing more was said.
func unwrapReferences(doc *openapi3.T) {
	eachSchema(doc, func(ref *openapi3.SchemaRef) {
		said, err := ref.Value.MarshalYAML()
		if keywords, ok := said.(map[string]any); err == nil && ok && len(keywords) == 1 && len(ref.Value.AllOf) == 1 {
			*ref = openapi3.SchemaRef{Ref: ref.Value.AllOf[0].Ref}
		}
	})
}
