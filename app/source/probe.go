package source

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/seawaykit/seaway/shared/fault"
)

// A Probe asks a stream's URL once more, or a WebSocket's, for what neither an
// EventSource nor a WebSocket tells: the status and the words of an answer that is
// not a stream. It returns when it knows, or soon after ctx is done, and leaves no
// answer open. The URL has the position in it and may be relative to the page.
type Probe func(ctx context.Context, url string) (Answer, error)

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

// An inquiry is a probe that is being made.
type inquiry struct {
	url     string
	cancel  context.CancelFunc
	answers chan finding // one slot
}

type finding struct {
	Answer
	err error
}

// answer returns where the finding comes; nothing comes from no inquiry.
func (q *inquiry) answer() <-chan finding {
	if q == nil {
		return nil
	}
	return q.answers
}

// inquire asks why there is no stream. The time for a hello bounds it, and the
// phase stays what it is until the answer is known. It runs once for each
// failed try.
func (l *loop) inquire() {
	l.drop()
	ctx, cancel := context.WithCancel(context.Background())
	q := &inquiry{url: targetOf(l.transport, l.url), cancel: cancel, answers: make(chan finding, 1)}
	l.inquiry = q
	l.probes.Go(func() {
		a, err := l.opts.Probe(ctx, q.url)
		q.answers <- finding{a, err}
	})
}

// judge deals with what was found.
func (l *loop) judge(f finding) {
	url := l.inquiry.url
	l.drop()
	l.note(Trace{Kind: Probed, URL: url, Answer: f.Answer, Err: f.err})
	l.decide(f)
}

// decide does what an answer that is no stream calls for.
func (l *loop) decide(f finding) {
	why := Reason{Text: f.words(), Status: f.Status, Fault: f.fault()}
	switch {
	case f.err != nil:
		l.wait(why, 0)
	case f.mayOpen() && !l.reprieve:
		l.reprieve = true // twice in a row it would be a storm
		l.try(l.state.Phase, l.state.Attempt, l.state.Reason)
	case f.mayOpen():
		l.choice.learn(obstacle)
		l.wait(why, 0)
	case f.Status == 204: // HTML Standard, section 9.2.3
		l.end(why)
	case f.isRefusal():
		l.rest(Refused, why)
	default:
		l.wait(why, f.retryAfter(l.opts.Environment.Now()))
	}
}

// isStream reports whether the answer is one that should have opened.
func (a Answer) isStream() bool { return a.Status == 200 && mediaType(a.Type) == "text/event-stream" }

// isSocket reports whether the answer is that of a server which would have opened
// a WebSocket.
func (a Answer) isSocket() bool { return a.Status == 426 }

// mayOpen reports whether there is nothing wrong with the answer.
func (a Answer) mayOpen() bool { return a.isStream() || a.isSocket() }

// isRefusal reports whether the same request would be refused again.
func (a Answer) isRefusal() bool {
	switch a.Status {
	case 400, 401, 403, 404, 405, 410, 422:
		return true
	}
	return false
}

// fault returns the server's own words, if it has any.
func (a Answer) fault() *fault.Error {
	var body fault.Body
	if a.isSocket() {
		return nil // it is not the page that is refused
	}
	if json.Unmarshal(a.Body, &body) != nil || body.Error == nil || body.Error.Code == "" {
		return nil
	}
	return body.Error
}

// words says for people why there is no stream.
func (f finding) words() string {
	if f.err != nil {
		return "the server did not answer with a stream"
	}
	if e := f.fault(); e != nil && e.Message != "" {
		return e.Message
	}
	text := fmt.Sprintf("the server answered with status %d", f.Status)
	switch {
	case f.Status == 204:
		text = "the server asked the page to stop"
	case f.isStream():
		text = "the browser does not accept the server's stream"
	case f.isSocket():
		text = "the server takes WebSockets, but none comes about: a proxy may stand in between"
	case f.Redirect:
		text = "the server sends the page elsewhere: to log in, or to a captive portal's page"
	case f.Status == 200 && mediaType(f.Type) == "text/html":
		text = "the answer is a page and no stream: one to log in, or a captive portal's"
	case f.Status == 200:
		text = fmt.Sprintf("the answer is no stream but %.40q", f.Type)
	}
	if f.Worker && !f.isRefusal() && f.Status != 204 {
		text += "; a service worker stands in between and may have answered itself"
	}
	return text
}

// retryAfter returns for how long the server does not want to be asked
// (RFC 9110, section 10.2.3): a number of seconds or a date.
func (a Answer) retryAfter(now time.Time) time.Duration {
	if s, err := strconv.Atoi(a.RetryAfter); err == nil {
		return hint(min(s, int(maxHint/time.Second)) * 1000)
	}
	if at, err := time.Parse(time.RFC1123, a.RetryAfter); err == nil {
		return hint(int(at.Sub(now) / time.Millisecond))
	}
	return 0
}

// mediaType returns a content type without its parameters.
func mediaType(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(media))
}
