package main

import (
	"github.com/getkin/kin-openapi/openapi3"
)

// allowSparse lets the answers of operations with a "fields" parameter have only some fields: where their data is an X,
// or a list of X, it may also be an XFields. Where a list within X is annotated as sparse, the fields are those of its items.
func allowSparse(doc *openapi3.T) {
	whole := map[string]bool{} // envelopes that operations without the parameter answer with
	eachOperation(doc, func(_ string, op *openapi3.Operation) {
		if op.Parameters.GetByInAndName("query", "fields") == nil {
			whole[envelope(op)] = true
		}
	})
	done := map[string]bool{}
	eachOperation(doc, func(_ string, op *openapi3.Operation) {
		name := envelope(op)
		if name == "" || op.Parameters.GetByInAndName("query", "fields") == nil {
			return
		}
		if whole[name] {
			name = copySparse(doc.Components.Schemas, name)
			op.Responses.Value("200").Value.Content.Get("application/json").Schema = reference(name)
		}
		if !done[name] {
			thinData(doc.Components.Schemas, name)
			done[name] = true
		}
	})
}

// envelope is the name of the schema that op answers with, or empty.
func envelope(op *openapi3.Operation) string {
	ok := op.Responses.Value("200")
	if ok == nil || ok.Value.Content.Get("application/json") == nil {
		return ""
	}
	return referred(ok.Value.Content.Get("application/json").Schema)
}

func copySparse(schemas openapi3.Schemas, name string) string {
	sparse := "Sparse" + name
	if schemas[sparse] == nil {
		schemas[sparse] = &openapi3.SchemaRef{Value: clone(schemas[name].Value)}
	}
	return sparse
}

func thinData(schemas openapi3.Schemas, envelope string) {
	data := schemas[envelope].Value.Properties["data"]
	if data != nil && data.Value != nil && data.Value.Type.Is("array") {
		data = data.Value.Items
	}
	if whole := schemas[referred(data)]; whole != nil {
		for _, field := range whole.Value.Properties {
			if field.Value != nil && field.Value.Extensions[extSparse] != nil {
				thin(schemas, field.Value.Items)
				return
			}
		}
	}
	thin(schemas, data)
}

// thin lets data, a reference to X, be an XFields as well.
func thin(schemas openapi3.Schemas, data *openapi3.SchemaRef) {
	name := referred(data)
	if name == "" {
		return
	}
	if schemas[name+"Fields"] == nil {
		some := clone(schemas[name].Value)
		some.Description = "The fields of " + name + " that the request asked for."
		some.Required, some.MinProps = nil, 1
		schemas[name+"Fields"] = &openapi3.SchemaRef{Value: some}
	}
	*data = openapi3.SchemaRef{Value: &openapi3.Schema{
		AnyOf: openapi3.SchemaRefs{reference(name), reference(name + "Fields")},
	}}
}
