package store

import (
	"time"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// OfferTOTP gives a user a secret that does not count until it is confirmed.
func (tx *Tx) OfferTOTP(user uuid.UUID, secret string) error {
	return tx.db.Model(&newsroom.User{}).Where("id = ?", user).UpdateColumns(map[string]any{"totp_secret": secret, "totp_step": 0}).Error
}

// UseTOTPStep marks the steps up to step as used, and reports whether that one was unused until now.
func (tx *Tx) UseTOTPStep(user uuid.UUID, step int64) (bool, error) {
	r := tx.db.Model(&newsroom.User{}).Where("id = ? AND totp_step < ?", user, step).UpdateColumn("totp_step", step)
	return r.RowsAffected > 0, r.Error
}

// ReplaceRecoveryCodes gives a user these recovery codes, which may be none, instead of all former ones.
func (tx *Tx) ReplaceRecoveryCodes(user uuid.UUID, codes []newsroom.RecoveryCode) error {
	if err := tx.db.Where("user_id = ?", user).Delete(&newsroom.RecoveryCode{}).Error; err != nil || len(codes) == 0 {
		return err
	}
	return tx.db.Create(codes).Error
}

// UseRecoveryCode marks a recovery code as used, and reports whether the user had it unused until now.
func (tx *Tx) UseRecoveryCode(user uuid.UUID, hash []byte, now time.Time) (bool, error) {
	r := tx.db.Model(&newsroom.RecoveryCode{}).Where("hash = ? AND user_id = ? AND used_at IS NULL", hash, user).Update("used_at", now)
	return r.RowsAffected > 0, r.Error
}
