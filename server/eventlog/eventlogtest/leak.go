package eventlogtest

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Main runs a package's tests, and fails the run if goroutines of this module
// are left a while after the last one:
//
//	func TestMain(m *testing.M) { eventlogtest.Main(m) }
func Main(m *testing.M) {
	code := m.Run()
	if left := leaked(); left != "" && code == 0 {
		fmt.Fprintf(os.Stderr, "goroutines were left behind:\n\n%s\n", left)
		code = 1
	}
	os.Exit(code)
}

// leaked waits for the last goroutines to end, and returns the stacks of those
// that do not.
func leaked() (left string) {
	again := time.NewTicker(pause)
	defer again.Stop()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); <-again.C {
		if left = ours(); left == "" {
			return ""
		}
	}
	return left
}

// frame matches the functions of this module, wherever it is copied to.
var frame = regexp.MustCompile(`(?m)^(created by )?[^\s(]*/seaway/`)

// ours returns the stacks of the goroutines of this module but the one that
// asks.
func ours() string {
	buf := make([]byte, 1<<20)
	stacks := strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n")
	var found []string
	for _, stack := range stacks[1:] { // the first is the caller's
		if frame.MatchString(stack) {
			found = append(found, stack)
		}
	}
	return strings.Join(found, "\n\n")
}
