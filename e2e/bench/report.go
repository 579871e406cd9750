package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// A report is all that one run found, and where.
type report struct {
	Date       string       `json:"date"`
	Machine    string       `json:"machine"`
	Load       string       `json:"load_average"` // before the run: others may have used the machine
	Servers    []contender  `json:"servers"`
	Publishing []publishing `json:"publishing"`
	Results    []result     `json:"results"`
	Figures    []figure     `json:"figures"` // of probes
	Budgets    []verdict    `json:"budgets"`
}

// newReport returns a report without figures.
func (b *bench) newReport() (*report, error) {
	servers, err := b.withVersions()
	if err != nil {
		return nil, err
	}
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return nil, err
	}
	return &report{
		Date:    time.Now().UTC().Format("2006-01-02"),
		Machine: machine(),
		Load:    strings.Join(strings.Fields(string(load))[:3], " "),
		Servers: servers,
	}, nil
}

// libraries are the rivals' modules.
var libraries = map[string]string{
	"gosse":      "github.com/tmaxmax/go-sse",
	"r3labs":     "github.com/r3labs/sse/v2",
	"centrifuge": "github.com/centrifugal/centrifuge",
}

// withVersions asks the programs what they were built from.
func (b *bench) withVersions() ([]contender, error) {
	info, err := buildinfo.ReadFile(b.programs.rival)
	if err != nil {
		return nil, fmt.Errorf("the rivals' program: %w", err)
	}
	said, err := exec.Command(b.programs.seaway, "-version").Output()
	if err != nil {
		return nil, fmt.Errorf("the product's program: %w", err)
	}
	servers := append([]contender(nil), b.contenders...)
	for i := range servers {
		s := &servers[i]
		if s.rival == "" {
			s.Version = strings.TrimSpace(strings.TrimPrefix(string(said), "seaway "))
		}
		for _, d := range info.Deps {
			if d.Path == libraries[s.rival] {
				s.Version = d.Version
			}
		}
	}
	return servers, nil
}

// machine describes where this runs in one line.
func machine() string {
	model := "unknown processor"
	info, _ := os.ReadFile("/proc/cpuinfo") // without it, the model stays unknown
	for line := range strings.Lines(string(info)) {
		if key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == "model name" {
			model = strings.TrimSpace(value)
			break
		}
	}
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	major, _, _ := strings.Cut(strings.TrimSpace(string(kernel)), "-")
	return fmt.Sprintf("%d cores, %s, Linux %s, %s", runtime.NumCPU(), model, major, runtime.Version())
}

// costOfEvent returns what an event costs the server by itself, at the measured
// rate that is nearest to the workload's.
func (r *report) costOfEvent(c contender, w workload) time.Duration {
	nearest := publishing{Rate: math.Inf(1)}
	for _, p := range r.Publishing {
		if p.Server == c.Name && math.Abs(p.Rate-w.Rate) <= math.Abs(nearest.Rate-w.Rate) {
			nearest = p
		}
	}
	return time.Duration(nearest.CPU * float64(time.Microsecond))
}

// save writes latest.json and latest.svg.
func (r *report) save(dir string) error {
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "latest.json"), append(text, '\n'), 0o644); err != nil {
		return err
	}
	var chart bytes.Buffer
	if err := r.drawChart(&chart); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "latest.svg"), chart.Bytes(), 0o644)
}
