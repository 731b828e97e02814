package richtext

import (
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// The parser of Markdown takes quadratic time over a line of thousands of quote or list signs, and over thousands of
// links that never end. No article has either; these limits keep such input from occupying a processor for minutes.
const maxBrokenLinks = 200

// deepLine is the beginning of a line with more than 32 signs of quotes and lists.
var deepLine = regexp.MustCompile(`(?m)^((?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])){32})(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]))+`)

// boundedLinks is the parser of links, which gives up after too many that are none.
type boundedLinks struct {
	parser.InlineParser
	parser.CloseBlocker
}

var brokenLinks = parser.NewContextKey()

// Parse implements parser.InlineParser.
func (b boundedLinks) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if len(line) < 2 || line[0] != ']' || line[1] != '(' {
		return b.InlineParser.Parse(parent, block, pc)
	}
	broken, _ := pc.Get(brokenLinks).(int)
	if broken >= maxBrokenLinks {
		return nil
	}
	n := b.InlineParser.Parse(parent, block, pc)
	if n == nil {
		pc.Set(brokenLinks, broken+1)
	}
	return n
}

// boundedParser is the parser of CommonMark with boundedLinks.
func boundedParser() parser.Parser {
	inline := parser.DefaultInlineParsers()
	links := parser.NewLinkParser()
	for i := range inline {
		if inline[i].Value == links {
			inline[i] = util.Prioritized(boundedLinks{links, links.(parser.CloseBlocker)}, inline[i].Priority)
		}
	}
	return parser.NewParser(
		parser.WithBlockParsers(parser.DefaultBlockParsers()...),
		parser.WithInlineParsers(inline...),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)
}
