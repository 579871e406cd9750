//go:build !js

package notes

import (
	"fmt"
	"testing"

	"github.com/seawaykit/seaway/shared/event/eventtest"
	"github.com/seawaykit/seaway/shared/state/statetest"
)

// TestSchema fails on a change of an event type that open pages would misread, and
// its message says what to do. go test ./shared/... -update records other changes.
func TestSchema(t *testing.T) { eventtest.Golden(t, "schema.txt") }

// Check fails if server, page and a program that is started again would come to
// different lists.
func TestListHoldsTheNewestNotes(t *testing.T) {
	var written []statetest.Entry
	for i := range 201 {
		written = append(written, statetest.Event(Written, Note{fmt.Sprint("note ", i)}))
	}
	list := statetest.Check(t, Lists, written...).Notes
	if len(list) != 200 || list[0].Note != (Note{"note 1"}) || list[199].Note != (Note{"note 200"}) {
		t.Errorf("the list holds %d notes: %v", len(list), list)
	}
}
