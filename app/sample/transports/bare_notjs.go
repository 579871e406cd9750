//go:build !js

package transports

import "errors"

var errAbsent = errors.New("transports: there is no browser here")

func noEventSource() bool { return false }

func openBareEventSource(string, func(int)) (func(), error) { return nil, errAbsent }

func openBareWebSocket(string, func(int)) (func(), error) { return nil, errAbsent }
