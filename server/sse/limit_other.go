//go:build !unix

package sse

// fileLimit returns a typical limit where there is none to ask for.
func fileLimit() int { return typicalLimit }
