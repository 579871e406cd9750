package event

import "slices"

// Versions describes the event types of one half of a program to the other half,
// which compares it with its own by [Misread].
type Versions struct {
	// Schema has the fingerprint of each type, as from [Schemas].
	Schema map[string]string `json:"schema"`
	// Accepts lists the older ones that get along with it, as from [Accepts].
	Accepts map[string][]string `json:"accepts,omitempty"`
}

// OwnVersions returns this program's.
func OwnVersions() Versions { return Versions{Schemas(), Accepts()} }

// Misread returns the first of the named event types that this program would decode
// wrongly, or never receive, from a server with these versions; "" if there is none.
// A type is read right if both halves have the same version of it, or if one half
// knows the other's version as one that its own is an additive change of.
//
// A type that [Upcast] leads to is also received in its older forms. It is enough
// if the server has any of them; but none that it has may be misread.
//
// A type that the server does not have at all is waited for in vain: a server that does
// not have it yet cannot be distinguished from one that has it no longer.
func Misread(server Versions, names ...string) string {
	own, readable := Schemas(), Accepts()
	for _, name := range names {
		found := false
		for _, form := range forms(name) {
			theirs, has := server.Schema[form]
			if !has {
				continue
			}
			found = true
			if theirs != own[form] && !slices.Contains(server.Accepts[form], own[form]) && !slices.Contains(readable[form], theirs) {
				return form
			}
		}
		if !found {
			return name
		}
	}
	return ""
}
