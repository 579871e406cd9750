package transports

import "time"

// A clock estimates the server's time from the page's.
type clock struct {
	known       bool
	offset      time.Duration // to be added to the page's time
	uncertainty time.Duration // how far off it may be: half of the round trip
}

// driftPerReading is how far two clocks may drift apart in the second between two
// readings: 20 millionths, as cheap crystals do.
const driftPerReading = 20 * time.Microsecond

// read takes one reading: a request sent and answered at the given times of the
// page's clock, with the server's time. The reading with the shortest round trip
// is used, since the answer was written somewhere in between. It becomes less
// exact by driftPerReading each second.
func (c *clock) read(sent, received, server time.Time) {
	within := received.Sub(sent) / 2
	c.uncertainty += driftPerReading
	if within < 0 || c.known && within > c.uncertainty {
		return
	}
	c.known = true
	c.uncertainty = within
	c.offset = server.Sub(sent.Add(within))
}
