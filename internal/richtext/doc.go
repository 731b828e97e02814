// Package richtext turns article bodies to and from HTML, Markdown and plain text, by way of newsroom.Block.
//
// It sanitises by construction: the readers copy only text, and the addresses that they have checked, into markup that
// this package writes itself. No tag, attribute or scheme that isn't listed here can come out, whatever went in. Inline
// HTML has one canonical form, so that reading back what was written changes nothing.
package richtext

const (
	maxBlocks   = 2000   // blocks in a body
	maxNesting  = 8      // lists within lists
	maxColumns  = 100    // of a table
	maxCells    = 20_000 // of a table
	maxSpan     = 50     // what a colspan or rowspan may ask for
	maxURL      = 2048   // bytes
	maxTitle    = 300    // bytes of a link's or an abbreviation's title
	maxLanguage = 32     // bytes of the name of a programming language
	maxMarks    = 64     // open elements above which inline formatting is ignored
	maxDepth    = 128    // open elements above which every element is
)
