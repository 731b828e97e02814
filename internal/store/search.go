package store

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/richtext"
	"github.com/nashr-cms/nashr/internal/search"
)

// engine keeps and finds terms: FTS5 on SQLite, a tsvector in a GIN index on PostgreSQL. It has no opinion on what is
// relevant.
type engine interface {
	// prepare is called before what a transaction looks for.
	prepare(db *gorm.DB) error
	// write keeps what each publication is found by.
	write(db *gorm.DB, all []newsroom.Publication, found []Found) error
	// found gives the condition that m finds the publication p.
	found(m search.Match) clause.Expression
	// nearest gives the query for those publications p in view that m finds, of which the ones that s asks for can be
	// taken without looking at all the others.
	nearest(view *gorm.DB, m search.Match, s stretch) (*gorm.DB, error)
	// alike gives the spellings that are search.Alike.
	alike(db *gorm.DB, s search.Spelling) ([]search.Spelling, error)
}

func engineOf(db *gorm.DB) engine {
	if db.Name() == "postgres" {
		return postgresSearch{many: 5000}
	}
	return sqliteSearch{}
}

// hit is a publication that was found.
type hit struct {
	ID          uuid.UUID
	PublishedAt time.Time
	ArticleID   uuid.UUID
	tier        int
}

// stretch asks for a part of a list that has the newest first.
type stretch struct {
	after         *hit // begin right after it; nil: at the beginning
	back          bool // read towards the beginning, from the end when after is nil
	offset, limit int
}

// Found is what a text is found by. It follows from the text alone.
type Found struct {
	terms     search.Terms
	spellings []search.Spelling
}

// Find gives what each of texts is found by.
func Find(texts ...newsroom.Text) []Found {
	lexicon := search.Lexicon{}
	found := make([]Found, len(texts))
	for i, t := range texts {
		d := document(t)
		found[i] = Found{d.Terms(lexicon), d.Spellings()}
	}
	return found
}

// index keeps what publications are found by.
func (tx *Tx) index(all []newsroom.Publication, found []Found) error {
	var spellings []search.Spelling
	for _, f := range found {
		spellings = append(spellings, f.spellings...)
	}
	if err := tx.addSpellings(spellings); err != nil {
		return err
	}
	return engineOf(tx.db).write(tx.db, all, found)
}

func (tx *Tx) addSpellings(spellings []search.Spelling) error {
	known := map[search.Spelling]bool{}
	var rows []map[string]any
	for _, s := range spellings {
		if !known[s] {
			known[s] = true
			rows = append(rows, map[string]any{"word": s.Word, "skeleton": s.Skeleton})
		}
	}
	return insert(tx.db, "search_spellings", rows, "ON CONFLICT DO NOTHING")
}

// document gives a text as search knows it.
func document(t newsroom.Text) search.Document {
	return search.Document{
		Lang: t.Lang, Title: t.Title, Summary: strings.Join([]string{t.Kicker, t.Subtitle, t.Summary}, "\n"), Body: richtext.Text(t.Body),
	}
}

// ByRelevance is the order in which the best comes first and, of equals, the newest.
var ByRelevance = []SortKey{{Field: "relevance"}, {Field: "published_at", Desc: true}}

// Search gives a page of those articles that f keeps and q finds, sorted as by Articles or ByRelevance. Bodies are left
// empty unless asked for.
func (v LiveView) Search(q search.Query, f ArticleFilter, page Page, bodies bool) (Listing[LiveArticle], error) {
	fields := liveFields
	if bodies {
		fields += ", p.body"
	}
	s := v.seeking(q, f)
	if err := s.prepare(s.db); err != nil {
		return Listing[LiveArticle]{}, err
	}
	switch {
	case len(s.tiers) == 0:
		return list(v.articles().Where("1 = 0"), fields, liveOrder, Page{Total: page.Total})
	case page.Sort[0].Field != "relevance":
		return list(s.view(v.articles()).Where(s.found(s.everything)), fields, liveOrder, page)
	}
	var l Listing[LiveArticle]
	if page.Total {
		var n int64
		if err := s.view(v.db.Table("publications AS p")).Where(s.found(s.everything)).Count(&n).Error; err != nil {
			return l, err
		}
		l.Total = &n
	}
	hits, err := s.page(page)
	if err != nil {
		return l, err
	}
	more := len(hits) > page.Limit
	hits = hits[:min(len(hits), page.Limit)]
	if page.Cursor != nil && page.Cursor.Back {
		slices.Reverse(hits)
	}
	if l.Items, err = v.load(hits, fields); err != nil {
		return l, err
	}
	liveOrder.neighbours(&l, page, more)
	return l, nil
}

