package load

import "testing"

func TestLedgerDistinguishesLateFromRepeated(t *testing.T) {
	var l Ledger
	for _, step := range []struct {
		number  uint32
		verdict Verdict
		missing int // of the first ten
	}{
		{1, InOrder, 9},
		{1, Repeated, 9},
		{6, InOrder, 8},
		{4, Late, 7}, // from the middle of a gap
		{4, Repeated, 7},
		{2, Late, 6},
		{3, Late, 5},
		{5, Late, 4},
		{5, Repeated, 4},
		{7, InOrder, 3},
		{12, InOrder, 3}, // beyond the ten
	} {
		if got := l.Note(Stamp{Poster: 1, Number: step.number}); got != step.verdict {
			t.Errorf("number %d: verdict %d, want %d", step.number, got, step.verdict)
		}
		if got := l.Missing([]uint32{0, 10}); got != step.missing {
			t.Errorf("after number %d: %d missing, want %d", step.number, got, step.missing)
		}
	}
}
