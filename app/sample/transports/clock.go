package transports

import "time"

// A clock tells the server's time by the page's own.
type clock struct {
	known  bool
	offset time.Duration // to be added to the page's time
	within time.Duration // how far off it may be: half of the round trip
}

// driftPerReading is what two clocks may part by in the second between two
// readings: 20 millionths, as cheap crystals do.
const driftPerReading = 20 * time.Microsecond

// read takes one reading: a question that left at sent and was answered at
// received, by the page's clock, with the server's time. The best is the one
// that took least, since the answer was written somewhere in between. An old
// best grows worse by what clocks may drift in the second between two.
func (c *clock) read(sent, received, server time.Time) {
	within := received.Sub(sent) / 2
	c.within += driftPerReading
	if within < 0 || c.known && within > c.within {
		return
	}
	c.known = true
	c.within = within
	c.offset = server.Sub(sent.Add(within))
}
