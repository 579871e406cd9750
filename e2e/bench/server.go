package main

import (
	"fmt"
	"os"

	"github.com/seawaykit/seaway/e2e/bench/process"
)

// A contender is a server to be measured.
type contender struct {
	Name    string `json:"name"`    // for the table
	Version string `json:"version"` // of the library, empty if there is none

	rival   string // its name as a rival; empty for Seaway
	resumes bool   // it honours Last-Event-ID
}

// contenders are measured in this order. The versions of libraries are filled
// in by withVersions.
var contenders = []contender{
	{Name: "floor: write(2)", rival: "floor"},
	{Name: "Seaway", resumes: true},
	{Name: "tmaxmax/go-sse", rival: "gosse", resumes: true},
	{Name: "net/http, channels", rival: "nethttp"},
	{Name: "r3labs/sse", rival: "r3labs", resumes: true},
	{Name: "centrifuge", rival: "centrifuge"},
}

// seaway is the contender that is the product.
var seaway = contenders[1]

// programs are the built servers.
type programs struct {
	seaway string
	rival  string
	fill   string
}

// startOn runs the product on the log in a directory. The caller must Stop it.
func (p programs) startOn(dir string) (*process.Process, error) {
	return process.Start(p.seaway, append(process.NoLimits(p.seaway), "-data", dir)...)
}

// start runs the contender. stop ends it and removes its data.
func (p programs) start(c contender) (server *process.Process, stop func(), err error) {
	if c.rival != "" {
		server, err = process.Start(p.rival, "-server", c.rival)
		if err != nil {
			return nil, nil, err
		}
		return server, server.Stop, nil
	}
	data, err := os.MkdirTemp("", "seaway-bench-")
	if err != nil {
		return nil, nil, fmt.Errorf("a directory for the log: %w", err)
	}
	server, err = p.startOn(data)
	if err != nil {
		os.RemoveAll(data)
		return nil, nil, err
	}
	return server, func() {
		server.Stop()
		os.RemoveAll(data)
	}, nil
}
