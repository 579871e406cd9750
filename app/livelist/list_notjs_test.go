//go:build !js

package livelist_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/app/livelist"
)

func TestUpsertAppendsNewKeysAndReplacesKnownOnesInPlace(t *testing.T) {
	l := newList(1000)
	for _, i := range []item{{"a", 0, "a1"}, {"b", 0, "b1"}, {"c", 0, "c1"}, {"b", 0, "b2"}} {
		l.Upsert(i)
	}
	if got := texts(l); got != "a1 b2 c1" {
		t.Errorf("got %s", got)
	}
	if i, ok := l.Get("b"); !ok || i.text != "b2" {
		t.Errorf("b is %v, %v", i, ok)
	}
	l.Clear()
	if l.Len() != 0 || texts(l) != "" {
		t.Errorf("after Clear: %d items: %s", l.Len(), texts(l))
	}
}

func TestListPutsALateEditInItsPlace(t *testing.T) {
	l := livelist.New(opts{Key: keyOf, Limit: 100, Less: byRank})
	for i := 10; i < 60; i++ {
		l.Upsert(item{strconv.Itoa(i), i, strconv.Itoa(i)})
	}
	l.Upsert(item{"edited", 3, "edited"})
	l.Upsert(item{"late", 12, "late"})
	if got := texts(l); !strings.HasPrefix(got, "edited 10 11 12 late 13 ") {
		t.Errorf("got %s", got)
	}
	for i := 60; i < 300; i++ {
		l.Upsert(item{strconv.Itoa(i), i, ""})
	}
	n := l.Len()
	l.Upsert(item{"too old", 1, "too old"})
	if _, held := l.Get("too old"); held || l.Len() != n {
		t.Error("a full list has taken an item that belongs before all of it")
	}
}

// What draws the list compares by identity, and goes by index.
func TestListAppendChangesOneChunkAndMovesNone(t *testing.T) {
	l := filled(1000, 950)
	for n := range 3000 {
		before := l.Blocks()
		l.Upsert(item{key: "more " + strconv.Itoa(n)})
		blocks, chunks := changed(before, l.Blocks())
		if dropped := l.Len() == 1000; blocks > 2 || chunks > 2 || !dropped && (blocks > 1 || chunks > 1) {
			t.Fatalf("append %d has changed %d chunks in %d blocks", n, chunks, blocks)
		}
	}
}

// changed returns how many blocks, and how many chunks of them, are not the same.
func changed(before, after []livelist.Block[item]) (blocks, chunks int) {
	for i, b := range after {
		var old livelist.Block[item]
		if i < len(before) {
			old = before[i]
		}
		if same(b, old) {
			continue
		}
		blocks++
		for j, c := range b {
			if j >= len(old) || !same(c, old[j]) {
				chunks++
			}
		}
	}
	return blocks, chunks
}

func same[S ~[]E, E any](a, b S) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// What was there keeps its elements: what is typed in a row, and the focus.
func TestListPrependMovesNoChunk(t *testing.T) {
	l := filled(1000, 60)
	for n := range 20 {
		before, older := l.Blocks(), []item(nil)
		for i := range 50 {
			older = append(older, item{key: fmt.Sprint("older ", n, " ", i)})
		}
		l.Prepend(older)
		if blocks, chunks := changed(before, l.Blocks()); blocks > 2 || chunks != 2 {
			t.Fatalf("50 items before %d have changed %d chunks in %d blocks", l.Len(), chunks, blocks)
		}
	}
	if l.Len() != 1060 || l.Unread() != 0 || l.Arrivals().Count != 60 {
		t.Errorf("%d items, %d unread, %d have arrived", l.Len(), l.Unread(), l.Arrivals().Count)
	}
	for i := range 10 {
		l.Upsert(item{key: fmt.Sprint("new ", i)})
	}
	if _, held := l.Get("older 19 25"); !held || l.Len() < 1060 {
		t.Errorf("new items leave %d", l.Len())
	}
}

