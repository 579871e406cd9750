package presence_test

import (
	"fmt"

	"github.com/seawaykit/seaway/shared/presence"
)

// Example has the list of two nodes, each with its own users, of whom one is connected to
// both.
func Example() {
	type Profile struct{ Name string }
	type Change = presence.Change[Profile]
	ann := presence.Person[Profile]{Key: "k1", Profile: Profile{"Ann"}}
	bob := presence.Person[Profile]{Key: "k2", Profile: Profile{"Bob"}}

	var here presence.Here[Profile]
	here.Apply(Change{Node: "a", Join: []presence.Person[Profile]{ann}, Total: 1}, 7)
	here.Apply(Change{After: 7, Node: "b", Join: []presence.Person[Profile]{ann, bob}, Total: 2}, 9)
	for _, p := range here.People() {
		fmt.Println(p.Profile.Name)
	}
	fmt.Println(here.Count(), "are here")

	here.Apply(Change{After: 9, Node: "b"}, 12) // the end of the node
	fmt.Println(here.Count(), "is here")
	// Output:
	// Ann
	// Bob
	// 2 are here
	// 1 is here
}
