// Package presence keeps lists of the users who are connected, of a site and of each of its
// topics, on all nodes of a log. What a list is says package shared/presence.
//
//	here := presence.Serve(srv, chat.Guests, access.Everyone, func(ctx context.Context, user string) (chat.Profile, error) {
//		return chat.Profile{Name: names[user]}, nil // what others see of a user
//	})
//
// # Profile is in a list
//
//   - All users with a connection are in the list of the site ([presence.Site]), whatever they
//     follow. Those who follow another list are in that one: who is seen sees the others.
//     Strangers are in none.
//   - A user is in a list within a second, or as often as that after the last change of the
//     list, and out of it 5 s after the last connection ends: a page that is loaded again, or
//     that polls, has none for a moment.
//   - A client that vanishes ends its connection when its heartbeats do: see package sse.
//   - The rule given to [Serve] says who may follow the list of the site. The list of a topic
//     is for those who may follow that topic; Server.Revoke of it ends both.
//
// # Nodes
//
// Each node publishes its own part of a list, as differences, at most one a second for each
// list. A node that ends says so, and its part goes 5 s later, when its users are back on
// other nodes. A node that dies says nothing: nodes that know of each other publish a sign of
// life every 4 s, and one that has not been heard while another has had five of its own
// stored is gone: 16 to 20 s after its last, so at most 22 s after its death. It is counted
// in heartbeats, and not by a clock, so that neither a log that is out of reach, nor a
// machine on which all is slow, makes a list shorter: a node must have been silent for 12 s
// longer than it should while others were not. If it was alive, it puts its part back.
//
// # What it costs
//
// The log keeps the newest change of each list, and for half a minute the heartbeats of
// each node, however many users come and go. A list names at most [presence.MaxListed] users
// of each node, with at most [presence.MaxProfile] bytes each; a node that starts, or has missed
// a change, has those of the others published once more.
package presence
