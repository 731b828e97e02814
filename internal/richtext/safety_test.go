package richtext

import (
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// attrsOf is every element that may come out, and its attributes.
var attrsOf = map[string][]string{
	"p": nil, "h2": nil, "h3": nil, "h4": nil, "h5": nil, "h6": nil, "ul": nil, "ol": nil, "li": nil, "blockquote": nil,
	"footer": nil, "figcaption": nil, "table": nil, "caption": nil, "thead": nil, "tbody": nil, "tr": nil, "th": nil,
	"td": nil, "pre": nil, "hr": nil, "br": nil, "strong": nil, "em": nil, "u": nil, "s": nil, "del": nil, "ins": nil,
	"mark": nil, "sub": nil, "sup": nil, "html": nil, "head": nil, "body": nil,
	"figure": {"class", "data-provider"}, "img": {"src", "alt"}, "small": {"class"}, "code": {"class"},
	"a": {"href", "title"}, "abbr": {"title"},
}

// checkSafe parses output as a browser does and refuses anything that isn't expected in it.
func checkSafe(t fataler, out string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(out))
	if err != nil {
		t.Fatalf("the output can't be parsed: %v", err)
	}
	for n := range doc.Descendants() {
		if n.Type == html.CommentNode {
			t.Fatalf("a comment in %q", out)
		}
		if n.Type != html.ElementNode {
			continue
		}
		allowed, known := attrsOf[n.Data]
		if !known {
			t.Fatalf("element %s in %q", n.Data, out)
		}
		for _, a := range n.Attr {
			if !slices.Contains(allowed, a.Key) {
				t.Fatalf("attribute %s of %s in %q", a.Key, n.Data, out)
			}
			if (a.Key == "href" || a.Key == "src") && !safeScheme(a.Val) {
				t.Fatalf("address %q in %q", a.Val, out)
			}
		}
	}
	if judged := judge.Sanitize(out); textAndTags(judged) != textAndTags(out) {
		t.Fatalf("bluemonday finds something to take out:\nfrom %q\n to  %q", out, judged)
	}
}

func safeScheme(s string) bool {
	for _, prefix := range []string{"https://", "http://", "mailto:", "tel:", "/", "#"} {
		if strings.HasPrefix(s, prefix) {
			return !strings.HasPrefix(s, "//") && !strings.HasPrefix(s, `/\`)
		}
	}
	return false
}

// judge is an independent sanitiser, which must find nothing to do.
var judge = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	for element, attrs := range attrsOf {
		p.AllowElements(element)
		if attrs != nil {
			p.AllowAttrs(attrs...).OnElements(element)
		}
	}
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
}()

// textAndTags is HTML with its entities in one spelling.
func textAndTags(s string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for z.Next() != html.ErrorToken {
		out.WriteString(z.Token().String())
	}
	return out.String()
}
