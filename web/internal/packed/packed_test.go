package packed_test

import (
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/web/internal/packed"
)

func TestStampReadsBackAsItWasWritten(t *testing.T) {
	want := packed.Stamp{Sum: sha256.Sum256([]byte("wasm")), Quality: 11}
	got, ok := packed.ParseStamp([]byte(want.String()))
	if !ok || got != want {
		t.Fatalf("ParseStamp(%q) = %v, %v", want, got, ok)
	}
}

func TestStampRefusesOtherTexts(t *testing.T) {
	good := packed.Stamp{Sum: sha256.Sum256(nil), Quality: 5}.String()
	for name, text := range map[string]string{
		"nothing":              "",
		"the end is missing":   strings.TrimSuffix(good, "\n"),
		"cut in the middle":    good[:40],
		"another hash":         strings.Replace(good, "sha256", "sha512", 1),
		"a short sum":          strings.Replace(good, "e3b0", "", 1),
		"a long sum":           strings.Replace(good, "e3b0", "e3b0e3b0", 1),
		"more than one line":   good + good,
		"no quality":           strings.Replace(good, ":5", ":", 1),
		"digits in upper case": strings.ToUpper(good),
	} {
		if s, ok := packed.ParseStamp([]byte(text)); ok {
			t.Errorf("%s: %q was read as %v", name, text, s)
		}
	}
}
