package states_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// The variables that make the test binary a process of its own, which is killed when
// it has done its part: what a kill leaves, and memory, are measured so.
const (
	roleVariable = "SEAWAY_BENCH_ROLE"
	dirVariable  = "SEAWAY_BENCH_DIR"

	builderRole = "builder" // builds the log of BenchmarkStart
	topicsRole  = "topics"  // keeps the topics of BenchmarkTopics
)

func TestMain(m *testing.M) {
	role, dir := os.Getenv(roleVariable), os.Getenv(dirVariable)
	var err error
	var report string
	switch role {
	case builderRole:
		err = buildLog(dir)
	case topicsRole:
		report, err = keepTopics(dir)
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	fmt.Println(report)
	_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed
}

// playRole has a process play a role, kills it, and returns its report.
func playRole(b *testing.B, role, dir string) string {
	b.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), roleVariable+"="+role, dirVariable+"="+dir)
	in, err := child.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	report, err := bufio.NewReader(out).ReadString('\n')
	_ = child.Process.Kill()
	_ = child.Wait() // it was killed
	if err != nil || strings.HasPrefix(report, "failed") {
		b.Fatalf("the %s: %q (%v)", role, report, err)
	}
	return report
}
