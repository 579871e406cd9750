//go:build !js

package tabs

import "github.com/seawaykit/seaway/app/transport"

func enterGroup(string, func(text string)) (Group, error) { return nil, transport.ErrUnsupported }

func multiplexed() bool { return true }

func absolute(address string) (string, error) { return address, nil }
