package source

import (
	"errors"
	"fmt"
	"strings"
	"syscall/js"
)

// openWebSocket drives one WebSocket. Its callbacks copy, poke and return.
func openWebSocket(address string, told socketEvents) (send func(string) error, hangUp func(), err error) {
	class := js.Global().Get("WebSocket")
	if class.Type() != js.TypeFunction {
		return nil, nil, fmt.Errorf("source: there is no WebSocket here: %w", errors.ErrUnsupported)
	}
	address, err = absolute(address)
	if err != nil {
		return nil, nil, err
	}
	if rest, ok := strings.CutPrefix(address, "http"); ok {
		address = "ws" + rest // and https becomes wss
	}
	native, err := construct(class, address)
	if err != nil {
		return nil, nil, err
	}
	opened := false
	stopOpen := listen(native, func(js.Value) { opened = true; told.opened() }, "open")
	stopMessages := listen(native, func(e js.Value) {
		if data := e.Get("data"); data.Type() == js.TypeString {
			told.said(data.String())
		} else {
			told.closed(opened, errBinary)
		}
	}, "message")
	stopClose := listen(native, func(e js.Value) {
		told.closed(opened, closeError(e.Get("code").Int(), e.Get("reason").String()))
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
