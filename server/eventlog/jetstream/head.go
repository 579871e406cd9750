package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// A head is the newest message of a value: the value itself, or where its chunks
// are, or that it was deleted. It is stored only if the newest one is still the one
// that was read before (expected last sequence of all kinds of the name). One of
// another kind stays behind for a moment, with a lower number.
type head struct {
	seq   uint64 // in the stream of values, 0 if there is none
	kind  string // a kind of head
	name  string
	put   string // names the Put or Delete that stored it
	at    event.ID
	data  []byte // if it is not in chunks
	size  int
	first uint64 // the number of the first chunk, 0 if there are none
}

// The kinds of heads.
const (
	holdKind = "hold" // of a value that holds events
	freeKind = "free" // of another
	goneKind = "gone" // a mark that the value was deleted, which is removed right after
)

const (
	positionHeader = "Seaway-Position"
	putHeader      = "Seaway-Put"
	sizeHeader     = "Seaway-Size"
	chunkHeader    = "Seaway-Chunks" // the number of the first one

	lastSubjectHeader = "Nats-Expected-Last-Subject-Sequence-Subject"
)

// isThere reports whether the head is that of a value.
func (h head) isThere() bool { return h.seq > 0 && h.kind != goneKind }

// position returns that of the value, zero if there is none.
func (h head) position() event.ID {
	if !h.isThere() {
		return event.ID{}
	}
	return h.at
}

func kindOf(v eventlog.Value) string {
	if v.Holds {
		return holdKind
	}
	return freeKind
}

// heads returns the subject of a name's heads of a kind, or of all kinds for "*".
func (o Options) heads(kind, name string) string { return o.Subject + ".value." + kind + "." + name }

// message returns the head as it is published in the place of another.
func (h head) message(o Options, prev head) *nats.Msg {
	m := nats.NewMsg(o.heads(h.kind, h.name))
	m.Data = h.data
	m.Header.Set(positionHeader, h.at.String())
	m.Header.Set(putHeader, h.put)
	m.Header.Set(sizeHeader, strconv.Itoa(h.size))
	if h.first > 0 {
		m.Header.Set(chunkHeader, strconv.FormatUint(h.first, 10))
	}
	m.Header.Set(jetstream.ExpectedLastSubjSeqHeader, strconv.FormatUint(prev.seq, 10))
	m.Header.Set(lastSubjectHeader, o.heads("*", h.name))
	return m
}

var errHead = errors.New("a message in the stream of values is no value")

// headOf reads a stored message.
func headOf(o Options, subject string, seq uint64, header nats.Header, data []byte) (h head, err error) {
	rest, ok := strings.CutPrefix(subject, o.Subject+".value.")
	h = head{seq: seq, put: header.Get(putHeader), data: data}
	h.kind, h.name, _ = strings.Cut(rest, ".")
	h.first, _ = strconv.ParseUint(header.Get(chunkHeader), 10, 64)
	size, sizeErr := strconv.Atoi(header.Get(sizeHeader))
	h.size = size
	if h.kind != goneKind {
		h.at, err = event.ParseID(header.Get(positionHeader))
	}
	if !ok || err != nil || sizeErr != nil || h.first == 0 && size != len(data) {
		return head{}, fmt.Errorf("%w: number %d on %q", errHead, seq, subject)
	}
	return h, nil
}

// A messageGet is a question to the leader for one message: the last one of a
// subject, or the next one from a number or a time on.
type messageGet struct {
	Seq   uint64     `json:"seq,omitempty"`
	Last  string     `json:"last_by_subj,omitempty"`
	Next  string     `json:"next_by_subj,omitempty"`
	Since *time.Time `json:"start_time,omitempty"`
}

// A message is one that the leader has returned.
type message struct {
	Subject string    `json:"subject"`
	Seq     uint64    `json:"seq"`
	Raw     []byte    `json:"hdrs"`
	Data    []byte    `json:"data"`
	Time    time.Time `json:"time"`
}

// ask asks the leader once. found is false if it has no such message: a leader that
// was replaced without its knowledge may say so for some seconds.
func (l *Log) ask(ctx context.Context, g messageGet) (m message, found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	request, err := json.Marshal(g)
	if err != nil {
		return m, false, err
	}
	reply, err := l.nc.RequestWithContext(ctx, "$JS.API.STREAM.MSG.GET."+l.o.Stream, request)
	if err != nil {
		return m, false, err
	}
	var a struct {
		Message message             `json:"message"`
		Error   *jetstream.APIError `json:"error"`
	}
	switch err := json.Unmarshal(reply.Data, &a); {
	case err != nil:
		return m, false, err
	case a.Error != nil && a.Error.ErrorCode == codeNotFound:
		return m, false, nil
	case a.Error != nil:
		return m, false, a.Error
	}
	return a.Message, true, l.settle(ctx, a.Message.Seq)
}

// header returns the message's headers.
func (m message) header() (nats.Header, error) {
	if len(m.Raw) == 0 {
		return nats.Header{}, nil
	}
	return nats.DecodeHeadersMsg(m.Raw)
}

// head asks once for the newest head of a name, which is empty if there is none.
func (l *Log) head(ctx context.Context, name string) (head, error) {
	m, found, err := l.values.ask(ctx, messageGet{Last: l.values.o.heads("*", name)})
	if err != nil || !found {
		return head{name: name}, err
	}
	header, err := m.header()
	if err != nil {
		return head{}, err
	}
	return headOf(l.values.o, m.Subject, m.Seq, header, m.Data)
}
