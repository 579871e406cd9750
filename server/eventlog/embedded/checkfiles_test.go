package embedded

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// filled returns a directory with a log of three blocks of 32 kB that was closed,
// and the log's events.
func filled(t *testing.T) (dir string, events []event.Event) {
	t.Helper()
	dir = t.TempDir()
	log := openLog(t, Options{Dir: dir, Sync: MinutesLostAtPowerCut, Retention: eventlog.Retention{MaxBytes: 120_000}})
	for range 90 {
		publish(t, log, bytes.Repeat([]byte("0123456789abcdef"), 400/16*2))
	}
	fill(t, log, 50) // small ones at the end
	events = readAll(t, log)
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, events
}

func blockFile(dir, name string) string { return filepath.Join(streamDir(dir), "msgs", name) }

// flip changes one byte, counted from the end if at is negative.
func flip(t *testing.T, path string, at int) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if at < 0 {
		at += len(data)
	}
	data[at] ^= 0x10
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// digests returns what is in the files below a directory, but for the lock.
func digests(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	sums := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || entry.Name() == lockName {
			return err
		}
		data, err := os.ReadFile(path)
		sums[path] = sha256.Sum256(data)
		return err
	})
	must(t, err)
	return sums
}

// endings are how the log ended before it was damaged, those first after which
// more is known.
var endings = []struct {
	name string
	do   func(t *testing.T, dir string)
}{
	{"a clean end", func(*testing.T, string) {}},
	{"a crash some time after the last event", func(t *testing.T, dir string) { crashNoted(t, dir) }},
	{"a crash", crash},
	{"a crash, without an index", func(t *testing.T, dir string) {
		crash(t, dir)
		must(t, os.Remove(blockFile(dir, "index.db")))
	}},
}

// damages are what must be refused. Each names the file that the error names, and
// after how many of the endings it is noticed.
var damages = []struct {
	name, file string
	noticed    int
	do         func(t *testing.T, dir string)
}{
	{"a directory in the oldest block's place", "1.blk", 4, func(t *testing.T, dir string) {
		must(t, os.Rename(blockFile(dir, "1.blk"), filepath.Join(dir, "moved")))
		must(t, os.Mkdir(blockFile(dir, "1.blk"), 0o700))
	}},
	{"a directory in the newest block's place", "3.blk", 4, func(t *testing.T, dir string) {
		must(t, os.Rename(blockFile(dir, "3.blk"), filepath.Join(dir, "moved")))
		must(t, os.Mkdir(blockFile(dir, "3.blk"), 0o700))
	}},
	{"a link in a block's place", "2.blk", 4, func(t *testing.T, dir string) {
		must(t, os.Rename(blockFile(dir, "2.blk"), filepath.Join(dir, "moved")))
		must(t, os.Symlink(filepath.Join(dir, "moved"), blockFile(dir, "2.blk")))
	}},
	{"the oldest block is missing", "1.blk", 4, func(t *testing.T, dir string) { must(t, os.Remove(blockFile(dir, "1.blk"))) }},
	{"a block is missing", "2.blk", 4, func(t *testing.T, dir string) { must(t, os.Remove(blockFile(dir, "2.blk"))) }},
	{"the newest block is missing", "3.blk", 4, func(t *testing.T, dir string) { must(t, os.Remove(blockFile(dir, "3.blk"))) }},
	{"a block is empty", "2.blk", 4, func(t *testing.T, dir string) { must(t, os.Truncate(blockFile(dir, "2.blk"), 0)) }},
	{"the newest block is empty", "3.blk", 2, func(t *testing.T, dir string) { must(t, os.Truncate(blockFile(dir, "3.blk"), 0)) }},
	{"a block is cut", "2.blk", 4, func(t *testing.T, dir string) { must(t, os.Truncate(blockFile(dir, "2.blk"), 10<<10)) }},
	{"the newest block is cut", "3.blk", 2, func(t *testing.T, dir string) { cutEnd(t, blockFile(dir, "3.blk"), 10) }},
	{"a byte of a payload", "1.blk", 4, func(t *testing.T, dir string) { flip(t, blockFile(dir, "1.blk"), 10<<10) }},
	{"a byte of a length", "1.blk", 4, func(t *testing.T, dir string) { flip(t, blockFile(dir, "1.blk"), 2) }},
	{"a byte of the newest block", "3.blk", 4, func(t *testing.T, dir string) { flip(t, blockFile(dir, "3.blk"), 10<<10) }},
	{"a byte of the newest event", "3.blk", 4, func(t *testing.T, dir string) { flip(t, blockFile(dir, "3.blk"), -12) }},
	{"another block's content", "2.blk", 4, func(t *testing.T, dir string) {
		data, err := os.ReadFile(blockFile(dir, "1.blk"))
		must(t, err)
		must(t, os.WriteFile(blockFile(dir, "2.blk"), data, 0o600))
	}},
	{"all blocks are gone", "msgs", 4, func(t *testing.T, dir string) {
		for _, name := range []string{"1.blk", "2.blk", "3.blk"} {
			must(t, os.Remove(blockFile(dir, name)))
		}
	}},
	{"the stream is gone", "msgs", 4, func(t *testing.T, dir string) { must(t, os.RemoveAll(streamDir(dir))) }},
	{"all streams are gone", "msgs", 4, func(t *testing.T, dir string) { must(t, os.RemoveAll(filepath.Join(dir, "jetstream"))) }},
	{"another file", "9.blk", 1, func(t *testing.T, dir string) { must(t, os.WriteFile(blockFile(dir, "9.blk"), []byte("x"), 0o600)) }},
	{"a file of a wrong name", "03.blk", 4, func(t *testing.T, dir string) { must(t, os.WriteFile(blockFile(dir, "03.blk"), nil, 0o600)) }},
	{"a file in the messages' place", "msgs", 4, func(t *testing.T, dir string) {
		must(t, os.Rename(filepath.Join(streamDir(dir), "msgs"), filepath.Join(dir, "moved")))
		must(t, os.WriteFile(filepath.Join(streamDir(dir), "msgs"), nil, 0o600))
	}},
}

