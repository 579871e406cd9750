//go:build !js

package transport

import "context"

const canGet = false

func get(context.Context, string) (a Answer, body string, err error) {
	return Answer{}, "", ErrUnsupported
}
