package source

// A mode is what the loop is doing: a row of the table in the package's doc. It
// says which phase is reported to the page, and whether there is a connection.
type mode uint8

const (
	opening mode = iota
	asking
	reopening
	reasking
	awaitingReset
	live
	waiting
	offline
	paused
	pausedLeft
	left
	refused
	refusedLeft
	incompatible
	closed
)

// modes are the table.
var modes = [...]struct {
	phase     Phase
	connected bool
}{
	opening:       {Connecting, true},
	asking:        {Connecting, false},
	reopening:     {Stale, true},
	reasking:      {Stale, false},
	awaitingReset: {Live, true},
	live:          {Live, true},
	waiting:       {Waiting, false},
	offline:       {Offline, false},
	paused:        {Offline, false},
	pausedLeft:    {Offline, false},
	left:          {Stale, false},
	refused:       {Refused, false},
	refusedLeft:   {Refused, false},
	incompatible:  {Incompatible, false},
	closed:        {Closed, false},
}

// phase returns the phase that is reported to the page.
func (m mode) phase() Phase { return modes[m].phase }

// connected reports whether there is a connection whose signals count.
func (m mode) connected() bool { return modes[m].connected }

// greeted reports whether its hello has come.
func (m mode) greeted() bool { return m.phase() == Live }

// isPaused reports whether a developer keeps the source off the network.
func (m mode) isPaused() bool { return m == paused || m == pausedLeft }

// isLeft reports whether the page was put into the back/forward cache.
func (m mode) isLeft() bool { return m == left || m == pausedLeft || m == refusedLeft }

// open returns the mode of another try. What a stale page shows stays stale until
// a hello.
func (m mode) open() mode {
	if m.phase() == Stale {
		return reopening
	}
	return opening
}

// ask returns the mode of a try that has failed, while a probe asks why.
func (m mode) ask() mode {
	if m.phase() == Stale {
		return reasking
	}
	return asking
}
