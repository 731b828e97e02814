package store

import (
	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// revisionFields are the columns of a list: all but the body, which can be long.
const revisionFields = `article_id, revision, lang, slug, title, kicker, subtitle, summary, auto_summary, word_count, section_id, author_ids,
	tag_ids, type, featured, breaking, seo, custom, translation_group, saved_by, saved_at, changed, restored_from`

var revisionOrder = order[newsroom.Revision]{
	columns: map[string]column[newsroom.Revision]{
		"revision": {"revision", func(r *newsroom.Revision) any { return int64(r.Revision) }},
	},
	id:   "article_id",
	idOf: func(r *newsroom.Revision) uuid.UUID { return r.ArticleID },
}

// Revisions gives a page of the saves of an article's text, without bodies, sortable by revision.
func (q Queries) Revisions(article uuid.UUID, page Page) (Listing[newsroom.Revision], error) {
	return list(q.db.Model(&newsroom.Revision{}).Where("article_id = ?", article), revisionFields, revisionOrder, page)
}

// Revision gives one save of an article's text, or not_found.
func (q Queries) Revision(article uuid.UUID, number int) (newsroom.Revision, error) {
	var r newsroom.Revision
	err := q.db.Where("article_id = ? AND revision = ?", article, number).Take(&r).Error
	return r, err
}

// MergedTags gives, by the ids of tags that were merged into others, the ids of those others.
func (q Queries) MergedTags(ids ...uuid.UUID) (map[uuid.UUID]uuid.UUID, error) {
	var rows []newsroom.MergedTag
	err := q.db.Where("id IN ?", ids).Find(&rows).Error
	into := make(map[uuid.UUID]uuid.UUID, len(rows))
	for _, r := range rows {
		into[r.ID] = r.TagID
	}
	return into, err
}
