package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/swaggo/swag"
)

// parse reads the annotations of the handlers in dir/*.go, with the general information in dir/api.go. Types of the
// packages in others may be named there too. The definitions have clean names: see cleanName.
func parse(dir string, others ...string) (*openapi2.T, error) {
	parser := swag.New(swag.SetStrict(true), swag.SetDebugger(log.New(io.Discard, "", 0)))
	parser.PropNamingStrategy = swag.SnakeCase
	if err := parser.ParseAPIMultiSearchDir(append([]string{dir}, others...), "api.go", 0); err != nil {
		return nil, fmt.Errorf("read annotations: %w", err)
	}
	swagger := parser.GetSwagger()
	raw, err := json.Marshal(swagger)
	if err != nil {
		return nil, err
	}
	var doc openapi2.T
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("decode swag's document: %w", err)
	}
	return renameDefinitions(raw, &doc)
}
