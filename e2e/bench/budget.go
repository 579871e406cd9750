package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A budget is what one figure of Seaway's may be.
type budget struct {
	group string // the workload's or the probe's name
	what  string // the figure's
	ours  string // the name that it is under; default "Seaway"

	limit   float64
	atLeast bool   // limit is the least, not the most
	times   string // limit is a multiple of this server's figure
	ofWhat  string // or of this figure of our own
}

const (
	at20   = "1,000 streams, 20/s"
	at300  = "1,000 streams, 300/s"
	tokens = "100 streams, 5,000/s to one topic"
)

// budgets are printed in this order. Each is for this kind of machine: two cores, which the
// client uses too.
var budgets = []budget{
	{group: at20, what: "CPU us", limit: 1.2, times: contenders[0].Name},
	{group: at20, what: "CPU us", limit: 0.75, times: "tmaxmax/go-sse"},
	{group: at300, what: "CPU us", limit: 1.05, times: contenders[0].Name},
	{group: at300, what: "p99 ms", limit: 1, times: contenders[0].Name},
	{group: tokens, what: "deliveries/s", limit: 0.99 * 5000 * 100, atLeast: true},
	{group: tokens, what: "due p99 ms", limit: 20},
	{group: "posts by 64 clients", what: "x syncs", limit: 2, atLeast: true},
	{group: "posts by 64 clients", what: "p50 ms", limit: 10},
	{group: "posts by 64 clients", what: "CPU us", limit: 120},
	{group: "posts by 1 client", what: "p50 ms", limit: 0.64},
	{group: "8,000 streams at once", what: "KiB a stream", limit: 4},
	{group: "8,000 streams at once", what: "KiB at the peak", limit: 2, ofWhat: "KiB a stream"},
	{group: "1,000 quiet streams", what: "% of a core", limit: 0.4},
	{group: "1,000 streams over TLS", what: "KiB a stream", ours: "Seaway, HTTP/1.1", limit: 24},
	{group: "1,000 streams over TLS", what: "KiB a stream", ours: "Seaway, HTTP/2, 100 streams a connection", limit: 14},
	{group: "a start on 1,000,000 events", what: "s until a stream begins", limit: 1},
	{group: "a start on 1,000,000 events", what: "MiB at the peak", limit: 150},
	{group: "500,000 events behind", what: "events/s", ours: "Seaway, 1 topics", limit: 40000, atLeast: true},
	{group: "500,000 events behind", what: "events/s", ours: "Seaway, 32 topics", limit: 40000, atLeast: true},
}

// A verdict is a budget beside what was measured.
type verdict struct {
	Group  string   `json:"group"`
	What   string   `json:"what"`
	Ours   float64  `json:"ours"`
	Floor  *float64 `json:"floor,omitempty"`
	Rival  *float64 `json:"rival,omitempty"` // the best that lost nothing
	Name   string   `json:"rival_name,omitempty"`
	Got    float64  `json:"got"` // what the limit is for: Ours, or Ours as a multiple
	Budget string   `json:"budget"`
	Met    bool     `json:"met"`
}

// judge returns a verdict on each budget whose figures this run has.
func (r *report) judge() (verdicts []verdict) {
	for _, b := range budgets {
		if v, ok := r.judgeOne(b); ok {
			verdicts = append(verdicts, v)
		}
	}
	return verdicts
}

func (r *report) judgeOne(b budget) (v verdict, ok bool) {
	name := b.ours
	if name == "" {
		name = seaway.Name
	}
	ours, ok := r.median(b.group, b.what, name)
	if !ok {
		return v, false
	}
	v = verdict{Group: b.group, What: b.what, Ours: ours, Got: ours, Budget: b.String()}
	if name != seaway.Name {
		v.Group += strings.TrimPrefix(name, seaway.Name)
	}
	if base, relative := r.base(b, name); relative {
		if base <= 0 {
			return v, false // what it is compared with was not measured
		}
		v.Got = ours / base
	}
	v.Met = v.Got <= b.limit
	if b.atLeast {
		v.Met = v.Got >= b.limit
	}
	v.Met = v.Met && !slices.ContainsFunc(r.Results, func(x result) bool {
		return x.Workload == b.group && x.Server == seaway.Name && x.failed()
	})
	r.addOthers(b, &v)
	return v, true
}

// failed reports whether the figures of a result are of no use.
func (x result) failed() bool { return x.Lost > 0 || x.Trouble != "" || x.Deliveries == 0 }

// base returns what the limit is a multiple of, or 0 if that was not measured.
func (r *report) base(b budget, name string) (base float64, relative bool) {
	switch {
	case b.times != "":
		base, _ = r.median(b.group, b.what, b.times)
	case b.ofWhat != "":
		base, _ = r.median(b.group, b.ofWhat, name)
	default:
		return 0, false
	}
	return base, true
}

// addOthers adds the floor's figure and the best rival's.
func (r *report) addOthers(b budget, v *verdict) {
	for _, c := range contenders {
		value, ok := r.median(b.group, b.what, c.Name)
		switch {
		case !ok || c.rival == "":
		case c.rival == "floor":
			v.Floor = &value
		case v.Rival == nil || (value > *v.Rival) == b.atLeast:
			v.Rival, v.Name = &value, c.Name
		}
	}
}

// median returns a server's figure. It has none where it lost events or failed.
func (r *report) median(group, what, server string) (float64, bool) {
	var values []float64
	for _, x := range r.Results {
		if x.Workload != group || x.Server != server {
			continue
		}
		if x.Server != seaway.Name && x.failed() { // ours stays, and is not met
			return 0, false
		}
		values = append(values, x.named(what))
	}
	for _, f := range r.Figures {
		if f.Probe == group && f.Server == server && f.What == what {
			values = append(values, f.Value)
		}
	}
	if len(values) == 0 {
		return 0, false
	}
	slices.Sort(values)
	return values[len(values)/2], true
}

// named returns the figure that a budget names.
func (x result) named(what string) float64 {
	return map[string]float64{"CPU us": x.CPU, "p99 ms": x.P99, "due p99 ms": x.DueP99, "deliveries/s": x.PerSecond}[what]
}

// String is the limit in words.
func (b budget) String() string {
	limit := number(b.limit)
	switch {
	case b.times != "":
		return "at most " + limit + " x " + b.times
	case b.ofWhat != "":
		return "at most " + limit + " x " + b.ofWhat
	case b.atLeast:
		return "at least " + limit
	}
	return "at most " + limit
}

// budgetTable has a line for each verdict.
func (r *report) budgetTable() string {
	var b strings.Builder
	if len(r.Budgets) > 0 {
		fmt.Fprintf(&b, "\n%-76s %9s %9s %9s %9s  %-6s %s\n", "budget", "ours", "floor", "rival", "got", "met", "limit; the rival")
	}
	for _, v := range r.Budgets {
		met := "yes"
		if !v.Met {
			met = "NO"
		}
		fmt.Fprintf(&b, "%-76s %9s %9s %9s %9s  %-6s %s", v.Group+": "+v.What, number(v.Ours), optional(v.Floor), optional(v.Rival), number(v.Got), met, v.Budget)
		if v.Name != "" {
			fmt.Fprintf(&b, "; %s", v.Name)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func optional(v *float64) string {
	if v == nil {
		return "-"
	}
	return number(*v)
}

// number shows four digits at most, and no exponent below a billion.
func number(v float64) string {
	if v >= 1000 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}
