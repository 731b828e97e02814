package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// WriteViews is Write for the counting of views, which is no content and waits for no writer of content on PostgreSQL.
func (s *Store) WriteViews(ctx context.Context, change func(*Tx) error) error {
	return s.transaction(ctx, viewsLock, change)
}

// VisitSalt gives the salt of a day (2006-01-02), which is made when it is asked for first, and forgets those of other days.
func (tx *Tx) VisitSalt(day string) ([]byte, error) {
	salt := newsroom.VisitSalt{Day: day, Salt: make([]byte, 32)}
	_, _ = rand.Read(salt.Salt) // never fails
	if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&salt).Error; err != nil {
		return nil, err
	}
	if err := tx.db.Where("day < ?", day).Delete(&newsroom.VisitSalt{}).Error; err != nil {
		return nil, err
	}
	err := tx.db.Where("day = ?", day).Take(&salt).Error
	return salt.Salt, err
}

// CountVisits counts each visit as a view of its article, unless the same one counted within newsroom.VisitAgain before
// now. All visits must be of one batch that is new.
func (tx *Tx) CountVisits(visits []newsroom.Visit, now time.Time) error {
	again := clause.OnConflict{
		Columns:   []clause.Column{{Name: "hash"}},
		DoUpdates: clause.AssignmentColumns([]string{"counted_at", "batch"}),
		Where:     clause.Where{Exprs: []clause.Expression{expr("visits.counted_at <= ?", now.Add(-newsroom.VisitAgain))}},
	}
	if err := tx.db.Clauses(again).CreateInBatches(visits, 500).Error; err != nil {
		return err
	}
	counted := expr("SELECT article_id, count(*) AS n FROM visits WHERE batch = ? GROUP BY article_id", visits[0].Batch)
	set := "views = a.views + c.n"
	for _, w := range newsroom.Windows {
		set += fmt.Sprintf(", %s = a.%[1]s + c.n", viewsIn(w))
	}
	err := tx.db.Exec("UPDATE article_views AS a SET "+set+" FROM (?) AS c WHERE c.article_id = a.article_id", counted).Error
	if err != nil {
		return err
	}
	return tx.db.Exec(`INSERT INTO view_slices (in_window, minute, article_id, views)
		SELECT 0, ?, a.article_id, c.n FROM article_views a JOIN (?) AS c ON c.article_id = a.article_id WHERE true
		ON CONFLICT (in_window, minute, article_id) DO UPDATE SET views = view_slices.views + excluded.views`,
		minute(now.Truncate(newsroom.Windows[0].Grain)), counted).Error
}

// AgeViews lets those views leave the windows of popularity whose time is over at now, and forgets visits that may count
// again.
func (tx *Tx) AgeViews(now time.Time) error {
	for i, w := range newsroom.Windows {
		left := expr("in_window = ? AND minute <= ?", i, minute(now.Add(-w.Length)))
		if err := tx.leave(i, left); err != nil {
			return err
		}
	}
	return tx.db.Where("counted_at <= ?", now.Add(-newsroom.VisitAgain)).Delete(&newsroom.Visit{}).Error
}

// leave takes the slices that left says out of the i-th window, and hands them to the next one.
func (tx *Tx) leave(i int, left clause.Expr) error {
	column := viewsIn(newsroom.Windows[i])
	err := tx.db.Exec("UPDATE article_views AS a SET "+column+" = a."+column+
		" - c.n FROM (SELECT article_id, sum(views) AS n FROM view_slices WHERE ? GROUP BY article_id) AS c WHERE c.article_id = a.article_id", left).Error
	if err != nil {
		return err
	}
	if i+1 < len(newsroom.Windows) {
		grain := int64(newsroom.Windows[i+1].Grain / time.Minute)
		err = tx.db.Exec(fmt.Sprintf(`INSERT INTO view_slices (in_window, minute, article_id, views)
			SELECT %d, minute / %d * %[2]d, article_id, sum(views) FROM view_slices WHERE ? GROUP BY 1, 2, 3
			ON CONFLICT (in_window, minute, article_id) DO UPDATE SET views = view_slices.views + excluded.views`, i+1, grain), left).Error
		if err != nil {
			return err
		}
	}
	return tx.db.Exec("DELETE FROM view_slices WHERE ?", left).Error
}

// Seen reports whether readers see the article of that id.
func (v LiveView) Seen(id uuid.UUID) (bool, error) {
	var n int64
	err := v.db.Table("publications AS p").Where("p.article_id = ?", id).Where(liveAt(v.now)).Count(&n).Error
	return n > 0, err
}

// Popular gives the articles that f keeps and that were viewed most often within w, at most limit, without bodies. Where f
// has a twin, what was read in that language counts for the edition in the other.
func (v LiveView) Popular(w newsroom.Window, f ArticleFilter, limit int) ([]LiveArticle, error) {
	column := "v." + viewsIn(w)
	language, twin := "", f.Twin
	if twin != "" {
		language = f.Langs.AnyOf[0][0]
		f.Langs.AnyOf, f.Twin = [][]string{{language, twin}}, ""
	}
	query := v.byViews().Where(column + " > 0").Order(column + " DESC, v.article_id DESC").Limit(limit)
	var rows []LiveArticle
	if err := v.keeping(f, query).Select(liveFields).Find(&rows).Error; err != nil || twin == "" {
		return rows, err
	}
	return v.inLanguage(rows, language, twin)
}

// byViews is articles by way of their views.
func (v LiveView) byViews() *gorm.DB {
	return v.db.Table("article_views AS v").Joins("CROSS JOIN publications p").Where("p.article_id = v.article_id").Where(liveAt(v.now))
}

// viewsIn is the column of article_views that counts the views within w.
func viewsIn(w newsroom.Window) string { return "views_" + w.Name }

// minute is when t is, in minutes since 1970.
func minute(t time.Time) int64 { return t.Unix() / 60 }
