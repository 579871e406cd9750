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
	"github.com/seawaykit/seaway/shared/event"
)

// Each start of the server, also within a process, begins a generation of the
// log: it is recorded in the directory before the server can be reached by what
// stores events. So a copy of the directory, of whatever age and however it was
// made, gives its next number in a generation that no other copy has.

const (
	generationsName = "GENERATIONS"
	// maxGenerations bounds the file to 250 KB. Only starts that gave a number
	// count, and only those of which an event is left: with the default
	// retention it takes one every minute for a week. Older numbers count as of
	// the oldest generation that is left, and their ids are refused.
	maxGenerations = 10_000
)

// begin checks the files, starts the server on them, and begins a generation in
// which it gives numbers. The error is an [unrecorded] if the latter cannot be
// written for want of room: the log then has the generations so far, and may be
// read, but nothing may be stored.
func (l *Log) begin(ctx context.Context) error {
	newest, err := l.guard()
	if err != nil {
		return refused(l.o.Dir, err)
	}
	state, err := l.startServer(ctx, newest)
	if err != nil {
		return l.undo(err)
	}
	if err := l.markStream(); err != nil {
		return refused(l.o.Dir, err)
	}
	return l.record(state)
}

// startServer starts the server, which is to find events up to number newest, and
// returns the state of its stream.
func (l *Log) startServer(ctx context.Context, newest uint64) (eventlog.State, error) {
	if err := l.engine.start(ctx); err != nil {
		return eventlog.State{}, err
	}
	state, err := l.stateInside(ctx)
	if err != nil {
		return state, err
	}
	return state, l.confirm(state, newest)
}

// record begins a generation, and lets in what stores events.
func (l *Log) record(state eventlog.State) error {
	epoch := l.marker.Epoch
	known, err := readGenerations(l.o.Dir, epoch)
	if err != nil && !errors.Is(err, errGenerations) {
		return refused(l.o.Dir, err)
	}
	if err != nil && state.Last > 0 {
		l.o.Logger.Warn("clients that come back are reset: which history the event log has cannot be proved", "error", err)
	}
	next := withNext(known, state)
	err = writeDurably(l.o.Dir, generationsName, generationsText(epoch, next))
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		known = next[:len(next)-1]
		l.gens.Store(&known)
		return unrecorded{err}
	}
	if err != nil {
		return refused(l.o.Dir, err)
	}
	l.gens.Store(&next)
	l.engine.admit()
	return nil
}

// An unrecorded is why a generation could not be recorded.
type unrecorded struct{ error }

// Unwrap returns the cause.
func (u unrecorded) Unwrap() error { return u.error }

// generations returns the log's generations as they are now.
func (l *Log) generations() eventlog.Generations { return *l.gens.Load() }

// stateInside makes sure of the stream, as every start must, and returns its
// state, through a connection past the gate.
func (l *Log) stateInside(ctx context.Context) (eventlog.State, error) {
	conn, err := nats.Connect("", nats.InProcessServer(inside{l.engine}), nats.Name("seaway start"))
	if err != nil {
		return eventlog.State{}, err
	}
	defer conn.Close()
	o := l.stream
	o.Generations = nil
	log, err := jetstream.Open(ctx, conn, o)
	if err != nil {
		return eventlog.State{}, err
	}
	defer log.Close()
	state, err := log.State(ctx)
	if err == nil && state.Epoch != l.marker.Epoch {
		err = fmt.Errorf("%w: in %q the file %s is of epoch %s, the events are of epoch %s",
			ErrForeign, l.o.Dir, markerName, l.marker.Epoch, state.Epoch)
	}
	return state, err
}

// inside is the way to a server that does not admit others yet.
type inside struct{ *engine }

// InProcessConn implements [nats.InProcessConnProvider].
func (i inside) InProcessConn() (net.Conn, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.server == nil {
		return nil, errStopped
	}
	return i.server.InProcessConn()
}

// withNext returns the generations with a new one, in which the next number is
// given. It leaves out those of which no number is left: neither in the log,
// which may be an older copy, nor as a position that could be resumed from.
func withNext(known eventlog.Generations, state eventlog.State) eventlog.Generations {
	next := slices.Clone(known)
	for len(next) > 0 && next[len(next)-1].First > state.Last {
		next = next[:len(next)-1]
	}
	for len(next) > 1 && next[1].First < state.First || len(next) >= maxGenerations {
		next = next[1:]
	}
	if len(next) == 0 && state.Last > 0 {
		// Nothing is known of the numbers so far. Their generation is a new one
		// as well, so that no position from before is taken for one of them.
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

// The file is lines of text: whose generations they are, one generation each
// with its first number, and the checksum of all before. A flipped digit must not
// make a generation longer than it was.
const generationsTitle = "generations of "

var crcTable = crc32.MakeTable(crc32.Castagnoli)

// errGenerations says that nothing is known of the generations so far.
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
// errGenerations if there is no such file, or one that was not written so.
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
	// What was written by us is what would be written again, to the last byte.
	if !bytes.Equal(text, generationsText(epoch, g)) {
		return nil, errGenerations
	}
	return g, nil
}
