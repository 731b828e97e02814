// Command openapi writes docs/openapi.json and docs/openapi.yaml from the annotations of the handlers in api. Run it
// from the module's root:
//
//	go run ./cmd/openapi
//
// swag reads the annotations into a Swagger 2 document; this program turns that into OpenAPI 3.1 and completes it with
// what Swagger 2 cannot say or what would be tedious to annotate: null, sparse answers, merge patches, the failures
// that every operation shares. The same source always gives the same bytes.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

// run reads the module at root and writes its docs/openapi.json and docs/openapi.yaml.
func run(root string) error {
	api := filepath.Join(root, "api")
	doc, err := generate(api, filepath.Join(root, "internal", "newsroom"), filepath.Join(root, "internal", "feed"))
	if err != nil {
		return err
	}
	return write(filepath.Join(root, "docs"), doc)
}
