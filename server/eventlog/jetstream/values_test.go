package jetstream_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
	"github.com/seawaykit/seaway/shared/event"
)

// appendTo publishes n events and returns the last one's id.
func appendTo(t *testing.T, log eventlog.Log, n int) (last event.ID) {
	t.Helper()
	for i := range n {
		var err error
		if last, err = log.Append(t.Context(), event.Draft{Topic: "a", Type: "test", Data: fmt.Append(nil, i)}); err != nil {
			t.Fatal(err)
		}
	}
	return last
}

func put(t *testing.T, log eventlog.Log, v eventlog.Value, prev event.ID) {
	t.Helper()
	if err := log.Put(t.Context(), v, prev); err != nil {
		t.Fatal(err)
	}
}

// messages returns how many messages the stream of values has.
func messages(t *testing.T, nc *nats.Conn) uint64 {
	t.Helper()
	stream, err := streams(t, nc).Stream(t.Context(), "SEAWAY-VALUES")
	if err != nil {
		t.Fatal(err)
	}
	return stream.CachedInfo().State.Msgs
}

// What is replaced or deleted takes no room, nor does a Put that lost.
func TestValuesLeaveNothingBehind(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	log := open(t, nc, jetstream.Options{})
	ids := []event.ID{appendTo(t, log, 1), appendTo(t, log, 1), appendTo(t, log, 1)}
	large := bytes.Repeat([]byte("large"), 300_000) // three chunks
	prev := event.ID{}
	for i, step := range []struct {
		data  []byte
		holds bool
		want  uint64
	}{{large, false, 4}, {large, false, 4}, {[]byte("small"), false, 1}, {large, true, 5}, {large, false, 5}, {nil, true, 2}} {
		v := eventlog.Value{Name: "a.b", Position: ids[i/2], Data: step.data, Holds: step.holds}
		put(t, log, v, prev)
		prev = v.Position
		if n := messages(t, nc); n != step.want { // one is the record of trims, from the first hold on
			t.Errorf("after put %d the values are %d messages, want %d", i+1, n, step.want)
		}
	}
	v := eventlog.Value{Name: "a.b", Position: ids[2], Data: large}
	if err := log.Put(t.Context(), v, ids[0]); !errors.Is(err, eventlog.ErrConflict) {
		t.Fatal(err)
	}
	put(t, log, v, ids[2])
	if err := log.Delete(t.Context(), "a.b", ids[2]); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, nc); n != 1 {
		t.Errorf("after all the values are %d messages, want that of the trims", n)
	}
}

