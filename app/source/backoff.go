package source

import "time"

// A Backoff spaces the tries to connect: before each the source waits a random
// part ("full jitter") of a span that begins at Min and doubles up to Max.
// Many pages that lose one server at once so come back spread out.
type Backoff struct {
	Min time.Duration // span before the first retry; default 0.5 s
	Max time.Duration // longest span; default 30 s
	// Healthy is how long a stream must last after its hello for the span to
	// begin at Min again. Default 10 s. A connection that merely opens proves
	// nothing: a server in trouble opens many and drops each.
	Healthy time.Duration
}

// maxHint bounds what a server can ask for; more is taken for a mistake.
const maxHint = time.Hour

// delay returns how long to wait before the try of that number, counted from 1.
// The server's hint is a floor: jitter stretches it, by half of itself at
// least, since all pages may have been given the same one.
func (b Backoff) delay(try int, hint time.Duration, random float64) time.Duration {
	span := max(b.span(try), hint/2)
	return hint + time.Duration(random*float64(span))
}

// span doubles in a loop, because a shift by the number of tries overflows
// after an hour of them.
func (b Backoff) span(try int) time.Duration {
	span := b.Min
	for ; try > 1 && span < b.Max; try-- {
		span *= 2
	}
	return min(span, b.Max)
}

// hint converts a server's milliseconds.
func hint(ms int) time.Duration {
	return time.Duration(min(max(ms, 0), int(maxHint/time.Millisecond))) * time.Millisecond
}
