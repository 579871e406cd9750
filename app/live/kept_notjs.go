//go:build !js

package live

import (
	"container/list"
	"sync"
)

const (
	// keptPages and keptBytes bound what is kept: a page is some 20 to 100 KB, and a
	// program may have any number of addresses.
	keptPages = 1000
	keptBytes = 32 << 20
)

// A keptPage is an answer with what it was drawn from.
type keptPage struct {
	key viewKey
	*answer
	*drawing
}

// A kept holds the pages that were asked for last. The zero kept is empty.
type kept struct {
	mu    sync.Mutex
	byKey map[viewKey]*list.Element // of order
	order list.List                 // of *keptPage, the last used first
	bytes int
}

// get returns a page, or nil.
func (k *kept) get(key viewKey) *keptPage {
	k.mu.Lock()
	defer k.mu.Unlock()
	element, ok := k.byKey[key]
	if !ok {
		return nil
	}
	k.order.MoveToFront(element)
	return element.Value.(*keptPage)
}

// put keeps a page in the place of the one before it, and drops those that have not
// been asked for longest.
func (k *kept) put(p *keptPage) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drop(p.key)
	if k.byKey == nil {
		k.byKey = map[viewKey]*list.Element{}
	}
	k.byKey[p.key] = k.order.PushFront(p)
	k.bytes += p.size()
	for k.order.Len() > keptPages || k.bytes > keptBytes {
		k.drop(k.order.Back().Value.(*keptPage).key)
	}
}

// remove drops a page.
func (k *kept) remove(key viewKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drop(key)
}

// drop needs the lock.
func (k *kept) drop(key viewKey) {
	if element, ok := k.byKey[key]; ok {
		k.bytes -= k.order.Remove(element).(*keptPage).size()
		delete(k.byKey, key)
	}
}
