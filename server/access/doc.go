// Package access has the rules by which a server decides who may follow, see, change and
// call what. Package server/live asks them.
//
//	live.Serve(srv, board.Boards, access.Allow(onTeam))
//
//	live.Options{
//		Follow: access.ByTopic(map[string]access.Rule{
//			"clock":   access.Everyone,
//			"team.*":  access.Allow(onTeam),
//			"user.**": access.Own,
//		}),
//		Call: access.ByCommand(map[string]access.Rule{
//			"chat.post": access.Users,
//			"admin.**":  access.Allow(isAdmin),
//		}),
//	}
//
//	func onTeam(user, key string) bool { ... }
//
// # Promises
//
//   - What no rule allows is refused: a topic or a command without a rule, a nil rule, a
//     name that no pattern matches.
//   - The rule of a kind, given to live.Serve, decides about all that a client can do with
//     a state of it: the topic on a stream, poll or socket, GET /state, the first HTML of a
//     page, and its mutations. It can distinguish them by [Right].Action.
//   - A rule is asked for each stream, poll, socket, answer and call, before anything of it
//     is done. A mutation and a call are asked for with the decoded request in hand.
//   - A right that was withdrawn ends no stream that is open: call Server.Revoke of package
//     live after the rule's data has changed. It ends those streams, polls and sockets, within
//     1 s on this node and 10 s on others, and their clients come back and are asked again.
//   - A stream, poll or socket ends when the identity expires that it was opened with: see
//     [Until].
//   - A rule is called by many goroutines at a time.
//
// # Patterns
//
// A pattern is the name of a topic or command in which a token may be *, which stands for
// one token, and the last one **, which stands for one or more.
package access
