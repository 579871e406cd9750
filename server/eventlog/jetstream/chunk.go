package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
)

const (
	// inlineSize is the size up to which a value is in its head: one message, one
	// sync. The heads of values that hold events are read again by each node, so
	// they are not as large as a message may be.
	inlineSize = 64 << 10
	// chunkSize is the size of a chunk. Servers accept 1 MB by default.
	chunkSize = 512 << 10
	// valueRoom is what the headers add to a value's size, 800 bytes at most.
	valueRoom = 1 << 10
)

// fill returns the head of a value with its data, or with its chunks, which are
// stored when it returns. They come after the head that is to be replaced, so that
// all chunks before a head that was replaced belong to no value.
func (l *Log) fill(ctx context.Context, h head, data []byte) (head, error) {
	room := int(l.nc.MaxPayload()) - valueRoom
	if len(data) <= min(inlineSize, room) {
		h.data = data
		return h, nil
	}
	size := min(chunkSize, room)
	for i := 0; i*size < len(data); i++ {
		part := data[i*size : min((i+1)*size, len(data))]
		seq, err := l.storeChunk(ctx, h, i, part)
		if err != nil {
			if h.first > 0 && decided(err) {
				l.purgeChunks(ctx, h)
			}
			return h, err
		}
		if i == 0 {
			h.first = seq
		}
	}
	return h, nil
}

// storeChunk stores one chunk and returns its number.
func (l *Log) storeChunk(ctx context.Context, h head, i int, part []byte) (seq uint64, err error) {
	m := nats.NewMsg(l.chunksOf(h) + strconv.Itoa(i))
	m.Data = part
	err = l.again(ctx, func() error {
		a, err := l.values.publish(ctx, m)
		seq = a.Seq
		return err
	})
	return seq, err
}

// chunksOf returns the prefix of the subjects of a head's chunks.
func (l *Log) chunksOf(h head) string { return chunksOf(l.values.o, h) }

func chunksOf(o Options, h head) string {
	return o.Subject + ".chunk." + h.name + "." + h.put + "."
}

var errChunks = errors.New("chunks of the value are not there")

// chunks returns the data of a value that is in chunks. Any replica answers; one
// that lags, or has removed them for a newer value, gives an error: the head is to be
// read again.
func (l *Log) chunks(ctx context.Context, h head) ([]byte, error) {
	if h.size > eventlog.MaxValue || h.size < 0 {
		return nil, fmt.Errorf("%w: a value of %d bytes", errHead, h.size)
	}
	parts, size := map[int][]byte{}, 0
	for from := h.first; size < h.size; {
		request, err := json.Marshal(directGet{Seq: from, Next: l.chunksOf(h) + "*", Batch: getBatch, MaxBytes: getBytes})
		if err != nil {
			return nil, err
		}
		f, err := l.values.tryGet(ctx, request, tryTime)
		if err != nil {
			return nil, err
		}
		if len(f.messages) == 0 {
			return nil, errChunks
		}
		for _, m := range f.messages {
			i, err := strconv.Atoi(strings.TrimPrefix(m.Header.Get(jetstream.SubjectHeader), l.chunksOf(h)))
			if err != nil {
				return nil, err
			}
			size += len(m.Data) - len(parts[i])
			parts[i] = m.Data
		}
		from = f.last() + 1
	}
	data := make([]byte, 0, h.size)
	for i := range len(parts) {
		data = append(data, parts[i]...)
	}
	if len(data) != h.size {
		return nil, errChunks
	}
	return data, nil
}

// purgeChunks removes the chunks of a head that was not stored.
func (l *Log) purgeChunks(ctx context.Context, h head) {
	l.tidy(ctx, "PURGE", map[string]any{"filter": l.chunksOf(h) + "*"})
}

// purgeOlder removes the chunks that were stored before a head: that one's, which
// was replaced, and those of puts that did not come to an end.
func (l *Log) purgeOlder(ctx context.Context, h head) {
	l.tidy(ctx, "PURGE", map[string]any{"filter": l.values.o.Subject + ".chunk." + h.name + ".*.*", "seq": h.seq})
}

// purgeHeads removes the heads that were stored before one, and reports whether
// that is certain.
func (l *Log) purgeHeads(ctx context.Context, h head) bool {
	return l.tidy(ctx, "PURGE", map[string]any{"filter": l.values.o.heads("*", h.name), "seq": h.seq})
}

// remove removes a head.
func (l *Log) remove(ctx context.Context, h head) {
	l.tidy(ctx, "MSG.DELETE", map[string]any{"seq": h.seq, "no_erase": true})
}

// tidy asks once for something to be removed, and reports whether that was done.
// Otherwise it stays, and takes room until another value of the name is stored.
func (l *Log) tidy(ctx context.Context, call string, request map[string]any) bool {
	err := l.values.call(ctx, call, request)
	if err != nil {
		l.o.Logger.Debug("a value that was replaced is still there", "stream", l.values.o.Stream, "error", err)
	}
	return err == nil
}

// call asks once for a change of the stream.
func (l *Log) call(ctx context.Context, call string, request map[string]any) error {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	text, err := json.Marshal(request)
	if err != nil {
		return err
	}
	reply, err := l.nc.RequestWithContext(ctx, "$JS.API.STREAM."+call+"."+l.o.Stream, text)
	if err != nil {
		return err
	}
	var a struct {
		Error *jetstream.APIError `json:"error"`
	}
	if err := json.Unmarshal(reply.Data, &a); err != nil {
		return err
	}
	if a.Error != nil {
		return a.Error
	}
	return nil
}
