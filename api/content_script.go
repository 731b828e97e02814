package api

import (
	"github.com/nashr-cms/nashr/internal/lang"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/richtext"
	"github.com/nashr-cms/nashr/internal/store"
)

// readable is the wire with the languages that readers can ask for.
func (h content) readable() wire {
	w := h.wire
	w.languages = w.languages.Readable()
	return w
}

// transliterates reports whether readers of a language get texts of another one in their script.
func transliterates(from, language string) bool { return language != "" && lang.Twin(from) == language }

// inScript gives a text, all but its body, as readers of language get it, and the language it was transliterated from, if it was.
func inScript(t newsroom.Text, language string) (newsroom.Text, *string) {
	if !transliterates(t.Lang, language) {
		return t, nil
	}
	from := t.Lang
	t.Lang = language
	for _, words := range []*string{&t.Title, &t.Kicker, &t.Subtitle, &t.Summary, &t.SEO.Title, &t.SEO.Description} {
		*words = lang.Transliterate(*words, language)
	}
	return t, &from
}

// blocksInScript gives the body of a text as readers of language get it.
func blocksInScript(t newsroom.Text, language string) []newsroom.Block {
	if !transliterates(t.Lang, language) {
		return t.Body
	}
	return richtext.Map(t.Body, func(words string) string { return lang.Transliterate(words, language) })
}

// notesInScript gives the corrections of an article in the language from as readers of language get them.
func notesInScript(notes []newsroom.Correction, from, language string) []newsroom.Correction {
	if transliterates(from, language) {
		for i := range notes {
			notes[i].Text = lang.Transliterate(notes[i].Text, language)
		}
	}
	return notes
}

// inEitherScript gives what find finds in a language or, when that is nothing, in its twin.
func inEitherScript[T any](language string, find func(only string) (T, error)) (T, error) {
	found, err := find(language)
	if twin := lang.Twin(language); twin != "" && newsroom.IsCode(err, newsroom.CodeNotFound) {
		return find(twin)
	}
	return found, err
}

// edition gives the article of that slug or id in a language, or one to be transliterated into it; not_found too when there is a
// live edition of that one in the language itself, which readers are to be led to.
func (h content) edition(view store.LiveView, ref, language string) (store.LiveArticle, error) {
	a, err := inEitherScript(language, func(only string) (store.LiveArticle, error) { return view.Article(ref, only, h.languages) })
	if err != nil || !transliterates(a.Lang, language) {
		return a, err
	}
	_, err = sibling(view, a, language)
	switch {
	case err == nil:
		return a, noArticle()
	case newsroom.IsCode(err, newsroom.CodeNotFound):
		return a, nil
	}
	return a, err
}

// elsewhere gives the article that a slug without one in the language leads to: that was once under it, or the edition in the
// language of one that is or was under it in the other script.
func (h content) elsewhere(view store.LiveView, slug, language string) (store.LiveArticle, error) {
	a, err := inEitherScript(language, func(only string) (store.LiveArticle, error) { return view.Moved(slug, only, h.languages) })
	if newsroom.IsCode(err, newsroom.CodeNotFound) && lang.Twin(language) != "" {
		a, err = view.Article(slug, lang.Twin(language), h.languages)
	}
	if err != nil || !transliterates(a.Lang, language) {
		return a, err
	}
	own, err := sibling(view, a, language)
	if newsroom.IsCode(err, newsroom.CodeNotFound) {
		return a, nil
	}
	return own, err
}

// sibling gives the live edition of an article in a language, or not_found.
func sibling(view store.LiveView, a store.LiveArticle, language string) (store.LiveArticle, error) {
	all, err := view.Translations(a.TranslationGroup)
	if err != nil {
		return store.LiveArticle{}, err
	}
	for _, s := range all {
		if s.Lang == language {
			return s, nil
		}
	}
	return store.LiveArticle{}, noArticle()
}
