package transports

import (
	"errors"
	"strings"
	"syscall/js"

	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// errAbsent says that the browser has no such thing.
var errAbsent = errors.New("transports: the browser has no such connection")

// mute reports whether the browser has no EventSource.
func mute() bool { return js.Global().Get("EventSource").Type() != js.TypeFunction }

func openBareEventSource(token string, changed func(state int)) (release func(), err error) {
	return openBare("EventSource", address(token, contract.BareEventSource), changed)
}

func openBareWebSocket(token string, changed func(state int)) (release func(), err error) {
	path := strings.Replace(address(token, contract.BareWebSocket), "/events", "/socket", 1)
	origin := js.Global().Get("location").Get("origin").String()
	return openBare("WebSocket", "ws"+strings.TrimPrefix(origin, "http")+path, changed)
}

// openBare has the browser open a connection, and tells its readyState whenever
// that may have changed.
func openBare(class, address string, changed func(state int)) (release func(), err error) {
	of := js.Global().Get(class)
	if of.Type() != js.TypeFunction {
		return nil, errAbsent
	}
	native := of.New(address + "&topic=" + contract.Topic)
	look := js.FuncOf(func(js.Value, []js.Value) any {
		changed(native.Get("readyState").Int())
		return nil
	})
	names := []string{"open", "error", "close"}
	for _, name := range names {
		native.Call("addEventListener", name, look)
	}
	return func() {
		for _, name := range names {
			native.Call("removeEventListener", name, look)
		}
		native.Call("close")
		look.Release()
	}, nil
}
