// Package newsroom holds the nouns of a newsroom and their rules: articles, sections, authors, tags, users, what each
// role may do, and the errors that a rule gives. It knows nothing of HTTP or of the database; every other package
// serves it.
package newsroom
