//go:build !js

package source

import "context"

func defaultProbe(context.Context, string) (Answer, error) { return Answer{}, ErrUnsupported }
