package store

import (
	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// Widgets gives a page of widgets, also of expired ones, sortable by key, created_at and updated_at.
func (q Queries) Widgets(page Page) (Listing[newsroom.Widget], error) {
	return list(q.db.Model(&newsroom.Widget{}), "*", order[newsroom.Widget]{
		columns: map[string]column[newsroom.Widget]{
			"key":        {"key", func(w *newsroom.Widget) any { return w.Key }},
			"created_at": {"created_at", func(w *newsroom.Widget) any { return w.CreatedAt }},
			"updated_at": {"updated_at", func(w *newsroom.Widget) any { return w.UpdatedAt }},
		},
		id:   "id",
		idOf: func(w *newsroom.Widget) uuid.UUID { return w.ID },
	}, page)
}

// Widget gives the widget of that key, also when it has expired, or not_found.
func (q Queries) Widget(key string) (newsroom.Widget, error) { return widget(q.db, key) }

func widget(db *gorm.DB, key string) (newsroom.Widget, error) {
	var w newsroom.Widget
	err := db.Where("key = ?", key).Take(&w).Error
	return w, err
}

// SaveWidget writes a widget, new or not; already_exists when another one has its key.
func (tx *Tx) SaveWidget(w newsroom.Widget) error {
	return tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, UpdateAll: true}).Create(&w).Error
}

// DeleteWidget deletes a widget.
func (tx *Tx) DeleteWidget(id uuid.UUID) error {
	return tx.db.Where("id = ?", id).Delete(&newsroom.Widget{}).Error
}

// Widget gives the widget of that key, unless it has expired, or not_found.
func (v LiveView) Widget(key string) (newsroom.Widget, error) { return widget(v.widgets(), key) }

// Widgets gives all widgets that have not expired, in the order of their keys.
func (v LiveView) Widgets() ([]newsroom.Widget, error) {
	var rows []newsroom.Widget
	err := v.widgets().Order("key").Find(&rows).Error
	return rows, err
}

func (v LiveView) widgets() *gorm.DB {
	return v.db.Where("(expires_at IS NULL OR expires_at > ?)", v.now)
}
