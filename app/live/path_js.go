package live

import "github.com/seawaykit/seaway/shared/browser"

func prefix() string { return browser.Prefix() }
