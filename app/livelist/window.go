package livelist

import (
	"slices"
	"sort"
)

const (
	// chunkSize is how many items are drawn as one component, and drawn anew
	// when one of them changes or one is added. Smaller ones make the list of
	// components longer, which blocks make up for.
	chunkSize = 25

	// blockSize is how many chunks are passed over as one when none has changed.
	blockSize = 20

	// spareSlots is how many chunks may hold little or nothing, besides as many
	// as are full, before all are made anew: with one message a second, once in
	// three hours.
	spareSlots = 400
)

// A Chunk is a run of consecutive items.
type Chunk[T any] []T

// A Block is a run of consecutive chunks.
type Block[T any] []Chunk[T]

// A window is the newest items in order, in chunks.
//
// A chunk keeps its slot for as long as it can: what draws chunks goes by index,
// and to move one is to draw it anew. So a chunk without items stays where it
// is, until there are too many of that kind.
type window[T any] struct {
	key    func(T) string
	less   func(a, b T) bool
	limit  int
	size   int // of a chunk
	spare  int
	blocks []Block[T]
	slots  map[string]int // where a key's chunk is
	tail   Chunk[T]       // the last chunk with its spare room, nil if that is not ours
	lent   bool           // others hold blocks: it is copied before it is written to
	mine   map[int]bool   // blocks that were copied since
}

func newWindow[T any](o Options[T]) window[T] {
	return window[T]{
		key: o.Key, less: o.Less, limit: o.Limit,
		size: chunkSize, spare: spareSlots, slots: map[string]int{}, mine: map[int]bool{},
	}
}

func (w *window[T]) len() int { return len(w.slots) }

func (w *window[T]) clear() {
	w.blocks, w.tail, w.slots, w.lent, w.mine = nil, nil, map[string]int{}, false, map[int]bool{}
}

// lend returns the blocks for others to keep.
func (w *window[T]) lend() []Block[T] {
	w.lent = true
	return slices.Clip(w.blocks)
}

// end returns the slot after the last.
func (w *window[T]) end() int {
	n := len(w.blocks)
	if n == 0 {
		return 0
	}
	return (n-1)*blockSize + len(w.blocks[n-1])
}

func (w *window[T]) chunk(slot int) Chunk[T] { return w.blocks[slot/blockSize][slot%blockSize] }

// write puts a chunk into a slot, or into the one after the last.
func (w *window[T]) write(slot int, c Chunk[T]) {
	at := slot / blockSize
	if w.lent {
		w.blocks, w.lent = slices.Clone(w.blocks), false
		clear(w.mine)
	}
	if at == len(w.blocks) {
		w.blocks = append(w.blocks, nil)
	}
	if !w.mine[at] {
		w.blocks[at], w.mine[at] = slices.Clone(w.blocks[at]), true
	}
	if slot%blockSize == len(w.blocks[at]) {
		w.blocks[at] = append(w.blocks[at], nil)
	}
	w.blocks[at][slot%blockSize] = slices.Clip(c)
}

// rewrite puts another chunk into the place of one, and so ends what was known of
// the last one's room.
func (w *window[T]) rewrite(slot int, c Chunk[T]) {
	if slot == w.end()-1 {
		w.tail = nil
	}
	w.write(slot, c)
}

func (w *window[T]) get(key string) (item T, ok bool) {
	slot, at, ok := w.find(key)
	if ok {
		item = w.chunk(slot)[at]
	}
	return item, ok
}

func (w *window[T]) find(key string) (slot, at int, ok bool) {
	if slot, ok = w.slots[key]; !ok {
		return 0, 0, false
	}
	at = slices.IndexFunc(w.chunk(slot), func(item T) bool { return w.key(item) == key })
	return slot, at, true
}

// An outcome is what became of an item that was put into a window.
type outcome uint8

const (
	added    outcome = iota
	replaced         // it stands for the one that had its key
	refused          // it belongs before all of a full window
)

