package strip

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
)

// errTable is returned if Go's table of functions has changed.
var errTable = errors.New("its table of functions is not of the form that Go has written since 1.20: web/page -lines leaves it as it is")

// tableHead begins the table of functions: a magic number, two zeros, the least
// size of an instruction, and the size of a pointer (runtime.pcHeader).
var tableHead = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

// headLength is the length of the head: eight numbers follow tableHead.
const headLength = 8 + 8*8

// Offsets of the used fields in a function's entry (runtime._func), in bytes.
const (
	pcspAt    = 16 // offset of the table of stack depths
	pcfileAt  = 20 // of files
	pclnAt    = 24 // of lines
	npcdataAt = 28 // how many more tables there are
	pcdataAt  = 44 // their offsets
)

// A table is Go's table of functions, in the memory of a program.
type table struct {
	all   []byte // from its head to the end of the memory
	funcs int
	// Parts of it, by their offsets from the head: the files' names by
	// compilation unit, the tables by function, and the functions.
	units, tables, entries int
}

func findTable(image []byte) (*table, error) {
	at := bytes.Index(image, tableHead)
	if at < 0 || bytes.Contains(image[at+1:], tableHead) || len(image)-at < headLength {
		return nil, errTable
	}
	t := &table{all: image[at:]}
	// How many functions and files there are, where the code begins, and where
	// the names, the units, the files, the tables and the functions do.
	var head [8]uint64
	for i := range head {
		head[i] = binary.LittleEndian.Uint64(t.all[8+8*i:])
	}
	starts := head[3:]
	if starts[0] < headLength || !slices.IsSorted(starts) || starts[4] > uint64(len(t.all)) || head[0] > (uint64(len(t.all))-starts[4])/8 {
		return nil, errTable
	}
	t.funcs, t.units, t.tables, t.entries = int(head[0]), int(starts[1]), int(starts[3]), int(starts[4])
	return t, nil
}

// forgetLines marks every function's tables of files and lines as absent, and
// zeroes those that no other table shares, and the files' names.
func (t *table) forgetLines() error {
	gone, kept := map[uint32]bool{}, map[uint32]bool{}
	for i := range t.funcs {
		f, err := t.entry(i)
		if err != nil {
			return err
		}
		kept[number(f, pcspAt)] = true
		for k := range number(f, npcdataAt) {
			kept[number(f, pcdataAt+4*int(k))] = true
		}
		gone[number(f, pcfileAt)], gone[number(f, pclnAt)] = true, true
		clear(f[pcfileAt : pclnAt+4])
	}
	clear(t.all[t.units:t.tables])
	return t.erase(gone, kept)
}

// entry returns a function's entry, with what follows it.
func (t *table) entry(i int) ([]byte, error) {
	at := t.entries + int(number(t.all, t.entries+8*i+4))
	if at+pcdataAt > len(t.all) {
		return nil, errTable
	}
	f := t.all[at:]
	if n := number(f, npcdataAt); n > 16 || pcdataAt+4*int(n) > len(f) {
		return nil, errTable // there are five kinds today
	}
	return f, nil
}

// erase zeroes the tables that are gone. One can begin inside another that is
// kept, if both have the same end.
func (t *table) erase(gone, kept map[uint32]bool) error {
	tables := t.all[t.tables:t.entries]
	keep := make([]bool, len(tables))
	for at := range kept {
		end, err := tableEnd(tables, at)
		if err != nil {
			return err
		}
		for i := int(at); i < end; i++ {
			keep[i] = true
		}
	}
	for at := range gone {
		end, err := tableEnd(tables, at)
		if err != nil {
			return err
		}
		for i := int(at); i < end; i++ {
			if !keep[i] {
				tables[i] = 0
			}
		}
	}
	return nil
}

// tableEnd returns where a table ends: behind a step of zero that is not the first
// (runtime.step). Offset 0 stands for no table.
func tableEnd(tables []byte, at uint32) (int, error) {
	if at == 0 {
		return 0, nil
	}
	if int64(at) >= int64(len(tables)) {
		return 0, errTable
	}
	r := reader{tables[at:]}
	for first := true; ; first = false {
		step := r.number()
		if step == 0 && !first && r.rest != nil {
			return len(tables) - len(r.rest), nil
		}
		if r.number(); r.rest == nil {
			return 0, errTable
		}
	}
}

func number(b []byte, at int) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
