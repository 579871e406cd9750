package page

import (
	"encoding/json"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/chat"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/vitals"
)

// A Snapshot is what a page shows before anything live arrives.
type Snapshot struct {
	Room     string                   `json:"room"`
	Messages []event.Of[chat.Message] `json:"messages"`
	Tick     vitals.Tick              `json:"tick"`

	// Position is up to where Messages are complete: the stream goes on there.
	// Zero if the log could not be read; the stream then starts over.
	Position event.ID `json:"position"`

	// Dialect is of the program that wrote it: a page out of the service
	// worker's cache may be older than the HTML it is in.
	Dialect event.Dialect `json:"dialect"`
}

// snapshotID is the id of the element that carries the snapshot.
const snapshotID = "snapshot"

// Last is how many messages a page shows at first.
const Last = 50

// encode returns the snapshot as the text of a script element: encoding/json
// writes <, > and & as escapes, so that no message can end the element.
func (s Snapshot) encode() string {
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
	if event.Misread(s.Dialect, chat.Posted.Name(), vitals.Ticked.Name()) != "" {
		return Snapshot{Room: s.Room}
	}
	return s
}

// carry draws the element that carries the snapshot. The browser does not run
// it: its type is not a script's.
func carry(text string) app.UI {
	return app.Raw(`<script type="application/json" id="` + snapshotID + `">` + text + `</script>`)
}
