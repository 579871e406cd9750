// Package behaviour_test checks how browsers' EventSource behaves when streams
// fail, and how a Seaway page behaves: one table, which stands in
// README.md beside this file. A browser that begins to behave otherwise fails these tests: that
// is their purpose.
package behaviour_test

import script "github.com/seawaykit/seaway/app/transport/transporttest"

// A section is a part of the table.
type section struct {
	title string
	rows  []row
}

// A row is something that happens to a page, and what comes of it. Event 1 is
// the first of each scenario, if there is any; event 9 comes with the last
// answer, which stays open: a page that has it is live.
type row struct {
	name    string
	answers []script.Answer
	worker  worker
	door    door // on a port of its own, which is shut until a try has failed
	silent  bool // nothing comes in the end: the page is watched for 2 s
	gaps    int  // report the shortest of so many pauses, before the last requests

	chromium, firefox string // how readyState goes
	seaway            string // the phases of a source.Source
	seawayInFirefox   string // if they are others there

	poll, socket string // the phases over LongPoll and over WebSocket, or a dash and why there are none
}

// A worker says which service worker a page has.
type worker string

const (
	none  worker = ""
	stock worker = "stock" // go-app's
	ours  worker = "ours"  // with the kit's listener before it
)

// A door says which page asks for the stream, if that has a port of its own.
type door string

const (
	closed  door = ""
	same    door = "same"    // one that came from there, too
	foreign door = "foreign" // one of another origin
)

