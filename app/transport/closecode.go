package transport

import "fmt"

// closeError says why a socket was closed, or is nil if that is not known: 1006
// is a browser's word for a connection that broke, 1005 for a close without one.
func closeError(code int, reason string) error {
	text := "the socket was closed"
	switch code {
	case 1000, 1005, 1006:
		return nil
	case 1001:
		text = "the server is going away"
	case 1003:
		text = "the server cannot take what was sent"
	case 1008:
		text = "the server did not like what was sent"
	case 1009:
		text = "the server was sent too large a message"
	case 1011:
		text = "the server failed"
	case 1012:
		text = "the server restarts"
	case 1013:
		text = "the server has no room just now"
	}
	if reason != "" {
		text += ": " + reason
	}
	return fmt.Errorf("%s (%d)", text, code)
}
