package source

import "time"

// connect makes the try whose number the state has. It comes out of
// Waiting or Incompatible.
func (l *loop) connect() {
	attempt := l.state.Attempt
	if err := l.dial(); err != nil {
		l.wait(Reason{Text: err.Error()}, 0)
		return
	}
	l.timer.Reset(l.opts.HelloWithin)
	l.become(State{Phase: Connecting, Attempt: attempt})
}

// dial opens a connection that resumes after the position.
func (l *loop) dial() error {
	url, err := l.opts.address(l.after)
	if err != nil {
		return err
	}
	l.greeted = false
	l.hangUp, err = l.opts.Transport.Open(Request{URL: url, Names: l.names()}, l.inbox.renew())
	return err
}

// drop ends the connection, if there is one. What it has said but the page was
// not told is not going to be: the next connection says it again.
func (l *loop) drop() {
	if l.hangUp != nil {
		l.hangUp()
		l.hangUp = nil
	}
}

// wait ends the connection and sets the time of the next try. The server's hint
// for this one wait is a floor, and so is its standing one.
func (l *loop) wait(why Reason, floor time.Duration) {
	l.drop()
	next := l.state.Attempt + 1
	delay := l.opts.Backoff.delay(next, max(floor, l.pause), l.opts.Rand())
	l.timer.Reset(delay)
	l.become(State{Phase: Waiting, ReadyState: l.state.ReadyState, Attempt: next, Until: time.Now().Add(delay), Reason: why})
}

// end ends the source: run returns.
func (l *loop) end(why Reason) {
	l.drop()
	l.timer.Stop()
	l.become(State{Phase: Closed, ReadyState: l.state.ReadyState, Attempt: l.state.Attempt, Reason: why})
}

// elapse deals with the end of the time set for the present phase.
func (l *loop) elapse() {
	switch l.state.Phase {
	case Connecting:
		l.wait(Reason{Text: "the server did not answer in time"}, 0)
	case Live: // healthy: the tries it took are forgiven
		l.become(State{Phase: Live, ReadyState: l.state.ReadyState})
	case Waiting, Incompatible:
		l.connect()
	}
}

// hear deals with one signal of the connection.
func (l *loop) hear(s Signal) {
	switch s.Kind {
	case ConnectionOpened:
		next := l.state
		next.ReadyState = s.ReadyState
		l.become(next)
	case FrameArrived:
		l.read(s.Frame)
	case ConnectionFailed:
		l.lose(s)
	}
}

// lose deals with a connection that ended without a bye. A page is not told
// more by its browser: not the status, not what went wrong.
func (l *loop) lose(s Signal) {
	why := Reason{Text: "the connection was lost"}
	switch {
	case s.Err != nil:
		why.Text = s.Err.Error()
	case s.ReadyState == ReadyClosed:
		why.Text = "the server did not answer with a stream"
	case !l.greeted:
		why.Text = "the server cannot be reached"
	}
	l.setReady(s.ReadyState)
	l.wait(why, 0)
}

// setReady records what the transport says of itself; the state that follows
// tells the page.
func (l *loop) setReady(r ReadyState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.ReadyState = r
}
