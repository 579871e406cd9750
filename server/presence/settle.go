package presence

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/presence"
)

func (n *node) position() event.ID {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.applied
}

func (n *node) begun() time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.started
}

// settle publishes what is missing in a list, one change, and returns when the list is to
// be looked at again: zero if there is no more to do. It compares what pages have with
// what this node knows, so that whatever was lost, or said of this node by others, is put
// right.
func (n *node) settle(ctx context.Context, key string) (again time.Time) {
	err := n.learn(ctx, key)
	c, again, ok := n.missing(key)
	if err != nil {
		n.logger.Debug("presence: what is shown of a user is not known", "error", err)
		again = time.Now().Add(publishPace)
	}
	if !ok {
		return again
	}
	after, err := n.after(ctx, key, &c)
	switch {
	case errors.Is(err, errTooSoon):
		return n.begun().Add(graceTime)
	case errors.Is(err, errNone):
		return again
	case err == nil:
		err = n.publish(ctx, key, c, after)
	}
	if err != nil && !errors.Is(err, eventlog.ErrConflict) { // else another node was first: what it has said comes
		n.logger.Debug("presence: a list was not published", "list", key, "error", err)
	}
	return time.Now().Add(publishPace)
}

// learn asks for what is shown of those who are named.
func (n *node) learn(ctx context.Context, key string) error {
	n.mu.Lock()
	var unknown []string
	if p := n.places[key]; p != nil {
		p.dismiss(time.Now())
		for _, v := range p.first() {
			if !v.known {
				v.known = true // unless it is to be asked for again meanwhile
				unknown = append(unknown, v.user)
			}
		}
	}
	n.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, publishTime)
	defer cancel()
	var failed error
	for _, user := range unknown {
		var profile json.RawMessage
		if failed == nil {
			profile, failed = n.profile(ctx, user)
		}
		n.show(key, user, profile, failed == nil)
	}
	return failed
}

// show notes what is shown of a user, if that is known.
func (n *node) show(key, user string, profile json.RawMessage, known bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	v := n.places[key].users[user]
	switch {
	case v == nil:
	case !known:
		v.known = false
	case len(profile) > presence.MaxProfile:
		n.logger.Warn("presence: a user is not named in the lists: there is too much to show", "bytes", len(profile), "limit", presence.MaxProfile)
		v.person = person{}
	default:
		v.person = person{Key: keyOf(n.secret, user), Profile: profile}
	}
}

// missing returns the change that a list lacks. ok is false if it lacks none, or it is too
// soon for one.
func (n *node) missing(key string) (c change, again time.Time, ok bool) {
	now := time.Now()
	n.mu.Lock()
	defer n.mu.Unlock()
	l, own := n.list(key), section{}
	if l.refused != 0 && l.refused == l.here.Last { // and no other change has come: retention has removed the newest
		l.whole = false
	}
	l.refused = 0
	if p := n.places[key]; p != nil {
		if own = p.section(); own.Total == 0 {
			delete(n.places, key)
		}
		again, _ = p.dismiss(now)
	}
	soonest := l.published.Add(publishPace)
	if !l.whole { // when the others have answered
		soonest = latest(soonest, l.torn.Add(answerTime))
	}
	switch {
	case l.stored > l.here.Last: // it has not come back yet
		return c, now.Add(stepPace), false
	case now.Before(soonest):
		return c, soonest, false
	case !l.whole:
		return n.wholeOf(l, own), again, true
	}
	for other := range l.here.Nodes {
		if n.isDead(other) {
			return change{After: l.here.Last, Node: other}, again, true
		}
	}
	c, ok = difference(l.here.Nodes[n.id], own)
	c.After, c.Node = l.here.Last, n.id
	if !ok && len(n.lists) > maxEmpty && own.Total == 0 && len(l.here.Nodes) == 0 {
		delete(n.lists, key)
	}
	return c, again, ok
}

// answerTime is how long a node waits for the sections of others before it publishes a whole
// list: what it does not know would be missing for a moment.
const answerTime = 2 * time.Second

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// wholeOf returns a whole list, of what this node knows. n is locked.
func (n *node) wholeOf(l *list, own section) change {
	c := change{Whole: true, Nodes: map[string]section{}}
	for other, s := range l.here.Nodes {
		if other != n.id && !n.isDead(other) {
			c.Nodes[other] = s
		}
	}
	if own.Total > 0 {
		c.Nodes[n.id] = own
	}
	return c
}

// difference returns what makes one section another.
func difference(from, to section) (c change, ok bool) {
	c.Total = to.Total
	for _, p := range from.People {
		if !slices.ContainsFunc(to.People, func(other person) bool { return other.Key == p.Key }) {
			c.Leave = append(c.Leave, p.Key)
		}
	}
	for _, p := range to.People {
		if !slices.ContainsFunc(from.People, func(other person) bool { return other.Key == p.Key && bytes.Equal(other.Profile, p.Profile) }) {
			c.Join = append(c.Join, p)
		}
	}
	return c, from.Total != to.Total || len(c.Join)+len(c.Leave) > 0
}

// errTooSoon refuses to take the place of a list that others had, before the users of this
// node had the time to come back to it.
var errTooSoon = errors.New("this node has just begun")

// errNone says that there is nobody in a list, and that no page has another.
var errNone = errors.New("the list is empty, and was so before")

// maxEmpty is how many lists are remembered although nobody is in them. Of another the log
// is asked when somebody comes.
const maxEmpty = 1000

// after returns the number of the newest change of a list. Of a whole list it is asked of the
// log: what no node has published yet may be published at once.
func (n *node) after(ctx context.Context, key string, c *change) (uint64, error) {
	if !c.Whole {
		return c.After, nil
	}
	ctx, cancel := context.WithTimeout(ctx, publishTime)
	defer cancel()
	stored, err := n.log.Read(ctx, 0, 1, n.topic(key))
	switch {
	case err != nil:
		return 0, err
	case len(stored.Events) == 0 && len(c.Nodes) == 0:
		n.mu.Lock()
		defer n.mu.Unlock()
		n.list(key).whole = true
		return 0, errNone
	case len(stored.Events) == 0:
		return 0, nil
	case time.Since(n.begun()) < graceTime:
		return 0, errTooSoon
	}
	c.After = stored.Events[0].ID().Seq()
	return c.After, nil
}

// publish publishes a change, provided that it comes after the one with a number: a change
// names the one before it, and pages see whether they have that.
func (n *node) publish(ctx context.Context, key string, c change, after uint64) error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, publishTime)
	defer cancel()
	id, err := n.log.Append(ctx, event.Draft{Topic: n.topic(key), Type: n.name + ".changed", Data: data, ExpectLast: &after, Latest: true})
	if errors.Is(err, eventlog.ErrTooLarge) && c.Whole && len(c.Nodes) > 1 { // the others put theirs back
		return n.publish(ctx, key, change{After: after, Whole: true, Nodes: map[string]section{n.id: c.Nodes[n.id]}}, after)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.list(key)
	l.published = time.Now()
	switch {
	case err == nil:
		l.stored = id.Seq()
	case errors.Is(err, eventlog.ErrConflict):
		l.refused = after
	}
	return err
}
