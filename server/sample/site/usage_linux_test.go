package site

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// What the process takes is what is resident, not what it has reserved, which is
// fifty times as much.
func TestMemoryIsWhatIsResident(t *testing.T) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	var kilobytes int64
	_, text, _ := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscan(text, &kilobytes); err != nil {
		t.Fatal(err)
	}
	if got, want := residentMemory(), kilobytes<<10; got < want/2 || got > 2*want {
		t.Errorf("got %d bytes, and the kernel's own words are %d", got, want)
	}
}
