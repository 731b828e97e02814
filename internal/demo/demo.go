// Package demo fills a newsroom with the invented paper of an invented town, in four languages and two scripts.
package demo

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/account"
	"github.com/nashr-cms/nashr/internal/editorial"
	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/richtext"
	"github.com/nashr-cms/nashr/internal/store"
	"github.com/nashr-cms/nashr/internal/views"
)

//go:embed content
var content embed.FS

// Languages and Timezone are those of the demo's paper.
const (
	Languages = "uz-Latn,uz-Cyrl,ru,en"
	Timezone  = "Asia/Tashkent"
)

// Password is that of every demo user.
const Password = "stork-nest-on-the-mill"

// Users are the demo's logins, one of each role.
func Users() []newsroom.User {
	return []newsroom.User{
		{Email: "admin@demo.example", Name: "Anvar Admin", Role: newsroom.RoleAdmin},
		{Email: "editor@demo.example", Name: "Elmira Editor", Role: newsroom.RoleEditor},
		{Email: "author@demo.example", Name: "Aziza Author", Role: newsroom.RoleAuthor},
		{Email: "contributor@demo.example", Name: "Komil Contributor", Role: newsroom.RoleContributor},
	}
}

// site is the paper without its articles, as content/site.json has it.
type site struct {
	Name, Description string
	Translations      newsroom.Translations
	Navigation        []newsroom.NavigationItem
	Collections       []struct {
		Key, Name, Description string
		Translations           newsroom.Translations
		Articles               []string // keys of stories
		Fill                   *newsroom.Fill
	}
	Widgets  map[string]json.RawMessage
	Sections []struct {
		term
		Parent   string
		Position int
	}
	Authors []struct {
		term
		JobTitle string `json:"job_title"`
		Bio      string
	}
	Tags []term
}

type term struct {
	Slug, Name, Description string
	Translations            newsroom.Translations
}

func (t term) term() newsroom.Term {
	return newsroom.Term{Slug: t.Slug, Name: t.Name, Description: t.Description, Translations: t.Translations}
}

// story is one article: a JSON head between lines of ---, and a body in Markdown.
type story struct {
	Key                                             string // stories of the same key translate each other
	Lang, Title, Kicker, Subtitle, Summary, Section string
	Authors, Tags                                   []string
	Type                                            string
	Featured, Breaking, Draft, Submitted            bool
	Returned, Correction, Killed                    string   // what an editor said: to the writer, to the readers, for good
	Age, In, Until                                  duration // before now, after now, after now
	Custom                                          json.RawMessage
	SEO                                             newsroom.SEO
	body                                            string
}

type duration struct{ time.Duration }

// UnmarshalText reads a Go duration.
func (d *duration) UnmarshalText(text []byte) (err error) {
	d.Duration, err = time.ParseDuration(string(text))
	return err
}

// Fill makes the demo's users and writes and publishes its paper, as if that had happened over the last two months.
func Fill(ctx context.Context, accounts *account.Service, desk *editorial.Desk, counter *views.Counter) error {
	people, err := hire(ctx, accounts, desk)
	if err != nil {
		return fmt.Errorf("demo: users: %w", err)
	}
	paper, err := readSite()
	if err == nil {
		err = paper.fill(ctx, desk, people[newsroom.RoleAdmin])
	}
	if err != nil {
		return fmt.Errorf("demo: site: %w", err)
	}
	stories, err := readStories()
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	groups := map[string]uuid.UUID{}
	for i, s := range stories {
		writer := people[newsroom.RoleEditor]
		switch {
		case s.Submitted || s.Returned != "":
			writer = people[newsroom.RoleContributor]
		case i%3 == 0:
			writer = people[newsroom.RoleAuthor]
		}
		if err := write(ctx, *desk, writer, people[newsroom.RoleEditor], s, groups); err != nil {
			return fmt.Errorf("demo: %q: %w", s.Title, err)
		}
	}
	if err := paper.curate(ctx, desk, people[newsroom.RoleEditor], groups); err != nil {
		return fmt.Errorf("demo: collections and widgets: %w", err)
	}
	if err := read(ctx, desk, counter); err != nil {
		return fmt.Errorf("demo: views: %w", err)
	}
	return nil
}

