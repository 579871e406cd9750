package access

import (
	"context"
	"sync/atomic"
	"time"
)

// untilKey finds the expiry of a request.
type untilKey struct{}

// An expiry is a time in seconds since 1970; 0 stands for never. It is atomic, since an
// identity may be asked for again by what a page draws at the same time.
type expiry struct{ at atomic.Int64 }

// WithExpiry returns a context in which [Until] notes a time, for package server/live.
func WithExpiry(ctx context.Context) context.Context {
	return context.WithValue(ctx, untilKey{}, &expiry{})
}

// Until says until when an identity is valid. A live.Options.Identify calls it with the
// context of the request that it is given: the stream, poll or socket of the request ends
// then. It does nothing in another context.
func Until(ctx context.Context, t time.Time) {
	if e, ok := ctx.Value(untilKey{}).(*expiry); ok {
		e.at.Store(t.Unix())
	}
}

// Expiry returns the time given to [Until], and false if there is none.
func Expiry(ctx context.Context) (t time.Time, ok bool) {
	e, _ := ctx.Value(untilKey{}).(*expiry)
	if e == nil || e.at.Load() == 0 {
		return t, false
	}
	return time.Unix(e.at.Load(), 0), true
}
