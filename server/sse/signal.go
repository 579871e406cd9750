package sse

// A signal wakes a goroutine. It holds one notification until that is received.
type signal chan struct{}

func newSignal() signal { return make(signal, 1) }

// notify does not block.
func (b signal) notify() {
	select {
	case b <- struct{}{}:
	default:
	}
}
