package source

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"testing"
)

//go:embed doc.go
var doc string

var columns = regexp.MustCompile(`\s{2,}`)

// docTable returns the rows of the table in the package's doc whose first column has
// that name. A cell that is empty continues the one above.
func docTable(t *testing.T, first string) (rows [][]string) {
	t.Helper()
	_, table, ok := strings.Cut(doc, "//\t"+first+" ")
	if !ok {
		t.Fatalf("the doc has no table of the column %q", first)
	}
	table, _, _ = strings.Cut(table, "//\n")
	for line := range strings.Lines(table) {
		if text, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "//\t"); ok {
			rows = append(rows, columns.Split(text, -1))
		}
	}
	return rows
}

// DocMoves returns what the table of phases says becomes of each, besides Closed,
// Stale when the page is left, and Offline in a pause.
func DocMoves(t *testing.T) map[string][]string {
	t.Helper()
	phase := regexp.MustCompile(`\b(Idle|Connecting|Live|Stale|Waiting|Offline|Refused|Incompatible|Closed)\b`)
	moves, in := map[string][]string{}, ""
	for _, row := range docTable(t, "in") {
		if row[0] != "" {
			in = strings.ToLower(row[0])
		}
		for _, becomes := range phase.FindAllString(strings.Join(row[2:], " "), -1) {
			moves[in] = append(moves[in], strings.ToLower(becomes))
		}
		moves[in] = slices.Compact(moves[in])
	}
	return moves
}
