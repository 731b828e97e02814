// Package testkit is what tests stand on: a throw-away PostgreSQL server and a clock that tests move by hand. Only test
// files import it.
package testkit
