package live

import "github.com/seawaykit/seaway/shared/fault"

// Message returns a text to show to the user about an error of [Call]: the server's
// message if it has refused the call, or that it cannot be reached. It is empty for
// nil. It is [fault.Message], for pages that need no more of package fault.
func Message(err error) string { return fault.Message(err) }
