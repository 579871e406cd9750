//go:build !js

package source

func enterGroup(string, func(text string)) (group, error) { return nil, ErrUnsupported }

func cameByHTTP1() bool { return false }

func absolute(address string) (string, error) { return address, nil }

func hasEventSource() bool { return false }
