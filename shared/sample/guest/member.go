package guest

import "github.com/seawaykit/seaway/shared/command"

// MembersRoom is the room that only members see and post to.
const MembersRoom = "members"

// A MembershipRequest is about the caller.
type MembershipRequest struct{}

// A Membership says whether a guest is a member.
type Membership struct {
	Member bool `json:"member"`
}

// Join makes a guest who has a name a member; Leave ends that, with the streams of the
// members' room that the guest has open.
var (
	Join  = command.Define[MembershipRequest, Membership]("guest.join")
	Leave = command.Define[MembershipRequest, Membership]("guest.leave")
)
