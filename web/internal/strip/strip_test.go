package strip

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// build returns a program as Go builds pages.
func build(t *testing.T) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "program.wasm")
	cmd := exec.Command("go", "build", "-ldflags", "-s -w", "-o", file, "./testdata/program")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	wasm, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return wasm
}

// memory returns the memory of a program, and its table of functions.
func memory(t *testing.T, wasm []byte) ([]byte, *table) {
	t.Helper()
	m, err := parse(wasm)
	if err != nil {
		t.Fatal(err)
	}
	image, err := load(m.data)
	if err != nil {
		t.Fatal(err)
	}
	table, err := findTable(image)
	if err != nil {
		t.Fatal(err)
	}
	return image, table
}

func TestFilesAndLinesGoAndNothingElse(t *testing.T) {
	before := build(t)
	after, err := Wasm(before)
	if err != nil {
		t.Fatal(err)
	}
	joined, err := Join(before)
	if err != nil {
		t.Fatal(err)
	}
	if len(after) >= len(joined) {
		t.Errorf("%d bytes became %d", len(joined), len(after))
	}
	if bytes.Contains(after, []byte("testdata/program/main.go")) {
		t.Error("a file's name is still there")
	}
	sections(t, before, after)
	was, old := memory(t, before)
	is, now := memory(t, after)
	if len(is) != len(was) || now.funcs != old.funcs || now.funcs < 500 {
		t.Fatalf("%d bytes and %d functions became %d and %d", len(was), old.funcs, len(is), now.funcs)
	}
	for i := range now.funcs {
		compare(t, old, now, i)
	}
	outside(t, old, now, was, is)
}

// sections compares all but the data.
func sections(t *testing.T, before, after []byte) {
	t.Helper()
	was, err := parse(before)
	if err != nil {
		t.Fatal(err)
	}
	is, err := parse(after)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(is.before, was.before) || !bytes.Equal(is.after, was.after) || len(was.after) == 0 {
		t.Error("another section is not what it was")
	}
}

// compare compares what a function had and has.
func compare(t *testing.T, old, now *table, i int) {
	t.Helper()
	had, err := old.entry(i)
	if err != nil {
		t.Fatal(err)
	}
	has, err := now.entry(i)
	if err != nil {
		t.Fatal(err)
	}
	if number(has, pcfileAt) != 0 || number(has, pclnAt) != 0 {
		t.Errorf("function %d still has files or lines", i)
	}
	end := pcdataAt + 4*int(number(had, npcdataAt))
	if !bytes.Equal(had[:pcfileAt], has[:pcfileAt]) || !bytes.Equal(had[pclnAt+4:end], has[pclnAt+4:end]) {
		t.Errorf("function %d has another entry", i)
	}
	for at := pcdataAt - 4; at < end; at += 4 {
		offset := number(had, at)
		if at < pcdataAt {
			offset = number(had, pcspAt)
		}
		stop, err := tableEnd(old.all[old.tables:old.entries], offset)
		if err != nil {
			t.Fatal(err)
		}
		if stop > 0 && !bytes.Equal(old.all[old.tables:][offset:stop], now.all[now.tables:][offset:stop]) {
			t.Errorf("function %d has another table at %d", i, at)
		}
	}
}

// outside compares what is not the table's.
func outside(t *testing.T, old, now *table, was, is []byte) {
	t.Helper()
	head := len(was) - len(old.all)
	if !bytes.Equal(was[:head+old.units], is[:head+now.units]) {
		t.Error("what stands before the files' names is not what it was")
	}
	for i := head + old.entries; i < len(was); i++ {
		if is[i] != was[i] && is[i] != 0 {
			t.Fatalf("byte %d is %d, was %d", i, is[i], was[i])
		}
	}
}

