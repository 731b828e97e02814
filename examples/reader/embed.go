// Package reader is an example of a news site over Nashr: plain HTML, CSS and JavaScript, one call of the API for each
// page, no build step. Copy the folder to any web server and set API in reader.js to where Nashr is.
package reader

import "embed"

// Files are what a browser needs.
//
//go:embed index.html reader.css reader.js words.js icon.svg
var Files embed.FS
