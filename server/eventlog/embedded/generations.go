package embedded

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/nats-io/nats.go"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
	"github.com/seawaykit/seaway/server/internal/durable"
	"github.com/seawaykit/seaway/shared/event"
)

// Each start of the server, also within a process, begins a generation of the
// log: it is recorded in the directory before the server accepts appends. So a
// copy of the directory, whatever its age and however it was made, gives its
// next number in a generation that no other copy has.

const (
	generationsName = "GENERATIONS"
	// maxGenerations bounds the file to 250 KB. Only starts that gave a number
	// count, and only if one of their events is left: with the default
	// retention the limit takes one start a minute for a week. Older numbers
	// count as part of the oldest generation that is left, and their ids are
	// refused.
	maxGenerations = 10_000
)

// begin checks the files, starts the server on them, and records a new
// generation. The error is an [unrecorded] if that, or what may never have been
// synced, cannot be written on a full disk: the log may be read, but nothing may be
// stored.
func (l *Log) begin(ctx context.Context) error {
	newest, err := l.checkFiles()
	if err != nil {
		return refused(l.o.Dir, err)
	}
	l.beginCommits()
	state, err := l.startServer(ctx, newest)
	if err == nil {
		err = l.commitStart(ctx)
	}
	if err != nil {
		return l.restoreBlocks(err)
	}
	if err := l.noteStreams(); err != nil {
		return refused(l.o.Dir, err)
	}
	if err := l.record(state); err != nil {
		return err
	}
	return l.doubt
}

// startServer starts the server, which must find messages up to the newest numbers,
// and returns the state of the log. If a part of a batch had to be removed it does so
// once more: the server still knows the keys. The numbers of that part are then of the
// new generation, so that no position among them is proved.
func (l *Log) startServer(ctx context.Context, newest map[string]uint64) (state startState, err error) {
	all := 0
	for removed := 1; removed > 0; all += removed {
		l.engine.stop()
		if err := l.engine.start(ctx); err != nil {
			return startState{}, err
		}
		if state, removed, err = l.stateAtStart(ctx); err != nil {
			return state, err
		}
	}
	err = l.checkFound(reach{state.Last, state.values}, newest)
	state.Last -= uint64(all)
	return state, err
}

// record records a new generation, and opens the server for appends.
func (l *Log) record(state startState) error {
	epoch := l.meta.Epoch
	known, err := readGenerations(l.o.Dir, epoch)
	if err != nil && !errors.Is(err, errGenerations) {
		return refused(l.o.Dir, err)
	}
	if err != nil && state.Last > 0 {
		l.o.Logger.Warn("clients that reconnect are reset: the event log cannot prove its history", "error", err)
	}
	next := withNext(known, state)
	err = durable.WriteFile(filepath.Join(l.o.Dir, generationsName), generationsText(epoch, next))
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		known = next[:len(next)-1]
		l.gens.Store(&known)
		return unrecorded{err}
	}
	if err != nil {
		return refused(l.o.Dir, err)
	}
	l.gens.Store(&next)
	l.engine.open()
	return nil
}

// An unrecorded is the error of a generation that could not be recorded, or of events that
// could not be written again.
type unrecorded struct{ error }

// Unwrap returns the cause.
func (u unrecorded) Unwrap() error { return u.error }

// generations returns the log's current generations.
func (l *Log) generations() eventlog.Generations { return *l.gens.Load() }

// A startState is the state of a log whose server has just been started.
type startState struct {
	eventlog.State
	values uint64 // the highest number that the stream of the values has given
}

// stateAtStart creates or updates the streams, as every start must, and returns
// the log's state, over a startupConn, and how many events it has removed.
func (l *Log) stateAtStart(ctx context.Context) (state startState, removed int, err error) {
	conn, err := nats.Connect("", nats.InProcessServer(startupConn{l.engine}), nats.Name("seaway start"))
	if err != nil {
		return state, 0, err
	}
	defer conn.Close()
	o := l.stream
	o.Generations, o.Passive = nil, true
	log, err := jetstream.Open(ctx, conn, o)
	if err != nil {
		return state, 0, err
	}
	defer log.Close()
	if state.values, err = log.LastValue(ctx); err != nil {
		return state, 0, err
	}
	state.State, err = log.State(ctx)
	if err == nil && state.Epoch != l.meta.Epoch {
		err = fmt.Errorf("%w: in %q the file %s is of epoch %s, the events are of epoch %s",
			ErrForeign, l.o.Dir, metaName, l.meta.Epoch, state.Epoch)
	}
	if err != nil {
		return state, 0, err
	}
	return state, l.removeUnfinished(ctx, log), nil
}

