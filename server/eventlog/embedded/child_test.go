package embedded

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/shared/event"
)

// The variables that make the test binary play a part as a process of its own.
const (
	roleVariable = "SEAWAY_TEST_ROLE"
	dirVariable  = "SEAWAY_TEST_DIR"
)

const (
	holderRole    = "holder"    // opens the log, reports that, and waits for a signal to end
	publisherRole = "publisher" // opens the log and appends until it is killed
	// checkpointRole does so as well, and keeps a checkpoint of all events.
	checkpointRole = "checkpoint"
	batchRole      = "batch"  // opens the log and appends several events as one until it is killed
	backupRole     = "backup" // copies one of two directories to the other, as far as nearly the end
)

func play(role string) {
	if role == backupRole {
		backUpHalf(os.Getenv(dirVariable))
		return
	}
	o := Options{Dir: os.Getenv(dirVariable)}
	if role == checkpointRole {
		o.Retention = checkpointRetention
	}
	log, err := Open(context.Background(), o)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	switch role {
	case holderRole:
		fmt.Println("open")
		io.Copy(io.Discard, os.Stdin)
		log.Close()
	case checkpointRole:
		ctx := context.Background()
		v, err := startCheckpoint(ctx, log)
		if err == nil {
			go publishForEver(log)
			err = keepCheckpoint(ctx, log, v)
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	case publisherRole:
		publishForEver(log)
	case batchRole:
		publishBatchesForEver(log)
	}
}

// publishForEver appends from several goroutines and prints what is
// acknowledged: the id and the key.
func publishForEver(log *Log) {
	var out sync.Mutex
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("%d-%d-%d", os.Getpid(), worker, i)
				id, err := log.Append(context.Background(), event.Draft{Topic: "a", Type: "test", Key: key, Data: []byte(key)})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				out.Lock()
				fmt.Println(id, key)
				out.Unlock()
			}
		})
	}
	wg.Wait()
}

// A child is a process of this test binary that plays a role.
type child struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	stdin io.Closer
}

func startChild(t *testing.T, role, dir string) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+role, dirVariable+"="+dir)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return &child{cmd, bufio.NewScanner(stdout), stdin}
}

// acks reads up to n lines of a publisher, or all that are left.
func (c *child) acks(t *testing.T, n int) map[event.ID]string {
	t.Helper()
	acked := map[event.ID]string{}
	for len(acked) < n && c.lines.Scan() {
		text, key, ok := strings.Cut(c.lines.Text(), " ")
		id, err := event.ParseID(text)
		if err != nil || !ok {
			break // cut off by the kill
		}
		acked[id] = key
	}
	return acked
}