func cutEnd(t *testing.T, path string, bytes int64) {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	must(t, os.Truncate(path, info.Size()-bytes))
}

func TestDamagedLogIsRefusedAndLeftAsItIs(t *testing.T) {
	whole, _ := filled(t)
	for _, d := range damages {
		for _, end := range endings[:d.noticed] {
			t.Run(d.name+" after "+end.name, func(t *testing.T) {
				t.Parallel()
				dir := copyOf(t, whole)
				end.do(t, dir)
				d.do(t, dir)
				before := digests(t, dir)
				_, err := Open(t.Context(), Options{Dir: dir, Logger: logger(t)})
				if !errors.Is(err, ErrDamaged) {
					t.Fatalf("the error is %v", err)
				}
				if text := err.Error(); !strings.Contains(text, d.file) || strings.Contains(text, "\n") {
					t.Errorf("the error %q is not one line that names %s", text, d.file)
				}
				after := digests(t, dir)
				for path, sum := range before {
					if after[path] != sum {
						t.Errorf("%s was changed", path)
					}
				}
				if len(after) != len(before) {
					t.Errorf("there were %d files, and are %d", len(before), len(after))
				}
			})
		}
	}
}

// copyOf copies a data directory.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	must(t, os.CopyFS(to, os.DirFS(dir)))
	return to
}

// same checks that a log holds the events.
func same(t *testing.T, log *Log, want []event.Event) {
	t.Helper()
	got := readAll(t, log)
	if len(got) != len(want) {
		t.Fatalf("the log holds %d events, want %d", len(got), len(want))
	}
	for i, e := range got {
		if e.ID() != want[i].ID() || !bytes.Equal(e.Data(), want[i].Data()) {
			t.Fatalf("event %d is %s, want %s", i, e.ID(), want[i].ID())
		}
	}
}

// Files that the server rebuilds, and a torn end after a crash, are not damage.
func TestLogOpensWithAllEvents(t *testing.T) {
	whole, events := filled(t)
	for name, do := range map[string]func(t *testing.T, dir string){
		"as it was": func(*testing.T, string) {},
		"no index":  func(t *testing.T, dir string) { must(t, os.Remove(blockFile(dir, "index.db"))) },
		"odd index": func(t *testing.T, dir string) {
			must(t, os.WriteFile(blockFile(dir, "index.db"), []byte("odd"), 0o600))
		},
		"index is a directory": func(t *testing.T, dir string) {
			must(t, os.Remove(blockFile(dir, "index.db")))
			must(t, os.Mkdir(blockFile(dir, "index.db"), 0o700))
		},
		"configuration is a directory": func(t *testing.T, dir string) {
			must(t, os.Remove(filepath.Join(streamDir(dir), "meta.inf")))
			must(t, os.Mkdir(filepath.Join(streamDir(dir), "meta.inf"), 0o700))
		},
		"odd record": func(t *testing.T, dir string) {
			must(t, os.WriteFile(filepath.Join(dir, recordName), []byte("odd"), 0o600))
		},
		"crash": crash,
		"crash with a short record": func(t *testing.T, dir string) {
			crash(t, dir)
			appendTo(t, blockFile(dir, "3.blk"), []byte{200, 0, 0, 0, 1, 2, 3})
		},
		"crash with zeros": func(t *testing.T, dir string) {
			crash(t, dir)
			appendTo(t, blockFile(dir, "3.blk"), make([]byte, 3000))
		},
		"crash with a new block": func(t *testing.T, dir string) {
			crash(t, dir)
			must(t, os.WriteFile(blockFile(dir, "4.blk"), nil, 0o600))
		},
		"crash, and a block has lost its name": func(t *testing.T, dir string) {
			crash(t, dir)
			must(t, links{files{dir}}.update())
			must(t, os.Remove(blockFile(dir, "2.blk")))
		},
		"crash, and the stream has lost its name": func(t *testing.T, dir string) {
			crash(t, dir)
			must(t, links{files{dir}}.update())
			must(t, os.RemoveAll(streamDir(dir)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := copyOf(t, whole)
			do(t, dir)
			log := openLog(t, Options{Dir: dir})
			same(t, log, events)
			if id := publish(t, log, nil); id.Seq() != uint64(len(events))+1 {
				t.Errorf("the next event has the number %d", id.Seq())
			}
		})
	}
}

func appendTo(t *testing.T, path string, data []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = f.Write(data)
	must(t, errors.Join(err, f.Close()))
}

func TestDamagedEventsCanBeDropped(t *testing.T) {
	whole, events := filled(t)
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			dir, records := copyOf(t, whole), &bytes.Buffer{}
			d.do(t, dir)
			errorsOnly := slog.NewTextHandler(records, &slog.HandlerOptions{Level: slog.LevelError})
			o := Options{Dir: dir, UnsafeDropDamaged: true, Logger: slog.New(errorsOnly)}
			if strings.HasPrefix(d.name, "a file in") {
				if _, err := Open(t.Context(), o); !errors.Is(err, ErrDamaged) {
					t.Errorf("what is no directory is taken for an empty one: %v", err)
				}
				return
			}
			log := openLog(t, o)
			kept := map[uint64]bool{}
			for _, e := range events {
				kept[e.ID().Seq()] = true
			}
			left := readAll(t, log)
			for _, e := range left {
				if !kept[e.ID().Seq()] {
					t.Errorf("%s was not there before", e.ID())
				}
			}
			if strings.Contains(d.name, "byte of") && len(left) != len(events)-1 {
				t.Errorf("%d of %d events are left, want all but one", len(left), len(events))
			}
			t.Log(records)
			if text := records.String(); !strings.Contains(text, d.file) || !strings.Contains(text, "were lost") {
				t.Errorf("the log says %q", text)
			}
			if log.generations().Of(1) == events[0].ID().Generation() {
				t.Error("positions from before the loss can be resumed from")
			}
			publish(t, log, nil)
			log.Close()
			openLog(t, Options{Dir: dir}) // it is whole again
		})
	}
}

