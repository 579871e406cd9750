//go:build !js

package lanes

import "errors"

var errAbsent = errors.New("lanes: there is no browser here")

func mute() bool { return false }

func openBareEventSource(string, func(int)) (func(), error) { return nil, errAbsent }

func openBareWebSocket(string, func(int)) (func(), error) { return nil, errAbsent }
