package site

import (
	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/transports"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// mayFollow lets everyone follow the public topics that are not of states. Other
// topics are internal to the servers.
var mayFollow = live.Public(vitals.ClockTopic, vitals.SamplesTopic, transports.Topic)

// quotas bound what guests have appended. Whoever likes makes a room, so all rooms have one
// together: they take an hour and a half to replace what a log of the default size retains.
var quotas = map[string]access.Quota{
	"**":     {Events: access.Rate{PerSecond: 200, Burst: 2000}, Bytes: access.Rate{PerSecond: 100e3, Burst: 4e6}},
	"room.*": {Events: access.Rate{PerSecond: 400, Burst: 4000}, Bytes: access.Rate{PerSecond: 200e3, Burst: 8e6}, Shared: true},
}

// errNotPublic refuses a state.
var errNotPublic = &fault.Error{Code: fault.Forbidden, Message: "this topic is not public", Field: "topic"}

// ownInbox is the rule of inboxes: guests may see their own.
func ownInbox(r access.Right) error {
	if r.User == "" || r.Key != r.User {
		return errNotPublic
	}
	return nil
}

// mayCall lets everyone get an identity, and compare transports, where a page's token
// decides. The other commands are for guests. Mutations have the rules of their kinds.
func mayCall(r access.Right) error {
	switch r.Command {
	case guest.Whoami.Name(), transports.GetUsage.Name(), transports.Drop.Name(), transports.Reply.Name():
		return nil
	}
	if r.User == "" {
		return guest.ErrNoGuest
	}
	return nil
}
