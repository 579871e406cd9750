package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/web/internal/wasm"
)

func TestFlagsSayHowThePageIsBuilt(t *testing.T) {
	plain := wasm.Options{Package: "./app", Out: "web/build", Work: "bin", Trim: true, Strip: true, Quality: 11}
	all := wasm.Options{Package: "./page", Out: "out", Work: "tmp", Quality: 5, Budget: 1000}
	for _, c := range []struct {
		args string
		want wasm.Options
	}{
		{"", plain},
		{"./app", plain},
		{"-quality 5 -max-brotli 1000 -trim=false -lines -o out -work tmp ./page", all},
	} {
		if got, err := parse(strings.Fields(c.args), io.Discard); err != nil || got != c.want {
			t.Errorf("page %s: %+v, %v; want %+v", c.args, got, err, c.want)
		}
	}
}

func TestWrongArgumentsAreAUsageError(t *testing.T) {
	for _, args := range []string{"-quality 12", "-quality -1", "-nonsense", "one two"} {
		var out, errs bytes.Buffer
		if status := run(t.Context(), strings.Fields(args), &out, &errs); status != 2 || out.Len() > 0 || !strings.Contains(errs.String(), "-max-brotli") {
			t.Errorf("page %s: exit status %d, printed %q and %q", args, status, &out, &errs)
		}
	}
}

func TestFirstBuildIsAnnouncedBeforeAnythingElse(t *testing.T) {
	t.Chdir(t.TempDir())
	var out, errs bytes.Buffer
	status := run(t.Context(), []string{"-trim=false", "./none"}, &out, &errs)
	if !strings.HasPrefix(out.String(), "page: the first build on a machine takes minutes") || status != 1 || !strings.HasPrefix(errs.String(), "page: go build:") {
		t.Errorf("exit status %d, printed\n%s%s", status, &out, &errs)
	}
}
