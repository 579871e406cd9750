//go:build !linux

package reactor

import "errors"

// A poller exists on Linux only. Elsewhere every connection stays on net/http.
type poller struct{ connTable }

func newPoller() (*poller, error) { return nil, errors.ErrUnsupported }

func (p *poller) add(*Conn) bool        { return false }
func (p *poller) forget(*Conn)          {}
func (p *poller) run(func(*Conn, bool)) {}
func (p *poller) close()                {}

func writeNow(uintptr, []byte) (int, error) { return 0, errors.ErrUnsupported }
