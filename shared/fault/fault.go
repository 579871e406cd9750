// Package fault defines the error that a server returns to its callers and a page
// can show: a code, a message and the field that is wrong.
//
//	return fault.Field("text", "the text is empty")          // in a handler
//	return fault.New(fault.Conflict, "the seat is taken")
//
//	if fault.CodeOf(err) == fault.Conflict { ... }           // in the page
//	show(fault.Message(err))
//
// The body of a refused request is
//
//	{"error":{"code":"invalid","message":"the text is empty","field":"text"}}
//
// and the data of a stream's fault frame is the inner object.
//
// # Promises
//
//   - Only an [Error] leaves the server: [From] replaces every other error by one
//     that reveals nothing, and reports that the original should be logged.
//   - Codes are added and never renamed, and each has one HTTP status.
//   - Retry says whether the same request may succeed later. New sets it for
//     [Unavailable], [Unreachable] and [RateLimited].
//   - [CodeOf] and [Message] accept any error of a call. A call without an answer
//     has the code Unreachable, and a message that says so.
//   - An Error is never changed: sentinels made of it can be shared by goroutines
//     and compared with [errors.Is].
package fault

import (
	"errors"
	"fmt"
)

// A Code is the kind of a failure. Codes are added but not renamed, so a page may
// switch on them.
type Code string

// The codes, each with the HTTP status it travels under.
const (
	Invalid          Code = "invalid"            // 400: the request is wrong; Field may say where
	Unauthenticated  Code = "unauthenticated"    // 401: the caller is not known
	Forbidden        Code = "forbidden"          // 403: the caller may not do this
	NotFound         Code = "not_found"          // 404
	MethodNotAllowed Code = "method_not_allowed" // 405
	Conflict         Code = "conflict"           // 409: another change came first
	Gone             Code = "gone"               // 410: it existed and was removed
	TooLarge         Code = "too_large"          // 413
	UnsupportedMedia Code = "unsupported_media"  // 415
	KeyReused        Code = "key_reused"         // 422: the idempotency key was used for another request
	UpgradeRequired  Code = "upgrade_required"   // 426: only a WebSocket is served there
	RateLimited      Code = "rate_limited"       // 429
	Internal         Code = "internal"           // 500: the server has failed
	Unreachable      Code = "unreachable"        // 502: no answer came; set by the caller, not by a server
	Unavailable      Code = "unavailable"        // 503: it may work later
	Full             Code = "full"               // 507: an operator must make room
)

// Statuses are written as numbers because the page's half must not link
// net/http, a quarter of its size.
var statuses = map[Code]int{
	Invalid: 400, Unauthenticated: 401, Forbidden: 403, NotFound: 404, MethodNotAllowed: 405,
	Conflict: 409, Gone: 410, TooLarge: 413, UnsupportedMedia: 415, KeyReused: 422, UpgradeRequired: 426,
	RateLimited: 429,
	Internal:    500, Unreachable: 502, Unavailable: 503, Full: 507,
}

// An Error is a failure that the caller may see. Compare sentinels made of it with
// [errors.Is], and read others with [errors.As].
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`         // a sentence for people, safe to show
	Field   string `json:"field,omitempty"` // the member of the request that is wrong
	Retry   bool   `json:"retry,omitempty"` // whether the same request may succeed later
}

// New returns an Error. Its Retry is true for [Unavailable], [Unreachable] and
// [RateLimited].
func New(code Code, format string, args ...any) *Error {
	retry := code == Unavailable || code == Unreachable || code == RateLimited
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Retry: retry}
}

// Field returns an Error of code [Invalid] about one member of a request.
func Field(name, format string, args ...any) *Error {
	return &Error{Code: Invalid, Message: fmt.Sprintf(format, args...), Field: name}
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Status returns the HTTP status, 500 for an unknown code.
func (e *Error) Status() int {
	if s, ok := statuses[e.Code]; ok {
		return s
	}
	return 500
}

// From returns the Error in err's chain. For an err without one it returns an
// [Internal] error that reveals nothing, and ok is false: log the original then,
// since the caller does not receive it.
func From(err error) (e *Error, ok bool) {
	if errors.As(err, &e) {
		return e, true
	}
	return New(Internal, "internal error"), false
}

// CodeOf returns the code of the [Error] in err's chain: "" for nil, and
// [Internal] for an error without one.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	e, _ := From(err)
	return e.Code
}

// Message returns a text for users about a failed call: the server's message if it
// has refused, "the server cannot be reached" if no answer came, and otherwise
// "something went wrong", which reveals nothing. It is empty for nil.
func Message(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := From(err); ok {
		return e.Message
	}
	return "something went wrong"
}

// A Body is the JSON of a refused request.
type Body struct {
	Error *Error `json:"error"`
}
