//go:build !js

package transport

func hasEventSource() bool { return false }

func openEventSource(Request, func(...Signal)) (release func(), err error) {
	return nil, ErrUnsupported
}
