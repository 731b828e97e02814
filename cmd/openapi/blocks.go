package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// blockShape names the fields of one type of block. Those are the fields of newsroom.Block that count for it.
type blockShape struct {
	required, optional []string
}

var blockShapes = map[newsroom.BlockType]blockShape{
	newsroom.BlockParagraph: {required: []string{"text"}},
	newsroom.BlockHeading:   {required: []string{"level", "text"}},
	newsroom.BlockList:      {required: []string{"items"}, optional: []string{"ordered"}},
	newsroom.BlockQuote:     {required: []string{"text"}, optional: []string{"attribution"}},
	newsroom.BlockImage:     {required: []string{"url"}, optional: []string{"alt", "caption", "credit"}},
	newsroom.BlockTable:     {required: []string{"rows"}, optional: []string{"caption", "header"}},
	newsroom.BlockEmbed:     {required: []string{"url"}, optional: []string{"caption", "provider"}},
	newsroom.BlockCode:      {required: []string{"code"}, optional: []string{"language"}},
	newsroom.BlockDivider:   {},
}

// blockName is the name of the schema for blocks of typ: "ParagraphBlock".
func blockName(typ newsroom.BlockType) string { return capital(string(typ)) + "Block" }

// isBlock reports whether the named schema is a part of a body, whose required fields splitBlocks sets.
func isBlock(name string) bool {
	if name == "Block" || name == "ListItem" {
		return true
	}
	for typ := range blockShapes {
		if name == blockName(typ) {
			return true
		}
	}
	return false
}

// splitBlocks replaces the schema of newsroom.Block, which has the fields of all types, by one for each type. It is an
// error if there is a type or a field of a block that blockShapes does not name.
func splitBlocks(doc *openapi3.T) error {
	schemas := doc.Components.Schemas
	block := schemas["Block"]
	if block == nil {
		return nil
	}
	if err := checkBlocks(block.Value, schemas["BlockType"].Value); err != nil {
		return err
	}
	oneOf := &openapi3.Schema{
		Description:   "One piece of an article's body.",
		Discriminator: &openapi3.Discriminator{PropertyName: "type", Mapping: map[string]openapi3.MappingRef{}},
	}
	for _, typ := range slices.Sorted(maps.Keys(blockShapes)) {
		name := blockName(typ)
		schemas[name] = &openapi3.SchemaRef{Value: blockSchema(typ, block.Value.Properties)}
		oneOf.OneOf = append(oneOf.OneOf, reference(name))
		oneOf.Discriminator.Mapping[string(typ)] = openapi3.MappingRef{Ref: schemaPrefix + name}
	}
	schemas["Block"] = &openapi3.SchemaRef{Value: oneOf}
	item := schemas["ListItem"].Value
	item.Description = "One item of a list, with the list that is nested below it, if oneOf."
	item.Required = []string{"text"}
	return nil
}

func blockSchema(typ newsroom.BlockType, fields openapi3.Schemas) *openapi3.Schema {
	shape := blockShapes[typ]
	s := &openapi3.Schema{
		Description: fmt.Sprintf("A block of type %s.", typ),
		Type:        &openapi3.Types{"object"},
		Required:    append([]string{"type"}, shape.required...),
		Properties: openapi3.Schemas{
			"type": {Value: &openapi3.Schema{Type: &openapi3.Types{"string"}, Const: string(typ)}},
		},
	}
	for _, field := range slices.Concat(shape.required, shape.optional) {
		property := clone(fields[field].Value)
		if _, meaning, ok := strings.Cut(property.Description, ": "); ok {
			property.Description = meaning // the comment names the types of block first
		}
		s.Properties[field] = &openapi3.SchemaRef{Value: property}
	}
	if level := s.Properties["level"]; level != nil {
		level.Value.Min, level.Value.Max = openapi3.Ptr(2.0), openapi3.Ptr(6.0)
	}
	if url := s.Properties["url"]; url != nil {
		url.Value.Format = "uri"
	}
	return s
}

func checkBlocks(block, types *openapi3.Schema) error {
	known := map[string]bool{"type": true}
	for _, shape := range blockShapes {
		for _, field := range slices.Concat(shape.required, shape.optional) {
			known[field] = true
		}
	}
	for field := range block.Properties {
		if !known[field] {
			return fmt.Errorf("no type of block has the field %s of newsroom.Block", field)
		}
	}
	for _, typ := range types.Enum {
		if _, ok := blockShapes[newsroom.BlockType(fmt.Sprint(typ))]; !ok {
			return fmt.Errorf("the fields of blocks of type %v are not known", typ)
		}
	}
	return nil
}
