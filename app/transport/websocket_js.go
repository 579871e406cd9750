package transport

import (
	"errors"
	"strings"
	"syscall/js"

	"github.com/seawaykit/seaway/shared/browser"
)

// openWebSocket drives one WebSocket. Its callbacks copy, wake and return.
func openWebSocket(address string, events socketEvents) (send func(string) error, closeSocket func(), err error) {
	if !browser.Has("WebSocket") {
		return nil, nil, ErrUnsupported
	}
	address, err = browser.Resolve(address)
	if err != nil {
		return nil, nil, err
	}
	if rest, ok := strings.CutPrefix(address, "http"); ok {
		address = "ws" + rest // and https becomes wss
	}
	native, err := browser.New("WebSocket", address)
	if err != nil {
		return nil, nil, err
	}
	opened := false
	stopOpen := browser.Listen(native, func(js.Value) { opened = true; events.opened() }, "open")
	stopMessages := browser.Listen(native, func(e js.Value) {
		if data := e.Get("data"); data.Type() == js.TypeString {
			events.said(data.String())
		} else {
			events.closed(opened, errBinary)
		}
	}, "message")
	stopClose := browser.Listen(native, func(e js.Value) {
		events.closed(opened, closeError(e.Get("code").Int(), e.Get("reason").String()))
	}, "close")
	send = func(text string) error {
		if ReadyState(native.Get("readyState").Int()) != ReadyOpen {
			return ErrNoSocket
		}
		native.Call("send", text)
		return nil
	}
	return send, func() {
		stopOpen()
		stopMessages()
		stopClose()
		native.Call("close")
	}, nil
}

// errBinary ends a socket that brings what is no text: something else than a
// server of streams is there.
var errBinary = errors.New("the server sent a binary message")
