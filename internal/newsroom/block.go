package newsroom

// BlockType names a kind of Block.
type BlockType string

// The kinds of block that a body is made of.
const (
	BlockParagraph BlockType = "paragraph"
	BlockHeading   BlockType = "heading"
	BlockList      BlockType = "list"
	BlockQuote     BlockType = "quote"
	BlockImage     BlockType = "image"
	BlockTable     BlockType = "table"
	BlockEmbed     BlockType = "embed"
	BlockCode      BlockType = "code"
	BlockDivider   BlockType = "divider"
)

// Block is one piece of an article's body. Which fields count depends on Type; the others are zero. Text fields hold
// inline HTML (strong, em, a, ...) that package richtext has sanitised, but Code, Alt, URL and Credit are plain text.
//
// A body is a document format of its own, stored and sent as the same JSON, so this type carries its JSON names.
type Block struct {
	Type BlockType `json:"type"`

	Text        string     `json:"text,omitempty"`        // paragraph, heading, quote: inline HTML
	Level       int        `json:"level,omitempty"`       // heading: 2 to 6
	Ordered     bool       `json:"ordered,omitempty"`     // list: numbered
	Items       []ListItem `json:"items,omitempty"`       // list
	Attribution string     `json:"attribution,omitempty"` // quote: who said it, inline HTML
	URL         string     `json:"url,omitempty"`         // image, embed: absolute http(s); an image may be at a path of this site
	Alt         string     `json:"alt,omitempty"`         // image: plain text
	Caption     string     `json:"caption,omitempty"`     // image, embed, table: inline HTML
	Credit      string     `json:"credit,omitempty"`      // image: plain text
	Provider    string     `json:"provider,omitempty"`    // embed: "youtube", "telegram", ...
	Header      bool       `json:"header,omitempty"`      // table: the first row is a header
	Rows        [][]string `json:"rows,omitempty"`        // table: cells of inline HTML, rows of equal length
	Language    string     `json:"language,omitempty"`    // code: "go", "sql", ...
	Code        string     `json:"code,omitempty"`        // code: plain text
}

// ListItem is one item of a list block: inline HTML, and the list nested below it, if any.
type ListItem struct {
	Text    string     `json:"text"`
	Ordered bool       `json:"ordered,omitempty"` // the nested list is numbered
	Items   []ListItem `json:"items,omitempty"`
}
