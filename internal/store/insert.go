package store

import (
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// maxInserted is how many rows one statement inserts: both databases bound its parameters.
const maxInserted = 500

// insert writes rows, which all have the same columns, into a table that has no type. ending goes behind the values.
func insert(db *gorm.DB, table string, rows []map[string]any, ending string) error {
	for part := range slices.Chunk(rows, maxInserted) {
		columns := slices.Sorted(maps.Keys(part[0]))
		row := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ") + ")"
		values := make([]any, 0, len(part)*len(columns))
		for _, r := range part {
			for _, c := range columns {
				values = append(values, r[c])
			}
		}
		statement := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES " + row + strings.Repeat(", "+row, len(part)-1) + " " + ending
		if err := db.Exec(statement, values...).Error; err != nil {
			return err
		}
	}
	return nil
}
