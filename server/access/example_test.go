package access_test

import (
	"fmt"

	"github.com/seawaykit/seaway/server/access"
)

// Example has a team's topics, which its members follow, and each user's own.
func Example() {
	members := map[string]string{"ann": "red"}
	onTeam := func(user, team string) bool { return members[user] == team }
	rule := access.ByTopic(map[string]access.Rule{
		"clock":  access.Everyone,
		"team.*": access.Allow(onTeam),
		"user.*": access.Own,
	})
	for _, r := range []access.Right{
		{Topic: "clock"}, {User: "ann", Topic: "team.red"}, {User: "ann", Topic: "team.blue"},
		{User: "ann", Topic: "user.bob"}, {Topic: "user.ann"}, {User: "ann", Topic: "secret"},
	} {
		r.Action = access.Follow
		fmt.Printf("%q follows %s: %v\n", r.User, r.Topic, rule(r))
	}
	// Output:
	// "" follows clock: <nil>
	// "ann" follows team.red: <nil>
	// "ann" follows team.blue: this topic is not public
	// "ann" follows user.bob: this topic is not public
	// "" follows user.ann: sign in first
	// "ann" follows secret: this topic is not public
}
