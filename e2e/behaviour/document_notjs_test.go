//go:build !js

package behaviour_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table into the document")

const (
	document = "README.md"
	begins   = "<!-- behaviour begins -->\n"
	ends     = "<!-- behaviour ends -->\n"
)

// What the browsers are held to is what the document says.
func TestDocumentHasTheTable(t *testing.T) {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begins)
	there, after, ended := strings.Cut(rest, ends)
	if !ok || !ended {
		t.Fatalf("%s has no place for the table between %q and %q", document, begins, ends)
	}
	want := markdown()
	t.Log("\n" + want)
	if there == want {
		return
	}
	if !*update {
		t.Fatalf("%s has another table: go test -C e2e ./behaviour -update", document)
	}
	if err := os.WriteFile(document, []byte(before+begins+want+ends+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// markdown renders the table.
func markdown() string {
	var b strings.Builder
	for _, s := range table {
		fmt.Fprintf(&b, "\n| %s | Chromium | Firefox | a Seaway page | by polls | by a WebSocket |\n|---|---|---|---|---|---|\n", s.title)
		for _, r := range s.rows {
			seaway := r.seaway
			if in := r.seawayInFirefox; in != "" {
				seaway += "; in Firefox " + in
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.name, r.chromium, r.firefox, seaway, r.poll, r.socket)
		}
	}
	return b.String() + "\n"
}
