// Package site is a sample: the routes, commands and producers of the live
// message list. Replace it with your own; what it wires together are library
// packages.
package site
