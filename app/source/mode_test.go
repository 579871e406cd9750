package source

import (
	"slices"
	"strings"
	"testing"
)

// String returns the name that the package's doc has. Only tests need it.
func (m mode) String() string {
	return [...]string{
		opening:       "opening",
		asking:        "asking",
		reopening:     "reopening",
		reasking:      "reasking",
		awaitingReset: "awaiting reset",
		live:          "live",
		waiting:       "waiting",
		offline:       "offline",
		paused:        "paused",
		pausedLeft:    "paused, left",
		left:          "left",
		refused:       "refused",
		refusedLeft:   "refused, left",
		incompatible:  "incompatible",
		closed:        "closed",
	}[m]
}

// The table in the package's doc is the one of the code.
func TestModesAreThoseOfTheDoc(t *testing.T) {
	var want []string
	for i, m := range modes {
		connected := "no"
		if m.connected {
			connected = "yes"
		}
		want = append(want, mode(i).String()+"|"+strings.ToLower(m.phase.String())+"|"+connected)
	}
	var got []string
	for _, row := range docTable(t, "mode") {
		got = append(got, row[0]+"|"+strings.ToLower(row[1])+"|"+row[2])
	}
	if !slices.Equal(got, want) {
		t.Errorf("the doc has\n\t%q, the code\n\t%q", got, want)
	}
}

func TestModeThatIsConnectedIsConnectingLiveOrStale(t *testing.T) {
	for i, m := range modes {
		mode := mode(i)
		if m.connected && m.phase != Connecting && m.phase != Live && m.phase != Stale {
			t.Errorf("%v is %v, and connected", mode, m.phase)
		}
		if mode.greeted() && !m.connected {
			t.Errorf("%v is greeted without a connection", mode)
		}
		if (mode.isLeft() || mode.isPaused()) && m.connected {
			t.Errorf("%v is connected", mode)
		}
	}
}

// Another try neither makes a stale page fresh nor a fresh one stale.
func TestModeOfAnotherTryKeepsThePhase(t *testing.T) {
	for i := range modes {
		m := mode(i)
		stale := m.phase() == Stale
		if open := m.open(); !open.connected() || (open.phase() == Stale) != stale {
			t.Errorf("after %v comes %v", m, open)
		}
		if ask := m.ask(); ask.connected() || (ask.phase() == Stale) != stale {
			t.Errorf("after %v a probe is made in %v", m, ask)
		}
	}
}
