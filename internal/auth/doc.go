// Package auth computes what sign-in rests on: password hashes, access tokens and the keys that sign them, opaque
// secrets, and how much failures slow a client down. It keeps nothing: package store persists, and the clock comes from
// the caller.
package auth
