// Package web embeds the sample's files: the page, once make has built it, and
// static files. It is for the sample alone: a project has its own.
package web

import "embed"

// Files holds the directories build and static: see live.Options.
//
//go:embed all:build all:static
var Files embed.FS
