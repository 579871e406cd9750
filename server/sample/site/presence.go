package site

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

const (
	presencePace = time.Second            // between two publications of one thing
	stepPace     = presencePace / 5       // between two checks whether there is something to publish
	presenceTime = time.Second            // timeout of one publication
	farewellTime = 500 * time.Millisecond // and of the last one, at a shutdown
	staleTime    = 24 * time.Hour         // after which an unchanged list is published again, before the log's retention removes it
)

// presence publishes which guests are present. Each node reports the guests of
// its own connections to the other nodes, and any node that finds that all
// reports together differ from what was last published to the pages publishes
// the new list.
type presence struct {
	node    string
	log     event.Appender
	logger  *slog.Logger
	names   *live.States[nameIndex]
	reports *nodeReports
	local   *localPresence

	reported   nodeReport // this node's newest report
	reportedAt time.Time  // when it was last tried
}

// run publishes until ctx ends. It begins when the log has been read: an
// earlier list would have to be corrected.
func (p *presence) run(ctx context.Context, known <-chan struct{}) {
	select {
	case <-known:
	case <-ctx.Done():
		return
	}
	p.resume()
	for ctx.Err() == nil {
		next := p.step(ctx)
		pause(ctx, stepPace) // thousands of guests who connect at once are one change
		p.await(ctx, next)
	}
	p.leave()
}

// await returns when something has changed or is due.
func (p *presence) await(ctx context.Context, due time.Duration) {
	timer := time.NewTimer(due - stepPace)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-p.local.changed:
	case <-timer.C:
	}
}

// resume loads what this node reported before it was restarted. Its guests
// reconnect, or are gone when their grace time is over.
func (p *presence) resume() {
	last, ok := p.reports.of(p.node)
	if !ok {
		return
	}
	p.reported = last
	var ids []string
	for _, g := range last.Guests {
		ids = append(ids, g.ID)
	}
	p.local.expect(ids)
}

// step publishes what is due, and returns how long until something is due again
// unless something changes.
func (p *presence) step(ctx context.Context) (next time.Duration) {
	own, grace, err := p.own(ctx)
	if err != nil {
		p.logger.Debug("the names of those who are present were not read", "error", err)
		return presencePace
	}
	next = soonest(reportInterval, grace)
	next = soonest(next, p.reportNode(ctx, own))
	return soonest(next, p.publishPresence(ctx))
}

// soonest returns the shorter of two times, of which 0 is none.
func soonest(a, b time.Duration) time.Duration {
	if b > 0 && b < a {
		return b
	}
	return a
}

// own returns the guests that are present on this node, by their newest names: the
// event of a name may have come here before the state has it.
func (p *presence) own(ctx context.Context) (own guest.Presence, next time.Duration, err error) {
	here, next := p.local.here()
	guests := make([]guest.Guest, 0, len(here))
	ctx, cancel := context.WithTimeout(ctx, presenceTime)
	defer cancel()
	err = p.names.Read(ctx, allNames, func(n *nameIndex, _ event.ID) error {
		for id := range here {
			guests = append(guests, n.guest(id))
		}
		return nil
	})
	return newPresence(guests, len(guests)), next, err
}

// reportNode publishes this node's report to the other nodes, if it is due.
func (p *presence) reportNode(ctx context.Context, own guest.Presence) (next time.Duration) {
	since := time.Since(p.reportedAt)
	changed := p.reported.Leaving || !samePresence(own, guest.Presence{Guests: p.reported.Guests, Total: p.reported.Total})
	switch {
	case !changed && (own.Total == 0 || since < reportInterval):
		return reportInterval - since
	case since < presencePace:
		return presencePace - since
	}
	p.publishReport(ctx, nodeReport{Node: p.node, Guests: own.Guests, Total: own.Total}, presenceTime)
	return presencePace
}

func (p *presence) publishReport(ctx context.Context, r nodeReport, limit time.Duration) {
	p.reportedAt = time.Now()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	id, err := record(ctx, p.log, nodesTopic, reportType, r, event.Expires(reportLifetime))
	if err != nil {
		p.logger.Debug("the node's presence was not reported", "error", err)
		return
	}
	p.reported = r
	p.reports.put(r, id.Seq(), p.reportedAt)
}

// publishPresence publishes the list to the pages if it has changed. Nodes that
// do so at the same moment store one event: it has one key.
func (p *presence) publishPresence(ctx context.Context) (next time.Duration) {
	now, over := p.reports.merge()
	last, seq, at := p.reports.last()
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
	id, err := guest.Present.Publish(ctx, p.log, guest.PresenceTopic, now, event.Latest(), event.Key(presenceKey(now, seq)))
	if err != nil {
		p.logger.Debug("the presence list was not published", "error", err)
		return presencePace
	}
	p.reports.putPresence(now, id.Seq(), time.Now())
	return presencePace
}

// presenceKey returns the idempotency key of a list that follows the event of
// number seq.
func presenceKey(p guest.Presence, seq uint64) string {
	text, _ := json.Marshal(p) // it holds nothing that fails
	return fmt.Sprintf("presence-%d-%x", seq, sha256.Sum256(text))
}

// leave reports that this node is shutting down. Its guests connect to another,
// or to this one again. A node that is alone with its log need not report it:
// its next start resumes.
func (p *presence) leave() {
	if p.node != "" && p.reported.Total > 0 {
		gone := p.reported
		gone.Leaving = true
		p.publishReport(context.Background(), gone, farewellTime)
	}
}

// pause waits, or returns early if ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
