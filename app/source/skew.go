package source

import (
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A Skew says whether the page and the server were built from the same
// definitions of events: the verdict on the last hello.
type Skew uint8

// The verdicts. Before the first hello, and of a server that says nothing of
// its schema, it is SkewSame.
const (
	// SkewSame: the server has every event type of the page as the page has it.
	// It may have others: they are not what this page was made for.
	SkewSame Skew = iota
	// SkewCompatible: they differ, but not in a way that the events given to
	// On would be misread. The stream goes on; another build of the page is
	// there to be loaded.
	SkewCompatible
	// SkewIncompatible: an event given to On would be misread, or is not there.
	// Nothing of the stream is applied, and the source is [Incompatible]. It
	// tries again every minute or so, since a release may be taken back.
	SkewIncompatible
)

// String returns the verdict in lower case, fit for a CSS class.
func (s Skew) String() string {
	names := [...]string{"same", "compatible", "incompatible"}
	if int(s) < len(names) {
		return names[s]
	}
	return "unknown"
}

// judge returns the verdict on a server, and the first event that the page uses
// and cannot follow there.
func judge(hello wire.Hello, uses []string) (verdict Skew, misread string) {
	if len(hello.Schema) == 0 {
		return SkewSame, ""
	}
	if misread := event.Misread(event.Versions{Schema: hello.Schema, Accepts: hello.Accepts}, uses...); misread != "" {
		return SkewIncompatible, misread
	}
	for name, print := range event.Schemas() {
		if hello.Schema[name] != print {
			return SkewCompatible, ""
		}
	}
	return SkewSame, ""
}
