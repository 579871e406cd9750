//go:build !js

package source

import (
	"context"
	"errors"
)

const canGet = false

func get(context.Context, string) (a Answer, body string, err error) {
	return Answer{}, "", errors.ErrUnsupported
}
