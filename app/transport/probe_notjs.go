//go:build !js

package transport

import "context"

func ask(context.Context, string) (Answer, error) { return Answer{}, ErrUnsupported }
