package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi3"
)

// keepParameterExamples hides the examples of parameters, which Swagger 2 does not know, in an extension that survives
// the conversion.
func keepParameterExamples(swagger *openapi2.T) {
	for _, path := range swagger.Paths {
		for _, op := range path.Operations() {
			for _, p := range op.Parameters {
				if example, ok := p.Extensions["example"]; ok {
					p.Extensions[extExample] = example
				}
			}
		}
	}
}

// bearerScheme makes HTTP bearer schemes of API keys in a header, the nearest that Swagger 2 can say.
func bearerScheme(doc *openapi3.T) {
	for _, scheme := range doc.Components.SecuritySchemes {
		if scheme.Value.Type == "apiKey" {
			scheme.Value = &openapi3.SecurityScheme{
				Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: scheme.Value.Description,
			}
		}
	}
}

// completeOperations adds to each operation what all operations of its kind share, and the components for that.
func completeOperations(doc *openapi3.T) error {
	doc.Components.Responses = failureResponses(doc.Components.Schemas)
	doc.Components.Headers = headerComponents()
	doc.Components.Parameters = parameterComponents()
	if !knowsCode(doc.Components.Schemas, codeKeyReused) {
		delete(doc.Components.Parameters, "IdempotencyKey") // no request with a key is told apart
	}
	var err error
	eachOperation(doc, func(method string, op *openapi3.Operation) {
		if e := completeOperation(doc.Components.Parameters, method, op); e != nil && err == nil {
			err = fmt.Errorf("operation %q: %w", op.OperationID, e)
		}
	})
	return err
}

func completeOperation(shared openapi3.ParametersMap, method string, op *openapi3.Operation) error {
	if op.OperationID == "" || op.Summary == "" || len(op.Tags) == 0 {
		return fmt.Errorf("@ID, @Summary and @Tags are required (summary %q)", op.Summary)
	}
	if op.Security == nil {
		op.Security = &openapi3.SecurityRequirements{}
	}
	for _, p := range op.Parameters {
		completeParameter(p.Value)
	}
	completeBody(op)
	completeSuccesses(op)
	shareParameters(shared, method, op)
	return shareFailures(op)
}

// exampleID stands for any id that has no example of its own.
const exampleID = "01985e7a-2a10-7c3e-9d55-6f0c8a7b1e42"

// completeParameter restores a parameter's example and pattern. On an array the pattern is that of its items, and
// example and default, which are annotated as comma lists, become arrays.
func completeParameter(p *openapi3.Parameter) {
	schema := p.Schema.Value
	p.Example = p.Extensions[extExample]
	if p.Example == nil && p.Schema.Value.Format == "uuid" {
		p.Example = exampleID
	}
	if schema.Type.Is("array") {
		p.Example, schema.Default = splitList(p.Example), splitList(schema.Default)
		schema = schema.Items.Value
	}
	if pattern, ok := p.Extensions[extPattern].(string); ok {
		schema.Pattern = pattern
	}
}

// splitList makes an array of a comma list; any other value stays.
func splitList(v any) any {
	if list, ok := v.(string); ok {
		return strings.Split(list, ",")
	}
	return v
}

// completeBody requires the body, and makes it JSON where no media type is annotated.
func completeBody(op *openapi3.Operation) {
	if op.RequestBody == nil {
		return
	}
	body := op.RequestBody.Value
	body.Required = true
	if media, ok := body.Content["*/*"]; ok {
		body.Content = openapi3.Content{"application/json": media}
	}
}

// streamType is the media type of Server-Sent Events. An annotation has one schema for all media types, but a stream is text.
const streamType = "text/event-stream"

const streamExample = "id: 1042\nevent: article.published\ndata: {\"id\":1042,\"type\":\"article.published\"}\n\n"

// completeSuccesses leaves answers below 400 their media types, but that of problems, and gives them the shared headers,
// and those of caching where an operation may answer 304.
// The statuses that never have a body lose it.
func completeSuccesses(op *openapi3.Operation) {
	for status, ref := range op.Responses.Map() {
		if isFailure(status) {
			continue
		}
		response := ref.Value
		delete(response.Content, problemType)
		if _, ok := response.Content[streamType]; ok {
			response.Content[streamType] = &openapi3.MediaType{Schema: openapi3.NewStringSchema().NewRef(), Example: streamExample}
		}
		if slices.Contains([]string{"202", "204", "304", "308"}, status) {
			response.Content = nil
		}
		if response.Headers == nil {
			response.Headers = openapi3.Headers{}
		}
		response.Headers[requestID] = nil
		if response.Content != nil || status == "304" {
			response.Headers["Cache-Control"] = nil
		}
		if cached := op.Responses.Status(http.StatusNotModified) != nil; cached && (status == "200" || status == "304") {
			response.Headers["ETag"], response.Headers["Last-Modified"] = nil, nil
		}
		for name := range response.Headers {
			if _, ok := knownHeaders[name]; ok {
				response.Headers[name] = headerReference(name)
			}
		}
	}
}

