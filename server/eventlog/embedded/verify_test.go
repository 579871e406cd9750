package embedded

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// What a start refuses is found without one, and nothing is changed.
func TestVerifyFindsEveryDamage(t *testing.T) {
	base, _ := filled(t)
	for _, d := range damages {
		for _, ending := range endings[:d.noticed] {
			t.Run(d.name+" after "+ending.name, func(t *testing.T) {
				dir := copyOf(t, base)
				ending.do(t, dir)
				d.do(t, dir)
				before := digests(t, dir)
				findsOne(t, dir, d.file)
				if !maps.Equal(before, digests(t, dir)) {
					t.Error("files have changed")
				}
			})
		}
	}
}

// findsOne checks that Verify reports one damage at least, the first with the text.
func findsOne(t *testing.T, dir, want string) {
	t.Helper()
	v, err := Verify(t.Context(), dir)
	if err != nil || len(v.Damages) == 0 || !strings.Contains(v.Damages[0], want) {
		t.Errorf("it finds %q (%v), want %q", v.Damages, err, want)
	}
}

// A log that was closed or has crashed is whole, also with an end that was cut off.
func TestVerifyFindsNothingInAWholeLog(t *testing.T) {
	base, events := filled(t)
	last := events[len(events)-1].ID().Seq()
	for _, ending := range endings {
		t.Run(ending.name, func(t *testing.T) {
			dir := copyOf(t, base)
			ending.do(t, dir)
			v, err := Verify(t.Context(), dir)
			if err != nil || len(v.Damages) > 0 || v.Last != last || v.Blocks < 3 {
				t.Errorf("it finds %+v (%v)", v, err)
			}
		})
	}
	dir := copyOf(t, base)
	crash(t, dir)
	cutEnd(t, blockFile(dir, "3.blk"), 10)
	if v, err := Verify(t.Context(), dir); err != nil || len(v.Damages) > 0 || v.Last != last-1 {
		t.Errorf("with an end that was cut off it finds %+v (%v)", v, err)
	}
}

func TestVerifyFindsWhatIsLostBesideTheBlocks(t *testing.T) {
	base, _ := filled(t)
	for _, test := range []struct {
		name, want string
		do         func(path string) error
	}{
		{generationsName, generationsName, os.Remove},
		{generationsName, generationsName, func(path string) error { return os.Truncate(path, 20) }},
		{recordName, recordName, os.Remove},
		{recordName, recordName, func(path string) error { return os.WriteFile(path, []byte("{"), 0o600) }},
	} {
		dir := copyOf(t, base)
		must(t, test.do(filepath.Join(dir, test.name)))
		findsOne(t, dir, test.want)
	}
	must(t, os.Remove(filepath.Join(base, metaName)))
	if v, err := Verify(t.Context(), base); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without %s it finds %+v (%v)", metaName, v, err)
	}
}

// twoValues returns the directory of a log that was closed, with a value in parts that
// holds events, and a small one. change may spoil it first, by the server's own means.
func twoValues(t *testing.T, change func(log *Log, values jetstream.Stream)) (dir string) {
	t.Helper()
	dir = t.TempDir()
	log := openLog(t, Options{Dir: dir, Retention: eventlog.Retention{MaxEvents: 10}})
	ids := fill(t, log, 30)
	large := eventlog.Value{Name: "state.large", Position: ids[20], Holds: true, Data: bytes.Repeat([]byte("large"), 300_000)}
	small := eventlog.Value{Name: "state.small", Position: ids[29], Data: []byte("small")}
	must(t, errors.Join(log.Put(t.Context(), large, event.ID{}), log.Put(t.Context(), small, event.ID{})))
	js, err := jetstream.New(log.conn)
	must(t, err)
	stream, err := js.Stream(t.Context(), valuesName)
	must(t, err)
	change(log, stream)
	must(t, log.Close())
	return dir
}

func TestVerifyFindsDamagedValues(t *testing.T) {
	dir := twoValues(t, func(*Log, jetstream.Stream) {})
	if v, err := Verify(t.Context(), dir); err != nil || len(v.Damages) > 0 || v.Values != 2 {
		t.Errorf("of a whole log it finds %+v (%v)", v, err)
	}
	flip(t, filepath.Join(files{dir}.messages(valuesName), "1.blk"), 100_000)
	findsOne(t, dir, "1.blk is damaged at")

	dir = twoValues(t, func(_ *Log, values jetstream.Stream) {
		chunk, err := values.GetLastMsgForSubject(t.Context(), "seaway-values.chunk.state.large.*.1")
		must(t, err)
		must(t, values.DeleteMsg(t.Context(), chunk.Sequence))
	})
	findsOne(t, dir, "value state.large has ")

	dir = twoValues(t, func(log *Log, _ jetstream.Stream) {
		js, err := jetstream.New(log.conn)
		must(t, err)
		stream, err := js.Stream(t.Context(), streamName)
		must(t, err)
		must(t, stream.Purge(t.Context(), jetstream.WithPurgeSequence(25)))
		_, err = js.Publish(t.Context(), "seaway-values.trim", []byte(`{"epoch":"`+log.meta.Epoch+`","upTo":24}`))
		must(t, err)
	})
	findsOne(t, dir, "value state.large includes the events up to number 21, and those up to number 24 were removed")

	dir = twoValues(t, func(*Log, jetstream.Stream) {})
	must(t, os.WriteFile(filepath.Join(dir, generationsName), generationsText(mustMeta(t, dir).Epoch, named(1)), 0o600))
	findsOne(t, dir, "which the events do not prove")
}

func mustMeta(t *testing.T, dir string) directoryMeta {
	t.Helper()
	m, err := readMeta(dir)
	must(t, err)
	return m
}
