package transport

import (
	"syscall/js"

	"github.com/seawaykit/seaway/shared/browser"
)

func hasEventSource() bool { return browser.Has("EventSource") }

// openEventSource drives one EventSource. Its callbacks copy, wake and return:
// while one of them runs the browser does nothing else.
func openEventSource(r Request, emit func(...Signal)) (release func(), err error) {
	if !hasEventSource() {
		return nil, ErrUnsupported
	}
	native, err := browser.New("EventSource", browser.Address(r.URL))
	if err != nil {
		return nil, err
	}
	emit, stopGathering := gather(emit)
	report := func(kind Kind, f Frame) {
		emit(Signal{Kind: kind, ReadyState: ReadyState(native.Get("readyState").Int()), Frame: f})
	}
	stopOpen := browser.Listen(native, func(js.Value) { report(ConnectionOpened, Frame{}) }, "open")
	stopError := browser.Listen(native, func(js.Value) { report(ConnectionFailed, Frame{}) }, "error")
	stopFrames := browser.Listen(native, func(e js.Value) { report(FrameArrived, frame(e)) }, r.Names...)
	return func() {
		native.Call("close")
		stopFrames()
		stopError()
		stopOpen()
		stopGathering()
	}, nil
}

// frame copies what a MessageEvent holds.
func frame(e js.Value) Frame {
	return Frame{
		Name:        e.Get("type").String(),
		Data:        e.Get("data").String(),
		LastEventID: e.Get("lastEventId").String(),
	}
}

// gather returns an emit that hands on together what one turn of the browser's
// event loop brings: normally the frames of one network packet. Without it each
// frame would be a batch of its own, because Go runs until it is idle at the
// end of every callback. A message to ourselves marks the next turn: unlike a
// timer it is not slowed down in a hidden page, and unlike a microtask it does
// not run between two frames.
func gather(emit func(...Signal)) (gathered func(...Signal), stop func()) {
	channel := js.Global().Get("MessageChannel").New()
	here, there := channel.Get("port1"), channel.Get("port2")
	var pending []Signal
	stopTurns := browser.Listen(here, func(js.Value) {
		signals := pending
		pending = nil
		emit(signals...)
	}, "message")
	here.Call("start")
	gathered = func(signals ...Signal) {
		if pending == nil {
			there.Call("postMessage", nil)
		}
		pending = append(pending, signals...)
	}
	return gathered, func() {
		stopTurns()
		here.Call("close")
	}
}
