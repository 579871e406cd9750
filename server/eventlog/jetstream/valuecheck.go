package jetstream

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nats-io/nats.go"

	"github.com/seawaykit/seaway/server/eventlog"
)

// A ValueCheck checks values without a server, by the messages of their stream, as
// its files hold them. Package embedded checks backups by it.
type ValueCheck struct {
	o      Options // of the values
	heads  map[uint64]head
	chunks map[uint64]chunk
	trims  map[uint64]trimRecord
	broken []string
}

// A chunk is a part of a value.
type chunk struct {
	of    string // the subject without the chunk's number among the others
	index string
	size  int
}

// NewValueCheck returns a check of the values of the log in a stream
// with the subjects that Open gives it.
func NewValueCheck(stream string) *ValueCheck {
	o := Options{Stream: stream, Subject: "seaway"}
	return &ValueCheck{o.valueOptions(), map[uint64]head{}, map[uint64]chunk{}, map[uint64]trimRecord{}, nil}
}

// Add adds a message.
func (c *ValueCheck) Add(seq uint64, subject string, headers, data []byte) {
	rest, _ := strings.CutPrefix(subject, c.o.Subject+".")
	switch kind, _, _ := strings.Cut(rest, "."); kind {
	case "chunk":
		i := strings.LastIndexByte(subject, '.') + 1
		c.chunks[seq] = chunk{subject[:i], subject[i:], len(data)}
	case "trim":
		r := trimRecord{seq: seq}
		if err := json.Unmarshal(data, &r); err != nil {
			c.broken = append(c.broken, fmt.Sprintf("the record of trims, number %d, cannot be read: %v", seq, err))
		}
		c.trims[seq] = r
	case "value":
		header, err := nats.DecodeHeadersMsg(headers)
		var h head
		if err == nil {
			h, err = headOf(c.o, subject, seq, header, data)
		}
		if err != nil {
			c.broken = append(c.broken, err.Error())
			return
		}
		h.data = nil
		c.heads[seq] = h
	}
}

// Remove removes a message, which need not be there.
func (c *ValueCheck) Remove(seq uint64) {
	delete(c.heads, seq)
	delete(c.chunks, seq)
	delete(c.trims, seq)
}

// Result returns how many values there are, and one line for each that is not whole:
// a part of it is missing, or the log with the state does not have its position, or
// not all events that it holds. left reports whether one of the events from a number to
// another is there.
func (c *ValueCheck) Result(state eventlog.State, left func(from, to uint64) bool) (values int, damages []string) {
	damages = c.broken
	sizes, trimmed, newest := c.sizes(), c.trimmed(state.Epoch), c.newest()
	for _, name := range slices.Sorted(maps.Keys(newest)) {
		h := newest[name]
		if !h.isThere() {
			continue
		}
		values++
		why := ""
		switch size := sizes[chunksOf(c.o, h)]; {
		case h.first > 0 && size != h.size:
			why = fmt.Sprintf("has %d bytes, and had %d", size, h.size)
		case !state.Proves(h.at) || h.at.Seq() > state.Last:
			why = fmt.Sprintf("is at position %s, which the events do not prove", h.at)
		case h.kind == holdKind && trimmed > h.at.Seq() && !left(h.at.Seq()+1, trimmed):
			why = fmt.Sprintf("includes the events up to number %d, and those up to number %d were removed", h.at.Seq(), trimmed)
		}
		if why != "" {
			damages = append(damages, fmt.Sprintf("value %s %s", name, why))
		}
	}
	return values, damages
}

// newest returns the newest head of each name.
func (c *ValueCheck) newest() map[string]head {
	newest := map[string]head{}
	for _, seq := range slices.Sorted(maps.Keys(c.heads)) {
		newest[c.heads[seq].name] = c.heads[seq]
	}
	return newest
}

// trimmed returns the number up to which events were removed, or are about to be.
func (c *ValueCheck) trimmed(epoch string) (upTo uint64) {
	for _, seq := range slices.Sorted(maps.Keys(c.trims)) {
		if r := c.trims[seq]; r.Epoch == epoch {
			upTo = r.UpTo
		}
	}
	return upTo
}

// sizes returns how many bytes of each value in chunks are there. A chunk that was
// stored twice, for want of an answer, counts once.
func (c *ValueCheck) sizes() map[string]int {
	parts := map[chunk]bool{}
	sizes := map[string]int{}
	for _, one := range c.chunks {
		if !parts[one] {
			sizes[one.of] += one.size
		}
		parts[one] = true
	}
	return sizes
}
