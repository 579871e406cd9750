package embedded

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestServerOpensNoSocket(t *testing.T) {
	before := sockets(t)
	log := openLog(t, Options{Dir: t.TempDir()})
	fill(t, log, 10)
	readAll(t, log)
	if after := sockets(t); after != before {
		t.Errorf("the process had %d sockets and has %d", before, after)
	}
}

// sockets counts the sockets of this process, of every kind.
func sockets(t *testing.T) (n int) {
	t.Helper()
	descriptors, err := filepath.Glob("/proc/self/fd/*")
	if err != nil || len(descriptors) == 0 {
		t.Fatalf("no descriptors: %v", err)
	}
	for _, fd := range descriptors {
		if target, err := os.Readlink(fd); err == nil && strings.HasPrefix(target, "socket:") {
			n++
		}
	}
	return n
}
