// Package guest is a sample contract: who visits, and who is here. Replace it
// with your own.
//
// A guest is whoever holds a signed cookie of this server; nobody signs in. The
// page cannot read the cookie, and asks the server who it is.
package guest

import (
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

// A Guest is one visitor. The ID is the server's to give and proves nothing by
// itself; the Name is what the guest has picked, and need not be the only one of
// its kind.
type Guest struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// MaxName is the length of the longest name, in characters.
const MaxName = 64

// A WhoamiRequest asks who the server takes the caller for.
type WhoamiRequest struct{}

// Whoami tells a page who its reader is.
var Whoami = command.Define[WhoamiRequest, Guest]("guest.whoami")

// A RenameRequest picks a name.
type RenameRequest struct {
	Name string `json:"name"`
}

// Rename gives the caller another name, on every page and for later visits.
var Rename = command.Define[RenameRequest, Guest]("guest.rename")

// Here is the topic that says who is here. Only its newest event is kept.
const Here = "presence"

// A Presence is everybody who has a page open. Large crowds are cut short.
type Presence struct {
	Guests []Guest `json:"guests"` // at most MaxPresent, by name
	Total  int     `json:"total"`
}

// MaxPresent is how many guests a Presence names.
const MaxPresent = 100

// Present tells who is here, whenever that has changed.
var Present = event.Define[Presence]("guests.present")
