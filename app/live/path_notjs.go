//go:build !js

package live

func prefix() string { return "" }

func inBrowser(address string) string { return address }
