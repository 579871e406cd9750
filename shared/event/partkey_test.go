package event_test

import (
	"testing"

	"github.com/seawaykit/seaway/shared/event"
)

func TestPartKeysAreDistinctAndTheFirstIsTheKey(t *testing.T) {
	seen := map[string]int{}
	for k := range 200 {
		key := event.PartKey("the-key", k)
		if before, ok := seen[key]; ok {
			t.Errorf("parts %d and %d have the key %q", before, k, key)
		}
		if event.CheckKey(key) != nil {
			t.Errorf("part %d has the key %q, which is none", k, key)
		}
		seen[key] = k
	}
	if k, ok := seen["the-key"]; !ok || k != 0 {
		t.Errorf("the key itself is of part %d (%t), want 0", k, ok)
	}
}
