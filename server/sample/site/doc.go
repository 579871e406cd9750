// Package site is a sample: the routes, commands and producers of a chat with
// guests, presence, inboxes and a wall of vital signs. Replace it with your own;
// what it wires together are library packages.
//
// The log is its only state. What it knows of names and of who is here is folded
// from events, so several nodes on one log agree, and a restart loses nothing.
// [Site.Run] owns all of its goroutines.
package site
