package newsroom

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Code is the stable name of an error. Clients branch on it; package api maps each to one HTTP status.
type Code string

// The codes that clients may meet. docs/errors.md explains each.
const (
	CodeMalformedJSON        Code = "malformed_json"
	CodeInvalidParameter     Code = "invalid_parameter"
	CodeUnauthenticated      Code = "unauthenticated"
	CodeForbidden            Code = "forbidden"
	CodeNotFound             Code = "not_found"
	CodeMethodNotAllowed     Code = "method_not_allowed"
	CodeGone                 Code = "gone"
	CodeSlugTaken            Code = "slug_taken"
	CodeAlreadyExists        Code = "already_exists"
	CodeInvalidTransition    Code = "invalid_transition"
	CodeInUse                Code = "in_use"
	CodeStaleVersion         Code = "stale_version"
	CodeTooLarge             Code = "too_large"
	CodeUnsupportedMediaType Code = "unsupported_media_type"
	CodeValidationFailed     Code = "validation_failed"
	CodeIdempotencyReused    Code = "idempotency_key_reused"
	CodeIdempotencyBusy      Code = "idempotency_in_progress"
	CodePreconditionRequired Code = "precondition_required"
	CodeRateLimited          Code = "rate_limited"
	CodeUnavailable          Code = "unavailable"
	CodeInternal             Code = "internal"
)

// The codes of a single field within a validation_failed or invalid_parameter error.
const (
	FieldRequired         = "required"
	FieldUnknown          = "unknown_field"
	FieldWrongType        = "wrong_type"
	FieldInvalid          = "invalid_value"
	FieldTooLong          = "too_long"
	FieldTooShort         = "too_short"
	FieldOutOfRange       = "out_of_range"
	FieldDuplicate        = "duplicate"
	FieldUnknownReference = "unknown_reference"
	FieldNotAllowed       = "not_allowed"
)

// FieldError is one broken rule. Pointer is an RFC 6901 JSON pointer into the request body ("/tags/2"), or the name
// of a query parameter.
type FieldError struct {
	Pointer string
	Code    string
	Detail  string
}

// Error is an error whose cause lies with the caller or with the state of the newsroom, and which the caller may see.
// Any other error is a fault of ours.
type Error struct {
	Code       Code
	Detail     string
	Fields     []FieldError
	Version    int           // of CodeStaleVersion: the present version of the resource
	RetryAfter time.Duration // of CodeRateLimited and CodeUnavailable: when to try again
}

// Error implements error.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Detail }

// Errorf makes an Error of code with a formatted detail.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// IsCode reports whether err is, or wraps, an Error of code.
func IsCode(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

// FieldsOf gives the fields of an Error, or nil.
func FieldsOf(err error) []FieldError {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

// Invalid makes a CodeValidationFailed error of the given fields, or nil when there are none, so that a validation may
// end with "return Invalid(fields)".
func Invalid(fields []FieldError) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Code: CodeValidationFailed, Detail: "The request breaks one or more rules.", Fields: fields}
}

// Precondition is what a client believes the version of a resource to be.
type Precondition struct {
	Any      bool // whatever it is
	Versions []int
}

// Check gives stale_version, with the present version, unless that is what the client believes.
func (p Precondition) Check(version int) error {
	if p.Any || slices.Contains(p.Versions, version) {
		return nil
	}
	return &Error{Code: CodeStaleVersion, Detail: "Somebody changed it meanwhile. Read it again before you change it.", Version: version}
}
