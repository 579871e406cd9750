package transport

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/seawaykit/seaway/shared/fault"
)

// An Answer is what came in a stream's place.
type Answer struct {
	Status     int    // 0 if Redirect
	Redirect   bool   // the server sends the page elsewhere; browsers hide where
	Type       string // the content type
	RetryAfter string // the header
	Body       []byte // the beginning, if it is JSON
	Worker     bool   // a service worker controls the page: the answer may be its own
}

// maxBody is how much of an answer's body is read, at most, and of JSON only.
const maxBody = 4 << 10

// An AnswerError reports that a connection of polls ended because the answer was no
// valid answer to a poll. A poll sees for itself what an EventSource needs a [Probe]
// for.
type AnswerError struct{ Answer }

func (e *AnswerError) Error() string { return e.Explain() }

// isStream reports whether the answer is one that should have opened.
func (a Answer) isStream() bool { return a.Status == 200 && mediaType(a.Type) == "text/event-stream" }

// isSocket reports whether the answer is that of a server which would have opened
// a WebSocket.
func (a Answer) isSocket() bool { return a.Status == 426 }

// MayOpen reports whether there is nothing wrong with the answer.
func (a Answer) MayOpen() bool { return a.isStream() || a.isSocket() }

// IsRefusal reports whether the same request would be refused again.
func (a Answer) IsRefusal() bool {
	switch a.Status {
	case 400, 401, 403, 404, 405, 410, 422:
		return true
	}
	return false
}

// Fault returns the server's own words, if it has any.
func (a Answer) Fault() *fault.Error {
	var body fault.Body
	if a.isSocket() {
		return nil // it is not the page that is refused
	}
	if json.Unmarshal(a.Body, &body) != nil || body.Error == nil || body.Error.Code == "" {
		return nil
	}
	return body.Error
}

// Explain returns a sentence for people that says why there is no stream.
func (a Answer) Explain() string {
	if e := a.Fault(); e != nil && e.Message != "" {
		return e.Message
	}
	text := fmt.Sprintf("the server answered with status %d", a.Status)
	switch {
	case a.Status == 204:
		text = "the server asked the page to stop"
	case a.isStream():
		text = "the browser does not accept the server's stream"
	case a.isSocket():
		text = "the server takes WebSockets, but none comes about: a proxy may stand in between"
	case a.Redirect:
		text = "the server sends the page elsewhere: to log in, or to a captive portal's page"
	case a.Status == 200 && mediaType(a.Type) == "text/html":
		text = "the answer is a page and no stream: one to log in, or a captive portal's"
	case a.Status == 200:
		text = fmt.Sprintf("the answer is no stream but %.40q", a.Type)
	}
	if a.Worker && !a.IsRefusal() && a.Status != 204 {
		text += "; a service worker stands in between and may have answered itself"
	}
	return text
}

// Wait returns for how long the server does not want to be asked (RFC 9110,
// section 10.2.3): a number of seconds or a date. It is never less than nothing,
// and a number that is absurdly large is 68 years.
func (a Answer) Wait(now time.Time) time.Duration {
	var wait time.Duration
	if s, err := strconv.Atoi(a.RetryAfter); err == nil {
		wait = time.Duration(min(max(s, 0), math.MaxInt32)) * time.Second
	} else if at, err := time.Parse(time.RFC1123, a.RetryAfter); err == nil {
		wait = at.Sub(now)
	}
	return max(wait, 0)
}

// mediaType returns a content type without its parameters.
func mediaType(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(media))
}
