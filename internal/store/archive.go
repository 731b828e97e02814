package store

import "time"

// Days counts the articles that f keeps by the day on which they were published in a zone, as 2006-01-02.
func (v LiveView) Days(f ArticleFilter, zone *time.Location) (map[string]int64, error) {
	rows, err := v.keeping(f, v.db.Table("publications AS p").Where(liveAt(v.now))).Select("p.published_at").Rows()
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
