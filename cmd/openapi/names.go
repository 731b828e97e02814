package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi2"
)

var packagePrefix = regexp.MustCompile(`^[a-z0-9]+[._]`)

// cleanName makes a schema's name of swag's: "api.Card" becomes "Card", "api.Page-api_Card" becomes "CardPage" and
// "api.Data-array_api_Section" becomes "SectionListData". An unexported type gets a capital.
func cleanName(name string) string {
	base, argument, _ := strings.Cut(packagePrefix.ReplaceAllString(name, ""), "-")
	argument, isList := strings.CutPrefix(argument, "array_")
	argument = packagePrefix.ReplaceAllString(argument, "")
	if isList {
		argument += "List"
	}
	return capital(argument) + capital(base)
}

// capital gives s with an upper-case first letter.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// renameDefinitions decodes raw, which doc is decoded from, with clean names for its definitions. Two definitions that
// would share a name are an error.
func renameDefinitions(raw []byte, doc *openapi2.T) (*openapi2.T, error) {
	taken := map[string]string{}
	for _, old := range slices.Sorted(maps.Keys(doc.Definitions)) {
		name := cleanName(old)
		if other, ok := taken[name]; ok {
			return nil, fmt.Errorf("%s and %s would both be called %s: name one with // @name", other, old, name)
		}
		taken[name] = old
		raw = bytes.ReplaceAll(raw, []byte(`"#/definitions/`+old+`"`), []byte(`"#/definitions/`+name+`"`))
	}
	var renamed openapi2.T
	if err := json.Unmarshal(raw, &renamed); err != nil {
		return nil, fmt.Errorf("decode swag's document: %w", err)
	}
	definitions := make(map[string]*openapi2.SchemaRef, len(taken))
	for name, old := range taken {
		definitions[name] = renamed.Definitions[old]
	}
	renamed.Definitions = definitions
	return &renamed, nil
}
