package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
)

// A trimRecord is up to where events were removed, or are about to be. It is stored
// before they are: from the number after it on, retention has removed nothing, which
// the stream's own first number does not say. A value that begins to hold events
// looks at it once it is stored, and a trim at the values after it has stored the
// record: at least one of them sees the other.
type trimRecord struct {
	Epoch string `json:"epoch"` // of the log, which may have been replaced
	UpTo  uint64 `json:"upTo"`
	seq   uint64 // in the stream of values
}

func (r trimRecord) isOf(c jetstream.StreamConfig) bool { return r.Epoch == c.Metadata[epochKey] }

// record asks once for the record, which is empty if there is none.
func (l *Log) record(ctx context.Context) (r trimRecord, err error) {
	m, found, err := l.values.ask(ctx, messageGet{Last: l.values.o.Subject + ".trim"})
	if err != nil || !found {
		return r, err
	}
	err = json.Unmarshal(m.Data, &r)
	r.seq = m.Seq
	return r, err
}

// storeRecord stores a record in the place of another, unless that has been replaced.
func (l *Log) storeRecord(ctx context.Context, info *jetstream.StreamInfo, r *trimRecord, upTo uint64) (err error) {
	next := trimRecord{Epoch: info.Config.Metadata[epochKey], UpTo: upTo}
	m := nats.NewMsg(l.values.o.Subject + ".trim")
	if m.Data, err = json.Marshal(next); err != nil {
		return err
	}
	m.Header.Set(jetstream.ExpectedLastSubjSeqHeader, strconv.FormatUint(r.seq, 10))
	a, err := l.values.publish(ctx, m)
	if errors.Is(err, eventlog.ErrConflict) {
		return errOtherTrims
	}
	if err == nil {
		next.seq = a.Seq
		*r = next
	}
	return err
}
