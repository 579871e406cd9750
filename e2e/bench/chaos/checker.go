package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A post is an event as a reader or the log has it. Texts are unique.
type post struct{ id, room, text string }

// A record is what is known of a post that was sent.
type record struct {
	room  string
	floor uint64 // the highest number acknowledged when it was first sent
	id    string // empty until it is acknowledged
}

// A checker collects what posters sent and what was acknowledged, and decides
// whether a history agrees with it. Violations that it finds on the way are
// collected as well.
type checker struct {
	mu         sync.Mutex
	sent       map[string]*record // by text
	ids        map[string]string  // the text that was acknowledged with an id
	highest    uint64             // the highest number acknowledged
	violations []string
}

func newChecker() *checker {
	return &checker{sent: map[string]*record{}, ids: map[string]string{}}
}

// violate notes a violation. The first hundred say enough.
func (c *checker) violate(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.violations) < 100 {
		c.violations = append(c.violations, fmt.Sprintf(format, args...))
	}
}

// send notes that a post is about to be sent for the first time.
func (c *checker) send(room, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent[text] = &record{room: room, floor: c.highest}
}

// acknowledge notes the id with which a post was answered.
func (c *checker) acknowledge(text, id string) {
	c.mu.Lock()
	r, other, seq := c.sent[text], c.ids[id], seqOf(id)
	r.id, c.ids[id] = id, text
	c.highest = max(c.highest, seq)
	c.mu.Unlock()
	switch {
	case seq == 0:
		c.violate("post %q was acknowledged with the id %q, which has no number", text, id)
	case other != "":
		c.violate("posts %q and %q were acknowledged with one id, %s", other, text, id)
	case seq <= r.floor:
		c.violate("post %q has the id %s, though number %d had been acknowledged before it was sent", text, id, r.floor)
	}
}

// acknowledged counts the posts that were answered.
func (c *checker) acknowledged() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.ids)
}

// idOf returns the id that was acknowledged for a text; empty if none was.
func (c *checker) idOf(text string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.sent[text]; r != nil {
		return r.id
	}
	return ""
}

// check compares a history of some rooms, up to the number last, with what was
// sent and acknowledged.
func (c *checker) check(whose string, history []post, rooms []string, last uint64) {
	seen := map[string]string{} // the id under which a text came
	before := post{}
	for _, p := range history {
		c.checkPost(whose, p, rooms)
		if id, again := seen[p.text]; again {
			c.violate("%s: post %q came with the id %s, and again with %s", whose, p.text, id, p.id)
		}
		if seqOf(p.id) <= seqOf(before.id) {
			c.violate("%s: post %q with the id %s came after %s", whose, p.text, p.id, before.id)
		}
		seen[p.text], before = p.id, p
	}
	for _, text := range c.missing(seen, rooms, last) {
		c.violate("%s: acknowledged post %q has not come", whose, text)
	}
}

// checkPost checks one post by itself.
func (c *checker) checkPost(whose string, p post, rooms []string) {
	c.mu.Lock()
	r, known := c.sent[p.text]
	c.mu.Unlock()
	switch {
	case !known:
		c.violate("%s: post %q (%s) was never sent", whose, p.text, p.id)
	case r.room != p.room || !slices.Contains(rooms, p.room):
		c.violate("%s: post %q was sent to room %s and came in %s of %q", whose, p.text, r.room, p.room, rooms)
	case r.id != "" && r.id != p.id:
		c.violate("%s: post %q came with the id %s, and was acknowledged with %s", whose, p.text, p.id, r.id)
	}
}

// missing returns the acknowledged texts of the rooms, up to the number last,
// that have not been seen, in the log's order.
func (c *checker) missing(seen map[string]string, rooms []string, last uint64) (texts []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for text, r := range c.sent {
		if _, ok := seen[text]; !ok && r.id != "" && seqOf(r.id) <= last && slices.Contains(rooms, r.room) {
			texts = append(texts, text)
		}
	}
	slices.SortFunc(texts, func(a, b string) int { return int(seqOf(c.sent[a].id)) - int(seqOf(c.sent[b].id)) })
	return texts
}

// compare checks that a reader has received what the log holds for its rooms,
// up to the number last.
func (c *checker) compare(whose string, history, log []post, rooms []string, last uint64) {
	var want []post
	for _, p := range log {
		if slices.Contains(rooms, p.room) && seqOf(p.id) <= last {
			want = append(want, p)
		}
	}
	for i := range max(len(history), len(want)) {
		if i >= len(history) || i >= len(want) || history[i] != want[i] {
			c.violate("%s: received %d posts, and the log holds %d; they differ from number %d: %v and %v",
				whose, len(history), len(want), i, at(history, i), at(want, i))
			return
		}
	}
}

// seqOf returns the number in an id, epoch-number-tag; 0 if there is none.
func seqOf(id string) uint64 {
	_, rest, _ := strings.Cut(id, "-")
	number, _, _ := strings.Cut(rest, "-")
	seq, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return 0
	}
	return seq
}

// at returns a post of a list, an empty one beyond its end.
func at(list []post, i int) post {
	if i < len(list) {
		return list[i]
	}
	return post{}
}
