//go:build !js

package source

import (
	"context"
	"errors"
)

const canGet = false

func get(context.Context, string) (status int, body string, err error) {
	return 0, "", errors.ErrUnsupported
}
