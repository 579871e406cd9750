package trim

import (
	"slices"
	"testing"
)

func TestImportChainToAPackage(t *testing.T) {
	p := page{
		{ImportPath: "io"}, {ImportPath: "net", Imports: []string{"io"}}, {ImportPath: "net/http", Imports: []string{"net", "io"}},
		{ImportPath: "strings"}, {ImportPath: goApp + "/pkg/app", Imports: []string{"strings", "net/http"}},
		{ImportPath: "page", Imports: []string{"io", goApp + "/pkg/app"}}, {ImportPath: "main", Imports: []string{"page"}},
	}
	for to, want := range map[string][]string{
		"net/http": {"main", "page", goApp + "/pkg/app", "net/http"},
		"main":     {"main"},
		"regexp":   nil,
	} {
		if got := p.importChain(to); !slices.Equal(got, want) {
			t.Errorf("to %s: %q, want %q", to, got, want)
		}
	}
}
