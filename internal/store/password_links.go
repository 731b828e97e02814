package store

import (
	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// PasswordLink gives the link of that hash, or not_found.
func (q Queries) PasswordLink(hash []byte) (newsroom.PasswordLink, error) {
	var l newsroom.PasswordLink
	err := q.db.Where("hash = ?", hash).Take(&l).Error
	return l, err
}

// CreatePasswordLink inserts a link.
func (tx *Tx) CreatePasswordLink(l *newsroom.PasswordLink) error { return tx.db.Create(l).Error }

// DeletePasswordLinks deletes all links of a user.
func (tx *Tx) DeletePasswordLinks(user uuid.UUID) error {
	return tx.db.Where("user_id = ?", user).Delete(&newsroom.PasswordLink{}).Error
}
