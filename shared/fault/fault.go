// Package fault defines the one typed error that crosses the wire, in both
// halves and on every path: in the body of a refused request
//
//	{"error":{"code":"invalid","message":"text is empty","field":"text"}}
//
// and, without the outer object, in the data of a stream's fault frame. A page can
// show the message and decide by the code.
//
// # Promises
//
//   - Nothing but an [Error] leaves the server: [From] makes of every other error
//     one that gives nothing away, and says that the original should be logged.
//   - Codes are added and never renamed, and each has one HTTP status.
//   - Retry says whether the same request may succeed later. It is true of
//     [Unavailable] and [RateLimited] unless somebody sets it otherwise.
//   - An Error is a value that nobody changes: sentinels made of it can be shared
//     by goroutines and compared with [errors.Is].
package fault

import (
	"errors"
	"fmt"
)

// A Code says what kind of failure it is. A page may switch on it: codes are
// added but not renamed.
type Code string

// The codes, each with the HTTP status it travels under.
const (
	Invalid          Code = "invalid"            // 400: the request is wrong; Field may say where
	Unauthenticated  Code = "unauthenticated"    // 401: who is asking is not known
	Forbidden        Code = "forbidden"          // 403: whoever asks may not
	NotFound         Code = "not_found"          // 404
	MethodNotAllowed Code = "method_not_allowed" // 405
	Conflict         Code = "conflict"           // 409: somebody else was first
	Gone             Code = "gone"               // 410: it was there once
	TooLarge         Code = "too_large"          // 413
	UnsupportedMedia Code = "unsupported_media"  // 415
	KeyReused        Code = "key_reused"         // 422: the idempotency key is another request's
	UpgradeRequired  Code = "upgrade_required"   // 426: only a WebSocket is served there
	RateLimited      Code = "rate_limited"       // 429
	Internal         Code = "internal"           // 500: the server's own mistake
	Unavailable      Code = "unavailable"        // 503: it may work later
	Full             Code = "full"               // 507: an operator must make room
)

// Statuses are written as numbers because the page's half must not link
// net/http, a quarter of its size.
var statuses = map[Code]int{
	Invalid: 400, Unauthenticated: 401, Forbidden: 403, NotFound: 404, MethodNotAllowed: 405,
	Conflict: 409, Gone: 410, TooLarge: 413, UnsupportedMedia: 415, KeyReused: 422, UpgradeRequired: 426,
	RateLimited: 429,
	Internal:    500, Unavailable: 503, Full: 507,
}

// An Error is a failure that may be told to whoever asked. Compare the sentinel
// errors made of it with [errors.Is], and read others with [errors.As].
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`         // a sentence for people, safe to show
	Field   string `json:"field,omitempty"` // the member of the request that is wrong
	Retry   bool   `json:"retry,omitempty"` // whether the same request may succeed later
}

// New returns an Error. Unavailable and RateLimited say that a retry may help.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Retry: code == Unavailable || code == RateLimited}
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

// From returns the Error in err's chain. An err without one becomes [Internal]
// with a message that gives nothing away, and told is false: the caller should
// log the original, since nobody else will see it.
func From(err error) (e *Error, told bool) {
	if errors.As(err, &e) {
		return e, true
	}
	return New(Internal, "internal error"), false
}

// A Body is the JSON of a refused request.
type Body struct {
	Error *Error `json:"error"`
}
