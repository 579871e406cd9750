package page

import (
	"encoding/json"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// A Snapshot is what the pages show before anything live arrives. All of it is
// of one moment, the Position.
type Snapshot struct {
	// Rooms holds the newest [Last] messages of each of [chat.Rooms], as they
	// read after all edits and without those that were removed. The IDs are
	// those of the events that posted them.
	Rooms map[string][]event.Of[chat.Message] `json:"rooms"`

	Samples  []event.Of[vitals.Sample] `json:"samples"` // the newest [LastSamples]
	Presence guest.Presence            `json:"presence"`
	Tick     vitals.Tick               `json:"tick"`

	// Position is up to where it is complete: the stream goes on there. Zero if
	// the log could not be read; the stream then starts over.
	Position event.ID `json:"position"`

	// Dialect is of the program that wrote it: a page out of the service
	// worker's cache may be older than the HTML it is in.
	Dialect event.Dialect `json:"dialect"`

	// Room is what the front page shows, and Messages are its own of Rooms. Only
	// Rooms travels.
	Room     string                   `json:"room"`
	Messages []event.Of[chat.Message] `json:"-"`

	text string // see Packed
}

// Packed returns the snapshot with its text, so that all pages that are drawn from
// it have it made once. It must not be changed any more.
func (s Snapshot) Packed() Snapshot {
	s.text = s.encode()
	return s
}

// snapshotID is the id of the element that carries the snapshot.
const snapshotID = "snapshot"

// Last is how many messages of a room a page shows at first, and LastSamples
// how many seconds of the server's vital signs.
const (
	Last        = 50
	LastSamples = 300
)

// encode returns the snapshot as the text of a script element: encoding/json
// writes <, > and & as escapes, so that no message can end the element.
func (s Snapshot) encode() string {
	if s.text != "" {
		return s.text
	}
	s.Dialect = event.OwnDialect()
	text, err := json.Marshal(s)
	if err != nil {
		return "{}" // a time beyond the year 9999: nothing is worth showing
	}
	return string(text)
}

// readSnapshot returns the snapshot that the server left in the page, and its
// text. It must be called before go-app replaces the page's body.
func readSnapshot() (Snapshot, string) {
	var s Snapshot
	element := app.Window().GetElementByID(snapshotID)
	if !element.Truthy() {
		return s, "{}"
	}
	text := element.Get("textContent").String()
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		app.Log("snapshot:", err)
	}
	return s.understood(), text
}

// understood returns what this program can read of the snapshot. What it would
// misread is left out; the stream's hello will say the same of the server.
func (s Snapshot) understood() Snapshot {
	names := []string{chat.Posted.Name(), vitals.Ticked.Name(), vitals.Sampled.Name(), guest.Present.Name()}
	if event.Misread(s.Dialect, names...) != "" {
		return Snapshot{Room: s.Room}
	}
	s.Messages = s.Rooms[s.Room]
	return s
}

// carry draws the element that carries the snapshot. The browser does not run
// it: its type is not a script's.
func carry(text string) app.UI {
	return app.Raw(`<script type="application/json" id="` + snapshotID + `">` + text + `</script>`)
}
