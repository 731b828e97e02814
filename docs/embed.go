// Package docs holds the API's description as the server publishes it: the OpenAPI document, which cmd/openapi writes,
// and a page that shows it and works offline.
package docs

import (
	"embed"
	"io/fs"
)

// OpenAPIJSON is the OpenAPI document as JSON.
//
//go:embed openapi.json
var OpenAPIJSON []byte

// OpenAPIYAML is the same document as YAML.
//
//go:embed openapi.yaml
var OpenAPIYAML []byte

//go:embed swagger-ui/*
var files embed.FS

// UI has the files of the documentation page at its root, index.html among them. They expect to be served under /docs/
// and find the document at /openapi.json. They need no inline script: the policy "default-src 'none'; script-src
// 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'" is enough.
func UI() fs.FS {
	ui, err := fs.Sub(files, "swagger-ui")
	if err != nil {
		panic(err) // the name is a valid path
	}
	return ui
}