// Empty chunks keep the others in their places, and do not pile up.
func TestChunksThatHoldNothingAreFew(t *testing.T) {
	const most = (2*1100/25+402)/20 + 10_000/(25*20) // the last are for older items
	l := filled(1000, 100_000)
	if n := len(l.Blocks()); n > most {
		t.Errorf("%d items are in %d blocks", l.Len(), n)
	}
	for i := range 100_000 {
		l.Upsert(item{key: "comes and goes"})
		l.Upsert(item{key: "stays " + strconv.Itoa(i%50)})
		l.Remove("comes and goes")
	}
	if n := len(l.Blocks()); n > most {
		t.Errorf("%d items are in %d blocks after removals", l.Len(), n)
	}
}

// The caller may append to what it was given without writing into the list.
func TestBlocksHaveNoSpareCapacity(t *testing.T) {
	l := filled(1000, 150)
	l.SetPending(mine("mine"))
	blocks, pending := l.Blocks(), l.Pending()
	last := blocks[len(blocks)-1]
	chunk := last[len(last)-1]
	if cap(blocks) != len(blocks) || cap(chunk) != len(chunk) || cap(pending) != len(pending) {
		t.Errorf("there is room for %d blocks, %d items and %d pending ones", cap(blocks)-len(blocks), cap(chunk)-len(chunk), cap(pending)-len(pending))
	}
}

func TestAppendingAllocatesTheSameInAnyList(t *testing.T) {
	for _, n := range []int{100, 1000, 10_000} {
		l, i := filled(n, n), 0
		got := testing.AllocsPerRun(1000, func() {
			i++
			l.Upsert(item{key: "one of a hundred " + strconv.Itoa(i)})
		})
		if got > 4 {
			t.Errorf("appending to %d items allocates %v times", n, got)
		}
	}
}

func TestVersionChangesWithEachVisibleChange(t *testing.T) {
	l := newList(0)
	for name, change := range map[string]func(){
		"upsert":  func() { l.Upsert(item{key: "a"}) },
		"pending": func() { l.SetPending(mine("mine", "mine too")) },
		"none":    func() { l.SetPending(nil) },
		"remove":  func() { l.Upsert(item{key: "a"}); l.Remove("a") },
		"clear":   l.Clear,
		"prepend": func() { l.Prepend([]item{{key: "older"}}) },
		"attend":  func() { l.SetAtEnd(false); l.SetAtEnd(true) },
		"pause":   func() { l.Resume(); l.Pause() },
		"resume":  func() { l.Pause(); l.Resume() },
	} {
		l.SetPending(mine("mine"))
		before := l.Version()
		if change(); l.Version() == before {
			t.Errorf("%s does not change the version", name)
		}
		before = l.Version()
		l.Remove("nothing")
		l.SetAtEnd(true)
		l.Resume()
		l.Blocks()
		if name != "pause" && l.Version() != before {
			t.Errorf("after %s, nothing changes the version", name)
		}
	}
}

func TestListWithoutKeyPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("New has taken Options without a Key")
		}
	}()
	livelist.New(opts{})
}

func benchmark(b *testing.B, do func(l *livelist.List[item], n, i int)) {
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			l := filled(n, n)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				do(l, n, i)
				l.Blocks() // as a view does each time
			}
		})
	}
}

func BenchmarkAppend(b *testing.B) {
	benchmark(b, func(l *livelist.List[item], n, i int) { l.Upsert(item{key: strconv.Itoa(n + i)}) })
}

func BenchmarkReplace(b *testing.B) {
	benchmark(b, func(l *livelist.List[item], n, i int) { l.Upsert(item{key: strconv.Itoa(i % n)}) })
}

// A removal and an append, so that the list stays as long as it is.
func BenchmarkRemove(b *testing.B) {
	benchmark(b, func(l *livelist.List[item], n, i int) {
		l.Remove(strconv.Itoa(i))
		l.Upsert(item{key: strconv.Itoa(n + i)})
	})
}

func BenchmarkBurstOfHundred(b *testing.B) {
	benchmark(b, func(l *livelist.List[item], n, i int) {
		for j := range 100 {
			l.Upsert(item{key: strconv.Itoa(n + 100*i + j)})
		}
	})
}
