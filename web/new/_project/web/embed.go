// Package web holds the files that a browser fetches: the page, once make has
// built it, and what lies in static.
package web

import (
	"embed"
	"io/fs"

	"github.com/seawaykit/seaway/web"
)

//go:embed all:build static
var embedded embed.FS

// Files serves them.
func Files() (*web.Assets, error) { return web.New(below("build"), below("static")) }

func below(dir string) fs.FS {
	tree, err := fs.Sub(embedded, dir)
	if err != nil {
		panic(err) // impossible: the names are valid
	}
	return tree
}
