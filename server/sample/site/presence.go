package site

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

const (
	presencePace = time.Second            // between two tellings of one thing
	turnPace     = presencePace / 5       // between two looks whether there is something to tell
	presenceTime = time.Second            // for one, when the log is slow
	farewellTime = 500 * time.Millisecond // for the last, at a shutdown
	staleTime    = 24 * time.Hour         // after which what still holds is told again, before the log forgets it
)

// presence tells who is here. Each node puts the guests of its own connections
// on the roll that the nodes share, and whichever finds that all rolls together
// say something else than the pages were told last, tells them.
type presence struct {
	node   string
	log    event.Appender
	logger *slog.Logger
	names  *roster
	rolls  *rolls
	crowd  *crowd

	told   roll      // this node's newest
	toldAt time.Time // when that was tried
}

// run tells until ctx ends. It begins when the log has been read: what is told
// before would be taken back.
func (p *presence) run(ctx context.Context, known <-chan struct{}) {
	select {
	case <-known:
	case <-ctx.Done():
		return
	}
	p.resume()
	for ctx.Err() == nil {
		next := p.turn(ctx)
		pause(ctx, turnPace) // thousands who come at once are one change
		p.await(ctx, next)
	}
	p.leave()
}

// await returns when something has changed or is due.
func (p *presence) await(ctx context.Context, due time.Duration) {
	timer := time.NewTimer(due - turnPace)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-p.crowd.changed:
	case <-timer.C:
	}
}

// resume takes up what this node told before it was started anew. Its guests
// are on their way back, or else gone when their grace is over.
func (p *presence) resume() {
	last, ok := p.rolls.of(p.node)
	if !ok {
		return
	}
	p.told = last
	var ids []string
	for _, g := range last.Guests {
		ids = append(ids, g.ID)
	}
	p.crowd.expect(ids)
}

// turn tells what is due, and returns how long until something is again unless
// something changes.
func (p *presence) turn(ctx context.Context) (next time.Duration) {
	own, grace := p.own()
	next = soonest(rollEvery, grace)
	next = soonest(next, p.tellRoll(ctx, own))
	next = soonest(next, p.tellPages(ctx))
	p.renew(ctx, own)
	return next
}

// soonest returns the shorter of two times, of which 0 is none.
func soonest(a, b time.Duration) time.Duration {
	if b > 0 && b < a {
		return b
	}
	return a
}

// own returns who is here on this node.
func (p *presence) own() (own guest.Presence, next time.Duration) {
	here, next := p.crowd.here()
	guests := make([]guest.Guest, 0, len(here))
	for id := range here {
		guests = append(guests, p.names.guest(id))
	}
	return newPresence(guests, len(guests)), next
}

// tellRoll tells the nodes, if it is time to.
func (p *presence) tellRoll(ctx context.Context, own guest.Presence) (next time.Duration) {
	since := time.Since(p.toldAt)
	changed := p.told.Leaving || !samePresence(own, guest.Presence{Guests: p.told.Guests, Total: p.told.Total})
	switch {
	case !changed && (own.Total == 0 || since < rollEvery):
		return rollEvery - since
	case since < presencePace:
		return presencePace - since
	}
	p.publishRoll(ctx, roll{Node: p.node, Guests: own.Guests, Total: own.Total}, presenceTime)
	return presencePace
}

func (p *presence) publishRoll(ctx context.Context, r roll, limit time.Duration) {
	p.toldAt = time.Now()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	id, err := record(ctx, p.log, nodesTopic, toldType, r, event.Expires(rollTime))
	if err != nil {
		p.logger.Debug("who is here was not told", "err", err)
		return
	}
	p.told = r
	p.rolls.put(r, id.Seq(), p.toldAt)
}

// tellPages tells the pages if they know something else. Nodes that do so at the
// same moment say it once: it has one key.
func (p *presence) tellPages(ctx context.Context) (next time.Duration) {
	now, over := p.rolls.merge()
	last, seq, at := p.rolls.last()
	since := max(0, time.Since(at)) // another node's clock may be ahead
	switch {
	case samePresence(now, last) && (now.Total == 0 || since < staleTime):
		if over.IsZero() {
			return 0
		}
		return max(time.Until(over), time.Millisecond)
	case since < presencePace:
		return presencePace - since
	}
	ctx, cancel := context.WithTimeout(ctx, presenceTime)
	defer cancel()
	id, err := guest.Present.Publish(ctx, p.log, guest.Here, now, event.Latest(), event.Key(presenceKey(now, seq)))
	if err != nil {
		p.logger.Debug("the pages were not told who is here", "err", err)
		return presencePace
	}
	p.rolls.putPresence(now, id.Seq(), time.Now())
	return presencePace
}

// presenceKey names what is told after the event of number seq.
func presenceKey(p guest.Presence, seq uint64) string {
	text, _ := json.Marshal(p) // it holds nothing that fails
	return fmt.Sprintf("presence-%d-%x", seq, sha256.Sum256(text))
}

// renew tells the names of those who are here again when they get old.
func (p *presence) renew(ctx context.Context, own guest.Presence) {
	for _, g := range own.Guests {
		if at := p.names.namedAt(g.ID); at.IsZero() || time.Since(at) < staleTime {
			continue
		}
		g = p.names.guest(g.ID)
		id, err := record(ctx, p.log, namesTopic, namedType, g)
		if err != nil {
			return // there will be another turn
		}
		p.names.put(g, id.Seq(), time.Now())
	}
}

// leave says that this node is shutting down. Its guests find another, or this
// one again. One that is alone with its log need not say it: its next start
// knows.
func (p *presence) leave() {
	if p.node != "" && p.told.Total > 0 {
		gone := p.told
		gone.Leaving = true
		p.publishRoll(context.Background(), gone, farewellTime)
	}
}
