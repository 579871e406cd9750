package program

import (
	"fmt"
	"os"
	"strings"
)

// Memory returns a figure of /proc/<pid>/status in KiB, such as VmRSS, the memory
// in use, or VmHWM, the most there has been.
func (p *Program) Memory(figure string) (kib int) {
	p.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Pid()))
	if err != nil {
		p.t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(status), figure+":")
	if _, err := fmt.Sscan(rest, &kib); !found || err != nil {
		p.t.Fatalf("no %s in\n%s", figure, status)
	}
	return kib
}
