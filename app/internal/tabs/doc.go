// Package tabs makes one connection serve all tabs of a browser, whatever topics each
// follows: over HTTP/1.1 a browser opens six connections to a host, and the seventh tab
// would wait for ever.
//
//	shared := tabs.Share(transport.EventSource{}, tabs.Options{Within: 10 * time.Second, Random: rand.Float64})
//	release, err := shared.Open(request, emit)
//
// # Promises
//
// Loss and order: each tab keeps its own position. Whichever tab has the
// connection, and however tabs open, close, hang and crash, each is sent every
// event of its topics after its position in order, or a reset. When a connection takes
// the place of another some come twice, which a caller notices by their positions.
// Neither that messages between tabs arrive, nor that there is one leader at a time, is
// relied on.
//
// Topics: the connection brings what any of the tabs wants, and each tab is sent its own.
// A tab that wants more than that has a connection of its own until the shared one
// brings it, a heartbeat interval at most. Topics that only a tab wanted that has gone, it
// brings for half of the 10 s that a try may take; of a tab that crashed, until it is
// another. What the server refuses to one tab is kept from no other. A tab whose topics are quiet is sent heartbeats.
//
// End: the end of the connection is reported to every tab as if it had been its
// own, but a refusal only to those that want all that was refused; to others it is
// broken. The first to come back has the next one.
//
// Time: a leader that hangs is replaced after one and a half heartbeat intervals and
// 3 to 4 of the 10 s that a try may take, before its followers count as silent.
//
// Cost: a tab that leads encodes and posts no frame before another tab has asked,
// which each tab does when it opens and when it learns of a new leader.
//
// Alone: without Web Locks or BroadcastChannel, as outside of a secure context,
// each tab has a connection of its own.
//
// # States
//
// A member is one connection of a tab that shares. What it is in its group:
//
//	role        what it does                                  ends when
//	following   takes what the leader posts, or looks for     it gets the lock: inheriting, or at
//	            a leader                                      once alone if none leads
//	inheriting  has the lock and waits a moment for the last  that has come, or the moment is over:
//	            message of the leader before                  alone
//	alone       has the connection                            another tab asks: leading; or steals
//	                                                          the lock: following
//	leading     has it, and posts what it brings              another tab steals the lock: following
//	retired     nothing: the connection has ended             -
//
// A member that follows knows two things of the leader. Whether there is one:
//
//	led     it has posted since it was last asked for
//	asked   it was asked for and has not posted since
//	vacant  no tab leads, as far as is known
//	called  the same, and the group was asked for a leader
//
// And where the leader's stream is:
//
//	unknown   it was not asked in this term
//	inquired  it was asked
//	answered  it is known, and there is a gap before it
//	joined    there is none: what the leader posts is passed on
//
// A connection of a member's own, a leader's or one that closes such a gap, is
//
//	none     not there
//	dialed   begun; its hello, or the reset that this announced, has not come
//	greeted  a stream
package tabs