// A node that dies in the middle leaves what it had stored: the value stays as it
// was, and what is left goes with the next one.
func TestValuesSurviveANodeThatDied(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	log := open(t, nc, jetstream.Options{})
	at := appendTo(t, log, 1)
	v := eventlog.Value{Name: "v", Position: at, Data: []byte("old"), Holds: true}
	put(t, log, v, event.ID{})
	head := func(kind string) (*natsjs.RawStreamMsg, error) {
		stream, err := streams(t, nc).Stream(t.Context(), "SEAWAY-VALUES")
		if err != nil {
			t.Fatal(err)
		}
		return stream.GetLastMsgForSubject(t.Context(), "seaway-values.value."+kind+".v")
	}
	has := func(want string) {
		t.Helper()
		got, err := log.Get(t.Context(), "v")
		names, namesErr := log.Names(t.Context(), "")
		if want == "" {
			if !errors.Is(err, eventlog.ErrNoValue) || len(names) > 0 || namesErr != nil {
				t.Errorf("the value is %q (%v), the names %q (%v)", got.Data, err, names, namesErr)
			}
		} else if err != nil || string(got.Data) != want || got.Position != at || len(names) != 1 || namesErr != nil {
			t.Errorf("the value is %q at %s (%v), want %q; the names %q (%v)", got.Data, got.Position, err, want, names, namesErr)
		}
	}
	store := func(subject, kind string, header nats.Header) {
		t.Helper()
		m := &nats.Msg{Subject: subject, Header: header, Data: []byte(kind)}
		if _, err := streams(t, nc).PublishMsg(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	stored, err := head("hold")
	if err != nil {
		t.Fatal(err)
	}
	// Before the head: chunks of no value.
	store("seaway-values.chunk.v.dead.0", "chunk", nil)
	has("old")
	// After the head, before the one of another kind was removed.
	header := nats.Header{"Seaway-Position": {at.String()}, "Seaway-Put": {"dead"}, "Seaway-Size": {"4"}}
	store("seaway-values.value.free.v", "free", header)
	has("free")
	v.Data, v.Holds = []byte("again"), false
	put(t, log, v, at)
	has("again")
	// A value that was deleted, which is still there.
	store("seaway-values.value.gone.v", "", nats.Header{"Seaway-Put": {"dead"}, "Seaway-Size": {"0"}})
	has("")
	if err := log.Delete(t.Context(), "v", at); err != nil {
		t.Error(err)
	}
	put(t, log, v, event.ID{})
	has("again")
	if last, err := head("hold"); err == nil && last.Sequence == stored.Sequence {
		t.Error("a head that was replaced long ago is still there")
	}
}

// A hold that a dead node has left behind does not hold.
func TestValuesThatWereReplacedHoldNothing(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	log := open(t, nc, jetstream.Options{Retention: eventlog.Retention{MaxEvents: 10}})
	at := appendTo(t, log, 1)
	put(t, log, eventlog.Value{Name: "v", Position: at, Holds: true}, event.ID{})
	m := nats.NewMsg("seaway-values.value.free.v")
	m.Header = nats.Header{"Seaway-Position": {at.String()}, "Seaway-Put": {"dead"}, "Seaway-Size": {"0"}}
	if _, err := streams(t, nc).PublishMsg(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	appendTo(t, log, 100) // more than the hard limit
	eventually(t, func() error { return begins(t, log, 92) })
}

// begins returns an error unless the log begins with the number.
func begins(t *testing.T, log eventlog.Log, first uint64) error {
	t.Helper()
	state, err := log.State(t.Context())
	if err == nil && state.First != first {
		err = fmt.Errorf("the log begins at %d, want %d", state.First, first)
	}
	return err
}

// eventually waits until look returns nil.
func eventually(t *testing.T, look func() error) {
	t.Helper()
	again, end := time.NewTicker(10*time.Millisecond), time.NewTimer(timeout)
	defer again.Stop()
	defer end.Stop()
	for err := look(); err != nil; err = look() {
		select {
		case <-again.C:
		case <-end.C:
			t.Fatal(err)
		}
	}
}

// A log that values hold stays so for a node that opens it with other limits.
func TestValuesHoldForALogWithOtherBounds(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	log := open(t, nc, jetstream.Options{Retention: eventlog.Retention{MaxEvents: 100}})
	appendTo(t, log, 3)
	state, err := log.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v := eventlog.Value{Name: "v", Position: state.Position(0), Holds: true}
	put(t, log, v, event.ID{})
	other := open(t, nc, jetstream.Options{Retention: eventlog.Retention{MaxEvents: 10, MaxAge: time.Second}})
	c := streamConfig(t, nc, "SEAWAY")
	if hard, _ := (eventlog.Retention{MaxEvents: 10}).Hard(); c.MaxMsgs != hard || c.MaxAge != 0 || c.Discard != natsjs.DiscardNew {
		t.Errorf("the stream is bounded by %d, %v, %v", c.MaxMsgs, c.MaxAge, c.Discard)
	}
	last := appendTo(t, other, 30)
	if err := begins(t, other, 1); err != nil {
		t.Error(err)
	}
	v.Position = last
	put(t, log, v, state.Position(0))
	eventually(t, func() error { return begins(t, other, 34) }) // by age
	if err := other.Put(t.Context(), v, last); err != nil {
		t.Error(err)
	}
}

// A node with other bounds that does not know of the first hold yet sets them as
// without one: that is undone.
func TestValuesHoldAlthoughBoundsWereSetMeanwhile(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	log := open(t, nc, jetstream.Options{Retention: eventlog.Retention{MaxEvents: 10}})
	last := appendTo(t, log, 3)
	before := streamConfig(t, nc, "SEAWAY")
	v := eventlog.Value{Name: "v", Position: last, Holds: true}
	put(t, log, v, event.ID{})
	if _, err := streams(t, nc).UpdateStream(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	other := open(t, nc, jetstream.Options{Retention: eventlog.Retention{MaxEvents: 10}})
	appendTo(t, other, 20)
	if err := begins(t, log, 1); err != nil {
		t.Error(err)
	}
}

func TestValuesThatAreMissingRefuseALogThatTheyHold(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	log := open(t, nc, jetstream.Options{})
	put(t, log, eventlog.Value{Name: "v", Position: appendTo(t, log, 1), Holds: true}, event.ID{})
	log.Close()
	if err := streams(t, nc).DeleteStream(t.Context(), "SEAWAY-VALUES"); err != nil {
		t.Fatal(err)
	}
	if _, err := jetstream.Open(t.Context(), nc, jetstream.Options{}); !errors.Is(err, jetstream.ErrMissing) || !strings.Contains(err.Error(), "SEAWAY-VALUES") {
		t.Errorf("the error is %v", err)
	}
}

// The least that a server may allow for a message is that of an event.
func TestValuesFitIntoSmallMessages(t *testing.T) {
	s := startServer(t, &server.Options{
		ServerName: "small", StoreDir: t.TempDir(), JetStream: true, DontListen: true, NoSigs: true, NoLog: true, MaxPayload: 20_000,
	})
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	log := open(t, connect(t, "", nats.InProcessServer(s)), jetstream.Options{Retention: eventlog.Retention{MaxEvent: 10_000}})
	want := eventlog.Value{Name: strings.Repeat("n", eventlog.MaxValueName), Position: appendTo(t, log, 1), Data: bytes.Repeat([]byte("0123456789"), 10_000), Holds: true}
	put(t, log, want, event.ID{})
	got, err := log.Get(t.Context(), want.Name)
	if err != nil || !bytes.Equal(got.Data, want.Data) {
		t.Errorf("got %d bytes (%v)", len(got.Data), err)
	}
}

// What Open finds as it should be is left alone: a user may not be allowed more.
func TestValuesStreamIsLeftAsItIs(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	log := open(t, nc, jetstream.Options{})
	put(t, log, eventlog.Value{Name: "v", Position: appendTo(t, log, 1), Holds: true}, event.ID{})
	updates, err := nc.SubscribeSync("$JS.API.STREAM.UPDATE.>")
	if err != nil {
		t.Fatal(err)
	}
	open(t, nc, jetstream.Options{})
	if m, err := updates.NextMsg(100 * time.Millisecond); !errors.Is(err, nats.ErrTimeout) {
		t.Errorf("a second log changes %s to %s (%v)", m.Subject, m.Data, err)
	}
}

// Of a trim and a value that begins to hold what is trimmed, one sees the other,
// whichever comes first.
func TestValuesAndTrimsSeeEachOther(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	o := jetstream.Options{Retention: eventlog.Retention{MaxEvents: 10}, Passive: true}
	trimmer, holder := open(t, nc, o), open(t, nc, o)
	last := appendTo(t, holder, 10)
	put(t, holder, eventlog.Value{Name: "first", Position: last, Holds: true}, event.ID{})
	late := eventlog.Value{Name: "late", Position: event.Position(last.Epoch(), 2), Holds: true}

	promise, err := trimmer.BeginTrim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	put(t, holder, late, event.ID{})
	if err := promise(5); err == nil || !strings.Contains(err.Error(), "meanwhile") {
		t.Errorf("a trim that a value precedes: %v", err)
	}
	// What it had promised is taken back.
	later := late
	later.Name = "later"
	put(t, holder, later, event.ID{})
	for _, name := range []string{"late", "later"} {
		if err := holder.Delete(t.Context(), name, late.Position); err != nil {
			t.Fatal(err)
		}
	}

	if promise, err = trimmer.BeginTrim(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := promise(5); err != nil {
		t.Fatal(err)
	}
	if err := holder.Put(t.Context(), late, event.ID{}); !errors.Is(err, eventlog.ErrGap) {
		t.Errorf("a value that a trim precedes: %v", err)
	}
	// Another node takes back no more than what it had promised itself.
	promise, err = holder.BeginTrim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	late.Position = event.Position(last.Epoch(), 6)
	put(t, trimmer, late, event.ID{})
	if err := promise(8); err == nil {
		t.Error("a trim that a value precedes is promised")
	}
	late.Name, late.Position = "lowest", event.Position(last.Epoch(), 4)
	if err := trimmer.Put(t.Context(), late, event.ID{}); !errors.Is(err, eventlog.ErrGap) {
		t.Errorf("a value that the first trim precedes: %v", err)
	}
}

// A trim that comes between the two looks of a Put makes the value hold nothing.
func TestValuesHoldNothingThatIsTrimmedJustThen(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	o := jetstream.Options{Retention: eventlog.Retention{MaxEvents: 10}, Passive: true}
	trimmer, holder := open(t, nc, o), open(t, nc, o)
	first := eventlog.Value{Name: "first", Position: appendTo(t, holder, 1), Holds: true}
	put(t, holder, first, event.ID{})
	last := appendTo(t, holder, 30)
	moved := first
	moved.Position = last
	put(t, holder, moved, first.Position)
	if err := trimmer.Trim(t.Context()); err != nil {
		t.Fatal(err)
	}
	late := eventlog.Value{Name: "late", Position: first.Position, Data: bytes.Repeat([]byte("large"), 300_000), Holds: true}
	if err := holder.FinishPut(t.Context(), late); !errors.Is(err, eventlog.ErrGap) {
		t.Errorf("a value that holds what was trimmed: %v", err)
	}
	if got, err := holder.Get(t.Context(), "late"); err != nil || got.Holds || !bytes.Equal(got.Data, late.Data) {
		t.Errorf("the value holds: %t (%v)", got.Holds, err)
	}
	appendTo(t, holder, 20)
	moved.Position = appendTo(t, holder, 1)
	put(t, holder, moved, last)
	if err := trimmer.Trim(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := begins(t, trimmer, 43); err != nil { // it holds nothing
		t.Error(err)
	}
}
