package lanes

import (
	"fmt"
	"time"

	"github.com/seawaykit/seaway/shared/compare"
)

// Claims are what is commonly said, in the order in which it is.
var Claims = []Claim{
	{"asks", "Polling", "keeps asking", keepsAsking},
	{"pays", "Polling", "pays for a request each time", paysEachTime},
	{"holds", "Polling", "holds one of the six connections that a browser opens to a host", holdsAConnection},
	{"late", "Polling", "is late when the interval is long", isLate},
	{"resort", "Polling", "is the last resort", isTheLastResort},
	{"duplex", "A WebSocket", "is full duplex", isFullDuplex},
	{"protocol", "A WebSocket", "is another protocol, ws", isAnotherProtocol},
	{"heavy", "A WebSocket", "is heavier", isHeavier},
	{"stays", "A WebSocket", "does not reconnect by itself", staysClosed},
	{"talk", "A WebSocket", "suits two-way talk, as in a chat", suitsTalk},
	{"oneway", "SSE", "goes one way, from server to client, over plain HTTP", goesOneWay},
	{"light", "SSE", "is light", isLight},
	{"returns", "SSE", "reconnects by itself", returns},
	{"types", "SSE", "carries event types of one’s own", carriesTypes},
	{"needless", "SSE", "needs no WebSocket for what it can do", needsNoSocket},
	{"told", "SSE", "is missing in some browsers, and the page says so", isTold},
}

func keepsAsking(f Figures) (Finding, bool) {
	l, ok := f.ready(compare.Poll, compare.EventSource)
	if !ok {
		return Finding{}, false
	}
	poll, sse := l[0].Count.Requests, l[1].Count.Requests
	return Finding{verdict(poll > sse), fmt.Sprintf("It has asked %s so far, whether there was something or not; SSE has asked %s.", times(poll), times(sse))}, true
}

func paysEachTime(f Figures) (Finding, bool) {
	l, ok := f.sized(compare.Poll, compare.EventSource)
	if !ok {
		return Finding{}, false
	}
	poll, sse := l[0], l[1]
	return Finding{verdict(poll.Count.In > sse.Count.In), fmt.Sprintf("%s of request for each of %s: %s up by now. SSE sent %s.",
		Size(poll.up()), count(poll.Count.Requests, "answer"), Size(poll.Count.In), Size(sse.Count.In))}, true
}

func holdsAConnection(f Figures) (Finding, bool) {
	poll, long, sse := f.Lanes[compare.Poll], f.Lanes[compare.LongPoll], f.Lanes[compare.EventSource]
	if min(poll.Asked, long.Asked, sse.Asked) < 5 {
		return Finding{}, false
	}
	return Finding{half(poll.HeldThen*2 > poll.Asked), fmt.Sprintf(
		"Of %s into it a poll held one in %d, a long poll in %d, SSE in %d. A WebSocket is not one of the six.",
		count(poll.Asked, "look"), poll.HeldThen, long.HeldThen, sse.HeldThen)}, true
}

func isLate(f Figures) (Finding, bool) {
	l, ok := f.ready(compare.Poll, compare.LongPoll, compare.EventSource)
	if !ok || !l[0].Delayed || !l[1].Delayed || !l[2].Delayed {
		return Finding{}, false
	}
	poll, long, sse := l[0].Median, l[1].Median, l[2].Median
	if poll <= 2*sse {
		return Finding{Fails, fmt.Sprintf("Asking every 2 s it was %s late at the median, SSE %s.", Millis(poll), Millis(sse))}, true
	}
	return Finding{half(long*2 > poll), fmt.Sprintf(
		"Asking every 2 s it was %s late at the median, SSE %s. But a long poll, which has no interval: %s.", Millis(poll), Millis(sse), Millis(long))}, true
}

func isTheLastResort(f Figures) (Finding, bool) {
	l, ok := f.sized(compare.LongPoll, compare.EventSource)
	if !ok || !l[0].Delayed || !l[1].Delayed {
		return Finding{}, false
	}
	long, sse := l[0], l[1]
	near := long.Median < sse.Median+100*time.Millisecond
	return Finding{half(!near), fmt.Sprintf(
		"Long polling was %s late at the median (SSE %s), for %s down a message (%s). It works where nothing else does.",
		Millis(long.Median), Millis(sse.Median), Size(long.Down()), Size(sse.Down()))}, true
}

func isFullDuplex(f Figures) (Finding, bool) {
	t := f.Talk
	if t.Rounds == 0 {
		return Finding{}, false
	}
	return Finding{Holds, fmt.Sprintf(
		"%s went up a socket and were answered on it, while it brought %s down.", count(t.Rounds, "question"), count(t.Heard, "message"))}, true
}

func isAnotherProtocol(f Figures) (Finding, bool) {
	l, ok := f.ready(compare.WebSocket, compare.EventSource)
	if !ok {
		return Finding{}, false
	}
	socket, sse := l[0].Count, l[1].Count
	return Finding{verdict(socket.Upgrades == socket.Requests && sse.Upgrades == 0), fmt.Sprintf(
		"%d of its %s left HTTP by an upgrade; of those of SSE %d of %d.", socket.Upgrades, count(socket.Requests, "request"), sse.Upgrades, sse.Requests)}, true
}

