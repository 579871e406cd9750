package transports

import (
	"time"

	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// Claims are the claims that are checked, in the order in which they are
// shown.
var Claims = []Claim{
	{"asks", "Polling", "keeps asking", keepsAsking, false},
	{"pays", "Polling", "pays for a request each time", paysEachTime, true},
	{"holds", "Polling", "holds one of the six connections that a browser opens to a host", holdsAConnection, false},
	{"late", "Polling", "is late when the interval is long", isLate, false},
	{"resort", "Polling", "is the last resort", isTheLastResort, true},
	{"duplex", "A WebSocket", "is full duplex", isFullDuplex, false},
	{"protocol", "A WebSocket", "is another protocol, ws", isAnotherProtocol, false},
	{"heavy", "A WebSocket", "is heavier", isHeavier, true},
	{"stays", "A WebSocket", "does not reconnect by itself", staysClosed, false},
	{"talk", "A WebSocket", "suits two-way talk, as in a chat", suitsCommands, false},
	{"oneway", "SSE", "goes one way, from server to client, over plain HTTP", goesOneWay, true},
	{"light", "SSE", "is light", isLight, true},
	{"returns", "SSE", "reconnects by itself", returns, false},
	{"types", "SSE", "carries event types of one’s own", carriesTypes, false},
	{"needless", "SSE", "needs no WebSocket for what it can do", needsNoSocket, false},
	{"told", "SSE", "is missing in some browsers, and the page says so", reportsMissing, false},
}

func keepsAsking(f *Figures) (Finding, bool) {
	l, ok := f.ready(contract.Poll, contract.EventSource)
	if !ok {
		return Finding{}, false
	}
	poll, sse := l[0].Usage.Requests, l[1].Usage.Requests
	return Finding{verdict(poll > sse), fill("It has asked % so far, whether there was something or not; SSE has asked %.", times(poll), times(sse))}, true
}

func paysEachTime(f *Figures) (Finding, bool) {
	l, ok := f.readyWithBytes(contract.Poll, contract.EventSource)
	if !ok {
		return Finding{}, false
	}
	poll, sse := l[0], l[1]
	return Finding{verdict(poll.Usage.In > sse.Usage.In), fill("% of request for each of %: % up by now. SSE sent %.",
		Size(poll.up()), plural(poll.Usage.Requests, "answer"), Size(poll.Usage.In), Size(sse.Usage.In))}, true
}

func holdsAConnection(f *Figures) (Finding, bool) {
	poll, long, sse := f.Result(contract.Poll), f.Result(contract.LongPoll), f.Result(contract.EventSource)
	if min(poll.Samples, long.Samples, sse.Samples) < 5 {
		return Finding{}, false
	}
	return Finding{halfTrue(poll.SamplesHeld*2 > poll.Samples), fill(
		"Checked %: a poll held one in %, a long poll in %, SSE in %. A WebSocket is not one of the six.",
		plural(poll.Samples, "time"), Whole(poll.SamplesHeld), Whole(long.SamplesHeld), Whole(sse.SamplesHeld))}, true
}

func isLate(f *Figures) (Finding, bool) {
	l, ok := f.ready(contract.Poll, contract.LongPoll, contract.EventSource)
	if !ok || !l[0].Delayed || !l[1].Delayed || !l[2].Delayed {
		return Finding{}, false
	}
	poll, long, sse := l[0].Median, l[1].Median, l[2].Median
	if poll <= 2*sse {
		return Finding{Fails, fill("Asking every 2 s it was % late at the median, SSE %.", Millis(poll), Millis(sse))}, true
	}
	return Finding{halfTrue(long*2 > poll), fill(
		"Asking every 2 s it was % late at the median, SSE %. But a long poll, which has no interval: %.", Millis(poll), Millis(sse), Millis(long))}, true
}

func isTheLastResort(f *Figures) (Finding, bool) {
	l, ok := f.readyWithBytes(contract.LongPoll, contract.EventSource)
	if !ok || !l[0].Delayed || !l[1].Delayed {
		return Finding{}, false
	}
	long, sse := l[0], l[1]
	near := long.Median < sse.Median+100*time.Millisecond
	return Finding{halfTrue(!near), fill(
		"Long polling was % late at the median (SSE %), for % down a message (%). It works where nothing else does.",
		Millis(long.Median), Millis(sse.Median), Size(long.Down()), Size(sse.Down()))}, true
}

func isFullDuplex(f *Figures) (Finding, bool) {
	t := &f.RoundTrip
	if t.Rounds == 0 {
		return Finding{}, false
	}
	return Finding{Holds, fill(
		"% went up a socket and were answered on it, while it brought % down.", plural(t.Rounds, "question"), plural(t.Received, "message"))}, true
}

func isAnotherProtocol(f *Figures) (Finding, bool) {
	l, ok := f.ready(contract.WebSocket, contract.EventSource)
	if !ok {
		return Finding{}, false
	}
	socket, sse := l[0].Usage, l[1].Usage
	return Finding{verdict(socket.Upgrades == socket.Requests && sse.Upgrades == 0), fill(
		"% of its % left HTTP by an upgrade; of those of SSE % of %.", Whole(socket.Upgrades), plural(socket.Requests, "request"), Whole(sse.Upgrades), Whole(sse.Requests))}, true
}

func isHeavier(f *Figures) (Finding, bool) {
	l, ok := f.readyWithBytes(contract.WebSocket, contract.EventSource)
	if !ok {
		return Finding{}, false
	}
	socket, sse := l[0], l[1]
	found := Finding{HalfTrue, fill("A message costs % down (SSE %), the request to open it % (%). What it takes to program is not counted.",
		Size(socket.Down()), Size(sse.Down()), Size(socket.up()), Size(sse.up()))}
	switch { // a difference below a twentieth is ignored
	case socket.Down()*20 > sse.Down()*21:
		found.Verdict = Holds
	case socket.Down() <= sse.Down():
		found.Verdict = Fails
	}
	return found, true
}

func staysClosed(f *Figures) (Finding, bool) {
	t := &f.Drop.WebSocket
	if !t.WasCut() {
		return Finding{}, false
	}
	found := Finding{verdict(!t.Returned()), fill(
		"Cut, and left to the browser: readyState %, and nothing more for %.", t.path(), Seconds(t.Observed))}
	if kit := f.Result(contract.WebSocket).Recovery; kit > 0 {
		found.Text += fill(" The kit had its own back in %.", Seconds(kit))
	}
	return found, true
}

func suitsCommands(f *Figures) (Finding, bool) {
	t := &f.RoundTrip
	if t.Rounds == 0 {
		return Finding{}, false
	}
	// A quarter less is noticeable, unless both are short.
	faster := t.Socket*4 < t.Post*3
	return Finding{halfTrue(faster && t.Post > 50*time.Millisecond), fill(
		"A question was answered in % on the socket, and in % by a POST beside a stream (medians of %).", Millis(t.Socket), Millis(t.Post), Whole(t.Rounds))}, true
}

func goesOneWay(f *Figures) (Finding, bool) {
	l, ok := f.readyWithBytes(contract.EventSource)
	if !ok {
		return Finding{}, false
	}
	c := l[0].Usage
	return Finding{verdict(c.Upgrades == 0 && c.Out > c.In), fill(
		"% up, % each, and nothing after that; % down. No upgrade.", plural(c.Requests, "request"), Size(l[0].up()), Size(c.Out))}, true
}

func isLight(f *Figures) (Finding, bool) {
	l, ok := f.readyWithBytes(contract.EventSource, contract.Poll, contract.LongPoll, contract.WebSocket)
	if !ok {
		return Finding{}, false
	}
	all := func(r *Result) int64 { return (r.Usage.In + r.Usage.Out) / int64(r.Messages) }
	sse, poll, long, socket := all(l[0]), all(l[1]), all(l[2]), all(l[3])
	return Finding{verdict(sse <= min(poll, long, socket)*21/20), fill(
		"Both ways, for each message: SSE %, WebSocket %, polling %, long polling %.", Size(sse), Size(socket), Size(poll), Size(long))}, true
}

func returns(f *Figures) (Finding, bool) {
	t := &f.Drop.EventSource
	if !t.WasCut() {
		return Finding{}, false
	}
	found := Finding{verdict(t.Returned()), fill("Cut, and left to the browser: readyState %", t.path())}
	if t.Returned() {
		found.Text += fill(", open again after %. Browsers give up after some answers, for instance a 503.", Seconds(t.Recovery))
	} else {
		found.Text += fill(", and not open again for %.", Seconds(t.Observed))
	}
	return found, true
}

func carriesTypes(f *Figures) (Finding, bool) {
	l, ok := f.ready(contract.EventSource)
	if !ok {
		return Finding{}, false
	}
	return Finding{Holds, fill("% came as events called %, and the browser gave them to that listener.",
		plural(l[0].Messages, "message"), contract.Sent.Name())}, true
}

func needsNoSocket(f *Figures) (Finding, bool) {
	l, ok := f.ready(contract.EventSource, contract.WebSocket)
	if !ok || !l[0].Delayed || !l[1].Delayed {
		return Finding{}, false
	}
	sse, socket := l[0], l[1]
	same := sse.Missed == 0 && sse.Median < socket.Median+50*time.Millisecond
	return Finding{verdict(same), fill("SSE brought % and missed %, the WebSocket % and %; late by % and % at the median.",
		plural(sse.Messages, "message"), Whole(sse.Missed), Whole(socket.Messages), Whole(socket.Missed), Millis(sse.Median), Millis(socket.Median))}, true
}

func reportsMissing(f *Figures) (Finding, bool) {
	switch {
	case f.Elapsed == 0:
		return Finding{}, false
	case f.NoEventSource:
		return Finding{Holds, "This browser has no EventSource, and the other pages use long polling instead."}, true
	}
	return Finding{NotShown, "This browser has EventSource, as all current ones do. In one without it every page says so, and uses long polling."}, true
}
