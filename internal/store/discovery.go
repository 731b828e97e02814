package store

import (
	"database/sql"
	"fmt"
	"time"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Withdrawn gives, newest first, up to limit stories that were withdrawn for good after since. Readers had seen them all.
func (v LiveView) Withdrawn(since time.Time, limit int) ([]newsroom.Kill, error) {
	var rows []newsroom.Kill
	last := v.db.Table("events").Select("id, subject_id").Where("type = ?", "article.killed").Order("id DESC").Limit(limit)
	err := v.db.Table("(?) AS e", last).Select("k.*").Joins("JOIN kills k ON k.article_id = e.subject_id").
		Where("k.killed_at > ? AND k.killed_at <= ?", since, v.now).
		Order("e.id DESC").Find(&rows).Error
	return rows, err
}

// Month is what readers see of what was published in a month of UTC.
type Month struct {
	Month    string // "2026-03"
	Articles int
	Changed  time.Time // of what was updated last, in whole seconds
}

// Months gives the months in which something live was published, oldest first. It reads the times of all publications.
func (v LiveView) Months() ([]Month, error) {
	var rows []struct {
		Month    string
		Articles int
		Changed  string
	}
	// Both databases write times of UTC as text in this form, whatever follows. There is no WHERE, so that SQLite goes
	// through an index by published_at and not from each visible_from to its row, which lies behind a body.
	err := v.db.Raw(`SELECT substr(CAST(p.published_at AS text), 1, 7) AS month, count(*) FILTER (WHERE @live) AS articles,
			substr(CAST(max(p.updated_at) FILTER (WHERE @live) AS text), 1, 19) AS changed
		FROM publications p GROUP BY 1 HAVING count(*) FILTER (WHERE @live) > 0 ORDER BY 1`,
		sql.Named("live", liveAt(v.now))).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	months := make([]Month, len(rows))
	for i, r := range rows {
		changed, err := time.Parse(time.DateTime, r.Changed)
		if err != nil {
			return nil, err
		}
		months[i] = Month{r.Month, r.Articles, changed}
	}
	return months, nil
}

// Version gives a word that is another one whenever readers see something else, and when that came about as Changed does.
func (v LiveView) Version() (string, time.Time, error) {
	var last []int64
	if err := v.db.Table("events").Where("public").Order("id DESC").Limit(1).Pluck("id", &last).Error; err != nil {
		return "", time.Time{}, err
	}
	changed, err := v.Changed()
	return fmt.Sprint(last, changed.UnixMilli()), changed, err
}
