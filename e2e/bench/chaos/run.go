package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/seawaykit/seaway/e2e/bench/process"
)

const (
	// host is where the server listens. Clients connect from 127.0.0.1, so none
	// of them can have the server's port when it is started again, and none can
	// connect to itself while there is no server.
	host = "127.0.0.9"
	// catchUpTime is for every reader to receive the last post when nothing
	// happens to the server any more.
	catchUpTime = 90 * time.Second
)

// roomNames are the rooms that are written to.
var roomNames = []string{"north", "east", "west"}

// A chaos is one run.
type chaos struct {
	config
	url      string
	checker  *checker
	schedule *schedule
	posters  []*poster
	readers  []*reader
	finished sync.WaitGroup // the readers'
}

// run starts the server, lets chaos happen to it, and reports what was wrong.
func run(ctx context.Context, c config) error {
	data, err := os.MkdirTemp("", "seaway-chaos-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	addr, err := process.FreeAddr(host)
	if err != nil {
		return err
	}
	start := func() (*process.Process, error) {
		return process.Run(addr, c.seaway, append(process.NoLimits(c.seaway), "-data", data)...)
	}
	server, err := start()
	if err != nil {
		return err
	}
	k := &chaos{config: c, url: "http://" + addr, checker: newChecker()}
	k.schedule = &schedule{chance: k.chance(0), checker: k.checker, start: start, server: server}
	defer func() { k.schedule.server.Stop() }()
	if err := server.AwaitAccept(); err != nil {
		return err
	}
	fmt.Printf("chaos: %d posters, %d readers, for %v, seed %d\n", c.posters, c.readers, c.length, c.seed)
	err = k.unfold(ctx)
	k.report()
	return errors.Join(append([]error{err}, k.wrong()...)...)
}

// chance returns the randomness of one part of the run.
func (k *chaos) chance(part int) *rand.Rand { return rand.New(rand.NewPCG(k.seed, uint64(part))) }

// unfold goes through the phases.
func (k *chaos) unfold(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer k.finished.Wait()
	defer cancel()
	if err := k.startReaders(ctx); err != nil {
		return err
	}
	if err := k.trouble(ctx); err != nil {
		return err
	}
	return k.judge(ctx)
}

// startReaders returns when every reader has a position.
func (k *chaos) startReaders(ctx context.Context) error {
	for i := range k.config.readers {
		rooms := roomNames
		if i%2 == 0 {
			rooms = roomNames[i/2%len(roomNames):][:1]
		}
		r := newReader(fmt.Sprint("reader ", i), k.url, rooms, k.chance(1000+i), k.checker)
		k.readers = append(k.readers, r)
		k.finished.Go(func() { r.read(ctx) })
	}
	limit := time.Now().Add(catchUpTime)
	for _, r := range k.readers {
		for !r.begun() {
			if !sleep(ctx, 10*time.Millisecond) {
				return ctx.Err()
			}
			if time.Now().After(limit) {
				return fmt.Errorf("%v has received nothing after %v", r, catchUpTime)
			}
		}
	}
	return nil
}

// trouble lets posters post while the schedule runs, and returns when every post
// has been answered or given up.
func (k *chaos) trouble(ctx context.Context) error {
	quit := make(chan struct{})
	var posting sync.WaitGroup
	for i := range k.config.posters {
		p := &poster{name: fmt.Sprint("p", i), url: k.url, client: &http.Client{Transport: &http.Transport{}}, chance: k.chance(2000 + i), checker: k.checker}
		k.posters = append(k.posters, p)
		posting.Go(func() {
			defer p.client.CloseIdleConnections()
			p.post(ctx, quit)
		})
	}
	end := time.AfterFunc(k.length, func() { close(quit) })
	defer end.Stop()
	err := k.schedule.run(ctx, quit)
	if err != nil {
		return err // there is no server, and so no answer to any post
	}
	posting.Wait()
	return nil
}

// judge writes a last post to every room and compares what came with the log.
func (k *chaos) judge(ctx context.Context) error {
	last := &poster{name: "last", url: k.url, client: http.DefaultClient, chance: k.chance(3000), checker: k.checker}
	for _, room := range roomNames {
		last.one(ctx, room, lastText+room, false)
	}
	limit, cancel := context.WithTimeout(ctx, catchUpTime)
	defer cancel()
	for _, r := range k.readers {
		select {
		case <-r.done:
		case <-limit.Done():
			k.checker.violate("%v has not received the last post after %v; its position is %s", r, catchUpTime, r.at())
		}
	}
	log, err := k.readLog(ctx)
	if err != nil {
		return err
	}
	k.checker.check("the log", log, roomNames, k.numberOfLast(roomNames))
	for _, r := range k.readers {
		history, _ := r.received()
		number := k.numberOfLast(r.rooms)
		k.checker.check(r.String(), history, r.rooms, number)
		k.checker.compare(r.String(), history, log, r.rooms, number)
	}
	return nil
}

// readLog reads the log as a client does that was there at the beginning and
// comes back now.
func (k *chaos) readLog(ctx context.Context) ([]post, error) {
	r := newReader("the log", k.url, roomNames, nil, k.checker)
	r.position = k.readers[0].first
	ctx, cancel := context.WithTimeout(ctx, catchUpTime)
	defer cancel()
	r.read(ctx)
	history, _ := r.received()
	select {
	case <-r.done:
		return history, nil
	default:
		return nil, fmt.Errorf("the log could not be read to its end within %v: %d posts have come", catchUpTime, len(history))
	}
}

// numberOfLast returns the number after which a reader of rooms stopped.
func (k *chaos) numberOfLast(rooms []string) (number uint64) {
	for _, room := range rooms {
		number = max(number, seqOf(k.checker.idOf(lastText+room)))
	}
	return number
}

// report prints the figures.
func (k *chaos) report() {
	var sent, retries, givenUp, received int
	for _, p := range k.posters {
		sent, retries, givenUp = sent+p.sent, retries+p.retries, givenUp+p.givenUp
	}
	var all readerCounts
	for _, r := range k.readers {
		history, n := r.received()
		received += len(history)
		all.connections += n.connections
		all.faults += n.faults
		all.resets += n.resets
		all.cuts += n.cuts
		all.rests += n.rests
	}
	s := k.schedule.counts
	fmt.Printf("server: %d kills, %d stops, %d ends by SIGTERM, %d starts\n", s.kills, s.stops, s.terms, s.starts)
	fmt.Printf("posts: %d sent, %d acknowledged, %d retries, %d given up after one try\n", sent, k.checker.acknowledged(), retries, givenUp)
	fmt.Printf("readers: %d deliveries over %d connections, %d cut and %d rested by themselves, %d faults that ask to retry, %d resets\n",
		received, all.connections, all.cuts, all.rests, all.faults, all.resets)
}

// wrong returns the violations.
func (k *chaos) wrong() (errs []error) {
	k.checker.mu.Lock()
	defer k.checker.mu.Unlock()
	for _, v := range k.checker.violations {
		errs = append(errs, errors.New(strings.TrimSpace(v)))
	}
	if n := len(errs); n > 0 {
		errs = append(errs, fmt.Errorf("%d violations, with seed %d", n, k.seed))
	}
	return errs
}
