package source

import "errors"

// fallenAfter is how many tries in a row must have begun without a hello in
// time until the fallback is tried.
const fallenAfter = 2

// A choice says which transport the next connection has. Proxies that hold back
// an answer until it has ended make every stream hang, and nothing but the lack
// of a hello gives them away; so does a network that swallows packets, which is
// why the fallback has one try to do better, and is remembered for the tab only
// when it has.
type choice struct {
	first, fallback Transport // the fallback is nil if there is no choice
	memory          Storage
	key             string

	fallen     bool // the fallback is in use
	remembered bool
	hangs      int // in a row
}

func newChoice(o Options) *choice {
	c := &choice{first: o.Transport, fallback: o.Fallback, memory: o.Storage, key: o.transportKey()}
	c.remembered = c.fallback != nil && c.memory.Get(c.key) == nameOf(c.fallback)
	c.fallen = c.remembered
	return c
}

func (c *choice) current() Transport {
	if c.fallen {
		return c.fallback
	}
	return c.first
}

// open opens a connection. A transport that the platform has not is never tried
// again.
func (c *choice) open(r Request, emit func(...Signal)) (release func(), err error) {
	release, err = c.current().Open(r, emit)
	if c.fallback == nil || !errors.Is(err, ErrUnsupported) {
		return release, err
	}
	if !c.fallen {
		c.first = c.fallback
	}
	c.fallback, c.fallen = nil, false
	return c.open(r, emit)
}

// hung counts a try that ended because there was no hello in time.
func (c *choice) hung() {
	c.hangs++
	if c.fallback != nil && (c.fallen || c.hangs == fallenAfter) {
		c.fallen, c.hangs = !c.fallen, 0
	}
}

// blocked counts a try that ended at once although the server would have taken
// it: whatever is in the way, another transport may get past.
func (c *choice) blocked() {
	if c.fallback != nil && !c.fallen {
		c.fallen, c.hangs = true, 0
	}
}

// target returns where the present transport leads.
func (c *choice) target(stream string) string { return targetOf(c.current(), stream) }

// moved takes note that something came through, were it the end: no proxy holds
// this try back.
func (c *choice) moved() { c.hangs = 0 }

// greeted remembers what works.
func (c *choice) greeted() {
	if c.fallen && !c.remembered {
		c.remembered = true
		c.memory.Set(c.key, nameOf(c.fallback))
	}
}

func (c *choice) name() string { return nameOf(c.current()) }

// targetOf returns the address that a transport really asks for a stream's URL,
// which a probe can ask as well.
func targetOf(t Transport, stream string) string {
	if elsewhere, ok := t.(interface{ target(stream string) string }); ok {
		return elsewhere.target(stream)
	}
	return stream
}

// nameOf returns what a transport calls itself.
func nameOf(t Transport) string {
	if named, ok := t.(interface{ Name() string }); ok {
		return named.Name()
	}
	return ""
}
