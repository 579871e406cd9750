// Package presence defines lists of the users who are connected, for a site and for each
// of its topics: what a server and its pages agree on.
//
//	type Profile struct{ Name string } // what others see of a user
//
//	var Guests = presence.Define[Profile]("guests")
//
// The server keeps the lists by package server/presence, and a page has one by
// live.Presence of package app/live:
//
//	here := live.Presence(page, Guests, presence.Site)        // all who are connected
//	here := live.Presence(page, Guests, board.Boards.Topic("red")) // all who follow this list
//	here.Now().People(); here.Now().Count()
//
// # Promises
//
//   - A list is an event topic, <name>.<key>, of which the log keeps the newest event. Each
//     event is a difference: who has come, who has gone. A page begins with the whole list,
//     which is in its HTML, and reads it again when it has missed a difference.
//   - [Here.Count] counts all. [Here.People] names at most [MaxListed] of each node, those
//     who came first.
//   - A user is in a list once, with however many pages, also on several nodes.
//   - A list holds no identity: what others see of a user is what the server's function
//     returns, and a key that says no more than that two entries are of one user.
//
// Package server/presence says how soon a user is in a list, and out of it.
package presence
