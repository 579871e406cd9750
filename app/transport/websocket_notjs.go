//go:build !js

package transport

func openWebSocket(string, socketEvents) (send func(string) error, closeSocket func(), err error) {
	return nil, nil, ErrUnsupported
}
