package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// columns are the table's, after the server's name.
var columns = []string{
	"CPU us", "net us", "cores", "deliveries/s", "p50 ms", "p99 ms", "max ms", "due p99",
	"idle KiB", "busy KiB", "connects/s", "lost", "repeated",
}

// writeTable prints every result, workload by workload, and the foot-notes.
func (r *report) writeTable(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s, %s, load average %s\n\n", r.Date, r.Machine, r.Load)
	writeRow(&b, "", columns)
	workload := ""
	for _, x := range r.Results {
		if x.Workload != workload {
			workload = x.Workload
			fmt.Fprintf(&b, "\n%s\n", workload)
		}
		writeRow(&b, x.Server, x.cells())
	}
	b.WriteString(r.probeTable())
	b.WriteString(r.footnotes())
	b.WriteString(r.budgetTable())
	_, err := io.WriteString(w, b.String())
	return err
}

func writeRow(b *strings.Builder, server string, cells []string) {
	fmt.Fprintf(b, "  %-20s", server)
	for i, cell := range cells {
		fmt.Fprintf(b, "  %*s", max(6, len(columns[i])), cell)
	}
	b.WriteByte('\n')
}

// cells are dashes where nothing arrived that could be measured, and for the
// latencies of a storm, which would tell how long the streams were away.
func (x result) cells() []string {
	if x.Deliveries == 0 {
		return slices.Repeat([]string{"-"}, len(columns))
	}
	decimals := func(n int, v float64) string { return strconv.FormatFloat(v, 'f', n, 64) }
	latencies := []string{decimals(1, x.P50), decimals(1, x.P99), decimals(1, x.Max), decimals(1, x.DueP99)}
	if x.Resumed > 0 {
		latencies = slices.Repeat([]string{"-"}, len(latencies))
	}
	return slices.Concat(
		[]string{decimals(1, x.CPU), decimals(1, x.Net), decimals(2, x.Cores), decimals(0, x.PerSecond)},
		latencies,
		[]string{decimals(1, x.IdleKiB), decimals(1, x.BusyKiB), decimals(0, x.Connects)},
		[]string{strconv.Itoa(x.Lost), strconv.Itoa(x.Repeated)},
	)
}

// footnotes say what the columns leave out.
func (r *report) footnotes() string {
	var b strings.Builder
	b.WriteString("\nCPU us is the server's own for each delivery, publishing included; net us leaves out what an event costs when\n" +
		"nobody reads (below). Latencies run from the sending of the post, due p99 from when it was due.\n\n")
	for _, s := range r.Servers {
		var costs []string
		for _, p := range r.Publishing {
			if p.Server == s.Name {
				costs = append(costs, fmt.Sprintf("%.0f us at %.0f/s", p.CPU, p.Rate))
			}
		}
		fmt.Fprintf(&b, "%s: an event that nobody reads costs %s.\n", s.Name, strings.Join(costs, ", "))
	}
	for _, x := range r.Results {
		x.footnote(&b)
	}
	return b.String()
}

func (x result) footnote(b *strings.Builder) {
	at := x.Workload + ", " + x.Server
	if x.Resumed > 0 {
		fmt.Fprintf(b, "%s: all had caught up %.1f s after the first came back.\n", at, x.Resumed)
	}
	if x.FreeP99 > 0 {
		fmt.Fprintf(b, "%s: p99 %.1f ms before they stopped reading.\n", at, x.FreeP99)
	}
	if x.Server == contenders[0].Name && x.CPU > 0 {
		fmt.Fprintf(b, "%s: the client used %.1f us for each delivery, %.0f%% of the server's, and %.2f cores.\n",
			at, x.ClientCPU, 100*x.ClientCPU/x.CPU, x.ClientCores)
	}
	if x.Late > 0 {
		fmt.Fprintf(b, "%s: %d events came after later ones.\n", at, x.Late)
	}
	if x.Ended > 0 {
		fmt.Fprintf(b, "%s: the server ended %d streams.\n", at, x.Ended)
	}
	if x.Trouble != "" {
		fmt.Fprintf(b, "%s: %s.\n", at, x.Trouble)
	}
}

// probeTable has a line for each probe and server.
func (r *report) probeTable() string {
	var b strings.Builder
	probe, server := "", ""
	for _, f := range r.Figures {
		if f.Probe != probe {
			probe, server = f.Probe, ""
			fmt.Fprintf(&b, "\n%s", probe)
		}
		if f.Server != server {
			server = f.Server
			fmt.Fprintf(&b, "\n  %-20s", server)
		}
		fmt.Fprintf(&b, "  %s %s", strconv.FormatFloat(f.Value, 'g', 4, 64), f.What)
	}
	return b.String() + "\n"
}
