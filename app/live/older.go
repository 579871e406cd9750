package live

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

// errOutrun is why older items are not taken while, or because, the state is read anew.
var errOutrun = fault.New(fault.Unavailable, "the page is being brought up to date")

// olderItems is what a value knows of the items before its own.
type olderItems struct {
	none    bool // there are none
	asked   int  // answers of earlier requests are not taken
	waiting []func(error)

	since []event.Event // that the value has folded since the request
	part  *carriedState // the answer, until the value includes as much
}

// Older calls done with the n items before the one with a key, at most 500, as a part of
// the state, and whether there are more before those. It is for kinds with
// [state.Newest], and takes what [Value.Now] has or asks the server. The items are part
// of Now from then on: events change them as they do the others, and after a reset the
// page reads all of them again.
//
// Older is called on a mounted page, does not block, and asks the server once at a time.
// done is called on go-app's goroutine. The error is the server's, or says that there was
// no answer or that a reset came meanwhile; then Older may be called again.
// [fault.Message] has a text for it.
func (v *Value[S]) Older(key string, n int, done func(older S, more bool, err error)) {
	answer := func(err error) {
		older, _ := v.kind.Before(v.Now(), key, n)
		first := v.kind.Items(older)
		done(older, err != nil || len(first) > 0 && v.HasOlder(first[0]), err)
	}
	if v.older.none || v.kind.Newest() == 0 || slices.Index(v.kind.Items(v.now), key) > 0 {
		v.page.view.dispatch(func() { answer(nil) })
		return
	}
	v.older.waiting = append(v.older.waiting, answer)
	if len(v.older.waiting) == 1 {
		v.askOlder(n)
	}
}

// HasOlder reports whether there are items before the one with a key, as far as the page
// knows: if not, it says so at the first render already.
func (v *Value[S]) HasOlder(key string) bool {
	return !v.older.none && v.Known() && v.kind.Newest() > 0 || slices.Index(v.kind.Items(v.Now()), key) > 0
}

func (v *Value[S]) list() (newest int, keys []string) { return v.kind.Newest(), v.kind.Items(v.now) }

// join widens the value by older items, into which it folds what has come since.
func (v *Value[S]) join(older carriedState, since []event.Event) error {
	if older.Type != v.kind.Fingerprint() {
		return fault.New(fault.Unavailable, "the server has another version of this list")
	}
	part, err := v.kind.Decode(v.kind.Description(), older.Value)
	for _, e := range since {
		if err == nil && e.ID().Seq() > older.Position.Seq() {
			_, err = v.kind.Apply(&part, e)
		}
	}
	if err == nil {
		v.now = v.kind.Join(part, v.now)
	}
	return err
}

// width is the part of an address that asks for as much as the page has.
func (v *copied) width() string {
	if _, keys := v.of.list(); len(keys) > 0 {
		return "&from=" + url.QueryEscape(keys[0])
	}
	return ""
}

func (v *copied) askOlder(n int) {
	_, keys := v.of.list()
	if v.stale || len(keys) == 0 {
		v.page.view.dispatch(func() { v.endOlder(errOutrun) })
		return
	}
	o := &v.older
	o.asked++
	asked := o.asked
	o.since = nil
	address := "/state?topic=" + v.topic + "&before=" + url.QueryEscape(keys[0]) + "&n=" + strconv.Itoa(n)
	v.page.view.runAsync(func() func() {
		status, body, err := v.page.view.read(address)
		return func() {
			if asked == v.older.asked {
				v.takeOlder(status, body, err)
				v.report()
			}
		}
	})
}

// takeOlder takes the server's answer.
func (v *copied) takeOlder(status int, body []byte, err error) {
	var c carriedState
	if err == nil {
		err = refusedBy(status, body)
	}
	if err == nil {
		err = json.Unmarshal(body, &c)
	}
	if err != nil {
		v.endOlder(err)
		return
	}
	v.older.part = &c
	v.joinOlder()
}

// refusedBy returns the error of an answer, nil for one that is as it was asked for.
func refusedBy(status int, body []byte) error {
	var refused fault.Body
	switch {
	case status == 200:
		return nil
	case json.Unmarshal(body, &refused) == nil && refused.Error != nil:
		return refused.Error
	}
	return fault.New(fault.Unavailable, "the server answered %d", status)
}

// joinOlder takes an answer into the value when that includes all events which the
// answer includes: none is folded into the items twice then.
func (v *copied) joinOlder() {
	part := v.older.part
	if part == nil || part.Position.Seq() > v.at.Seq() {
		return
	}
	err := v.of.join(*part, v.older.since)
	if err == nil {
		v.older.none = !part.More
		if v.changed = true; v.queue != nil {
			v.queue.Settle()
		}
	}
	v.endOlder(err)
}

// endOlder calls what waits for older items.
func (v *copied) endOlder(err error) {
	waiting := v.older.waiting
	v.older = olderItems{none: v.older.none, asked: v.older.asked + 1}
	for _, done := range waiting {
		done(err)
	}
}

// noteOlder notes an event that the value has folded.
func (v *copied) noteOlder(e event.Event) {
	if e.Type() == state.Erased.Name() {
		v.older.none = true
		v.endOlder(errOutrun)
	}
	if len(v.older.waiting) > 0 {
		v.older.since = append(v.older.since, e)
		v.joinOlder()
	}
}

// replaceOlder notes that the value has been read.
func (v *copied) replaceOlder() {
	newest, keys := v.of.list()
	v.older.none = len(keys) < newest
	v.endOlder(errOutrun)
}
