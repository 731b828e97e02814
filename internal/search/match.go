package search

import (
	"slices"
	"unicode/utf8"
)

// Match is a condition on the terms of a text. Exactly one of its parts is there.
type Match struct {
	Phrase  []string // these terms, one after the other; the last may be a beginning
	All     []Match
	Any     []Match
	Without *Without
	// Beginning says that the last term of Phrase may go on.
	Beginning bool
}

// Without is a match that a text is not found by when it has something else too.
type Without struct{ Wanted, Unwanted Match }

// Tiers gives what q finds from best to least, so that no text is in two of them: what has the words as a phrase in its
// title, all in its title, all in title and summary, all with one at least in its title, and all somewhere. Where
// languages are given, only texts in one of them are found. A query that looks for nothing has no tiers.
func (q Query) Tiers(languages ...string) []Match {
	if q.Empty() {
		return nil
	}
	var tiers [][]Match // by place, then by language
	for _, l := range languagesOf(languages) {
		for i, m := range q.tiers(l) {
			if i == len(tiers) {
				tiers = append(tiers, nil)
			}
			tiers[i] = append(tiers[i], m)
		}
	}
	out := make([]Match, len(tiers))
	for i, t := range tiers {
		out[i] = anyOf(t)
	}
	return out
}

// Everything gives what q finds in any tier, without looking at phrases in titles. It must not be asked of a query that
// looks for nothing.
func (q Query) Everything(languages ...string) Match {
	var all []Match
	for _, l := range languagesOf(languages) {
		all = append(all, without(allOf(each(q.wanted(), anywhere, l)), q.unwanted(l)))
	}
	return anyOf(all)
}

func languagesOf(tags []string) []language {
	if len(tags) == 0 {
		return allLanguages
	}
	var some []language
	for _, tag := range tags {
		if l := languageOf(tag); !slices.Contains(some, l) {
			some = append(some, l)
		}
	}
	return some
}

// unwanted gives what must not be there.
func (q Query) unwanted(l language) []Match {
	var some []Match
	for _, p := range q.parts {
		if p.excluded {
			some = append(some, p.match(anywhere, l))
		}
	}
	return some
}

func (q Query) tiers(l language) []Match {
	wanted := q.wanted()
	all := func(f field) Match { return allOf(each(wanted, f, l)) }
	nested := []Match{all(inTitle), all(inLead), all(anywhere)} // what is found in a tier or in a better one
	if len(wanted) > 1 {
		nested = []Match{
			oneAfterTheOther(wanted, l), all(inTitle), all(inLead),
			allOf([]Match{all(anywhere), anyOf(each(wanted, inTitle, l))}), all(anywhere),
		}
	}
	tiers := make([]Match, len(nested))
	for i, m := range nested { // the last but one does not hold what the one before it holds
		tiers[i] = without(m, append(slices.Clone(nested[max(0, i-2):i]), q.unwanted(l)...))
	}
	return tiers
}

func each(parts []part, f field, l language) []Match {
	all := make([]Match, len(parts))
	for i, p := range parts {
		all[i] = p.match(f, l)
	}
	return all
}

func (p part) match(f field, l language) Match {
	var stems []string
	for _, t := range p.words {
		stems = append(stems, f.term(l, l.stem(l.fold(t.word))))
	}
	whole := Match{Phrase: stems}
	last := l.fold(p.words[len(p.words)-1].word)
	switch {
	case !p.beginning || utf8.RuneCountInString(last) < minBeginning:
		return whole
	case len(stems) > 1:
		begun := slices.Clone(stems)
		begun[len(begun)-1] = f.term(l, last)
		return anyOf([]Match{whole, {Phrase: begun, Beginning: true}})
	}
	return anyOf([]Match{whole, {Phrase: []string{f.word(l, last)}, Beginning: true}})
}

// oneAfterTheOther matches titles that have all the words in this order.
func oneAfterTheOther(parts []part, l language) Match {
	var whole part
	for _, p := range parts {
		whole.words = append(whole.words, p.words...)
	}
	return whole.match(inTitle, l)
}

func allOf(all []Match) Match {
	if len(all) == 1 {
		return all[0]
	}
	return Match{All: all}
}

func anyOf(some []Match) Match {
	if len(some) == 1 {
		return some[0]
	}
	return Match{Any: some}
}

func without(wanted Match, unwanted []Match) Match {
	if len(unwanted) == 0 {
		return wanted
	}
	return Match{Without: &Without{wanted, anyOf(unwanted)}}
}
