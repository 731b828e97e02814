package store

import (
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

var tokenOrder = order[newsroom.APIToken]{
	columns: map[string]column[newsroom.APIToken]{
		"name":       {"name", func(t *newsroom.APIToken) any { return t.Name }},
		"created_at": {"created_at", func(t *newsroom.APIToken) any { return t.CreatedAt }},
	},
	id:   "id",
	idOf: func(t *newsroom.APIToken) uuid.UUID { return t.ID },
}

// APITokens gives a page of API tokens, sortable by name and created_at.
func (q Queries) APITokens(page Page) (Listing[newsroom.APIToken], error) {
	return list(q.db.Model(&newsroom.APIToken{}), "*", tokenOrder, page)
}

// APIToken gives the API token of that id, or not_found.
func (q Queries) APIToken(id uuid.UUID) (newsroom.APIToken, error) {
	var t newsroom.APIToken
	err := q.db.Where("id = ?", id).Take(&t).Error
	return t, err
}

// APITokenOf gives the API token of that hash with the user who made it, or not_found.
func (q Queries) APITokenOf(hash []byte) (newsroom.APIToken, newsroom.User, error) {
	var t newsroom.APIToken
	if err := q.db.Where("hash = ?", hash).Take(&t).Error; err != nil {
		return t, newsroom.User{}, err
	}
	u, err := q.User(t.CreatedBy)
	return t, u, err
}

// CreateAPIToken inserts an API token.
func (tx *Tx) CreateAPIToken(t *newsroom.APIToken) error { return tx.db.Create(t).Error }

// UpdateAPIToken writes all columns of an API token but when it was last used.
func (tx *Tx) UpdateAPIToken(t *newsroom.APIToken) error {
	return tx.db.Select("*").Omit("LastUsedAt").Updates(t).Error
}

// TouchAPIToken writes when an API token was last used.
func (tx *Tx) TouchAPIToken(id uuid.UUID, now time.Time) error {
	return tx.db.Model(&newsroom.APIToken{}).Where("id = ?", id).UpdateColumn("last_used_at", now).Error
}

// DeleteAPIToken deletes an API token.
func (tx *Tx) DeleteAPIToken(id uuid.UUID) error {
	return tx.db.Where("id = ?", id).Delete(&newsroom.APIToken{}).Error
}
