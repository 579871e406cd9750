//go:build !linux

package sse

import "errors"

// A watch exists on Linux only. Elsewhere every stream stays on net/http.
type watch struct{ roster }

func newWatch() (*watch, error) { return nil, errors.ErrUnsupported }

func (w *watch) add(*stream) bool        { return false }
func (w *watch) forget(*stream)          {}
func (w *watch) run(func(*stream, bool)) {}
func (w *watch) close()                  {}

func tryWrite(uintptr, []byte) (int, error) { return 0, errors.ErrUnsupported }
