// Package web embeds the files for browsers, which are served below /web/.
package web

import "embed"

//go:embed all:build static
var Files embed.FS
