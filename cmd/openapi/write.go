package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// write writes doc as openapi.json and openapi.yaml in dir, the same data in both.
func write(dir string, doc *openapi3.T) error {
	asJSON, err := encodeJSON(doc)
	if err != nil {
		return fmt.Errorf("encode JSON: %w", err)
	}
	asYAML, err := toYAML(asJSON)
	if err != nil {
		return fmt.Errorf("encode YAML: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "openapi.json"), asJSON, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "openapi.yaml"), asYAML, 0o644)
}

// encodeJSON writes the parts of doc in the order that people read them in, and the keys within by name.
func encodeJSON(doc *openapi3.T) ([]byte, error) {
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	var ordered struct {
		OpenAPI      any `json:"openapi"`
		Info         any `json:"info"`
		ExternalDocs any `json:"externalDocs,omitempty"`
		Servers      any `json:"servers"`
		Tags         any `json:"tags"`
		Paths        any `json:"paths"`
		Components   any `json:"components"`
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&ordered); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err = encoder.Encode(ordered)
	return out.Bytes(), err
}

// toYAML rewrites JSON, which is YAML already, in block style.
func toYAML(asJSON []byte) ([]byte, error) {
	var node yaml.Node
	if err := yaml.Unmarshal(asJSON, &node); err != nil {
		return nil, err
	}
	blockStyle(&node)
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(&node); err != nil {
		return nil, err
	}
	err := encoder.Close()
	return out.Bytes(), err
}

func blockStyle(node *yaml.Node) {
	node.Style = 0
	for _, child := range node.Content {
		blockStyle(child)
	}
}