// isFailure reports whether status is of a response that tells of a problem.
func isFailure(status string) bool {
	return strings.HasPrefix(status, "4") || strings.HasPrefix(status, "5") || status == "default"
}

// shareFailures replaces the failures of op by references to the shared responses, and adds those that every operation
// of its kind may give.
func shareFailures(op *openapi3.Operation) error {
	statuses := map[string]bool{"400": true, "500": true, "503": true}
	if len(*op.Security) > 0 {
		statuses["401"] = true
	}
	if op.RequestBody != nil {
		statuses["413"], statuses["415"], statuses["422"] = true, true, true
	}
	if slices.ContainsFunc(op.Parameters, func(p *openapi3.ParameterRef) bool { return p.Ref == parameterReference("IdempotencyKey") }) {
		statuses["409"], statuses["413"], statuses["422"] = true, true, true
	}
	for status := range op.Responses.Map() {
		if isFailure(status) {
			statuses[status] = true
		}
	}
	for _, status := range slices.Sorted(maps.Keys(statuses)) {
		failure, ok := failures[status]
		if !ok {
			return fmt.Errorf("no shared response for status %s", status)
		}
		op.Responses.Set(status, &openapi3.ResponseRef{Ref: "#/components/responses/" + failure.name})
	}
	return nil
}

// sharedParameter is a request header that all operations of a kind take.
type sharedParameter struct {
	name, description string
	required          bool
	example           string
	takenBy           func(method string, op *openapi3.Operation) bool
}

var sharedParameters = map[string]sharedParameter{
	"IfMatch": {
		name: "If-Match", required: true, example: `"7"`,
		description: "The ETag of the last GET, so that nobody's change is overwritten unseen, or `*` to force.",
		takenBy: func(method string, op *openapi3.Operation) bool {
			return op.Responses.Value("428") != nil && method != "POST" // which has it in its body
		},
	},
	"OptionalIfMatch": {
		name: "If-Match", example: `"7"`,
		description: "The ETag of the last GET, to do nothing if somebody has changed it since.",
		takenBy: func(_ string, op *openapi3.Operation) bool {
			return op.Responses.Value("412") != nil && op.Responses.Value("428") == nil
		},
	},
	"IfNoneMatch": {
		name: "If-None-Match", example: `"7"`,
		description: "The ETag of a copy at hand: the answer is 304 while it is still good.",
		takenBy:     func(_ string, op *openapi3.Operation) bool { return op.Responses.Value("304") != nil },
	},
	"IdempotencyKey": {
		name: "Idempotency-Key", example: "0192f5c8-7a31-7c55-9d3e-0b1f6f2f3a10",
		description: "A unique text that nobody can guess, of 1 to 255 visible ASCII characters. The same key and body give the first answer again for 24 hours, with `Idempotency-Replayed: true`.",
		takenBy: func(method string, _ *openapi3.Operation) bool {
			return method == "POST"
		},
	},
}

func parameterReference(component string) string { return "#/components/parameters/" + component }

func parameterComponents() openapi3.ParametersMap {
	parameters := openapi3.ParametersMap{}
	for component, p := range sharedParameters {
		parameters[component] = &openapi3.ParameterRef{Value: &openapi3.Parameter{
			In: "header", Name: p.name, Description: p.description, Required: p.required, Example: p.example,
			Schema: openapi3.NewSchemaRef("", openapi3.NewStringSchema()),
		}}
	}
	return parameters
}

// shareParameters adds the shared parameters that op takes, instead of an annotated one of the same name.
func shareParameters(shared openapi3.ParametersMap, method string, op *openapi3.Operation) {
	for _, component := range slices.Sorted(maps.Keys(shared)) {
		header := sharedParameters[component]
		if !header.takenBy(method, op) {
			continue
		}
		op.Parameters = slices.DeleteFunc(op.Parameters, func(p *openapi3.ParameterRef) bool {
			return p.Value != nil && p.Value.In == "header" && strings.EqualFold(p.Value.Name, header.name)
		})
		op.Parameters = append(op.Parameters, &openapi3.ParameterRef{Ref: parameterReference(component)})
	}
}
