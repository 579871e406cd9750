package site

import (
	"slices"
	"strings"
	"unicode"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/state"
)

// maxNames is how many guests' names the index holds. The ones set longest ago
// are dropped first.
const maxNames = 10_000

// guestNames has one state, of the names of all guests. Only servers read it: a page
// gets names in messages and in the presence list.
var guestNames = state.Define[nameIndex]("guest.names")

// named sets a guest's name.
var named = state.On(guestNames, "guest.named", (*nameIndex).set)

// allNames is the key of the one state, and namesTopic its topic.
const allNames = "all"

var namesTopic = guestNames.Topic(allNames)

// A nameIndex maps guests to their names and back, present or not. At the worst, of
// names of 64 characters of 4 bytes, it is 6 MB of JSON.
type nameIndex struct {
	Names  map[string]nameEntry `json:"names"`  // by the guest's ID
	Guests map[string][]string  `json:"guests"` // the guests' IDs, by the folded name
	Count  uint64               `json:"count"`  // how many names have been set
}

// A nameEntry is a guest's name.
type nameEntry struct {
	Name string `json:"name"`
	Set  uint64 `json:"set"` // the index's Count when it was set
}

// set sets a name.
func (n *nameIndex) set(e event.Of[guest.Guest]) {
	g := e.Value
	if g.Name == "" {
		return
	}
	n.drop(g.ID)
	n.Count++
	n.Names[g.ID] = nameEntry{g.Name, n.Count}
	key := fold(g.Name)
	n.Guests[key] = append(n.Guests[key], g.ID)
	if len(n.Names) > maxNames {
		n.drop(n.oldest())
	}
}

// drop removes a guest.
func (n *nameIndex) drop(id string) {
	known, ok := n.Names[id]
	if !ok {
		return
	}
	delete(n.Names, id)
	key := fold(known.Name)
	others := slices.DeleteFunc(n.Guests[key], func(other string) bool { return other == id })
	if n.Guests[key] = others; len(others) == 0 {
		delete(n.Guests, key)
	}
}

// oldest scans all entries, which takes 0.1 ms and happens only when a guest gets the
// first name.
func (n *nameIndex) oldest() (id string) {
	least := n.Count + 1
	for other, known := range n.Names {
		if known.Set < least {
			id, least = other, known.Set
		}
	}
	return id
}

// guest returns a guest by the ID; the name is empty if none is known.
func (n *nameIndex) guest(id string) guest.Guest {
	return guest.Guest{ID: id, Name: n.Names[id].Name}
}

// called returns the IDs of the guests with a name, which is given folded.
func (n *nameIndex) called(folded string) []string { return n.Guests[folded] }

// fold maps names that differ only in case to the same name. It keeps their
// length in characters.
func fold(name string) string {
	return strings.Map(func(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }, name)
}
