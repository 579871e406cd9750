package source_test

import (
	"slices"
	"testing"

	"github.com/seawaykit/seaway/app/source"
)

// checkMoves compares what a random page went through with the table of phases in
// the package's doc.
func checkMoves(t *testing.T, seen map[[2]string]bool) {
	t.Helper()
	doc := source.DocMoves(t)
	for from, becomes := range doc {
		if from == "stale" {
			doc[from] = append(becomes, doc["connecting"]...)
		}
	}
	for move := range seen {
		from, to := move[0], move[1]
		switch {
		case from == to:
		case to == "closed", to == "offline": // by Close; by Pause
		case to == "stale" && from != "refused": // the page is left
		case from == "offline" && to == "connecting": // the end of a pause
		case !slices.Contains(doc[from], to) && !slices.Contains(doc["any"], to):
			t.Errorf("%s became %s, which the doc does not know", from, to)
		}
	}
	for from, becomes := range doc {
		for _, to := range becomes {
			if !seen[[2]string{from, to}] && to != "incompatible" && from != "incompatible" && from != "any" {
				t.Errorf("no page went from %s to %s, as the doc says", from, to)
			}
		}
	}
}
