// Package refuse_test proves that the compiler, and not a user, finds out when
// the two halves of a program disagree.
//
// In testdata lies a program that is right: a contract, and the server and the
// page that share it. Each case changes one line of it and builds both halves
// again. Since the program builds without the change, nothing but the change
// can be what is refused.
package refuse_test

import (
	"strings"
	"testing"
)

// halves are the packages of the program with the platforms they are for.
// Commands are served natively only; the page is also pre-rendered there.
var halves = map[string][]platform{
	"server": {native},
	"page":   {native, wasm},
}

func TestProgramBuildsAsItIs(t *testing.T) {
	for half, platforms := range halves {
		for _, p := range platforms {
			if said, err := build(t, half, p, nil); err != nil {
				t.Errorf("%s for %s: %v\n%s", half, p, err, said)
			}
		}
	}
}

func TestCompilerRefusesHalvesThatDisagree(t *testing.T) {
	for _, d := range disagreements {
		t.Run(d.name, func(t *testing.T) {
			for half, platforms := range halves {
				for _, p := range platforms {
					said, err := build(t, half, p, &d.edit)
					wantRefusal(t, half+" for "+p.String(), said, err, d.says[half])
				}
			}
		})
	}
}

// wantRefusal checks what building a half came to: success if nothing was to be
// said to it.
func wantRefusal(t *testing.T, half, said string, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("the %s has nothing to do with it and was refused with\n%s", half, said)
	case want != "" && err == nil:
		t.Errorf("the %s was built", half)
	case !strings.Contains(said, want):
		t.Errorf("the %s was refused with\n%swant %q", half, said, want)
	}
}