func isHeavier(f Figures) (Finding, bool) {
	l, ok := f.sized(compare.WebSocket, compare.EventSource)
	if !ok {
		return Finding{}, false
	}
	socket, sse := l[0], l[1]
	found := Finding{HalfTrue, fmt.Sprintf("A message costs %s down (SSE %s), the request to open it %s (%s). What it takes to program is not counted.",
		Size(socket.Down()), Size(sse.Down()), Size(socket.up()), Size(sse.up()))}
	switch { // within a twentieth is not worth a word
	case socket.Down()*20 > sse.Down()*21:
		found.Verdict = Holds
	case socket.Down() <= sse.Down():
		found.Verdict = Fails
	}
	return found, true
}

func staysClosed(f Figures) (Finding, bool) {
	t := f.Drop.WebSocket
	if !t.known() {
		return Finding{}, false
	}
	found := Finding{verdict(!t.Returned()), fmt.Sprintf(
		"Cut, and left to the browser: readyState %s, and nothing more for %s.", t.path(), Seconds(t.Watched))}
	if kit := f.Lanes[compare.WebSocket].Back; kit > 0 {
		found.Text += fmt.Sprintf(" The kit had its own back in %s.", Seconds(kit))
	}
	return found, true
}

func suitsTalk(f Figures) (Finding, bool) {
	t := f.Talk
	if t.Rounds == 0 {
		return Finding{}, false
	}
	// A quarter less is what one might notice, if it is not little anyway.
	faster := t.Socket*4 < t.Post*3
	return Finding{half(faster && t.Post > 50*time.Millisecond), fmt.Sprintf(
		"A question was answered in %s on the socket, and in %s by a POST beside a stream (medians of %d).", Millis(t.Socket), Millis(t.Post), t.Rounds)}, true
}

func goesOneWay(f Figures) (Finding, bool) {
	l, ok := f.sized(compare.EventSource)
	if !ok {
		return Finding{}, false
	}
	c := l[0].Count
	return Finding{verdict(c.Upgrades == 0 && c.Out > c.In), fmt.Sprintf(
		"%s up, %s each, and nothing after that; %s down. No upgrade.", count(c.Requests, "request"), Size(l[0].up()), Size(c.Out))}, true
}

func isLight(f Figures) (Finding, bool) {
	l, ok := f.sized(compare.EventSource, compare.Poll, compare.LongPoll, compare.WebSocket)
	if !ok {
		return Finding{}, false
	}
	all := func(l Lane) int64 { return (l.Count.In + l.Count.Out) / int64(l.Messages) }
	sse, poll, long, socket := all(l[0]), all(l[1]), all(l[2]), all(l[3])
	return Finding{verdict(sse <= min(poll, long, socket)*21/20), fmt.Sprintf(
		"Both ways, for each message: SSE %s, WebSocket %s, polling %s, long polling %s.", Size(sse), Size(socket), Size(poll), Size(long))}, true
}

func returns(f Figures) (Finding, bool) {
	t := f.Drop.EventSource
	if !t.known() {
		return Finding{}, false
	}
	found := Finding{verdict(t.Returned()), fmt.Sprintf("Cut, and left to the browser: readyState %s", t.path())}
	if t.Returned() {
		found.Text += fmt.Sprintf(", open again after %s. Browsers give up after some answers, for instance a 503.", Seconds(t.Back))
	} else {
		found.Text += fmt.Sprintf(", and not open again for %s.", Seconds(t.Watched))
	}
	return found, true
}

func carriesTypes(f Figures) (Finding, bool) {
	l, ok := f.ready(compare.EventSource)
	if !ok {
		return Finding{}, false
	}
	return Finding{Holds, fmt.Sprintf("%s came as events called %s, and the browser gave them to that listener.",
		count(l[0].Messages, "message"), compare.Pulsed.Name())}, true
}

func needsNoSocket(f Figures) (Finding, bool) {
	l, ok := f.ready(compare.EventSource, compare.WebSocket)
	if !ok || !l[0].Delayed || !l[1].Delayed {
		return Finding{}, false
	}
	sse, socket := l[0], l[1]
	same := sse.Missed == 0 && sse.Median < socket.Median+50*time.Millisecond
	return Finding{verdict(same), fmt.Sprintf("SSE brought %s and missed %d, the WebSocket %d and %d; late by %s and %s at the median.",
		count(sse.Messages, "message"), sse.Missed, socket.Messages, socket.Missed, Millis(sse.Median), Millis(socket.Median))}, true
}

func isTold(f Figures) (Finding, bool) {
	switch {
	case f.Running == 0:
		return Finding{}, false
	case f.Mute:
		return Finding{Holds, "This browser has no EventSource, and the other pages use long polling instead."}, true
	}
	return Finding{Elsewhere, "This browser has EventSource, as have all that are kept up. One without is told so here and on every page, and gets long polling."}, true
}
