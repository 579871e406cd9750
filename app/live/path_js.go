package live

import "github.com/seawaykit/seaway/shared/browser"

func prefix() string { return browser.Prefix() }

// inBrowser returns an address with the prefix.
func inBrowser(address string) string { return browser.Address(address) }
