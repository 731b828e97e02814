package store

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Past gives what readers saw at a moment that is over, for those who may know: the article of that id, and what belonged
// to it then. Views are those of now. Its lists are not kept, so no other question can be asked of it.
func (q Queries) Past(at time.Time) LiveView { return LiveView{db: q.db, now: at, past: true} }

// everPublished is what publications and their history have in common, as the table p.
const everPublished = "(SELECT " + publicationFields + ", p.body FROM publications p" +
	" UNION ALL SELECT " + publicationFields + ", p.body FROM publication_history p) AS p"

// pastTerms gives what texts referred to as it was then, also what has been deleted since: as the last event before tells it.
// Of what no event tells it gives the present state.
func (v LiveView) pastTerms(texts []newsroom.Text) (Terms, error) {
	terms, err := Queries{v.db}.terms(publicAuthor, texts)
	if err != nil {
		return Terms{}, err
	}
	ids := []uuid.UUID{}
	for _, t := range texts {
		ids = append(append(ids, t.AuthorIDs...), t.TagIDs...)
	}
	for _, about := range []clause.Expression{
		expr("type IN ?", []string{"section.created", "section.updated"}), // all of them, for the paths
		expr("subject_id IN ? AND type IN ?", ids, []string{"author.created", "author.updated", "tag.created", "tag.updated"}),
	} {
		last := v.db.Model(&newsroom.Event{}).Select("max(id)").Where("at <= ?", v.now).Where(about).Group("subject_id")
		var events []newsroom.Event
		if err := v.db.Where("id IN (?)", last).Find(&events).Error; err != nil {
			return Terms{}, err
		}
		for _, e := range events {
			if err := terms.setBack(e); err != nil {
				return Terms{}, err
			}
		}
	}
	return terms, nil
}

// setBack gives the term that e is about the state in which e left it.
func (t Terms) setBack(e newsroom.Event) error {
	var data struct {
		After *struct {
			Slug         string
			Name         string
			Description  string
			Translations newsroom.Translations
			ParentID     *uuid.UUID `json:"parent_id"`
			Position     int
			JobTitle     string `json:"job_title"`
			Bio          string
			Avatar       string
			Links        []newsroom.AuthorLink
		}
	}
	if err := json.Unmarshal(e.Data, &data); err != nil || data.After == nil {
		return err
	}
	s := data.After
	term := newsroom.Term{ID: e.SubjectID, Slug: s.Slug, Name: s.Name, Description: s.Description, Translations: s.Translations}
	switch kind, _, _ := strings.Cut(e.Type, "."); kind {
	case "section":
		t.Sections[term.ID] = newsroom.Section{Term: term, ParentID: s.ParentID, Position: s.Position}
	case "author":
		t.Authors[term.ID] = newsroom.Author{Term: term, JobTitle: s.JobTitle, Bio: s.Bio, Avatar: s.Avatar, Links: s.Links}
	case "tag":
		t.Tags[term.ID] = newsroom.Tag{Term: term}
	}
	return nil
}
