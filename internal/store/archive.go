package store

import (
	"time"

	"gorm.io/gorm/clause"
)

// Days counts the articles that f keeps by the day on which they were published in a zone, as 2006-01-02.
func (v LiveView) Days(f ArticleFilter, zone *time.Location) (map[string]int64, error) {
	query := v.db.Table("publications AS p").Where(liveAt(v.now))
	if c := f.conditions(publications); len(c) > 0 {
		query = query.Where(clause.And(c...))
	}
	rows, err := query.Select("p.published_at").Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err tells what went wrong
	days := map[string]int64{}
	for rows.Next() {
		var at time.Time
		if err := rows.Scan(&at); err != nil {
			return nil, err
		}
		days[at.In(zone).Format(time.DateOnly)]++
	}
	return days, rows.Err()
}
