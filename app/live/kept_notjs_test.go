//go:build !js

package live

import (
	"fmt"
	"testing"
)

func TestKeptIsBoundedAndDropsWhatWasAskedForLongestAgo(t *testing.T) {
	var k kept
	put := func(path string, size int) {
		a := &answer{}
		a.body.Grow(size)
		a.body.Write(make([]byte, size))
		k.put(&keptPage{key: viewKey{path: path}, answer: a})
	}
	for i := range keptPages {
		put(fmt.Sprint(i), 10)
	}
	if k.get(viewKey{path: "0"}) == nil || k.order.Len() != keptPages || k.bytes != 10*keptPages {
		t.Errorf("it holds %d pages of %d bytes", k.order.Len(), k.bytes)
	}
	put("new", 20)
	if k.get(viewKey{path: "0"}) == nil || k.get(viewKey{path: "1"}) != nil || k.get(viewKey{path: "2"}) == nil || k.get(viewKey{path: "new"}) == nil {
		t.Error("it has not dropped the one that was asked for longest ago")
	}
	put("0", 30)
	if k.order.Len() != keptPages || k.bytes != 10*(keptPages-2)+50 {
		t.Errorf("with one replaced it holds %d pages of %d bytes", k.order.Len(), k.bytes)
	}
	put("large", keptBytes-100)
	if k.get(viewKey{path: "large"}) == nil || k.bytes > keptBytes || k.get(viewKey{path: "0"}) == nil {
		t.Errorf("with a large one it holds %d pages of %d bytes", k.order.Len(), k.bytes)
	}
	put("too large", keptBytes+1)
	if k.order.Len() != 0 || k.bytes != 0 || len(k.byKey) != 0 {
		t.Errorf("with one that is too large it holds %d pages of %d bytes", k.order.Len(), k.bytes)
	}
	put("a", 1)
	k.remove(viewKey{path: "a"})
	k.remove(viewKey{path: "a"})
	if k.get(viewKey{path: "a"}) != nil || k.bytes != 0 {
		t.Errorf("it holds %d bytes", k.bytes)
	}
}
