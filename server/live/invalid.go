package live

import "github.com/seawaykit/seaway/shared/fault"

// Invalid returns the error by which the function of a command refuses a request: a
// message for the user, and the field of the request that is wrong, empty for none.
// It is [fault.Field], for programs that need no more of package fault.
func Invalid(field, format string, args ...any) error { return fault.Field(field, format, args...) }
