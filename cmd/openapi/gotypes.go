package main

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// goType is what the source says of a struct type and swag does not report.
type goType struct {
	synopsis string             // the first sentence of its comment
	fields   map[string]goField // by JSON name
	embeds   []string           // names of embedded types
	generic  bool               // its schemas have its name after that of the argument: CardPage
}

// goField tells how a field is written as JSON.
type goField struct {
	nullable bool // a pointer, written as null when it is nil
	optional bool // left out when it is empty
}

// readTypes reads the struct types of the packages in dirs, by the name that their schema has. A name of an earlier
// package wins.
func readTypes(dirs ...string) (map[string]goType, error) {
	var files []string
	for _, dir := range slices.Backward(dirs) {
		found, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	types := map[string]goType{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			if group, ok := decl.(*ast.GenDecl); ok {
				readGroup(types, group)
			}
		}
	}
	return types, nil
}

func readGroup(types map[string]goType, group *ast.GenDecl) {
	for _, spec := range group.Specs {
		spec, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		comment := spec.Doc
		if comment == nil && len(group.Specs) == 1 {
			comment = group.Doc
		}
		t := goType{synopsis: new(doc.Package).Synopsis(comment.Text()), fields: map[string]goField{}, generic: spec.TypeParams != nil}
		if body, ok := spec.Type.(*ast.StructType); ok {
			for _, field := range body.Fields.List {
				t.add(field)
			}
		}
		types[schemaName(spec)] = t
	}
}

// schemaName is the name of the type's schema: the one that a "// @name" behind it gives, or its own.
func schemaName(spec *ast.TypeSpec) string {
	if _, name, ok := strings.Cut(spec.Comment.Text(), "@name "); ok {
		return strings.TrimSpace(name)
	}
	return capital(spec.Name.Name)
}

func (t *goType) add(field *ast.Field) {
	typ, pointer := field.Type, false
	if star, ok := typ.(*ast.StarExpr); ok {
		typ, pointer = star.X, true
	}
	if ident, ok := typ.(*ast.Ident); ok && len(field.Names) == 0 && field.Tag == nil {
		t.embeds = append(t.embeds, capital(ident.Name))
		return
	}
	if field.Tag == nil {
		return
	}
	raw, err := strconv.Unquote(field.Tag.Value)
	if err != nil {
		return
	}
	tag := reflect.StructTag(raw)
	name, options, _ := strings.Cut(tag.Get("json"), ",")
	optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
	said := strings.Contains(tag.Get("extensions"), "x-nullable")
	t.fields[name] = goField{nullable: pointer && !optional && !said, optional: optional}
}

// typeOf gives the type whose schema has that name: the type of that name, else the generic one whose name it ends in.
func typeOf(types map[string]goType, schema string) string {
	if _, ok := types[schema]; ok {
		return schema
	}
	longest := schema
	for name, t := range types {
		if t.generic && strings.HasSuffix(schema, name) && (longest == schema || len(name) > len(longest)) {
			longest = name
		}
	}
	return longest
}

// allFields gives the fields of the named type, those of the types it embeds among them.
func allFields(types map[string]goType, name string) map[string]goField {
	all := map[string]goField{}
	for _, embedded := range types[name].embeds {
		for field, facts := range allFields(types, embedded) {
			all[field] = facts
		}
	}
	for field, facts := range types[name].fields {
		all[field] = facts
	}
	return all
}
