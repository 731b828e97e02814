package store

import (
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Site gives what the newsroom says of itself, or not_found before SaveSite was first called.
func (q Queries) Site() (newsroom.Site, error) {
	var s newsroom.Site
	err := q.db.Where("id = 1").Take(&s).Error
	return s, err
}

// SaveSite writes what the newsroom says of itself.
func (tx *Tx) SaveSite(s newsroom.Site) error {
	s.ID = 1
	return tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&s).Error
}
