package sse

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"

	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// A request is the parsed request of a client.
type request struct {
	topics    []string
	start     fanout.Start
	catchUp   bool // it asks for a heartbeat once it has caught up
	malformed bool // it sent a position that is not a valid id
}

// isGet reports whether the request is a GET, or answers it.
func isGet(w http.ResponseWriter, r *http.Request, otherwise string) bool {
	if r.Method == http.MethodGet {
		return true
	}
	w.Header().Set("Allow", http.MethodGet)
	fault.Respond(w, fault.New(fault.MethodNotAllowed, "%s", otherwise))
	return false
}

var fingerprint = regexp.MustCompile(`^[0-9a-f]{16}$`)

// parse parses a stream's request. The error is a *fault.Error.
func parse(r *http.Request, opts Options) (request, error) {
	if r.ContentLength != 0 { // the stream would wait for its end
		return request{}, fault.New(fault.Invalid, "a stream's request has no body")
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return request{}, fault.New(fault.Invalid, "the query is malformed")
	}
	topics, err := parseTopics(query[wire.TopicParam], opts.MaxTopics)
	if err != nil {
		return request{}, err
	}
	last, err := parseLast(query, opts.MaxLast)
	if err != nil {
		return request{}, err
	}
	if s := query.Get(wire.SchemaParam); s != "" && !fingerprint.MatchString(s) {
		return request{}, fault.Field(wire.SchemaParam, "a schema fingerprint is 16 hexadecimal digits")
	}
	req := request{topics: topics, start: fanout.Start{Last: last}, catchUp: query.Get(wire.CatchUpParam) == "1"}
	req.start.After, req.malformed = parsePosition(r, query)
	return req, nil
}

func parseTopics(topics []string, limit int) ([]string, error) {
	topics = slices.Compact(slices.Sorted(slices.Values(topics)))
	switch {
	case len(topics) == 0:
		return nil, fault.Field(wire.TopicParam, "at least one topic is needed")
	case len(topics) > limit:
		return nil, fault.Field(wire.TopicParam, "more than %d topics", limit)
	}
	for _, t := range topics {
		if err := event.CheckTopic(t); err != nil {
			return nil, fault.Field(wire.TopicParam, "%v", err)
		}
	}
	return topics, nil
}

func parseLast(query url.Values, limit int) (int, error) {
	s := query.Get(wire.LastParam)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > limit {
		return 0, fault.Field(wire.LastParam, "last is not a number from 0 to %d", limit)
	}
	return n, nil
}

// parsePosition reads the id to resume after, with which the text of an event's id:
// field begins: browsers send that text back whole. One that cannot be read is no
// reason to refuse: a browser would keep it and never come back. It leads to a
// reset.
func parsePosition(r *http.Request, query url.Values) (after event.ID, malformed bool) {
	s := r.Header.Get("Last-Event-ID")
	if s == "" {
		s = query.Get(wire.AfterParam)
	}
	if s == "" {
		return event.ID{}, false
	}
	meta, err := event.ParseMeta(s)
	return meta.ID, err != nil
}