// removeUnfinished removes the events of a batch of which the end is lost. On a full
// disk it does not: the next start tries it again.
func (l *Log) removeUnfinished(ctx context.Context, log *jetstream.Log) int {
	removed, err := log.RemoveUnfinished(ctx)
	if err != nil {
		l.o.Logger.Warn("a part of events that were to be stored as one could not be removed", "error", err)
		return 0
	}
	if removed > 0 {
		l.o.Logger.Error("events were removed: they were stored as one with others that are lost", "events", removed)
	}
	return removed
}

// A startupConn connects to a server that accepts no other connections yet.
type startupConn struct{ *engine }

// InProcessConn implements [nats.InProcessConnProvider].
func (i startupConn) InProcessConn() (net.Conn, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.server == nil {
		return nil, errStopped
	}
	return i.server.InProcessConn()
}

// withNext returns the generations with a new one, in which the next number is
// given. It drops generations of which no number is left: neither in the log,
// which may be an older copy, nor as a position that could be resumed from. If there
// are values it drops no others: a value may have a position of long ago.
func withNext(known eventlog.Generations, state startState) eventlog.Generations {
	next := slices.Clone(known)
	for len(next) > 0 && next[len(next)-1].First > state.Last {
		next = next[:len(next)-1]
	}
	for len(next) > 1 && next[1].First < state.First && state.values == 0 || len(next) >= maxGenerations {
		next = next[1:]
	}
	if len(next) == 0 && state.Last > 0 {
		// The generations of the numbers so far are unknown. They get a new one
		// as well, so that no earlier position is valid.
		next = append(next, eventlog.Generation{Name: newGeneration(next), First: 1})
	}
	return append(next, eventlog.Generation{Name: newGeneration(next), First: state.Last + 1})
}

// newGeneration returns a random name that none of the others has.
func newGeneration(others eventlog.Generations) (name event.Generation) {
	taken := func(one eventlog.Generation) bool { return one.Name == name }
	for name == (event.Generation{}) || slices.ContainsFunc(others, taken) {
		rand.Read(name[:])
	}
	return name
}

// The file is lines of text: the log's epoch, one generation each with its first
// number, and the checksum of the lines before. A flipped digit must not make a
// generation longer than it was.
const generationsTitle = "generations of "

var crcTable = crc32.MakeTable(crc32.Castagnoli)

// errGenerations means that the generations so far are unknown.
var errGenerations = errors.New("the file " + generationsName + " is missing or damaged")

func generationsText(epoch string, g eventlog.Generations) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s%s\n", generationsTitle, epoch)
	for _, one := range g {
		fmt.Fprintf(&b, "%s %d\n", base64.RawURLEncoding.EncodeToString(one.Name[:]), one.First)
	}
	return fmt.Appendf(b.Bytes(), "%08x\n", crc32.Checksum(b.Bytes(), crcTable))
}

// readGenerations reads the file of the log with the epoch. The error is
// errGenerations if it is missing or damaged.
func readGenerations(dir, epoch string) (g eventlog.Generations, err error) {
	text, err := os.ReadFile(filepath.Join(dir, generationsName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errGenerations
	}
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		name, first, _ := strings.Cut(lines.Text(), " ")
		raw, err := base64.RawURLEncoding.DecodeString(name)
		seq, numErr := strconv.ParseUint(first, 10, 64)
		if err == nil && numErr == nil && len(raw) == len(event.Generation{}) {
			g = append(g, eventlog.Generation{Name: event.Generation(raw), First: seq})
		}
	}
	// A valid file is byte for byte what would be written again.
	if !bytes.Equal(text, generationsText(epoch, g)) {
		return nil, errGenerations
	}
	return g, nil
}
