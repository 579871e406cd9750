//go:build !js

package source

func openEventSource(Request, func(...Signal)) (release func(), err error) {
	return nil, ErrUnsupported
}
