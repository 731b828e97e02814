package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// spell appends the word that starts at w.start in the other script, and gives its length in bytes: 0 where there is none.
type spell func(out []byte, w *word) ([]byte, int)

// transliterate spells the words of a text, whose first bytes begins reports, and copies all else.
func transliterate(text string, begins func(byte) bool, spelt spell) string {
	i := 0
	for i < len(text) && !begins(text[i]) {
		i++
	}
	if i == len(text) {
		return text
	}
	out := make([]byte, 0, len(text)*2)
	w := &word{text: text, letters: make([]letter, 0, 64)}
	end, special, wordEnd := 0, false, -1
	for i = 0; i < len(text); {
		if i >= end {
			end, special = piece(text, i)
		}
		n := 0
		if special && i != wordEnd && !inWord(text, i) {
			n = kept(text[i:])
			out = append(out, text[i:i+n]...)
		}
		if n == 0 && begins(text[i]) {
			w.start = i
			out, n = spelt(out, w)
			wordEnd = i + n
		}
		if n == 0 {
			n = runeLen(text[i:])
			out = append(out, text[i:i+n]...)
		}
		i += n
	}
	return string(out)
}

func runeLen(text string) int {
	if text[0] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRuneInString(text)
	return n
}

// piece gives where the piece of text between spaces ends that starts at i, and whether something in it may be no prose.
func piece(text string, i int) (end int, special bool) {
	for i < len(text) && text[i] <= ' ' {
		i++
	}
	for ; i < len(text) && text[i] > ' '; i++ {
		switch text[i] {
		case '@', '#', '/', '_', '`', '&':
			special = true
		case '.':
			special = special || i+1 < len(text) && (isASCIIWord(text[i+1]) || text[i+1] >= utf8.RuneSelf)
		}
	}
	return i, special
}

// inWord reports whether the character before i belongs to a word, so that nothing of its own starts at i.
func inWord(text string, i int) bool {
	if i == 0 {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	return isWord(before)
}

// kept gives how many bytes at the start of text are no prose: a hashtag, a handle, code, an entity, a path, an address or the
// name of a file.
func kept(text string) int {
	n := 0
	switch text[0] {
	case '#':
		n = span(text[1:], isWord)
	case '@':
		n = len(strings.TrimRight(text[1:1+span(text[1:], isName)], ".-"))
	case '/':
		n = span(text[1:], isPath)
	case '&':
		if n = span(text[1:], isEntity); !strings.HasPrefix(text[1+n:], ";") {
			return 0
		}
	case '`':
		return codeSpan(text)
	default:
		return address(text)
	}
	if n > 0 {
		n++ // the sign itself
	}
	return n
}

// span is how many bytes at the start of text are characters that is reports.
func span(text string, is func(rune) bool) int {
	for i, r := range text {
		if !is(r) {
			return i
		}
	}
	return len(text)
}

func isASCIIWord(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || isDigit(b) || b == '_'
}

func isASCII(r rune) bool { return r < utf8.RuneSelf }

func isWord(r rune) bool {
	return isASCII(r) && isASCIIWord(byte(r)) || !isASCII(r) && (unicode.IsLetter(r) || unicode.IsMark(r))
}

func isName(r rune) bool   { return isASCII(r) && (isASCIIWord(byte(r)) || r == '.' || r == '-') }
func isEntity(r rune) bool { return isASCII(r) && (isASCIIWord(byte(r)) || r == '#') }
func isPath(r rune) bool   { return isName(r) || strings.ContainsRune("/%~?=+", r) }

// isAtom reports the characters that an address begins with, up to a scheme's colon or a path.
func isAtom(r rune) bool { return isWord(r) || strings.ContainsRune(".@+-%", r) }

const (
	maxCodeSpan = 200 // bytes
	maxAtom     = 260 // bytes: a domain has at most 253
)

// codeSpan is the length of `code`, which stands apart from words, for a backtick within one is an apostrophe.
func codeSpan(text string) int {
	line := text[:min(len(text), maxCodeSpan)]
	for i := 1; i < len(line) && line[i] != '\n'; i++ {
		next, _ := utf8.DecodeRuneInString(text[i+1:])
		if line[i] == '`' && !isWord(next) {
			return i + 1
		}
	}
	return 0
}

// address is the length of an address of the web, of an e-mail address, of the name of a file or of an identifier.
func address(text string) int {
	n := span(text[:min(len(text), maxAtom)], isAtom)
	if n == 0 {
		return 0
	}
	atom, rest := strings.TrimRight(text[:n], ".@+-%"), text[n:]
	switch {
	case strings.HasPrefix(rest, "://"), strings.HasPrefix(atom, "www."), atom == "mailto" && strings.HasPrefix(rest, ":"):
		return link(text)
	case strings.Contains(strings.Trim(atom, "_"), "_") && span(atom, isName) == len(atom):
		return len(atom)
	}
	host := hostOrFile(atom)
	if after, _ := utf8.DecodeRuneInString(rest); host < n && isApostrophe(after) { // that was no suffix
		return 0
	}
	if host == n && rest != "" && strings.ContainsRune("/?#", rune(rest[0])) {
		return link(text)
	}
	return host
}

// link is the length of a link: up to a space or what it can stand in, without the punctuation or the suffix behind it.
func link(text string) int {
	text = text[:span(text, func(r rune) bool { return !unicode.IsSpace(r) && !strings.ContainsRune("<>\"«»“”„`", r) })]
	if i := strings.LastIndexFunc(text, isApostrophe); i > 0 && uzbekSuffix(text[i+runeLen(text[i:]):]) {
		text = text[:i]
	}
	punctuation := ".,;:!?'’‘…"
	if !strings.Contains(text, "(") {
		punctuation += ")"
	}
	return len(strings.TrimRight(text, punctuation))
}

// hostOrFile is the length of an atom that ends in a domain or in the name of a kind of file, without the suffix behind it,
// or 0.
func hostOrFile(atom string) int {
	dot := strings.LastIndexByte(atom, '.')
	if dot < 1 || !isWord(rune(atom[dot-1])) && atom[dot-1] < utf8.RuneSelf {
		return 0
	}
	last := atom[dot+1:]
	if strings.ToUpper(atom) == atom {
		last = strings.ToLower(last)
	}
	for end := len(last); end > 1; end-- {
		if topLevel[last[:end]] && (end == len(last) || uzbekSuffix(last[end:])) {
			return dot + 1 + end
		}
	}
	if strings.Contains(atom[:dot], "@") {
		return len(atom)
	}
	return 0
}

// uzbekSuffix reports whether s is made of Uzbek suffixes, in either script.
func uzbekSuffix(s string) bool {
	l, c := wordOf(s, (*word).readLatin), wordOf(s, (*word).readCyrillic)
	return l.size(len(l.letters)) == len(s) && uzbek().latin.suffixes.follow(l.letters) ||
		c.size(len(c.letters)) == len(s) && uzbek().cyrillic.suffixes.follow(c.letters)
}

// topLevel are the ends of addresses and of names of files that come up in the news.
var topLevel = setOf(`ac ae af ai am app az biz br by ca cn co com de dev edu es eu fm fr ge gov ie il info int io ir it jp kg kr kz live me
	media mil museum name net news online org pl pro pk ru sa site store su team tech tj tm top tr tv ua uk us uz xyz
	avi csv css doc docx exe apk gif gz htm html ico iso jpeg jpg js json md mkv mov mp avi pdf php png ppt pptx py rar rtf sql
	svg tar tiff ts txt wav webm webp xls xlsx xml yaml yml zip`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}
