// Package site implements the sample's server: the commands, access rules and
// producers of a chat with guests, presence, inboxes and a dashboard of vital
// signs, on a server of package live. Replace it with your own.
//
// The log is its only storage. Rooms, inboxes and names are states, which hold what
// retention has removed from the log; presence is folded from the newest events,
// since a node that has died expires by time. So several nodes on one log agree, and
// a restart loses nothing. The server of package live owns all of its goroutines.
package site
