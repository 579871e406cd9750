package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/seawaykit/seaway/e2e/bench/process"
)

const (
	settleTime = 3 * time.Second  // for the server to notice that all have gone
	backTime   = 90 * time.Second // for the runtime to give memory back, which it does slowly
)

// A gauge reads what the server holds.
type gauge struct {
	server *process.Process
	admin  string // where its metrics are; empty if it has none
}

// A level is what it held at one time.
type level struct {
	process.Usage
	goroutines int // 0 if it does not tell
}

func (l level) String() string {
	s := fmt.Sprintf("%.1f MiB, %d threads, %d files", float64(l.RSS)/(1<<20), l.Threads, l.Files)
	if l.goroutines > 0 {
		s += fmt.Sprintf(", %d goroutines", l.goroutines)
	}
	return s
}

// adminArgs returns the flags that make the server tell its goroutines, if this
// version can.
func adminArgs(program string) (args []string, addr string, err error) {
	help, err := exec.Command(program, "-help").Output()
	if err != nil {
		return nil, "", fmt.Errorf("the product's program: %w", err)
	}
	if !bytes.Contains(help, []byte("-admin")) {
		return nil, "", nil
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	defer l.Close()
	addr = l.Addr().String()
	return []string{"-admin", addr}, addr, nil
}

func (g gauge) read() (level, error) {
	u, err := g.server.Usage()
	if err != nil || g.admin == "" {
		return level{Usage: u}, err
	}
	n, err := g.goroutines()
	return level{u, n}, err
}

func (g gauge) goroutines() (int, error) {
	const name = "go_goroutines "
	resp, err := http.Get("http://" + g.admin + "/metrics")
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), name); ok {
			return strconv.Atoi(value)
		}
	}
	return 0, fmt.Errorf("the metrics do not hold %s", name)
}

// settled reads the level after a pause.
func (g gauge) settled(ctx context.Context) (level, error) {
	select {
	case <-time.After(settleTime):
		return g.read()
	case <-ctx.Done():
		return level{}, ctx.Err()
	}
}

// awaitBack waits until the server holds what it held before, but for what the
// log and the ring may keep of the events since.
func (g gauge) awaitBack(ctx context.Context, before level, events int) error {
	deadline := time.Now().Add(backTime)
	for {
		now, err := g.settled(ctx)
		if err != nil {
			return err
		}
		excess := before.excess(now, events)
		if excess == nil || time.Now().After(deadline) {
			fmt.Printf("after:  %v\n", now)
			return excess
		}
	}
}

// excess says what of now is more than it should be. Go keeps some of the
// memory and all of the threads that its busiest moment needed, so both have
// room; descriptors and goroutines belong to streams and have next to none.
func (before level) excess(now level, events int) error {
	const (
		perEvent = 2 << 10 // bytes in the ring and in the log's own cache
		slack    = 16 << 20
		threads  = 16
		few      = 8 // connections of ours that are being closed, files of the log
	)
	allowed := before.RSS + before.RSS/4 + slack + int64(events)*perEvent
	switch {
	case now.RSS > allowed:
		return fmt.Errorf("the server holds %d MiB, more than %d", now.RSS>>20, allowed>>20)
	case now.Files > before.Files+few:
		return fmt.Errorf("the server holds %d descriptors, and held %d", now.Files, before.Files)
	case now.Threads > before.Threads+threads:
		return fmt.Errorf("the server has %d threads, and had %d", now.Threads, before.Threads)
	case now.goroutines > before.goroutines+few:
		return fmt.Errorf("the server runs %d goroutines, and ran %d", now.goroutines, before.goroutines)
	}
	return nil
}
