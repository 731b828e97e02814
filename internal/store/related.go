package store

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

const (
	candidatesEach = 50   // of one tag, or of the section: the newest
	maxRelatedTags = 10   // of an article that are looked at
	countsAsCommon = 1000 // articles with a tag beyond which nobody counts
)

// Related gives the articles in a language, that of a or its twin, that are most like a, at most limit, without bodies.
// Those of the twin, unless it is empty, stand in where there is no edition in the language. The newest of each tag of a
// and of its section are looked at, so that it costs the same whatever the size of the archive.
func (v LiveView) Related(a LiveArticle, language, twin string, limit int) ([]LiveArticle, error) {
	tags := a.TagIDs[:min(len(a.TagIDs), maxRelatedTags)]
	candidates, err := v.akin(a, tags, []string{language, twin})
	if err != nil {
		return nil, err
	}
	carriers, err := v.carriers(tags)
	if err != nil {
		return nil, err
	}
	to := newsroom.Candidate{ArticleID: a.ArticleID, Title: a.Title, SectionID: a.SectionID, TagIDs: a.TagIDs, PublishedAt: a.PublishedAt}
	candidates = newsroom.MostLike(to, candidates, carriers)
	ids := []uuid.UUID{}
	for _, c := range candidates[:min(len(candidates), 2*limit)] { // of two editions one stays
		ids = append(ids, c.ArticleID)
	}
	related, err := v.inOrder(ids)
	if err == nil && twin != "" {
		related, err = v.inLanguage(related, language, twin)
	}
	return related[:min(len(related), limit)], err
}

// akin gives the newest articles that share one of the tags or the section with a, and what editors picked.
func (v LiveView) akin(a LiveArticle, tags []uuid.UUID, languages []string) ([]newsroom.Candidate, error) {
	var branches []string
	var vars []any
	newest := func(l links, term uuid.UUID) {
		branches = append(branches, fmt.Sprintf(`SELECT id FROM (SELECT l.publication_id AS id FROM %s l JOIN publications p ON p.id = l.publication_id
			WHERE l.%s = ? AND p.lang IN ? AND ? ORDER BY l.published_at DESC, l.article_id DESC LIMIT ?) AS n`, l.table, l.key))
		vars = append(vars, term, languages, visible("l", v.now), candidatesEach)
	}
	for _, tag := range tags {
		newest(tagLinks, tag)
	}
	if a.SectionID != nil {
		newest(sectionLinks, *a.SectionID)
	}
	branches = append(branches, "SELECT p.id FROM publications p WHERE p.lang IN ? AND ? AND p.article_id IN (?)")
	vars = append(vars, languages, liveAt(v.now), expr(picked, newsroom.EditorsPicks))
	var rows []newsroom.Candidate
	err := v.db.Table("publications AS p").
		Select("p.article_id, p.title, p.section_id, p.tag_ids, p.published_at, (p.featured OR p.article_id IN (?)) AS picked", expr(picked, newsroom.EditorsPicks)).
		Where(expr("p.id IN ("+strings.Join(branches, " UNION ")+")", vars...)).Where("p.translation_group <> ?", a.TranslationGroup).Find(&rows).Error
	return rows, err
}

// picked are the articles of a collection.
const picked = "SELECT m.article_id FROM collection_articles m JOIN collections c ON c.id = m.collection_id WHERE c.key = ?"

// carriers counts the articles with each tag, up to countsAsCommon.
func (v LiveView) carriers(tags []uuid.UUID) (map[uuid.UUID]int64, error) {
	if len(tags) == 0 {
		return nil, nil
	}
	var branches []string
	var vars []any
	for _, tag := range tags {
		branches = append(branches, "SELECT tag_id FROM (SELECT tag_id FROM publication_tags WHERE tag_id = ? LIMIT ?) AS t")
		vars = append(vars, tag, countsAsCommon)
	}
	var rows []struct {
		TagID uuid.UUID
		N     int64
	}
	err := v.db.Raw("SELECT tag_id, count(*) AS n FROM ("+strings.Join(branches, " UNION ALL ")+") AS c GROUP BY tag_id", vars...).Scan(&rows).Error
	out := map[uuid.UUID]int64{}
	for _, r := range rows {
		out[r.TagID] = r.N
	}
	return out, err
}

// inOrder gives those articles of ids that are live, in that order, without bodies.
func (v LiveView) inOrder(ids []uuid.UUID) ([]LiveArticle, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []LiveArticle
	if err := v.articles().Select(liveFields).Where("p.article_id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, err
	}
	found := byID(rows, func(a LiveArticle) uuid.UUID { return a.ArticleID })
	out := make([]LiveArticle, 0, len(rows))
	for _, id := range ids {
		if a, ok := found[id]; ok {
			out = append(out, a)
		}
	}
	return out, nil
}
