// Package lang knows about languages: their BCP 47 tags, the set that a site publishes in, the reading speed of each,
// and how a title in any of them becomes a URL slug. It touches neither the database nor HTTP.
package lang
