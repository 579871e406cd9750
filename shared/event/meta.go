package event

import (
	"strconv"
	"strings"
	"time"
)

// Meta is what a delivered event carries besides type and payload: which event it
// is, on which topic and when it was published.
//
// Its text is <id> <topic> <milliseconds since 1970>, the id: field of the event's
// frame. A browser hands that over as lastEventId and sends it back unchanged in
// Last-Event-ID, so topic and time need no field of their own, and a client that
// resumes from the text needs its first part only. Spaces stand between the parts, one
// each, since browsers and proxies trim those at the ends of a header.
type Meta struct {
	ID    ID
	Topic string    // empty if the text has none
	At    time.Time // when the log stored the event, in UTC and milliseconds; zero as Topic
}

// Meta returns the event's.
func (e Event) Meta() Meta {
	return Meta{e.id, e.topic, time.UnixMilli(e.time.UnixMilli()).UTC()}
}

// AppendText implements [encoding.TextAppender]: the text form, which is that of
// the ID alone for a Meta without a topic. It does not fail.
func (m Meta) AppendText(dst []byte) ([]byte, error) {
	dst = m.ID.append(dst)
	if m.Topic == "" {
		return dst, nil
	}
	dst = append(append(append(dst, ' '), m.Topic...), ' ')
	return strconv.AppendInt(dst, m.At.UnixMilli(), 10), nil
}

// String returns the text form.
func (m Meta) String() string {
	text, _ := m.AppendText(nil) // it never fails
	return string(text)
}

// ParseMeta reads the text form. The error is [ErrID], if the text does not begin
// with an id. Nothing else is one: a server may leave topic and time out, or write
// them in a way that this program does not know, and its stream can be followed all
// the same. Then both are empty. What comes behind the time is ignored.
func ParseMeta(text string) (Meta, error) {
	first, rest, _ := strings.Cut(text, " ")
	id, err := ParseID(first)
	if err != nil {
		return Meta{}, err
	}
	topic, rest, _ := strings.Cut(rest, " ")
	at, _, _ := strings.Cut(rest, " ")
	ms, err := strconv.ParseInt(at, 10, 64)
	if err != nil || CheckTopic(topic) != nil {
		return Meta{ID: id}, nil
	}
	return Meta{id, topic, time.UnixMilli(ms).UTC()}, nil
}
