//go:build !js

package source

func enterGroup(string, func(text string)) (group, error) { return nil, ErrUnsupported }

func multiplexed() bool { return true }

func absolute(address string) (string, error) { return address, nil }

func hasEventSource() bool { return false }