// Browsers refuse a program whose memory is in more than 100,000 pieces: a large one of
// Go's linker is near that.
func TestMemoryIsInFewPieces(t *testing.T) {
	before := build(t)
	was, _ := memory(t, before)
	for name, leave := range map[string]func([]byte) ([]byte, error){"stripped": Wasm, "with lines": Join} {
		after, err := leave(before)
		if err != nil {
			t.Fatal(err)
		}
		m, err := parse(after)
		if err != nil {
			t.Fatal(err)
		}
		if n := (&reader{m.data}).number(); n > 2000 {
			t.Errorf("%s: %d pieces", name, n)
		}
		if is, _ := memory(t, after); name == "with lines" && !bytes.Equal(is, was) {
			t.Error("joined memory is another")
		}
	}
}

func TestStrippedFileIsNotChangedAgain(t *testing.T) {
	once, err := Wasm(build(t))
	if err != nil {
		t.Fatal(err)
	}
	if twice, err := Wasm(once); err != nil || !bytes.Equal(once, twice) {
		t.Errorf("stripped again it is another file: %v", err)
	}
}

// Of a file of another form nothing is made, whatever is wrong with it.
func TestAnotherFormIsRefused(t *testing.T) {
	wasm := build(t)
	head := bytes.Index(wasm, tableHead)
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"nothing":              {nil, errNoModule},
		"a text":               {[]byte("package main\n"), errNoModule},
		"a preamble":           {preamble, errNoModule},
		"half a file":          {wasm[:len(wasm)/2], errNoModule},
		"an unknown magic":     {replaced(wasm, head, 0xf0), errTable},
		"no segments' ends":    {append(bytes.Clone(preamble), dataID, 5, 1, 0, opI32Const, 0, 0), errData},
		"segments too far off": {append(bytes.Clone(preamble), dataID, 10, 1, 0, opI32Const, 0xff, 0xff, 0xff, 0xff, 7, opEnd, 0), errData},
		"no table":             {append(bytes.Clone(preamble), dataID, 7, 1, 0, opI32Const, 0, opEnd, 1, 'x'), errTable},
	} {
		if after, err := Wasm(c.file); after != nil || !errors.Is(err, c.want) {
			t.Errorf("%s: %d bytes and %v, want %v", name, len(after), err, c.want)
		}
	}
}

func replaced(b []byte, at int, v byte) []byte {
	b = bytes.Clone(b)
	b[at] = v
	return b
}

// A table that leads outside of itself ends in an error, not in a panic.
func TestDamagedTableIsRefused(t *testing.T) {
	image, table := memory(t, build(t))
	if _, err := findTable(append(bytes.Clone(image), tableHead...)); err == nil {
		t.Error("of two tables one was taken")
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for range 300 {
		damaged := bytes.Clone(image)
		at := len(image) - len(table.all) + 8 + rnd.IntN(headLength-8)
		if rnd.IntN(2) == 0 {
			at = len(image) - len(table.all) + table.entries + rnd.IntN(40*table.funcs)
		}
		binary.LittleEndian.PutUint32(damaged[min(at, len(damaged)-4):], rnd.Uint32())
		found, err := findTable(damaged)
		if err == nil {
			err = found.forgetLines()
		}
		if err != nil {
			refused++
		}
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
}

func TestMemoryIsStoredAsItIs(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		image := make([]byte, rnd.IntN(300))
		for i := range image {
			if rnd.IntN(8) == 0 {
				image[i] = byte(rnd.Uint32())
			}
		}
		image = append(image, 1) // zeros at the end are left out
		got, err := load(store(image))
		if err != nil || !bytes.Equal(got, image) {
			t.Fatalf("%v became %v, %v", image, got, err)
		}
	}
}

func TestSignedNumbersReadBack(t *testing.T) {
	for _, n := range []int64{0, 1, 63, 64, -1, -64, -65, 127, 128, 8191, 8192, 1 << 31, -1 << 31, 1<<63 - 1, -1 << 63} {
		r := reader{appendSigned(nil, n)}
		if got := r.signed(); got != n || r.rest == nil || len(r.rest) > 0 {
			t.Errorf("%d reads back as %d", n, got)
		}
	}
	for _, text := range [][]byte{{}, {0x80}, bytes.Repeat([]byte{0x80}, 11)} {
		r := reader{text}
		if r.signed(); r.rest != nil {
			t.Errorf("% x is a number", text)
		}
	}
}
