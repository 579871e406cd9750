package source

import "time"

// pace calls OnBatch if it may be called now, and otherwise when it may: the
// first of a burst is told at once, and what follows at most once a frame of
// the screen.
func (l *loop) pace() {
	if !l.dirty || l.over() {
		return
	}
	if !l.batch.isSet() {
		l.batch = l.in(time.Until(l.batched.Add(l.opts.Pace)))
	}
	if l.batch.past(l.now()) {
		l.tell()
	}
}

// tell calls OnBatch if anything has changed, and stores the position that the
// page has now been told in full.
func (l *loop) tell() {
	if !l.dirty || l.stopped() {
		return
	}
	l.dirty, l.batch, l.batched = false, moment{}, time.Now()
	for _, fn := range l.onBatch {
		fn()
	}
	l.keep()
}