// read has people open the newest stories, some more than others.
func read(ctx context.Context, desk *editorial.Desk, counter *views.Counter) error {
	newest := store.Page{Limit: 60, Sort: []store.SortKey{{Field: "published_at", Desc: true}}}
	stories, err := desk.Store.Live().At(ctx, desk.Now()).Articles(store.ArticleFilter{}, newest, false)
	if err != nil {
		return err
	}
	for i, story := range stories.Items {
		for reader := range 5 + i*29%90 {
			if err := counter.Add(ctx, story.ArticleID, fmt.Sprint("reader ", reader), "a reader of the demo"); err != nil {
				return err
			}
		}
	}
	return counter.Flush(ctx)
}

// hire makes the users. They share the hash of their password, because to make one takes longer than all the rest.
func hire(ctx context.Context, accounts *account.Service, desk *editorial.Desk) (map[newsroom.Role]newsroom.Actor, error) {
	users := Users()
	first, err := accounts.CreateUser(ctx, users[0].Email, users[0].Name, users[0].Role, Password)
	if err != nil {
		return nil, err
	}
	people := map[newsroom.Role]newsroom.Actor{first.Role: {User: first}}
	return people, desk.Store.Write(ctx, func(tx *store.Tx) error {
		for _, u := range users[1:] {
			if u.ID, err = uuid.NewV7(); err != nil {
				return err
			}
			u.PasswordHash, u.CreatedAt, u.UpdatedAt, u.Version = first.PasswordHash, first.CreatedAt, first.UpdatedAt, 1
			if err := tx.CreateUser(&u); err != nil {
				return err
			}
			if err := tx.AppendEvent(&newsroom.Event{At: u.CreatedAt, Type: "user.created", SubjectID: u.ID, Data: []byte("{}")}); err != nil {
				return err
			}
			people[u.Role] = newsroom.Actor{User: u}
		}
		return nil
	})
}

func readSite() (site, error) {
	var s site
	raw, err := content.ReadFile("content/site.json")
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(raw, &s)
}

// fill makes the sections, authors and tags of the paper, and says what the site is and what is where.
func (s site) fill(ctx context.Context, desk *editorial.Desk, admin newsroom.Actor) error {
	for _, x := range s.Sections {
		section := newsroom.Section{Term: x.term.term(), Position: x.Position}
		if _, err := desk.Sections().Create(ctx, admin, editorial.TermDraft[newsroom.Section]{Value: section, Parent: x.Parent}); err != nil {
			return err
		}
	}
	for _, x := range s.Authors {
		author := newsroom.Author{Term: x.term.term(), JobTitle: x.JobTitle, Bio: x.Bio, Links: []newsroom.AuthorLink{}}
		if _, err := desk.Authors().Create(ctx, admin, editorial.TermDraft[newsroom.Author]{Value: author}); err != nil {
			return err
		}
	}
	for _, x := range s.Tags {
		if _, err := desk.Tags().Create(ctx, admin, editorial.TermDraft[newsroom.Tag]{Value: newsroom.Tag{Term: x.term()}}); err != nil {
			return err
		}
	}
	_, err := desk.ChangeSite(ctx, admin, anyVersion, func(now newsroom.Site) (newsroom.Site, []newsroom.FieldError, error) {
		now.Name, now.Description, now.Translations, now.Navigation = s.Name, s.Description, s.Translations, &s.Navigation
		return now, nil, nil
	})
	return err
}

