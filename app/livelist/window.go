package livelist

import (
	"slices"
	"sort"
)

const (
	// chunkSize is how many items are drawn as one component, and redrawn when one of
	// them changes or is added. Smaller chunks make the list of components longer,
	// which blocks compensate for.
	chunkSize = 25

	// blockSize is how many chunks are skipped as one when none has changed.
	blockSize = 20

	// spareSlots is how many chunks may hold few or no items, besides as many as are
	// full, before all are rebuilt: with one message a second, that is once in three
	// hours.
	spareSlots = 400

	// reservedBlocks are for older items, 10,000 in full chunks, before all others. When
	// they are full, everything is rebuilt.
	reservedBlocks = 20
)

// A Chunk is a run of consecutive items.
type Chunk[T any] []T

// A Block is a run of consecutive chunks.
type Block[T any] []Chunk[T]

// A window holds the newest items in order, in chunks.
//
// A chunk keeps its slot for as long as it can: views go by index, and would
// redraw a chunk that moves. So a chunk without items stays where it is, until
// there are too many of them.
type window[T any] struct {
	key      func(T) string
	less     func(a, b T) bool
	limit    int
	widest   int // how many items there were after some were prepended
	front    int // no slot before it has items
	size     int // of a chunk
	spare    int
	reserved int // slots for older items
	blocks   []Block[T]
	slots    map[string]int // where a key's chunk is
	tail     Chunk[T]       // the last chunk with its spare capacity; nil if that is shared
	shared   bool           // callers hold blocks: copy it before a write
	owned    map[int]bool   // indexes of blocks copied since
}

func newWindow[T any](o Options[T]) window[T] {
	w := window[T]{key: o.Key, less: o.Less, limit: o.Limit, size: chunkSize, spare: spareSlots, reserved: reservedBlocks * blockSize}
	w.clear()
	return w
}

func (w *window[T]) len() int { return len(w.slots) }

func (w *window[T]) clear() {
	w.widest = 0
	w.empty()
}

// empty leaves the blocks for older items, which have none.
func (w *window[T]) empty() {
	w.blocks = slices.Repeat([]Block[T]{make(Block[T], blockSize)}, w.reserved/blockSize)
	w.tail, w.slots, w.shared, w.owned, w.front = nil, map[string]int{}, false, map[int]bool{}, w.reserved
}

// full reports whether an item that belongs before all others is too many.
func (w *window[T]) full() bool { return w.len() >= max(w.limit, w.widest) }

// share returns the blocks for callers to keep.
func (w *window[T]) share() []Block[T] {
	w.shared = true
	return slices.Clip(w.blocks)
}

// end returns the slot after the last.
func (w *window[T]) end() int {
	n := len(w.blocks)
	return (n-1)*blockSize + len(w.blocks[n-1])
}

func (w *window[T]) chunk(slot int) Chunk[T] { return w.blocks[slot/blockSize][slot%blockSize] }

// write puts a chunk into a slot, or into the one after the last.
func (w *window[T]) write(slot int, c Chunk[T]) {
	at := slot / blockSize
	if w.shared {
		w.blocks, w.shared = slices.Clone(w.blocks), false
		clear(w.owned)
	}
	if at == len(w.blocks) {
		w.blocks = append(w.blocks, nil)
	}
	if !w.owned[at] {
		w.blocks[at], w.owned[at] = slices.Clone(w.blocks[at]), true
	}
	if slot%blockSize == len(w.blocks[at]) {
		w.blocks[at] = append(w.blocks[at], nil)
	}
	w.blocks[at][slot%blockSize] = slices.Clip(c)
}

// rewrite replaces a chunk. The last chunk's spare capacity is given up.
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

// An outcome says what put did with an item.
type outcome uint8

const (
	added    outcome = iota
	replaced         // it replaces the item with the same key
	refused          // it sorts before all of a full window
)

// put adds an item, or replaces the one with the same key, and moves it if it no
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
		w.rebuild(nil)
	}
	return added
}

// place returns where a new item belongs: at the end, or before the first that it
// is less than. It searches from the end, since most items are new.
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
	return first, 0, !w.full()
}

// append writes into the spare capacity of the last chunk, beyond the length of
// every slice that was shared.
func (w *window[T]) append(key string, item T) {
	last := w.end() - 1
	if last < w.reserved || len(w.chunk(last)) >= w.size {
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

// trim drops whole chunks while at least limit items are left, and returns the
// dropped keys.
func (w *window[T]) trim() (dropped []string) {
	for slot := w.front; slot < w.end(); slot++ {
		c := w.chunk(slot)
		if w.len()-len(c) < max(w.limit, w.widest) {
			break
		}
		w.front = slot
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

// tidy rebuilds the chunks if too many of them are almost empty.
func (w *window[T]) tidy() {
	if w.end()-w.reserved > 2*(w.len()/w.size+1)+w.spare {
		w.rebuild(nil)
	}
}

// rebuild puts everything, after items that are new, behind the blocks for older ones.
func (w *window[T]) rebuild(older []T) {
	all := slices.Clone(older)
	for _, b := range w.blocks {
		all = append(all, slices.Concat(b...)...)
	}
	w.empty()
	for _, item := range all {
		w.append(w.key(item), item)
	}
}

// prepend puts items before all others, in chunks of their own: the others stay in
// their slots.
func (w *window[T]) prepend(older []T) {
	first := w.front
	for first < w.reserved && len(w.chunk(first)) == 0 {
		first++
	}
	if slots := (len(older) + w.size - 1) / w.size; slots > first {
		w.rebuild(older)
	} else {
		w.fill(min(first, w.reserved), older)
	}
	w.widest = max(w.widest, w.len())
}

// fill puts items into the slots before one.
func (w *window[T]) fill(slot int, items []T) {
	for len(items) > 0 {
		at := max(0, len(items)-w.size)
		slot--
		w.write(slot, slices.Clone(items[at:]))
		for _, item := range items[at:] {
			w.slots[w.key(item)] = slot
		}
		w.front, items = slot, items[:at]
	}
}
