// Package search decides what a text is found by, and how well: it makes terms of texts and matches of queries, marks
// what was found and compares spellings. It knows no database, so that both answer alike: they only keep and find terms.
package search
