package live

import (
	"cmp"
	"fmt"
	"os"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/server/ops"
)

// shownRows is how many topics, and how many slow readers, operators are shown.
const shownRows = 20

// overview returns what the page for operators shows.
func (s *Server) overview() ops.Overview {
	host, _ := os.Hostname() // the page then has another title
	o := ops.Overview{
		Host: cmp.Or(host, "This server"), Version: s.opts.Version, Started: s.made,
		Busiest: s.streams.Busiest(shownRows), Places: s.streams.Places(),
		Refusals: s.refusals.list(), Limits: s.opts.Limits.list(s.streams.Places().MaxTopics),
	}
	for _, k := range s.kinds {
		o.Kinds = append(o.Kinds, k.stats())
	}
	if log, ok := s.log.(interface{ Retention() eventlog.Retention }); ok {
		r := log.Retention()
		o.Retention = &r
	}
	return o
}

// stats returns the figures of a kind.
func (k *States[S]) stats() ops.Kind {
	select {
	case <-k.opened:
	default:
		return ops.Kind{Stats: states.Stats{Kind: k.name()}, Opening: true}
	}
	if k.failed != nil {
		return ops.Kind{Stats: states.Stats{Kind: k.name(), Err: k.failed}}
	}
	return ops.Kind{Stats: k.kept.Stats()}
}

// list returns the limits of rates, for operators to read.
func (l Limits) list(topics int) (list []ops.Limit) {
	for _, rate := range []struct {
		name string
		access.Rate
		bytes bool
	}{
		{"Calls of one identity", l.Commands, false},
		{"Calls of one address", l.CommandsPerAddress, false},
		{"Bytes of calls of one identity", l.CommandBytes, true},
		{"Bytes of calls of one address", l.CommandBytesPerAddress, true},
		{"Pages of one address", l.PagesPerAddress, false},
	} {
		value := "none"
		switch {
		case rate.Rate == access.Rate{}:
		case rate.bytes:
			value = fmt.Sprintf("%.3g MB a second, %.3g MB at once", rate.PerSecond/1e6, float64(rate.Burst)/1e6)
		default:
			value = fmt.Sprintf("%.4g a second, %d at once", rate.PerSecond, rate.Burst)
		}
		list = append(list, ops.Limit{Name: rate.name, Value: value})
	}
	return append(list, ops.Limit{Name: "Topics of one stream", Value: fmt.Sprint(topics)})
}
