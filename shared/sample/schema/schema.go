// Package schema is a sample: what the releases of this program have told their
// pages. Both halves import it, and so know what an older or a newer other half
// may say. Replace it with your own, and import every package of yours that
// defines events.
package schema

import (
	_ "embed"

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