var table = []section{
	{"The first answer", []row{
		{name: "200", answers: answers(fresh()),
			chromium: "1", firefox: "1", seaway: "live",
			poll: "live", socket: "live"},
		{name: "204", answers: twice(status(204)),
			chromium: "2, for good", firefox: "2, for good", seaway: "closed, for good",
			poll: "closed, for good", socket: "closed, for good"},
		{name: "301 to a stream that ends", answers: answers(redirect(301), begin(), back()),
			chromium: "1 → 0 → 1, at the new address after 1", firefox: "1 → 0 → 1, at the new address after 1", seaway: "live → waiting → live, at the old address after 1",
			poll: "live, at the old address after 1", socket: "waiting → live"},
		{name: "307 to a stream that ends", answers: answers(redirect(307), begin(), back()),
			chromium: "1 → 0 → 1, at the new address after 1", firefox: "1 → 0 → 1, at the old address after 1", seaway: "live → waiting → live, at the old address after 1",
			poll: "live, at the old address after 1", socket: "waiting → live"},
		{name: "401", answers: twice(status(401)),
			chromium: "2, for good", firefox: "2, for good", seaway: "refused, for good",
			poll: "refused, for good", socket: "refused, for good"},
		{name: "403", answers: twice(status(403)),
			chromium: "2, for good", firefox: "2, for good", seaway: "refused, for good",
			poll: "refused, for good", socket: "refused, for good"},
		{name: "404", answers: twice(status(404)),
			chromium: "2, for good", firefox: "2, for good", seaway: "refused, for good",
			poll: "refused, for good", socket: "refused, for good"},
		{name: "410", answers: twice(status(410)),
			chromium: "2, for good", firefox: "2, for good", seaway: "refused, for good",
			poll: "refused, for good", socket: "refused, for good"},
		{name: "429", answers: twice(status(429)),
			chromium: "2, for good", firefox: "2, for good", seaway: "waiting → live",
			poll: "waiting → live", socket: "waiting → live"},
		{name: "503", answers: twice(status(503)),
			chromium: "2, for good", firefox: "2, for good", seaway: "waiting → live",
			poll: "waiting → live", socket: "waiting → live"},
		{name: "`text/html`", answers: twice(typed("text/html")),
			chromium: "2, for good", firefox: "2, for good", seaway: "waiting → live",
			poll: "live", socket: "waiting → live"},
		{name: "`text/event-stream; charset=utf-8`", answers: twice(typed("text/event-stream; charset=utf-8")),
			chromium: "1", firefox: "1", seaway: "live",
			poll: "live", socket: "– (a socket has no type)"},
		{name: "`text/event-stream; charset=windows-1252`", answers: twice(typed("text/event-stream; charset=windows-1252")),
			chromium: "2, for good", firefox: "1", seaway: "live",
			poll: "live", socket: "– (a socket has no type)"},
		{name: "`text/event-stream; v=1`, `text/event-stream;`", answers: answers(typed("text/event-stream; v=1"), typed("text/event-stream;")),
			chromium: "1", firefox: "1", seaway: "live",
			poll: "live", socket: "– (a socket has no type)"},
	}},
	{"The connection", []row{
		{name: "is refused for a while, after a cut", door: same, answers: answers(ending(script.Shut), back()),
			chromium: "1 → 0 → 1, after 1", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "live → waiting → live, after 1", socket: "live → waiting → live, after 1"},
		{name: "is refused for a while, by another origin", door: foreign, answers: answers(open(ending(script.Shut)), open(back())),
			chromium: "1 → 0 → 1, after 1", firefox: "1 → 0 → 2, for good", seaway: "live → waiting → live, after 1",
			poll: "live → waiting → live, after 1", socket: "live → waiting → live, after 1"},
		{name: "is reset before the head, twice", answers: answers(begin(), mute(script.Reset), mute(script.Reset), back()),
			chromium: "1 → 0 → 1, after 1", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "live → waiting → live, after 1", socket: "live → waiting → live, after 1"},
		{name: "is reset after the head", answers: answers(ending(script.Reset), back()),
			chromium: "1 → 0 → 1, after 1", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "live → waiting → live, after 1", socket: "live → waiting → live, after 1"},
		{name: "is closed before the head, twice", answers: answers(begin(), mute(script.Cut), mute(script.Cut), back()),
			chromium: "1 → 0 → 1, after 1", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "live → waiting → live, after 1", socket: "live → waiting → live, after 1"},
		{name: "is cut in the middle of a frame", answers: answers(inMidFrame(script.Cut), back()),
			chromium: "1 → 0 → 1, after 1", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "live → waiting → live, after 1", socket: "live → waiting → live, after 1"},
		{name: "ends properly in the middle of a frame", answers: answers(inMidFrame(script.Finish), back()),
			chromium: "1 → 0 → 1, after 1", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "live, after 1", socket: "live → waiting → live, after 1"},
		{name: "ends properly", answers: answers(begin(), back()),
			chromium: "1 → 0 → 1, after 1", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "live, after 1", socket: "live → waiting → live, after 1"},
		{name: "trickles, byte by byte", answers: answers(trickling(fresh())),
			chromium: "1", firefox: "1", seaway: "live",
			poll: "live", socket: "live"},
		{name: "is a black hole", silent: true, answers: answers(mute(script.Hold)),
			chromium: "0, no more", firefox: "0, no more", seaway: "waiting, again and again",
			poll: "waiting, again and again", socket: "waiting, again and again"},
		{name: "is a black hole after the head", silent: true, answers: answers(script.Answer{}),
			chromium: "1, no more", firefox: "0, no more", seaway: "waiting, again and again",
			poll: "waiting, again and again", socket: "waiting, again and again"},
		{name: "falls silent after an event", silent: true, answers: answers(ending(script.Hold)),
			chromium: "1, no more", firefox: "1, no more", seaway: "live → stale, and it tries again",
			poll: "live → stale, and it tries again", socket: "live → stale, and it tries again"},
		{name: "ends, and the next answer is 503", answers: answers(begin(), status(503), back()),
			chromium: "1 → 0 → 2, for good", firefox: "1 → 0 → 2, for good", seaway: "live → waiting → live, after 1",
			poll: "live → waiting → live, after 1", socket: "live → waiting → live, after 1"},
		{name: "ends, and the next answer is 204", answers: answers(begin(), status(204), back()),
			chromium: "1 → 0 → 2, for good", firefox: "1 → 0 → 2, for good", seaway: "live → waiting → live, after 1",
			poll: "live → closed, for good", socket: "live → waiting → live, after 1"},
	}},
	{"The pause that the stream asks for", []row{
		{name: "none", gaps: 1, answers: answers(saying(), back()),
			chromium: "after 3 s", firefox: "after 5 s", seaway: "by its own back-off",
			poll: "– (each answer ends)", socket: "by its own back-off"},
		{name: "`retry: 10`", gaps: 5, answers: append(repeat(5, saying("retry: 10\n")), back()),
			chromium: "at once", firefox: "after 0.5 s", seaway: "by its own back-off",
			poll: "– (each answer ends)", socket: "by its own back-off"},
		{name: "`retry: 1500`", gaps: 1, answers: answers(saying("retry: 1500\n"), back()),
			chromium: "after 1.5 s", firefox: "after 1.5 s", seaway: "by its own back-off",
			poll: "– (each answer ends)", socket: "by its own back-off"},
		{name: "`retry: 01500`", gaps: 1, answers: answers(saying("retry: 01500\n"), back()),
			chromium: "after 1.5 s", firefox: "after 1.5 s", seaway: "by its own back-off",
			poll: "– (each answer ends)", socket: "by its own back-off"},
		{name: "`retry: 1500x`", gaps: 1, answers: answers(saying("retry: 1500x\n"), back()),
			chromium: "after 3 s", firefox: "after 5 s", seaway: "by its own back-off",
			poll: "– (each answer ends)", socket: "by its own back-off"},
		{name: "`retry: 1500`, then `retry:`", gaps: 1, answers: answers(saying("retry: 1500\n\nretry:\n"), back()),
			chromium: "after 3 s", firefox: "after 0.5 s", seaway: "by its own back-off",
			poll: "– (each answer ends)", socket: "by its own back-off"},
	}},
	{"The position, after event 1", []row{
		{name: "an event with an id", answers: answers(adding(text(events(2, 2)...)), back()),
			chromium: "1 → 0 → 1, after 2", firefox: "1 → 0 → 1, after 2", seaway: "live → waiting → live, after 2",
			poll: "live, after 2", socket: "live → waiting → live, after 2"},
		{name: "an event without", answers: answers(adding("event: test.noted\ndata: {\"N\":2}\n\n"), back()),
			chromium: "1 → 0 → 1, after 1", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "live, after 1", socket: "live → waiting → live, after 1"},
		{name: "an id without an event", answers: answers(adding("id: "+at(2).String()+"\n\n"), back()),
			chromium: "1 → 0 → 1, after 2", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "live, after 2", socket: "live → waiting → live, after 1"},
		{name: "an empty id", answers: answers(adding("id:\nevent: test.noted\ndata: {\"N\":2}\n\n"), back()),
			chromium: "1 → 0 → 1, without a position", firefox: "1 → 0 → 1, without a position", seaway: "live → waiting → live, after 1",
			poll: "live, after 1", socket: "live → waiting → live, after 1"},
		{name: "an id with a NUL", answers: answers(adding("id: "+at(2).String()+"\x00\nevent: test.noted\ndata: {\"N\":2}\n\n"), back()),
			chromium: "1 → 0 → 1, after 1", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "live, after 1", socket: "live → waiting → live, after 1"},
	}},
	{"go-app's own service worker", []row{
		{name: "the stream ends properly", worker: stock, answers: answers(begin(), back()),
			chromium: "1 → 0 → 1, without a position", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "live, after 1", socket: "– (no worker sees a socket)"},
		{name: "it is cut", worker: stock, answers: answers(ending(script.Cut), back()),
			chromium: "1 → 2, for good", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "live → waiting → live, after 1", socket: "– (no worker sees a socket)"},
		{name: "the connection is refused for a while", worker: stock, door: same, answers: answers(ending(script.Shut), back()),
			chromium: "1 → 2, for good", firefox: "1 → 0 → 2, for good", seaway: "live → waiting → live, after 1",
			poll: "– (played from another page)", socket: "– (no worker sees a socket)"},
		{name: "the stream is quiet, and the worker idle", worker: stock, silent: true, answers: answers(ending(script.Hold)),
			chromium: "1, no more", firefox: "1 → 2, for good", seaway: "live → stale, and it tries again",
			poll: "live → stale, and it tries again", socket: "– (no worker sees a socket)"},
	}},
	{"The same worker behind the kit's listener", []row{
		{name: "the stream ends properly", worker: ours, answers: answers(begin(), back()),
			chromium: "1 → 0 → 1, after 1", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "live, after 1", socket: "– (no worker sees a socket)"},
		{name: "it is cut", worker: ours, answers: answers(ending(script.Cut), back()),
			chromium: "1 → 0 → 1, after 1", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "live → waiting → live, after 1", socket: "– (no worker sees a socket)"},
		{name: "the connection is refused for a while", worker: ours, door: same, answers: answers(ending(script.Shut), back()),
			chromium: "1 → 0 → 1, after 1", firefox: "1 → 0 → 1, after 1", seaway: "live → waiting → live, after 1",
			poll: "– (played from another page)", socket: "– (no worker sees a socket)"},
		{name: "the stream is quiet, and the worker idle", worker: ours, silent: true, answers: answers(ending(script.Hold)),
			chromium: "1, no more", firefox: "1, no more", seaway: "live → stale, and it tries again",
			poll: "live → stale, and it tries again", socket: "– (no worker sees a socket)"},
	}},
}
