package event

import "slices"

// A Dialect is what one half of a program says of its event types, for the other
// half to judge.
type Dialect struct {
	// Schema has the fingerprint of each type, as from [Schemas].
	Schema map[string]string `json:"schema"`
	// Accepts lists the older ones that get along with it, as from [Accepts].
	Accepts map[string][]string `json:"accepts,omitempty"`
}

// OwnDialect returns this program's.
func OwnDialect() Dialect { return Dialect{Schemas(), Accepts()} }

// Misread returns the first of these names that this program would misread, or
// wait for in vain, on a stream of the server that speaks so; "" if there is
// none. A type is read right if both halves have the same version of it, or if
// one half knows the other's version as one that its own is [Additive] to.
//
// A type that [Upcast] leads to is also heard in its older forms. It is enough
// if the server has any of them; but none that it has may be misread.
//
// A type that the server does not have at all is waited for in vain: nothing
// tells a server that does not have it yet from one that has it no longer.
func Misread(server Dialect, names ...string) string {
	own, readable := Schemas(), Accepts()
	for _, name := range names {
		heard := false
		for _, form := range forms(name) {
			theirs, has := server.Schema[form]
			if !has {
				continue
			}
			heard = true
			if theirs != own[form] && !slices.Contains(server.Accepts[form], own[form]) && !slices.Contains(readable[form], theirs) {
				return form
			}
		}
		if !heard {
			return name
		}
	}
	return ""
}
