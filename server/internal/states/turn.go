package states

import (
	"context"
	"sync"

	"github.com/seawaykit/seaway/server/eventlog"
)

// turns let one caller at a time have a key, in no particular order.
type turns struct {
	mu   sync.Mutex
	keys map[string]*turn
}

type turn struct {
	free    chan struct{} // has an entry while no caller has the key
	callers int           // that have it or wait for it
}

// take waits for a key, until ctx ends. The caller must release it.
func (t *turns) take(ctx context.Context, key string) (release func(), err error) {
	t.mu.Lock()
	k := t.keys[key]
	if k == nil {
		k = &turn{free: make(chan struct{}, 1)}
		k.free <- struct{}{}
		if t.keys == nil {
			t.keys = map[string]*turn{}
		}
		t.keys[key] = k
	}
	k.callers++
	t.mu.Unlock()
	select {
	case <-k.free:
		return func() {
			k.free <- struct{}{}
			t.leave(key, k)
		}, nil
	case <-ctx.Done():
		t.leave(key, k)
		return nil, eventlog.Interrupted(ctx)
	}
}

func (t *turns) leave(key string, k *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if k.callers--; k.callers == 0 {
		delete(t.keys, key)
	}
}
