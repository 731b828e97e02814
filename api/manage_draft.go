package api

import (
	"encoding/json"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/richtext"
)

// draft gives what a client has sent in the terms of the desk, with all that is wrong with it so far.
func (h manage) draft(in ArticleInput, broken []newsroom.FieldError) editorial.Draft {
	trim(&in.Title, &in.Slug, &in.Kicker, &in.Subtitle, &in.Summary)
	oneLine(&in.Title, &in.Kicker, &in.Subtitle)
	d := editorial.Draft{
		Text: newsroom.Text{
			Lang: h.languages.Default(), Title: in.Title, Slug: in.Slug, Kicker: in.Kicker, Subtitle: in.Subtitle, Summary: in.Summary,
			Type: in.Type, Featured: in.Featured, Breaking: in.Breaking, Custom: in.Custom, Body: []newsroom.Block{},
		},
		Section: in.Section, Authors: in.Authors,
	}
	if in.Lang != "" {
		tag, ok := h.languages.Canonical(in.Lang)
		if d.Text.Lang = tag; !ok {
			broken = append(broken, newsroom.FieldError{Pointer: "/lang", Code: newsroom.FieldInvalid, Detail: "This is not one of the site's languages."})
		}
	}
	if in.Type == "" {
		d.Text.Type = newsroom.DefaultType
	}
	if in.Custom == nil {
		d.Text.Custom = json.RawMessage("{}")
	}
	if in.SEO != nil {
		d.Text.SEO = newsroom.SEO(*in.SEO)
	}
	if in.Body != nil {
		var more []newsroom.FieldError
		d.Text.Body, more = in.Body.blocks()
		broken = append(broken, more...)
	}
	for _, t := range in.Tags {
		d.Tags = append(d.Tags, editorial.TagRef{Ref: t.ref, Name: t.Name})
	}
	if in.TranslationOf != "" {
		d.TranslationOf = &in.TranslationOf
	}
	if in.LeadImage != "" {
		broken = append(broken, newsroom.FieldError{Pointer: "/lead_image", Code: newsroom.FieldUnknownReference, Detail: "There is no such picture."})
	}
	if len(in.Authors) > newsroom.MaxAuthors {
		broken = append(broken, newsroom.FieldError{Pointer: "/authors", Code: newsroom.FieldTooLong, Detail: "An article has at most 50 authors."})
		d.Authors = nil
	}
	if len(in.Tags) > newsroom.MaxTags {
		broken = append(broken, newsroom.FieldError{Pointer: "/tags", Code: newsroom.FieldTooLong, Detail: "An article has at most 100 tags."})
		d.Tags = nil
	}
	d.Invalid = broken
	return d
}

// blocks gives the body as sanitised blocks. Exactly one format must have been used.
func (b BodyInput) blocks() ([]newsroom.Block, []newsroom.FieldError) {
	given := 0
	for _, is := range []bool{b.HTML != nil, b.Markdown != nil, b.Blocks != nil} {
		if is {
			given++
		}
	}
	if given != 1 {
		return nil, []newsroom.FieldError{{Pointer: "/body", Code: newsroom.FieldInvalid, Detail: "Send the body as one of html, markdown and blocks."}}
	}
	var blocks []newsroom.Block
	var broken []newsroom.FieldError
	switch {
	case b.HTML != nil:
		blocks = richtext.FromHTML(*b.HTML)
	case b.Markdown != nil:
		blocks = richtext.FromMarkdown(*b.Markdown)
	default:
		blocks, broken = richtext.Normalize(b.Blocks)
		for i := range broken {
			broken[i].Pointer = "/body/blocks" + broken[i].Pointer
		}
	}
	if blocks == nil {
		blocks = []newsroom.Block{}
	}
	return blocks, broken
}

// patched gives the draft that a merge patch makes of the working copy. Body and translation_of are kept when the
// patch does not name them: the one is sent in many formats, the other names one of several articles.
func (h manage) patched(a newsroom.Article, patch any) editorial.Draft {
	var in ArticleInput
	broken := bindPatch(inputOf(a), patch, &in)
	d := h.draft(in, broken)
	changes, _ := patch.(map[string]any)
	if _, named := changes["body"]; !named {
		d.Text.Body = a.Body
	}
	if _, named := changes["translation_of"]; named {
		d.TranslationOf = &in.TranslationOf
	}
	return d
}

// inputOf gives a working copy as a client would have sent it, without its body and its translations.
func inputOf(a newsroom.Article) ArticleInput {
	seo := SEOInput(a.SEO)
	in := ArticleInput{
		Lang: a.Lang, Title: a.Title, Slug: a.Slug, Kicker: a.Kicker, Subtitle: a.Subtitle, Summary: a.Summary,
		Authors: idStrings(a.AuthorIDs), Type: a.Type, Featured: a.Featured, Breaking: a.Breaking, SEO: &seo, Custom: a.Custom,
	}
	if a.AutoSummary {
		in.Summary = ""
	}
	if a.SectionID != nil {
		in.Section = a.SectionID.String()
	}
	for _, id := range a.TagIDs {
		in.Tags = append(in.Tags, TagNameInput{ref: id.String()})
	}
	return in
}

// trim cuts the white space around each text.
func trim(texts ...*string) {
	for _, t := range texts {
		*t = strings.TrimSpace(*t)
	}
}

// oneLine puts a space in the place of each line break, and of any other control character.
func oneLine(texts ...*string) {
	for _, t := range texts {
		*t = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return ' '
			}
			return r
		}, *t)
	}
}

func idStrings(ids []uuid.UUID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = id.String()
	}
	return out
}
