//go:build !js

package source

import (
	"errors"
	"fmt"
)

func openWebSocket(string, socketEvents) (send func(string) error, hangUp func(), err error) {
	return nil, nil, fmt.Errorf("source: there is no WebSocket here: %w", errors.ErrUnsupported)
}
