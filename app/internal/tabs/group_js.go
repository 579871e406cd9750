package tabs

import (
	"strings"
	"syscall/js"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/browser"
)

// enterGroup joins the tabs of this browser that use the same name.
func enterGroup(name string, received func(text string)) (Group, error) {
	locks := js.Global().Get("navigator").Get("locks")
	if locks.Type() != js.TypeObject {
		return nil, transport.ErrUnsupported
	}
	channel, err := browser.New("BroadcastChannel", name)
	if err != nil {
		return nil, err
	}
	stop := browser.Listen(channel, func(e js.Value) { received(e.Get("data").String()) }, "message")
	return &browserGroup{name: name, locks: locks, channel: channel, stop: stop}, nil
}

// A browserGroup is a BroadcastChannel and a Web Lock of the same name. A page
// with either is kept out of the back/forward cache by some browsers: Leave
// ends both.
type browserGroup struct {
	name           string
	locks, channel js.Value
	stop           func() // listening
	yield          func() // gives up the lock or the request for it; nil without
}

func (g *browserGroup) Post(text string) { g.channel.Call("postMessage", text) }

func (g *browserGroup) Leave() {
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

// Seek requests the lock. The browser calls back when it is granted and keeps
// it until the promise that it gets there is resolved. The request's own promise
// settles when all is over, which yield waits for: until then the callbacks
// must be there.
func (g *browserGroup) Seek(steal bool, r Outcome) {
	g.release()
	held, letGo := browser.NewPromise()
	controller := js.Global().Get("AbortController").New()
	options := map[string]any{"signal": controller.Get("signal")}
	if steal { // the two exclude each other
		options = map[string]any{"steal": true}
	}
	yielded, over := false, make(chan struct{})
	grant, releaseGrant := browser.Callback(func([]js.Value) any {
		if !yielded {
			r.Granted()
		}
		return held
	})
	end, releaseEnd := browser.Callback(func([]js.Value) any {
		close(over)
		return nil
	})
	fail, releaseFail := browser.Callback(func(args []js.Value) any {
		if !yielded {
			r.Lost(args[0].Get("name").String() == "AbortError")
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
		releaseGrant()
		releaseEnd()
		releaseFail()
	}
}

func multiplexed() bool {
	entries := js.Global().Get("performance").Call("getEntriesByType", "navigation")
	if entries.Length() == 0 {
		return false
	}
	protocol := entries.Index(0).Get("nextHopProtocol").String()
	return strings.HasPrefix(protocol, "h2") || strings.HasPrefix(protocol, "h3")
}

func absolute(address string) (string, error) { return browser.Resolve(address) }
