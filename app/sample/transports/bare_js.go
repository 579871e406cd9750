package transports

import (
	"strings"
	"syscall/js"

	"github.com/seawaykit/seaway/shared/browser"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// noEventSource reports whether the browser has no EventSource.
func noEventSource() bool { return !browser.Has("EventSource") }

func openBareEventSource(token string, changed func(state int)) (release func(), err error) {
	return openBare("EventSource", browser.Address(address(token, contract.BareEventSource)), changed)
}

func openBareWebSocket(token string, changed func(state int)) (release func(), err error) {
	path := strings.Replace(address(token, contract.BareWebSocket), "/events", "/socket", 1)
	origin := js.Global().Get("location").Get("origin").String()
	return openBare("WebSocket", "ws"+strings.TrimPrefix(origin, "http")+browser.Address(path), changed)
}

// openBare opens one of the browser's own connections, and reports its readyState
// whenever that may have changed.
func openBare(class, address string, changed func(state int)) (release func(), err error) {
	native, err := browser.New(class, address+"&topic="+contract.Topic)
	if err != nil {
		return nil, err
	}
	stop := browser.Listen(native, func(js.Value) { changed(native.Get("readyState").Int()) }, "open", "error", "close")
	return func() {
		stop()
		native.Call("close")
	}, nil
}
