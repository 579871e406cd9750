package live

import "github.com/seawaykit/seaway/shared/presence"

// Presence returns who is here: all who are connected, for the key [presence.Site], or
// those who follow the list of a topic, for the topic. It is called as [State] is, and has
// its value at the first Render: Now().People() and Now().Count(). A page that has one is
// itself in the list of its topic, if the server knows its user, until [Value.Close]. Tabs
// that share a connection follow what any of them does: a topic of a tab that has gone is
// followed for some seconds, that of one that crashed until their connection is another.
func Presence[Profile any](p *Page, k presence.Kind[Profile], key string) *Value[presence.Here[Profile]] {
	v := State(p, k.Lists(), key)
	v.here = true
	v.OnChange(func(bool) {
		if v.now.Torn { // what the log keeps of a list is its newest change
			v.reset()
			v.refresh()
		}
	})
	return v
}