// load gives the articles that were found, in the same order.
func (v LiveView) load(hits []hit, fields string) ([]LiveArticle, error) {
	ids := make([]uuid.UUID, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	var rows []LiveArticle
	err := v.articles().Select(fields).Where("p.id IN ?", ids).Find(&rows).Error
	found := byID(rows, func(a LiveArticle) uuid.UUID { return a.ID })
	out := make([]LiveArticle, 0, len(hits))
	for _, h := range hits {
		if a, ok := found[h.ID]; ok {
			a.tier = h.tier
			out = append(out, a)
		}
	}
	return out, err
}

// seeker looks for a query among what is live.
type seeker struct {
	engine
	db         *gorm.DB
	keep       []clause.Expression // what else must hold of p
	tiers      []search.Match
	everything search.Match
}

func (v LiveView) seeking(q search.Query, f ArticleFilter) seeker {
	var languages []string
	if len(f.Langs.AnyOf) == 1 {
		languages = f.Langs.AnyOf[0]
	}
	s := seeker{engine: engineOf(v.db), db: v.db, keep: append(f.liveConditions(publications, v.now), liveAt(v.now)), tiers: q.Tiers(languages...)}
	if len(s.tiers) > 0 {
		s.everything = q.Everything(languages...)
	}
	return s
}

func (s seeker) view(query *gorm.DB) *gorm.DB { return query.Where(clause.And(s.keep...)) }

// page gives the hits of a page ByRelevance and, if there are more, one more, in the order in which they are read.
func (s seeker) page(page Page) ([]hit, error) {
	part := stretch{offset: page.Offset}
	tier, step := 0, 1
	if page.Cursor != nil {
		values, err := liveOrder.values(page.Sort, page.Cursor)
		if err != nil {
			return nil, err
		}
		part = stretch{after: &hit{PublishedAt: values[1].(time.Time), ArticleID: page.Cursor.ID}, back: page.Cursor.Back}
		if tier = int(values[0].(int64)); tier < 0 || tier >= len(s.tiers) {
			return nil, BadCursor()
		}
		if part.back {
			step = -1
		}
	}
	var hits []hit
	for ; tier >= 0 && tier < len(s.tiers) && len(hits) <= page.Limit; tier += step {
		part.limit = page.Limit + 1 - len(hits)
		rows, err := s.hits(s.tiers[tier], part)
		if err != nil {
			return nil, err
		}
		for _, h := range rows {
			h.tier = tier
			hits = append(hits, h)
		}
		if part.offset, err = s.left(tier, part, len(rows)); err != nil {
			return nil, err
		}
		part.after = nil
	}
	return hits, nil
}

// left gives how many hits are to be passed over in the next tier, after this one gave so many rows.
func (s seeker) left(tier int, part stretch, rows int) (int, error) {
	if part.offset == 0 || rows > 0 {
		return 0, nil
	}
	passed, err := s.hits(s.tiers[tier], stretch{limit: part.offset})
	return part.offset - len(passed), err
}

// hits gives those that m finds, the newest first, or the oldest when they are read back.
func (s seeker) hits(m search.Match, part stretch) ([]hit, error) {
	query, err := s.nearest(s.view(s.db), m, part)
	if err != nil {
		return nil, err
	}
	desc := direction(!part.back)
	if a := part.after; a != nil {
		query = query.Where("(p.published_at, p.article_id)"+beyond(SortKey{Desc: true}, part.back)+"(?, ?)", a.PublishedAt, a.ArticleID)
	}
	var hits []hit
	err = query.Select("p.id, p.published_at, p.article_id").Order("p.published_at" + desc + ", p.article_id" + desc).
		Offset(part.offset).Limit(part.limit).Scan(&hits).Error
	return hits, err
}
