package source

import "time"

const (
	// firstTrial and lastTrial are the times between two trials of the stream
	// beside a fallback in use: they double from the one to the other, and up to
	// half as much is added at random.
	firstTrial = time.Minute
	lastTrial  = time.Hour
)

// A trialPlan says when the stream is tried again beside the fallback. It
// outlives connections.
type trialPlan struct {
	made int
	due  time.Time // zero if nothing is planned
}

// next plans the next trial, if none is.
func (p *trialPlan) next(random float64) time.Time {
	if !p.due.IsZero() {
		return p.due
	}
	span := Backoff{Min: firstTrial, Max: lastTrial}.span(p.made + 1)
	p.due = time.Now().Add(span + time.Duration(random*float64(span/2)))
	return p.due
}

// hurry brings the next trial forward, to within two seconds, and those after it.
func (p *trialPlan) hurry(random float64) {
	if !p.due.IsZero() {
		*p = trialPlan{due: time.Now().Add(time.Duration(random * float64(2*time.Second)))}
	}
}
