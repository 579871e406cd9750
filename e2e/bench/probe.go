package main

import (
	"context"
	"fmt"
	"os"
	"strings"
)

// A probe measures what is no workload: posts, replays, a start. It takes its rounds
// itself, and returns the median of each figure.
type probe struct {
	Name string
	run  func(b *bench, ctx context.Context) ([]figure, error)
}

// A figure is what a probe found out about a server, or about the machine.
type figure struct {
	Probe  string  `json:"probe"`
	Server string  `json:"server"`
	What   string  `json:"what"`
	Value  float64 `json:"value"`
}

// probes are run in this order.
var probes = []probe{
	{"posts by 64 clients", (*bench).posts64},
	{"posts by 1 client", (*bench).posts1},
	{"8,000 streams at once", (*bench).atOnce},
	{"1,000 quiet streams", (*bench).idle},
	{"1,000 streams over TLS", (*bench).secure},
	{"a start on 1,000,000 events", (*bench).startup},
	{"500,000 events behind", (*bench).resume},
}

// takeProbes takes those whose name holds the text of the flag.
func (b *bench) takeProbes(ctx context.Context, r *report) error {
	for _, p := range probes {
		if !strings.Contains(p.Name, b.probe) {
			continue
		}
		fmt.Fprintln(os.Stderr, p.Name)
		figures, err := p.run(b, ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		for i := range figures {
			figures[i].Probe = p.Name
		}
		r.Figures = append(r.Figures, figures...)
	}
	return nil
}
