package layout_test

// retired are the words that names no longer use, each with the standard term to use
// in its place. A reader who searches the code for the usual term finds all of it. A
// renaming adds its words here: one word, or several that follow each other.
var retired = map[string]string{
	// Streams and their timing.
	"astray":     "reset",
	"beat":       "heartbeat",
	"bring back": "resume",
	"hang up":    "close",
	"hasten":     "retry soon",
	"heed":       "refused",
	"lament":     "go offline",
	"patience":   "timeout",
	"put away":   "suspend",
	"reprieve":   "retried",
	"stroke":     "heartbeat",
	"visit":      "subscription, connection or open",
	"visited":    "connected or opened",
	"visitor":    "client or user",

	// Fan-out and the reactor.
	"deep reads": "log reads",
	"happening":  "message",
	"overhaul":   "catch up",
	"resident":   "open stream",
	"spot":       "offset",
	"stretch":    "segment",
	"tally":      "counters",
	"tallies":    "counters",
	"tend":       "idle",

	// The log.
	"claim":    "directory lock",
	"keyring":  "dedupe window",
	"mend":     "restart",
	"shelf":    "store",
	"shelves":  "stores",
	"sick":     "unhealthy",
	"sickness": "unhealthy",

	// Presence, state and the sample.
	"attend":     "at end",
	"because":    "error text",
	"crowd":      "presence or clients",
	"dialect":    "schema or version",
	"extent":     "summary",
	"feed":       "subscription",
	"lane":       "transport",
	"mark":       "read marker",
	"poke":       "page event or wake",
	"pulse":      "ticker or sample event",
	"roll":       "section",
	"roster":     "name index or connection table",
	"sever":      "reset",
	"speaker":    "announcer",
	"squeezed":   "gzipped",
	"talk":       "call",
	"transcript": "state or messages",
	"truth":      "aria bool",

	// Programs publish, send, receive, report and return.
	"hear":    "receive",
	"heard":   "received",
	"hearing": "receiving",
	"tell":    "send, report or return",
	"telling": "sending, reporting or returning",
	"told":    "sent, reported or returned",

	// There is a caller, a client or a user.
	"nobody":   "no caller, client or user",
	"somebody": "a caller, client or user",
	"whoever":  "the caller, client or user",
	"who":      "the caller, client or user",
}

// A kept name has a retired word on purpose, in the files whose paths begin as said.
type kept struct{ word, path, reason string }

var keptWords = []kept{
	{"claim", "app/sample/page/compare_claims", "the page compares what is commonly claimed of transports with its figures"},
	{"claim", "app/sample/transports/claim", "the page compares what is commonly claimed of transports with its figures"},
	{"heard", "server/eventlog/jetstream/quorum", "a leader that hears from its followers is the consensus protocol's own term"},
	{"mark", "app/source/standard_js_test.go", "a byte order mark is Unicode's term"},
	{"lane", "shared/sample/transports/transports.go", "a field of a reply to pages that are open while the server is replaced"},
	{"nobody", "e2e/faults/unreadable_test.go", "it is the name of the user on Unix"},
	{"resident", "server/sample/site/usage", "resident memory is the kernel's term"},
}
