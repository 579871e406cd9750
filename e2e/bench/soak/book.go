package main

import (
	"sort"
	"sync"

	"github.com/seawaykit/seaway/e2e/bench/load"
)

// A book says which number of the log each published event was given.
type book struct {
	mu   sync.Mutex
	seqs []uint64 // of event i+1, ascending
}

func newBook() *book { return &book{} }

// enter notes an acknowledged event.
func (b *book) enter(_ load.Stamp, id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seqs = append(b.seqs, seqOf(id))
}

// firstAfter returns the first event that came after a number of the log; 0 if
// there is none.
func (b *book) firstAfter(seq uint64) uint32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := sort.Search(len(b.seqs), func(i int) bool { return b.seqs[i] > seq })
	if i == len(b.seqs) {
		return 0
	}
	return uint32(i + 1)
}
