package source

import (
	"strings"
	"syscall/js"
)

// enterGroup joins the tabs of this browser that use the same name.
func enterGroup(name string, heard func(text string)) (group, error) {
	locks := js.Global().Get("navigator").Get("locks")
	class := js.Global().Get("BroadcastChannel")
	if locks.Type() != js.TypeObject || class.Type() != js.TypeFunction {
		return nil, ErrUnsupported
	}
	channel, err := construct(class, name)
	if err != nil {
		return nil, err
	}
	stop := listen(channel, func(e js.Value) { heard(e.Get("data").String()) }, "message")
	return &browserGroup{name: name, locks: locks, channel: channel, stop: stop}, nil
}

// A browserGroup is a BroadcastChannel and a Web Lock of the same name. A page
// with either is kept out of the back/forward cache by some browsers: leave
// ends both.
type browserGroup struct {
	name           string
	locks, channel js.Value
	stop           func() // listening
	yield          func() // gives up the lock or the request for it; nil without
}

func (g *browserGroup) say(text string) { g.channel.Call("postMessage", text) }

func (g *browserGroup) leave() {
	g.release()
	g.stop()
	g.channel.Call("close")
}

func (g *browserGroup) release() {
	if g.yield != nil {
		g.yield()
		g.yield = nil
	}
}

// seek requests the lock. The browser calls back when it is granted and keeps
// it until the promise that it gets there is resolved. The request's own promise
// settles when all is over, which yield waits for: until then the callbacks
// must be there.
func (g *browserGroup) seek(steal bool, r outcome) {
	g.release()
	held, letGo := newPromise()
	controller := js.Global().Get("AbortController").New()
	options := map[string]any{"signal": controller.Get("signal")}
	if steal { // the two exclude each other
		options = map[string]any{"steal": true}
	}
	yielded, over := false, make(chan struct{})
	grant := newCallback(func([]js.Value) any {
		if !yielded {
			r.granted()
		}
		return held
	})
	end := newCallback(func([]js.Value) any {
		close(over)
		return nil
	})
	fail := newCallback(func(args []js.Value) any {
		if !yielded {
			r.lost(args[0].Get("name").String() == "AbortError")
		}
		close(over)
		return nil
	})
	g.locks.Call("request", g.name, options, grant).Call("then", end, fail)
	g.yield = func() {
		yielded = true
		letGo.Invoke()
		controller.Call("abort")
		<-over
		for _, callback := range []js.Func{grant, end, fail} {
			callback.Release()
			callbacks.Add(-1)
		}
	}
}

// newPromise returns a promise and the function that resolves it.
func newPromise() (promise, resolve js.Value) {
	executor := js.FuncOf(func(_ js.Value, args []js.Value) any {
		resolve = args[0]
		return nil
	})
	defer executor.Release() // it has run when New returns
	return js.Global().Get("Promise").New(executor), resolve
}

// newCallback returns a counted callback.
func newCallback(fn func(args []js.Value) any) js.Func {
	callbacks.Add(1)
	return js.FuncOf(func(_ js.Value, args []js.Value) any { return fn(args) })
}

// multiplexed reports whether the browser says that this page came by HTTP/2 or
// 3. It says "" of a page that a service worker answered for, even if that went
// to the network.
func multiplexed() bool {
	entries := js.Global().Get("performance").Call("getEntriesByType", "navigation")
	if entries.Length() == 0 {
		return false
	}
	protocol := entries.Index(0).Get("nextHopProtocol").String()
	return strings.HasPrefix(protocol, "h2") || strings.HasPrefix(protocol, "h3")
}

// absolute returns the address that a page's reference stands for.
func absolute(address string) (string, error) {
	u, err := construct(js.Global().Get("URL"), address, js.Global().Get("location").Get("href"))
	if err != nil {
		return "", err
	}
	return u.Get("href").String(), nil
}

// hasEventSource reports whether there is one to share.
func hasEventSource() bool { return js.Global().Get("EventSource").Type() == js.TypeFunction }