// put adds an item, or replaces the one that has its key, and moves it if it no
// longer belongs there.
func (w *window[T]) put(key string, item T) outcome {
	slot, at, ok := w.find(key)
	if !ok {
		return w.insert(key, item)
	}
	c := w.chunk(slot)
	if old := c[at]; w.less == nil || !w.less(old, item) && !w.less(item, old) {
		w.rewrite(slot, slices.Concat(c[:at], Chunk[T]{item}, c[at+1:]))
		return replaced
	}
	w.remove(key)
	if w.insert(key, item) == refused {
		return refused
	}
	return replaced
}

func (w *window[T]) insert(key string, item T) outcome {
	slot, at, ok := w.place(item)
	switch {
	case !ok:
		return refused
	case slot == w.end() || slot == w.end()-1 && at == len(w.chunk(slot)):
		w.append(key, item)
		return added
	}
	c := w.chunk(slot)
	w.slots[key] = slot
	w.rewrite(slot, slices.Concat(c[:at], Chunk[T]{item}, c[at:]))
	if len(c) >= 2*w.size {
		w.rebuild()
	}
	return added
}

// place returns where a new item belongs: at the end, or before the first that
// it is less than. It looks from the end, since most are new.
func (w *window[T]) place(item T) (slot, at int, ok bool) {
	if w.less == nil || w.len() == 0 {
		return w.end(), 0, true
	}
	first := 0
	for slot := w.end() - 1; slot >= 0; slot-- {
		c := w.chunk(slot)
		if len(c) == 0 {
			continue
		}
		if !w.less(item, c[0]) {
			return slot, sort.Search(len(c), func(i int) bool { return w.less(item, c[i]) }), true
		}
		first = slot
	}
	return first, 0, w.len() < w.limit
}

// append writes into the spare room of the last chunk, where nobody looks who
// was given the chunk before.
func (w *window[T]) append(key string, item T) {
	last := w.end() - 1
	if last < 0 || len(w.chunk(last)) >= w.size {
		last++
		w.tail = make(Chunk[T], 0, w.size)
	} else if w.tail == nil {
		w.tail = append(make(Chunk[T], 0, w.size), w.chunk(last)...)
	}
	w.tail = append(w.tail, item)
	w.write(last, w.tail)
	w.slots[key] = last
}

// remove takes an item out and returns the key of the one after it, if any.
func (w *window[T]) remove(key string) (next string, ok bool) {
	slot, at, ok := w.find(key)
	if !ok {
		return "", false
	}
	c := w.chunk(slot)
	if at+1 < len(c) {
		next = w.key(c[at+1])
	} else {
		next = w.head(slot + 1)
	}
	w.rewrite(slot, slices.Concat(c[:at], c[at+1:]))
	delete(w.slots, key)
	w.tidy()
	return next, true
}

// head returns the key of the first item from a slot on, or "".
func (w *window[T]) head(slot int) string {
	for ; slot < w.end(); slot++ {
		if c := w.chunk(slot); len(c) > 0 {
			return w.key(c[0])
		}
	}
	return ""
}

// trim drops whole chunks while enough is left without them, and returns their
// keys.
func (w *window[T]) trim() (dropped []string) {
	for slot := 0; slot < w.end(); slot++ {
		c := w.chunk(slot)
		if w.len()-len(c) < w.limit {
			break
		}
		for _, item := range c {
			dropped = append(dropped, w.key(item))
			delete(w.slots, w.key(item))
		}
		if len(c) > 0 {
			w.rewrite(slot, nil)
		}
	}
	w.tidy()
	return dropped
}

// tidy makes the chunks anew if too many of them are there for nothing.
func (w *window[T]) tidy() {
	if w.end() > 2*(w.len()/w.size+1)+w.spare {
		w.rebuild()
	}
}

func (w *window[T]) rebuild() {
	var all []T
	for _, b := range w.blocks {
		all = append(all, slices.Concat(b...)...)
	}
	w.clear()
	for _, item := range all {
		w.append(w.key(item), item)
	}
}
