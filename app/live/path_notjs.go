//go:build !js

package live

func prefix() string { return "" }
