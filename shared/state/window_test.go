package state_test

import (
	"testing"

	"github.com/seawaykit/seaway/shared/state"
)

func TestWindowIsThePartThatPagesFollow(t *testing.T) {
	newest := func(s []int) []int { return s[max(0, len(s)-2):] }
	windowed, whole := state.Define(fresh(), state.Window(newest)), state.Define[[]int](fresh(), state.FromRetained[[]int]())
	if got := windowed.Window([]int{1, 2, 3}); len(got) != 2 || got[0] != 2 || !windowed.Windowed() || windowed.FromRetained() {
		t.Errorf("got %v", got)
	}
	if got := whole.Window([]int{1, 2, 3}); len(got) != 3 || whole.Windowed() || !whole.FromRetained() {
		t.Errorf("a kind without a window gave %v", got)
	}
}
