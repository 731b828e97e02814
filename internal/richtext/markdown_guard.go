package richtext

import (
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// The parser of Markdown takes quadratic time over a line of thousands of quote or list signs, over thousands of links
// that never end, and over thousands of signs of emphasis in one paragraph. No article has any of them; these limits keep
// such input from occupying a processor for minutes.
const (
	maxBrokenLinks = 200
	maxEmphasis    = 500 // signs in a paragraph; the rest is text
)

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

// boundedEmphasis is a parser of emphasis, which takes only so many signs of a paragraph.
type boundedEmphasis struct{ parser.InlineParser }

// emphasisCount counts the signs of emphasis in the paragraph that is being read.
type emphasisCount struct {
	paragraph ast.Node
	n         int
}

var emphasisCounts = parser.NewContextKey()

// Parse implements parser.InlineParser.
func (b boundedEmphasis) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	seen, _ := pc.Get(emphasisCounts).(*emphasisCount)
	if seen == nil || seen.paragraph != parent {
		seen = &emphasisCount{paragraph: parent}
		pc.Set(emphasisCounts, seen)
	}
	if seen.n++; seen.n > maxEmphasis {
		return nil
	}
	return b.InlineParser.Parse(parent, block, pc)
}

// boundedParser is the parser of CommonMark and strikethrough with boundedLinks and boundedEmphasis.
func boundedParser() parser.Parser {
	const ofStrikethrough = 500 // its priority in goldmark's own extension
	inline := append(parser.DefaultInlineParsers(), util.Prioritized(extension.NewStrikethroughParser(), ofStrikethrough))
	links, emphasis, strikethrough := parser.NewLinkParser(), parser.NewEmphasisParser(), extension.NewStrikethroughParser()
	for i := range inline {
		switch inline[i].Value {
		case links:
			inline[i] = util.Prioritized(boundedLinks{links, links.(parser.CloseBlocker)}, inline[i].Priority)
		case emphasis, strikethrough:
			inline[i] = util.Prioritized(boundedEmphasis{inline[i].Value.(parser.InlineParser)}, inline[i].Priority)
		}
	}
	return parser.NewParser(
		parser.WithBlockParsers(parser.DefaultBlockParsers()...),
		parser.WithInlineParsers(inline...),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)
}
