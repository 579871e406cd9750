package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"time"

	"github.com/seawaykit/seaway/e2e/bench/process"
)

// endTime is for a server to end after SIGTERM. It promises 5 s; this is a limit
// for a machine that is busy.
const endTime = time.Minute

// A schedule draws what happens to the server, and does it. The server runs when
// it begins and when it ends.
type schedule struct {
	chance  *rand.Rand
	checker *checker
	start   func() (*process.Process, error) // on the same address and data
	server  *process.Process

	counts struct{ kills, stops, terms, starts int }
}

// run lets things happen until quit is closed. The error is one after which
// there is no server.
func (s *schedule) run(ctx context.Context, quit <-chan struct{}) error {
	for {
		pause := time.NewTimer(500*time.Millisecond + upTo(s.chance, 4*time.Second))
		select {
		case <-pause.C:
			if err := s.act(ctx); err != nil {
				return err
			}
		case <-s.server.Ended():
			pause.Stop()
			return fmt.Errorf("the server ended by itself, status %d:\n%s", s.server.Status(), s.server.Stderr())
		case <-quit:
			pause.Stop()
			return nil
		case <-ctx.Done():
			pause.Stop()
			return ctx.Err()
		}
	}
}

// act does one thing: of 20, 8 kills, 7 stops and 5 ends.
func (s *schedule) act(ctx context.Context) error {
	switch n := s.chance.IntN(20); {
	case n < 8:
		s.kill()
	case n < 15:
		if s.stop(ctx); s.chance.IntN(4) > 0 {
			s.server.Signal(syscall.SIGCONT)
			return nil
		}
		s.kill() // while it is stopped
	default:
		s.terminate()
	}
	return s.restart(ctx)
}

// kill ends the server as a crash would.
func (s *schedule) kill() {
	s.counts.kills++
	s.server.Signal(syscall.SIGKILL)
	<-s.server.Ended()
}

// stop stops the server for a while: one time in eight for longer than a post
// waits for its answer.
func (s *schedule) stop(ctx context.Context) {
	s.counts.stops++
	s.server.Signal(syscall.SIGSTOP)
	long := 50*time.Millisecond + upTo(s.chance, 5*time.Second)
	if s.chance.IntN(8) == 0 {
		long += tryTime
	}
	sleep(ctx, long)
}

// terminate ends the server as a deployment does.
func (s *schedule) terminate() {
	s.counts.terms++
	s.server.Signal(syscall.SIGTERM)
	select {
	case <-s.server.Ended():
		if status := s.server.Status(); status != 0 {
			s.checker.violate("after SIGTERM the server's status is %d:\n%s", status, s.server.Stderr())
		}
	case <-time.After(endTime):
		s.checker.violate("the server has not ended %v after SIGTERM", endTime)
		s.server.Signal(syscall.SIGKILL)
		<-s.server.Ended()
	}
}

// restart starts the server after a while. One start in four is interrupted by a
// kill.
func (s *schedule) restart(ctx context.Context) error {
	for {
		if s.noteTrouble(); !sleep(ctx, upTo(s.chance, 2*time.Second)) {
			return ctx.Err()
		}
		server, err := s.start()
		if err != nil {
			return err
		}
		s.server = server
		s.counts.starts++
		if s.chance.IntN(4) > 0 {
			return server.AwaitAccept()
		}
		sleep(ctx, upTo(s.chance, 500*time.Millisecond))
		s.kill()
	}
}

// noteTrouble reports a panic of a server that has ended.
func (s *schedule) noteTrouble() {
	if _, trace, found := strings.Cut(s.server.Stderr(), "panic: "); found {
		s.checker.violate("the server panicked: %.2000s", trace)
	}
}

// sleep waits, and reports false if ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
