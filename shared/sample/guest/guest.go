// Package guest is a sample contract: identity of guests, their names, and
// presence. Replace it with your own.
//
// A guest is a browser with a signed cookie of this server: there is no sign-in.
// The page cannot read the cookie, and asks the server for its guest.
package guest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/presence"
)

// ErrNoGuest refuses what only a guest may do.
var ErrNoGuest = fault.New(fault.Unauthenticated, "only a guest can do this: visit a page, or call guest.whoami, and keep the cookie")

// A Guest is one browser. The server chooses the ID, which proves nothing by
// itself. The guest has picked the Name, which need not be unique.
type Guest struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// MaxName is the length of the longest name, in characters.
const MaxName = 64

// CheckName returns why a name in a field of a request can be no guest's.
func CheckName(field, name string) error {
	switch {
	case IsBlank(name):
		return fault.Field(field, "the name is empty")
	case utf8.RuneCountInString(name) > MaxName:
		return fault.Field(field, "the name is longer than %d characters", MaxName)
	case strings.ContainsFunc(name, unicode.IsControl):
		return fault.Field(field, "the name holds control characters")
	case strings.ContainsFunc(name, isInvisible):
		return fault.Field(field, "the name holds invisible characters, which may change how other text is read")
	}
	return nil
}

// IsBlank reports whether a text has no visible character.
func IsBlank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}

// A WhoamiRequest asks for the guest of the caller's cookie.
type WhoamiRequest struct{}

// Whoami returns the guest of the caller's cookie.
var Whoami = command.Define[WhoamiRequest, Guest]("guest.whoami")

// A RenameRequest picks a name.
type RenameRequest struct {
	Name string `json:"name"`
}

// Rename gives the caller another name, on every page and for the future.
var Rename = command.Define[RenameRequest, Guest]("guest.rename")

// Here are the guests who are connected, to the site or at a board.
var Here = presence.Define[Guest]("guests")

// isInvisible reports whether a character is seen only by what it does to others: it
// turns their direction round, joins or hides them, or ends their line.
func isInvisible(r rune) bool { return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) }
