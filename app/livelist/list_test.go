package livelist_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/seawaykit/seaway/app/livelist"
)

type item struct{ key, text string }

func newList(limit int) *livelist.List[item] {
	return livelist.New(limit, func(i item) string { return i.key })
}

func items(l *livelist.List[item]) []item { return slices.Concat(toSlices(l.Chunks())...) }

func toSlices(chunks []livelist.Chunk[item]) [][]item {
	out := make([][]item, len(chunks))
	for i, c := range chunks {
		out[i] = c
	}
	return out
}

func TestUpsertAppendsNewKeysAndReplacesKnownOnesInPlace(t *testing.T) {
	l := newList(1000)
	for _, i := range []item{{"a", "1"}, {"b", "1"}, {"c", "1"}, {"b", "2"}} {
		l.Upsert(i)
	}
	want := []item{{"a", "1"}, {"b", "2"}, {"c", "1"}}
	if got := items(l); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	l.Clear()
	if l.Len() != 0 || len(l.Chunks()) != 0 {
		t.Errorf("after Clear: %d items in %d chunks", l.Len(), len(l.Chunks()))
	}
}

func TestChunksThatWereHandedOutNeverChange(t *testing.T) {
	l := newList(1000)
	for i := range 150 {
		l.Upsert(item{strconv.Itoa(i), "old"})
	}
	before := l.Chunks()
	snapshot := fmt.Sprint(before)
	for i := range 300 {
		l.Upsert(item{strconv.Itoa(i), "new"})
	}
	if got := fmt.Sprint(before); got != snapshot {
		t.Error("a chunk that a view holds has changed")
	}
}

func TestAppendingLeavesFullChunksAlone(t *testing.T) {
	l := newList(1000)
	for i := range 200 {
		l.Upsert(item{strconv.Itoa(i), ""})
	}
	first := l.Chunks()[0]
	l.Upsert(item{"more", ""})
	if &l.Chunks()[0][0] != &first[0] {
		t.Error("the first chunk was copied, so its component would be redrawn")
	}
}

// The oracle is a plain slice. It agrees with the list on the newest items, of
// which the list holds at least its limit and at most a chunk more.
func TestListAgreesWithAPlainSlice(t *testing.T) {
	const limit = 250
	rnd := rand.New(rand.NewPCG(1, 2))
	l, oracle := newList(limit), []item(nil)
	for step := range 5000 {
		i := item{strconv.Itoa(rnd.IntN(step/3 + 1)), strconv.Itoa(step)}
		held := slices.Contains(keysOf(items(l)), i.key)
		l.Upsert(i)
		if at := slices.Index(keysOf(oracle), i.key); held {
			oracle[at] = i
		} else {
			if at >= 0 { // dropped from the list since: it begins anew
				oracle = slices.Delete(oracle, at, at+1)
			}
			oracle = append(oracle, i)
		}
		got := items(l)
		if len(got) != l.Len() || len(got) < min(limit, len(oracle)) || len(got) > limit+100 {
			t.Fatalf("step %d: %d items, Len %d, oracle %d", step, len(got), l.Len(), len(oracle))
		}
		if want := oracle[len(oracle)-len(got):]; !slices.Equal(got, want) {
			t.Fatalf("step %d: got %v, want %v", step, got, want)
		}
	}
}

func keysOf(all []item) []string {
	keys := make([]string, len(all))
	for i, it := range all {
		keys[i] = it.key
	}
	return keys
}