// The server removes a stream that it fails to set up, and then treats it as
// new.
func TestLogComesBackFromAStartThatLostIt(t *testing.T) {
	whole, events := filled(t)
	log := &Log{o: Options{Dir: whole, Logger: logger(t)}, files: files{whole}, links: links{files{whole}}, engine: &engine{}, meta: directoryMeta{Stream: true}}
	newest, err := log.checkFiles()
	if err != nil || newest[streamName] != uint64(len(events)) {
		t.Fatalf("the newest number is %d (%v), want %d", newest[streamName], err, len(events))
	}
	// What the server does to a stream that it cannot set up, and what comes then.
	must(t, os.RemoveAll(streamDir(whole)))
	must(t, os.MkdirAll(filepath.Join(streamDir(whole), "msgs"), 0o700))
	must(t, os.WriteFile(blockFile(whole, "1.blk"), nil, 0o600))
	if err := log.restoreBlocks(errSlowOpen); !errors.Is(err, errSlowOpen) {
		t.Errorf("the error is %v", err)
	}
	same(t, openLog(t, Options{Dir: whole}), events)
}

func TestCrashIsLoggedIfItCutAnEventOff(t *testing.T) {
	dir, _ := filled(t)
	for _, step := range []struct {
		torn string
		want string
	}{{"", ""}, {"x", "has cut off"}} {
		crash(t, dir)
		appendTo(t, blockFile(dir, "3.blk"), []byte(step.torn))
		records := &recorder{}
		log := openLog(t, Options{Dir: dir, Logger: slog.New(records)})
		if text := records.text(slog.LevelInfo); !strings.Contains(text, step.want) || strings.Count(text, "\n") != len(step.torn) {
			t.Errorf("after a crash that has left %q the log says %q", step.torn, text)
		}
		log.Close()
	}
}

// The record lists the blocks that the open log has, and no others.
func TestRecordFollowsTheBlocks(t *testing.T) {
	dir, events := filled(t)
	log := openLog(t, Options{Dir: dir})
	k := maintenance{log: log}
	for range 2 { // what was newest at one look is noted at the next
		k.due = time.Time{}
		must(t, k.step(t.Context()))
	}
	r, err := readRecord(dir)
	if err != nil || r.Closed || r.Last != uint64(len(events)) || blocksOf(r, streamName) != 3 {
		t.Errorf("the record is %+v (%v)", r, err)
	}
	must(t, os.Remove(blockFile(dir, "2.blk")))
	must(t, k.step(t.Context()))
	if r, err = readRecord(dir); err != nil || blocksOf(r, streamName) != 2 {
		t.Errorf("the record is %+v (%v)", r, err)
	}
	kept, err := log.links.list()
	kept = slices.DeleteFunc(kept, func(b block) bool { return b.stream != streamName })
	if err != nil || len(kept) != 2 {
		t.Errorf("the links are %v (%v)", kept, err)
	}
}

// blocksOf returns how many blocks of a stream are in a record.
func blocksOf(r *record, stream string) (n int) {
	for name := range r.Blocks {
		if strings.HasPrefix(name, stream+"/") {
			n++
		}
	}
	return n
}
