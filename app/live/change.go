package live

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// Do asks for a mutation of the value's state. [Value.Now] shows at once what it would
// do to the state, on top of what the server has confirmed; when others' events come
// first it is decided again on what they have made of it. When the server has stored its
// events, they take its place. When the server refuses it, or there is no answer for
// 90 s, it is shown no more, and is in [Value.Failed] until [Value.Retry] or
// [Value.Discard]; without an answer those behind it fail with it, and keep their order.
//
// Do does not block. The mutations of a value are sent one after the other, in the
// order of the calls of Do. What the server has not answered survives a reload of the
// tab, and its end: the next page that is loaded takes it over. It is sent again under
// its key if it is younger than 30 s, and has failed otherwise. done, which may be nil, is called on go-app's
// goroutine with the outcome, unless the component of ctx is dismounted.
//
// It panics if the mutation is of another kind than the value.
func Do[S any, Req state.Keyed, Rep any](ctx app.Context, v *Value[S], m state.Mutation[S, Req, Rep], r Req, done func(Rep, error)) *state.Change {
	return DoWithKey(ctx, v, m, r, command.NewIdempotencyKey(), done)
}

// DoWithKey is [Do] under an idempotency key of the caller's, as of [FormKey].
func DoWithKey[S any, Req state.Keyed, Rep any](ctx app.Context, v *Value[S], m state.Mutation[S, Req, Rep], r Req, idempotencyKey string, done func(Rep, error)) *state.Change {
	key := r.StateKey()
	if v.changes == nil || m.Kind() != v.kind || v.kind.Topic(key) != v.topic && !(v.own && key == "") {
		panic("live: Do of " + m.Name() + " on a value of " + v.topic)
	}
	c := &state.Change{Key: idempotencyKey, At: time.Now().UTC().Truncate(time.Millisecond), Request: r}
	v.changes.Propose(&v.now, c, m.With(r), func(reply any, err error) {
		if done != nil {
			rep, _ := reply.(Rep)
			ctx.Dispatch(func(app.Context) { done(rep, err) })
		}
	})
	return c
}

// Pending returns the changes that the value shows and the server has not confirmed,
// in the order in which they were asked for.
func (v *Value[S]) Pending() []*state.Change {
	if v.changes == nil {
		return nil
	}
	return v.changes.Pending()
}

// Failed returns the changes that have failed, the newest 100.
func (v *Value[S]) Failed() []*state.Change {
	if v.changes == nil {
		return nil
	}
	return v.changes.Failed()
}

// Retry sends a failed change again, under the same key: if the server has stored it
// after all, it is not done twice. The value shows it again. It comes after the changes
// that are pending.
func (v *Value[S]) Retry(c *state.Change) { v.changes.Retry(c) }

// Discard forgets changes that have failed.
func (v *Value[S]) Discard(failed ...*state.Change) {
	for _, c := range failed {
		v.changes.Discard(c)
	}
}

// A changeHost is a copied state, as its changes see it: [state.ChangeHost].
type changeHost struct{ *copied }

func (h changeHost) Topic() string                     { return h.topic }
func (h changeHost) Identity() string                  { return h.page.user.ID }
func (h changeHost) Position() event.ID                { return h.at }
func (h changeHost) RunAsync(do func() (then func()))  { h.page.view.runAsync(do) }
func (h changeHost) CallOptions() []command.CallOption { return h.page.view.call }
func (h changeHost) Ready() bool                       { return h.page.view.async != nil }
func (h changeHost) Keep(changes any) error            { return h.page.view.keep(h.keptKey(), changes) }
func (h changeHost) Recall(changes any) error          { return h.page.view.recall(h.keptKey(), changes) }
func (h changeHost) Report(v ...any)                   { app.Log(v...) }
func (h changeHost) keptKey() string                   { return "changes:" + h.topic }

func (h changeHost) Includes(id event.ID) bool {
	return !h.stale && id.Epoch() == h.at.Epoch() && id.Seq() <= h.at.Seq()
}

func (h changeHost) Changed() {
	h.changed = true
	h.report()
}
