// Package migrations holds the schema as plain SQL, one folder per database.
package migrations

import "embed"

// FS holds postgres/*.sql and sqlite/*.sql, numbered in the order in which they apply.
//
//go:embed postgres/*.sql sqlite/*.sql
var FS embed.FS
