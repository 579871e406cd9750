package uuid

import (
	"regexp"
	"testing"
)

var version4 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestIdentifiersAreOfVersion4AndDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := NewString()
		if !version4.MatchString(id) || seen[id] {
			t.Fatalf("%q is no new identifier", id)
		}
		seen[id] = true
	}
}
