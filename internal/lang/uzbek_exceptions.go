package lang

import (
	_ "embed" // for the lists
	"strings"
	"sync"
)

// The lists hold stems, one a line: what the rules get wrong (latin, tab, cyrillic), what stays Latin, and the Uzbek suffixes
// that may follow.
var (
	//go:embed uzbek_exceptions.tsv
	exceptionList string
	//go:embed uzbek_foreign.txt
	foreignList string
	//go:embed uzbek_suffixes.txt
	suffixList string
)

// tables are the exceptions of both directions.
type tables struct{ latin, cyrillic *stems }

// uzbek gives the exceptions, which are made when they are first needed.
var uzbek = sync.OnceValue(func() tables {
	t := tables{latin: newStems(), cyrillic: newStems()}
	for _, s := range strings.Fields(suffixList) {
		t.latin.suffixes[s] = true
		t.cyrillic.suffixes[string(spellCyrillic(nil, wordOf(s, (*word).readLatin), 0))] = true
	}
	for line := range strings.Lines(exceptionList) {
		if latin, cyrillic, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			t.add(latin, cyrillic)
		}
	}
	for line := range strings.Lines(foreignList) {
		for _, name := range strings.Fields(line) {
			t.latin.add(wordOf(name, (*word).readLatin), stem{})
		}
	}
	return t
})

// add adds a pair for the direction in which the rules get it wrong. A star after the Latin word says that anything may follow
// it, not only Uzbek suffixes; > before it, that it is a spelling to be understood, but not written.
func (t tables) add(latin, cyrillic string) {
	latin, oneWay := strings.CutPrefix(latin, ">")
	latin, open := strings.CutSuffix(latin, "*")
	l, c := wordOf(latin, (*word).readLatin), wordOf(cyrillic, (*word).readCyrillic)
	if string(spellCyrillic(nil, l, 0)) != cyrillic {
		t.latin.add(l, stem{bare: cyrillic, joined: strings.TrimSuffix(cyrillic, "ь"), open: open})
	}
	if oneWay || string(spellLatin(nil, c, 0)) == latin && !russian(c) {
		return
	}
	t.cyrillic.add(c, stem{bare: latin, joined: latin, open: open})
	if short, ok := strings.CutSuffix(cyrillic, "ь"); ok {
		t.cyrillic.add(wordOf(short, (*word).readCyrillic), stem{bare: latin, joined: latin, open: open})
	}
}

func wordOf(text string, read func(*word)) *word {
	w := &word{text: text}
	read(w)
	return w
}

// stem is how a word is spelt that the rules get wrong. It is foreign, and stays as it is, when it has no spelling.
type stem struct {
	bare     string // without a suffix
	joined   string // with one: a ь at the end goes before it
	open     bool   // anything may follow
	capitals capitals
}

// capitals says which capitals a stem needs.
type capitals uint8

const (
	anyCase  capitals = iota
	named             // one at least: Meta, iPhone
	shouting          // all: GES, USB
)

// stems finds the stem that a word begins with.
type stems struct {
	nodes    []node
	list     []stem
	suffixes suffixes
}

// node is a place in the tree of letters.
type node struct {
	next [38]uint16 // by symbol
	stem uint16     // its place in the list plus 1, or 0
}

func newStems() *stems { return &stems{nodes: make([]node, 1, 8192), suffixes: suffixes{}} }

// symbol numbers the letters of either script from 1; 0 is for what is none.
func symbol(r rune) int {
	switch {
	case 'a' <= r && r <= 'z':
		return int(r-'a') + 1
	case 'а' <= r && r <= 'я':
		return int(r-'а') + 1
	}
	switch r {
	case '\'', 'ё':
		return 33
	case 'ў':
		return 34
	case 'қ':
		return 35
	case 'ғ':
		return 36
	case 'ҳ':
		return 37
	}
	return 0
}

func (t *stems) add(w *word, s stem) {
	at := uint16(0)
	for _, l := range w.letters {
		i := symbol(l.r)
		if t.nodes[at].next[i] == 0 {
			t.nodes = append(t.nodes, node{})
			t.nodes[at].next[i] = uint16(len(t.nodes) - 1)
		}
		at = t.nodes[at].next[i]
	}
	switch {
	case w.allUpper(len(w.letters)):
		s.capitals = shouting
	case w.anyUpper(len(w.letters)):
		s.capitals = named
	}
	t.list = append(t.list, s)
	t.nodes[at].stem = uint16(len(t.list))
}

// found is the stem that a word begins with, in so many letters; 0 when there is none.
type found struct {
	stem
	length   int
	spelling string // "" for a foreign word
}

// find gives the longest stem that w consists of, with what may follow it.
func (t *stems) find(w *word) found {
	var f found
	at := uint16(0)
	for i, l := range w.letters {
		if at = t.nodes[at].next[symbol(l.r)]; at == 0 {
			break
		}
		if n := t.nodes[at].stem; n > 0 && t.fits(w, &t.list[n-1], i+1) {
			f = found{stem: t.list[n-1], length: i + 1}
		}
	}
	f.spelling = f.bare
	if f.length < len(w.letters) {
		f.spelling = f.joined
	}
	return f
}

// fits reports whether w is the stem of n letters, with what may follow it.
func (t *stems) fits(w *word, s *stem, n int) bool {
	if s.capitals == named && !w.anyUpper(n) || s.capitals == shouting && !w.allUpper(n) {
		return false
	}
	rest := w.letters[n:]
	if s.bare == "" && len(rest) > 1 && rest[0].r == '\'' {
		rest = rest[1:]
	}
	return s.open || len(rest) == 0 || t.suffixes.follow(rest)
}

// write appends the stem; what was not found adds nothing.
func (f found) write(out []byte, w *word) []byte {
	switch {
	case f.length == 0:
		return out
	case f.capitals == shouting:
		return append(out, f.spelling...)
	}
	return w.cased(out, f.spelling, f.length)
}

// suffixes are those of Uzbek, in one script.
type suffixes map[string]bool

const maxSuffixes = 60 // bytes, of all the suffixes of a word

// follow reports whether the letters are Uzbek suffixes, one after the other.
func (s suffixes) follow(letters []letter) bool {
	var all [maxSuffixes]byte
	n := 0
	for _, l := range letters {
		if n+4 > len(all) {
			return false
		}
		n += copy(all[n:], string(l.r))
	}
	reached := uint64(1)
	for i := 0; i < n; i++ {
		if reached&(1<<i) == 0 {
			continue
		}
		for end := i + 1; end <= n && end-i <= 16; end++ {
			if s[string(all[i:end])] {
				reached |= 1 << end
			}
		}
	}
	return n > 0 && reached&(1<<n) != 0
}
