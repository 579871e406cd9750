package transports

import (
	"time"

	"github.com/seawaykit/seaway/app/sample/words"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// Claims are the claims that are checked, in the order in which they are
// shown.
var Claims = []Claim{
	{"asks", keepsAsking, false},
	{"pays", paysEachTime, true},
	{"holds", holdsAConnection, false},
	{"late", isLate, false},
	{"resort", isTheLastResort, true},
	{"duplex", isFullDuplex, false},
	{"protocol", isAnotherProtocol, false},
	{"heavy", isHeavier, true},
	{"stays", staysClosed, false},
	{"talk", suitsCommands, false},
	{"oneway", goesOneWay, true},
	{"light", isLight, true},
	{"returns", returns, false},
	{"types", carriesTypes, false},
	{"needless", needsNoSocket, false},
	{"told", reportsMissing, false},
}

func keepsAsking(f *Figures, w *words.Found) (Finding, bool) {
	l, ok := f.ready(contract.Poll, contract.EventSource)
	if !ok {
		return Finding{}, false
	}
	poll, sse := l[0].Usage.Requests, l[1].Usage.Requests
	return Finding{verdict(poll > sse), words.Fill(w.Asks, times(poll, w), times(sse, w))}, true
}

func paysEachTime(f *Figures, w *words.Found) (Finding, bool) {
	l, ok := f.readyWithBytes(contract.Poll, contract.EventSource)
	if !ok {
		return Finding{}, false
	}
	poll, sse := l[0], l[1]
	return Finding{verdict(poll.Usage.In > sse.Usage.In), words.Fill(w.Pays,
		Size(poll.up()), w.Answers.Of(poll.Usage.Requests), Size(poll.Usage.In), Size(sse.Usage.In))}, true
}

func holdsAConnection(f *Figures, w *words.Found) (Finding, bool) {
	poll, long, sse := f.Result(contract.Poll), f.Result(contract.LongPoll), f.Result(contract.EventSource)
	if min(poll.Samples, long.Samples, sse.Samples) < 5 {
		return Finding{}, false
	}
	return Finding{halfTrue(poll.SamplesHeld*2 > poll.Samples), words.Fill(
		w.Holds,
		w.Checks.Of(poll.Samples), words.Whole(poll.SamplesHeld), words.Whole(long.SamplesHeld), words.Whole(sse.SamplesHeld))}, true
}

func isLate(f *Figures, w *words.Found) (Finding, bool) {
	l, ok := f.ready(contract.Poll, contract.LongPoll, contract.EventSource)
	if !ok || !l[0].Delayed || !l[1].Delayed || !l[2].Delayed {
		return Finding{}, false
	}
	poll, long, sse := l[0].Median, l[1].Median, l[2].Median
	if poll <= 2*sse {
		return Finding{Fails, words.Fill(w.Late, Millis(poll), Millis(sse))}, true
	}
	return Finding{halfTrue(long*2 > poll), words.Fill(
		w.LateToo, Millis(poll), Millis(sse), Millis(long))}, true
}

func isTheLastResort(f *Figures, w *words.Found) (Finding, bool) {
	l, ok := f.readyWithBytes(contract.LongPoll, contract.EventSource)
	if !ok || !l[0].Delayed || !l[1].Delayed {
		return Finding{}, false
	}
	long, sse := l[0], l[1]
	near := long.Median < sse.Median+100*time.Millisecond
	return Finding{halfTrue(!near), words.Fill(
		w.Resort,
		Millis(long.Median), Millis(sse.Median), Size(long.Down()), Size(sse.Down()))}, true
}

func isFullDuplex(f *Figures, w *words.Found) (Finding, bool) {
	t := &f.RoundTrip
	if t.Rounds == 0 {
		return Finding{}, false
	}
	return Finding{Holds, words.Fill(
		w.Duplex, w.Questions.Of(t.Rounds), w.Messages.Of(t.Received))}, true
}

func isAnotherProtocol(f *Figures, w *words.Found) (Finding, bool) {
	l, ok := f.ready(contract.WebSocket, contract.EventSource)
	if !ok {
		return Finding{}, false
	}
	socket, sse := l[0].Usage, l[1].Usage
	return Finding{verdict(socket.Upgrades == socket.Requests && sse.Upgrades == 0), words.Fill(
		w.Protocol, words.Whole(socket.Upgrades), w.Requests.Of(socket.Requests), words.Whole(sse.Upgrades), words.Whole(sse.Requests))}, true
}

func isHeavier(f *Figures, w *words.Found) (Finding, bool) {
	l, ok := f.readyWithBytes(contract.WebSocket, contract.EventSource)
	if !ok {
		return Finding{}, false
	}
	socket, sse := l[0], l[1]
	found := Finding{HalfTrue, words.Fill(w.Heavy,
		Size(socket.Down()), Size(sse.Down()), Size(socket.up()), Size(sse.up()))}
	switch { // a difference below a twentieth is ignored
	case socket.Down()*20 > sse.Down()*21:
		found.Verdict = Holds
	case socket.Down() <= sse.Down():
		found.Verdict = Fails
	}
	return found, true
}

func staysClosed(f *Figures, w *words.Found) (Finding, bool) {
	t := &f.Drop.WebSocket
	if !t.WasCut() {
		return Finding{}, false
	}
	found := Finding{verdict(!t.Returned()), words.Fill(
		w.Stays, t.path(), Seconds(t.Observed))}
	if kit := f.Result(contract.WebSocket).Recovery; kit > 0 {
		found.Text += words.Fill(w.KitReturned, Seconds(kit))
	}
	return found, true
}

func suitsCommands(f *Figures, w *words.Found) (Finding, bool) {
	t := &f.RoundTrip
	if t.Rounds == 0 {
		return Finding{}, false
	}
	// A quarter less is noticeable, unless both are short.
	faster := t.Socket*4 < t.Post*3
	return Finding{halfTrue(faster && t.Post > 50*time.Millisecond), words.Fill(
		w.Talk, Millis(t.Socket), Millis(t.Post), words.Whole(t.Rounds))}, true
}

func goesOneWay(f *Figures, w *words.Found) (Finding, bool) {
	l, ok := f.readyWithBytes(contract.EventSource)
	if !ok {
		return Finding{}, false
	}
	c := l[0].Usage
	return Finding{verdict(c.Upgrades == 0 && c.Out > c.In), words.Fill(
		w.OneWay, w.Requests.Of(c.Requests), Size(l[0].up()), Size(c.Out))}, true
}

func isLight(f *Figures, w *words.Found) (Finding, bool) {
	l, ok := f.readyWithBytes(contract.EventSource, contract.Poll, contract.LongPoll, contract.WebSocket)
	if !ok {
		return Finding{}, false
	}
	all := func(r *Result) int64 { return (r.Usage.In + r.Usage.Out) / int64(r.Messages) }
	sse, poll, long, socket := all(l[0]), all(l[1]), all(l[2]), all(l[3])
	return Finding{verdict(sse <= min(poll, long, socket)*21/20), words.Fill(
		w.Light, Size(sse), Size(socket), Size(poll), Size(long))}, true
}

func returns(f *Figures, w *words.Found) (Finding, bool) {
	t := &f.Drop.EventSource
	if !t.WasCut() {
		return Finding{}, false
	}
	found := Finding{verdict(t.Returned()), words.Fill(w.Cut, t.path())}
	if t.Returned() {
		found.Text += words.Fill(w.CutBack, Seconds(t.Recovery))
	} else {
		found.Text += words.Fill(w.CutGone, Seconds(t.Observed))
	}
	return found, true
}

func carriesTypes(f *Figures, w *words.Found) (Finding, bool) {
	l, ok := f.ready(contract.EventSource)
	if !ok {
		return Finding{}, false
	}
	return Finding{Holds, words.Fill(w.Types,
		w.Messages.Of(l[0].Messages), contract.Sent.Name())}, true
}

func needsNoSocket(f *Figures, w *words.Found) (Finding, bool) {
	l, ok := f.ready(contract.EventSource, contract.WebSocket)
	if !ok || !l[0].Delayed || !l[1].Delayed {
		return Finding{}, false
	}
	sse, socket := l[0], l[1]
	same := sse.Missed == 0 && sse.Median < socket.Median+50*time.Millisecond
	return Finding{verdict(same), words.Fill(w.Needless,
		w.Messages.Of(sse.Messages), words.Whole(sse.Missed), words.Whole(socket.Messages), words.Whole(socket.Missed), Millis(sse.Median), Millis(socket.Median))}, true
}

func reportsMissing(f *Figures, w *words.Found) (Finding, bool) {
	switch {
	case f.Elapsed == 0:
		return Finding{}, false
	case f.NoEventSource:
		return Finding{Holds, w.Missing}, true
	}
	return Finding{NotShown, w.NotShown}, true
}
