package sse

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"

	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// A request is what a client asks for.
type request struct {
	topics    []string
	start     fanout.Start
	malformed bool // it sent a position that is no id
}

var fingerprint = regexp.MustCompile(`^[0-9a-f]{16}$`)

// parse reads a stream's request. The error is a *fault.Error.
func parse(r *http.Request, opts Options) (request, error) {
	if r.ContentLength != 0 { // its end would be waited for
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
	req := request{topics: topics, start: fanout.Start{Last: last}}
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

// parsePosition reads the id to resume after. One that cannot be read is no
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
	id, err := event.ParseID(s)
	return id, err != nil
}
