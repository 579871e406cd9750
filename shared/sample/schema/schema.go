// Package schema is a sample: the history of this program's event types, a line
// for each released version. Server and page import it, and so know the event
// types of older builds. Replace it with your own, and import every package of
// yours that defines events.
package schema

import (
	_ "embed"

	_ "github.com/seawaykit/seaway/shared/sample/board"
	_ "github.com/seawaykit/seaway/shared/sample/chat"
	_ "github.com/seawaykit/seaway/shared/sample/guest"
	_ "github.com/seawaykit/seaway/shared/sample/inbox"
	_ "github.com/seawaykit/seaway/shared/sample/transports"
	_ "github.com/seawaykit/seaway/shared/sample/vitals"

	"github.com/seawaykit/seaway/shared/event"
)

//go:embed schema.txt
var history string

func init() { event.Record(history) }
