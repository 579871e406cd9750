package source

import (
	"sync/atomic"
	"syscall/js"
)

// openEventSource drives one EventSource. Its callbacks copy, poke and return:
// while one of them runs the browser does nothing else.
func openEventSource(r Request, emit func(...Signal)) (release func(), err error) {
	class := js.Global().Get("EventSource")
	if class.Type() != js.TypeFunction {
		return nil, ErrUnsupported
	}
	native, err := construct(class, r.URL)
	if err != nil {
		return nil, err
	}
	emit, stopGathering := gather(emit)
	tell := func(kind Kind, f Frame) {
		emit(Signal{Kind: kind, ReadyState: ReadyState(native.Get("readyState").Int()), Frame: f})
	}
	stopOpen := listen(native, func(js.Value) { tell(ConnectionOpened, Frame{}) }, "open")
	stopError := listen(native, func(js.Value) { tell(ConnectionFailed, Frame{}) }, "error")
	stopFrames := listen(native, func(e js.Value) { tell(FrameArrived, frame(e)) }, r.Names...)
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

// construct returns a new object. The browser throws if it cannot read an
// address.
func construct(class js.Value, args ...any) (native js.Value, err error) {
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case js.Error:
			err = thrown
		default:
			panic(thrown)
		}
	}()
	return class.New(args...), nil
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
	stopTurns := listen(here, func(js.Value) {
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

// listen has fn called with a target's events of these names, until stop.
func listen(target js.Value, fn func(event js.Value), names ...string) (stop func()) {
	callback := js.FuncOf(func(_ js.Value, args []js.Value) any {
		fn(args[0])
		return nil
	})
	callbacks.Add(1)
	for _, name := range names {
		target.Call("addEventListener", name, callback)
	}
	return func() {
		for _, name := range names {
			target.Call("removeEventListener", name, callback)
		}
		callback.Release()
		callbacks.Add(-1)
	}
}

// callbacks counts those that are not released, for the test that none stays.
var callbacks atomic.Int64