// curate puts stories, by their keys, into collections, and pushes the widgets.
func (s site) curate(ctx context.Context, desk *editorial.Desk, editor newsroom.Actor, stories map[string]uuid.UUID) error {
	for _, x := range s.Collections {
		draft := editorial.CollectionDraft{Value: newsroom.Collection{
			Key: x.Key, Name: x.Name, Description: x.Description, Translations: x.Translations, Fill: x.Fill,
		}}
		for _, key := range x.Articles {
			draft.Articles = append(draft.Articles, stories[key].String())
		}
		if _, err := desk.CreateCollection(ctx, editor, draft); err != nil {
			return err
		}
	}
	for key, value := range s.Widgets {
		if _, err := desk.CreateWidget(ctx, editor, key, editorial.WidgetDraft{Value: newsroom.Widget{Value: value}}); err != nil {
			return err
		}
	}
	return nil
}

// readStories gives all stories, oldest first.
func readStories() ([]story, error) {
	names, err := fs.Glob(content, "content/articles/*.md")
	if err != nil {
		return nil, err
	}
	stories := make([]story, len(names))
	for i, name := range names {
		raw, err := content.ReadFile(name)
		if err != nil {
			return nil, err
		}
		parts := bytes.SplitN(raw, []byte("---\n"), 3)
		if len(parts) != 3 {
			return nil, fmt.Errorf("%s: has no head", name)
		}
		if err := json.Unmarshal(parts[1], &stories[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		stories[i].body = string(parts[2])
	}
	slices.SortStableFunc(stories, func(a, b story) int { return cmp.Compare(b.Age.Duration, a.Age.Duration) })
	return stories, nil
}

// write creates a story, publishes it unless it is a draft, and gives it to the editor, at a desk whose clock shows the
// time of the story.
func write(ctx context.Context, desk editorial.Desk, writer, editor newsroom.Actor, s story, groups map[string]uuid.UUID) error {
	now := desk.Now()
	then := now.Add(-s.Age.Duration)
	desk.Now = func() time.Time { return then }
	article, err := desk.CreateArticle(ctx, writer, s.draft(groups))
	if err != nil {
		return err
	}
	if s.Draft {
		return s.review(ctx, desk, writer, editor, article.ID)
	}
	if _, known := groups[s.Key]; !known {
		groups[s.Key] = article.ID
	}
	at := then.Add(s.In.Duration)
	var until *time.Time
	if s.Until.Duration != 0 {
		end := now.Add(s.Until.Duration)
		until = &end
	}
	if _, err := desk.Publish(ctx, writer, article.ID, anyVersion, &at, until); err != nil {
		return err
	}
	desk.Now = func() time.Time { return at.Add(time.Hour) }
	if s.Correction != "" {
		_, err = desk.Correct(ctx, editor, article.ID, anyVersion, s.Correction)
	}
	if s.Killed != "" {
		_, err = desk.Kill(ctx, editor, article.ID, anyVersion, s.Killed)
	}
	return err
}

var anyVersion = newsroom.Precondition{Any: true}

// review submits a draft that its writer has finished, and returns one that an editor has something to say about.
func (s story) review(ctx context.Context, desk editorial.Desk, writer, editor newsroom.Actor, id uuid.UUID) error {
	if !s.Submitted && s.Returned == "" {
		return nil
	}
	_, err := desk.Submit(ctx, writer, id, anyVersion)
	if err == nil && s.Returned != "" {
		_, err = desk.Return(ctx, editor, id, anyVersion, s.Returned)
	}
	return err
}

func (s story) draft(groups map[string]uuid.UUID) editorial.Draft {
	d := editorial.Draft{
		Text: newsroom.Text{
			Lang: s.Lang, Title: s.Title, Kicker: s.Kicker, Subtitle: s.Subtitle, Summary: s.Summary,
			Body: richtext.FromMarkdown(s.body), Type: cmp.Or(s.Type, newsroom.DefaultType),
			Featured: s.Featured, Breaking: s.Breaking, SEO: s.SEO, Custom: json.RawMessage("{}"),
		},
		Section: s.Section, Authors: s.Authors,
	}
	if s.Custom != nil {
		d.Text.Custom = s.Custom
	}
	for _, t := range s.Tags {
		d.Tags = append(d.Tags, editorial.TagRef{Ref: t})
	}
	if first, known := groups[s.Key]; known {
		ref := first.String()
		d.TranslationOf = &ref
	}
	return d
}
