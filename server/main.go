// Command seaway runs the sample: a live message list, with the page, the stream
// and the log in one program. Replace it, and package site, with your own.
package main

import (
	"context"
	"os"

	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/server/sample/site"
	_ "github.com/seawaykit/seaway/shared/sample/schema" // the schemas of older builds
)

// version is set by the linker.
var version = "dev"

func main() {
	var key keyFile
	os.Exit(live.Main(live.Program{
		Name: "seaway", Version: version, Flags: key.define,
		New: func(ctx context.Context, c live.Config) (*live.Server, error) {
			keys, err := key.read(ctx, c)
			if err != nil {
				return nil, err
			}
			return site.New(site.Options{Log: c.Log, SessionKeys: keys, Node: c.Node, Live: c.Options(live.Options{})})
		},
	}))
}
