package source

import (
	"errors"
	"fmt"
	"strings"
	"syscall/js"
)

// openWebSocket drives one WebSocket. Its callbacks copy, poke and return.
func openWebSocket(address string, told socketEvents) (send func(string) error, release func(), err error) {
	class := js.Global().Get("WebSocket")
	if class.Type() != js.TypeFunction {
		return nil, nil, fmt.Errorf("source: there is no WebSocket here: %w", errors.ErrUnsupported)
	}
	address, err = absolute(address)
	if err != nil {
		return nil, nil, err
	}
	native, err := construct(class, "ws"+strings.TrimPrefix(address, "http")) // https becomes wss
	if err != nil {
		return nil, nil, err
	}
	opened := false
	stops := []func(){
		listen(native, func(js.Value) { opened = true; told.opened() }, "open"),
		listen(native, func(e js.Value) { told.said(e.Get("data").String()) }, "message"),
		listen(native, func(e js.Value) { told.closed(opened, closeError(e)) }, "close"),
	}
	send = func(text string) error {
		if ReadyState(native.Get("readyState").Int()) != ReadyOpen {
			return ErrNoSocket
		}
		native.Call("send", text)
		return nil
	}
	return send, func() {
		for _, stop := range stops {
			stop()
		}
		native.Call("close")
	}, nil
}

// closeError returns what a close event says, or nil if that is nothing: 1006
// is the browser's word for a connection that broke.
func closeError(e js.Value) error {
	code, reason := e.Get("code").Int(), e.Get("reason").String()
	if code == 1000 || code == 1006 {
		return nil
	}
	return fmt.Errorf("the socket was closed: %d %s", code, reason)
}
