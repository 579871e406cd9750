//go:build !js

package live

import "errors"

// read is for browsers: a page on the server is drawn and never mounted.
func read(string) (int, []byte, error) { return 0, nil, errors.ErrUnsupported }
