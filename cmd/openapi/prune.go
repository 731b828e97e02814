package main

import (
	"encoding/json"
	"errors"
	"maps"
	"regexp"

	"github.com/getkin/kin-openapi/openapi3"
)

var componentReference = regexp.MustCompile(`"#/components/(\w+/[\w.-]+)"`)

// prune removes the components that no operation needs, directly or through others.
func prune(doc *openapi3.T) error {
	c := doc.Components
	texts := map[string][]byte{}
	err := errors.Join(
		textsOf(texts, "schemas/", c.Schemas), textsOf(texts, "responses/", c.Responses),
		textsOf(texts, "headers/", c.Headers), textsOf(texts, "parameters/", c.Parameters),
	)
	if err != nil {
		return err
	}
	paths, err := json.Marshal(doc.Paths)
	if err != nil {
		return err
	}
	needed := map[string]bool{}
	for open := [][]byte{paths}; len(open) > 0; open = open[1:] {
		for _, match := range componentReference.FindAllSubmatch(open[0], -1) {
			if name := string(match[1]); !needed[name] {
				needed[name] = true
				open = append(open, texts[name])
			}
		}
	}
	keep(needed, "schemas/", c.Schemas)
	keep(needed, "responses/", c.Responses)
	keep(needed, "headers/", c.Headers)
	keep(needed, "parameters/", c.Parameters)
	return nil
}

func textsOf[M ~map[string]V, V any](texts map[string][]byte, prefix string, components M) error {
	for name, component := range components {
		text, err := json.Marshal(component)
		if err != nil {
			return err
		}
		texts[prefix+name] = text
	}
	return nil
}

func keep[M ~map[string]V, V any](needed map[string]bool, prefix string, components M) {
	maps.DeleteFunc(components, func(name string, _ V) bool { return !needed[prefix+name] })
}
