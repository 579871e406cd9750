package source

import (
	"net/url"
	"slices"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
)

// A Storage keeps short texts: for the tab, so that they outlive a reload of the
// page and end with the tab, or for all tabs of an origin. What it cannot do, for
// lack of room or permission, it leaves undone. The default ones are the browser's
// sessionStorage and localStorage.
type Storage interface {
	Get(key string) string // empty if there is none
	Set(key, value string)
}

// start returns the position to begin from.
func (o Options) start() event.ID {
	if !o.UnsafeResumeAfterReload {
		return o.After
	}
	if id, err := event.ParseID(o.Storage.Get(o.positionKey())); err == nil {
		return id
	}
	return o.After
}

// positionKey names the position of one stream: another user, or a page with
// other types, has shown something else.
func (o Options) positionKey() string {
	return "seaway-position?" + url.Values{
		"url":    {o.URL},
		"topic":  slices.Sorted(slices.Values(o.Topics)),
		"schema": {event.Fingerprint()},
		"user":   {o.User},
	}.Encode()
}

// transportKey names what is remembered of two transports that serve a URL.
func (o Options) transportKey() string {
	return "seaway-fallback " + transport.Name(o.Transport) + " " + transport.Name(o.Fallback) + " " + o.URL
}
