package store

import (
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// UserByEmail gives the user of that address, or not_found.
func (q Queries) UserByEmail(email string) (newsroom.User, error) {
	var u newsroom.User
	err := q.db.Where("email = ?", newsroom.NormalEmail(email)).Take(&u).Error
	return u, err
}

// Users gives all users by e-mail address.
func (q Queries) Users() ([]newsroom.User, error) {
	var rows []newsroom.User
	err := q.db.Order("email").Find(&rows).Error
	return rows, err
}

// UsersByID gives the users of those ids.
func (q Queries) UsersByID(ids ...uuid.UUID) (map[uuid.UUID]newsroom.User, error) {
	var rows []newsroom.User
	err := q.db.Where("id IN ?", unique(ids)).Find(&rows).Error
	return byID(rows, func(u newsroom.User) uuid.UUID { return u.ID }), err
}

// User gives the user of that id, or not_found.
func (q Queries) User(id uuid.UUID) (newsroom.User, error) {
	var u newsroom.User
	err := q.db.Where("id = ?", id).Take(&u).Error
	return u, err
}

// UserFilter narrows a list of users; the zero value keeps all.
type UserFilter struct {
	Roles    Match
	Disabled *bool
}

var userOrder = order[newsroom.User]{
	columns: map[string]column[newsroom.User]{
		"name":       {"name", func(u *newsroom.User) any { return u.Name }},
		"email":      {"email", func(u *newsroom.User) any { return u.Email }},
		"created_at": {"created_at", func(u *newsroom.User) any { return u.CreatedAt }},
	},
	id:   "id",
	idOf: func(u *newsroom.User) uuid.UUID { return u.ID },
}

// ListUsers gives a page of users, sortable by name, email and created_at.
func (q Queries) ListUsers(f UserFilter, page Page) (Listing[newsroom.User], error) {
	query := q.db.Model(&newsroom.User{})
	for _, c := range f.Roles.conditions(func(v []string) clause.Expression { return expr("role IN ?", v) }) {
		query = query.Where(c)
	}
	if f.Disabled != nil {
		query = query.Where("(disabled_at IS NOT NULL) = ?", *f.Disabled)
	}
	return list(query, "*", userOrder, page)
}

// LastSeen gives when a session of each of those users was last used. Who has none is left out.
func (q Queries) LastSeen(users ...uuid.UUID) (map[uuid.UUID]time.Time, error) {
	var rows []newsroom.Session
	err := q.db.Select("user_id, last_used_at").Where(`(user_id, last_used_at) IN
		(SELECT user_id, max(last_used_at) FROM sessions WHERE user_id IN ? GROUP BY user_id)`, users).Find(&rows).Error
	seen := make(map[uuid.UUID]time.Time, len(rows))
	for _, s := range rows {
		seen[s.UserID] = s.LastUsedAt
	}
	return seen, err
}

// HoldUser gives the user of that id, and keeps everybody else from changing them until the transaction ends.
func (tx *Tx) HoldUser(id uuid.UUID) (newsroom.User, error) {
	var u newsroom.User
	err := tx.db.Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Where("id = ?", id).Take(&u).Error
	return u, err
}

// OtherAdmins counts the users but that one who can administer.
func (tx *Tx) OtherAdmins(id uuid.UUID) (int64, error) {
	var n int64
	err := tx.db.Model(&newsroom.User{}).
		Where("id <> ? AND role = ? AND disabled_at IS NULL AND password_hash <> ''", id, newsroom.RoleAdmin).Count(&n).Error
	return n, err
}

// CreateUser inserts a user; already_exists when the address is taken.
func (tx *Tx) CreateUser(u *newsroom.User) error { return tx.db.Create(u).Error }

// UpdateUser writes all columns of a user.
func (tx *Tx) UpdateUser(u *newsroom.User) error { return tx.db.Select("*").Updates(u).Error }

// DeleteUser deletes a user with all that lets them in; in_use when something of the newsroom refers to them.
func (tx *Tx) DeleteUser(id uuid.UUID) error {
	return tx.db.Where("id = ?", id).Delete(&newsroom.User{}).Error
}

// SignedIn gives the session of that id with its user, or not_found.
func (q Queries) SignedIn(session uuid.UUID) (newsroom.Actor, error) {
	a := newsroom.Actor{Session: &newsroom.Session{}}
	if err := q.db.Where("id = ?", session).Take(a.Session).Error; err != nil {
		return a, err
	}
	err := q.db.Where("id = ?", a.Session.UserID).Take(&a.User).Error
	return a, err
}

// OpenSessions gives the sessions of a user that still count at now, last used first.
func (q Queries) OpenSessions(user uuid.UUID, now time.Time) ([]newsroom.Session, error) {
	var rows []newsroom.Session
	err := q.db.Where("user_id = ? AND ended_at IS NULL AND expires_at > ?", user, now).
		Order("last_used_at DESC, id").Find(&rows).Error
	return rows, err
}

// RefreshToken gives the token of that hash, or not_found.
func (q Queries) RefreshToken(hash []byte) (newsroom.RefreshToken, error) {
	var t newsroom.RefreshToken
	err := q.db.Where("hash = ?", hash).Take(&t).Error
	return t, err
}

// CreateSession inserts a session.
func (tx *Tx) CreateSession(s *newsroom.Session) error { return tx.db.Create(s).Error }

// TouchSession writes when a session was last used and when it ends.
func (tx *Tx) TouchSession(s newsroom.Session) error {
	return tx.db.Model(&newsroom.Session{}).Where("id = ?", s.ID).
		Updates(map[string]any{"last_used_at": s.LastUsedAt, "expires_at": s.ExpiresAt}).Error
}

// EndSession ends a session of a user and reports whether there was an open one.
func (tx *Tx) EndSession(user, session uuid.UUID, now time.Time) (bool, error) {
	r := tx.db.Model(&newsroom.Session{}).Where("id = ? AND user_id = ? AND ended_at IS NULL", session, user).Update("ended_at", now)
	return r.RowsAffected > 0, r.Error
}

// EndOtherSessions ends all sessions of a user but keep.
func (tx *Tx) EndOtherSessions(user, keep uuid.UUID, now time.Time) error {
	return tx.db.Model(&newsroom.Session{}).Where("user_id = ? AND id <> ? AND ended_at IS NULL", user, keep).Update("ended_at", now).Error
}

// CreateRefreshToken inserts a refresh token.
func (tx *Tx) CreateRefreshToken(t *newsroom.RefreshToken) error { return tx.db.Create(t).Error }

// UseRefreshToken marks a token as used and reports whether it was unused until now.
func (tx *Tx) UseRefreshToken(hash []byte, now time.Time) (bool, error) {
	r := tx.db.Model(&newsroom.RefreshToken{}).Where("hash = ? AND used_at IS NULL", hash).Update("used_at", now)
	return r.RowsAffected > 0, r.Error
}

// SweepSignIn deletes what sign-in no longer needs: sessions that were over before the first moment, with their tokens,
// keys whose last failure was before the second, and password links that have expired by the third.
func (tx *Tx) SweepSignIn(over, failed, now time.Time) error {
	if err := tx.db.Where("expires_at < ? OR ended_at < ?", over, over).Delete(&newsroom.Session{}).Error; err != nil {
		return err
	}
	if err := tx.db.Where("expires_at <= ?", now).Delete(&newsroom.PasswordLink{}).Error; err != nil {
		return err
	}
	return tx.db.Where("updated_at < ?", failed).Delete(&newsroom.SignInFailure{}).Error
}

// SignInFailures gives the counts of those keys that have one.
func (q Queries) SignInFailures(keys ...string) (map[string]newsroom.SignInFailure, error) {
	var rows []newsroom.SignInFailure
	err := q.db.Where("key IN ?", keys).Find(&rows).Error
	out := map[string]newsroom.SignInFailure{}
	for _, f := range rows {
		out[f.Key] = f
	}
	return out, err
}

// PutSignInFailure writes the count of a key.
func (tx *Tx) PutSignInFailure(f newsroom.SignInFailure) error {
	return tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&f).Error
}

// ForgetSignInFailures deletes the counts of those keys.
func (tx *Tx) ForgetSignInFailures(keys ...string) error {
	return tx.db.Where("key IN ?", keys).Delete(&newsroom.SignInFailure{}).Error
}

// SigningKeys gives all keys, oldest first.
func (q Queries) SigningKeys() ([]newsroom.SigningKey, error) {
	var rows []newsroom.SigningKey
	err := q.db.Order("created_at, id").Find(&rows).Error
	return rows, err
}

// CreateSigningKey inserts a key.
func (tx *Tx) CreateSigningKey(k newsroom.SigningKey) error { return tx.db.Create(&k).Error }

// DeleteSigningKeys deletes keys.
func (tx *Tx) DeleteSigningKeys(ids ...string) error {
	return tx.db.Where("id IN ?", ids).Delete(&newsroom.SigningKey{}).Error
}
