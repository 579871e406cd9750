package main

import (
	"slices"
	"strings"
	"testing"
)

// cpu is a result with so much CPU a delivery.
func cpu(server string, us float64, lost int) result {
	return result{Server: server, Workload: at20, Deliveries: 1, CPU: us, Lost: lost}
}

func TestBudgetIsJudgedByMediansBesideTheFloorAndTheBestRivalThatLostNothing(t *testing.T) {
	r := &report{Results: []result{
		cpu("floor: write(2)", 5, 0), cpu("Seaway", 90, 0), cpu("tmaxmax/go-sse", 10, 0), cpu("r3labs/sse", 3, 1), cpu("centrifuge", 9, 0),
		cpu("floor: write(2)", 1, 0), cpu("Seaway", 6.5, 0),
		cpu("floor: write(2)", 80, 0), cpu("Seaway", 1, 0),
	}}
	got := r.judge()
	if len(got) != 2 {
		t.Fatalf("%d verdicts, want those on the two budgets that were measured: %+v", len(got), got)
	}
	floor, rival := got[0], got[1]
	if floor.Ours != 6.5 || *floor.Floor != 5 || floor.Got != 1.3 || floor.Met {
		t.Errorf("beside the floor: %+v", floor)
	}
	if *rival.Rival != 9 || rival.Name != "centrifuge" || rival.Got != 0.65 || !rival.Met {
		t.Errorf("beside go-sse: %+v", rival)
	}
}

func TestBudgetOfAFigureMayBeTheLeastOrAMultipleOfAnother(t *testing.T) {
	r := &report{Figures: []figure{
		{"500,000 events behind", "Seaway, 1 topics", "events/s", 39999},
		{"500,000 events behind", "Seaway, 32 topics", "events/s", 40000},
		{"8,000 streams at once", "Seaway", "KiB a stream", 3},
		{"8,000 streams at once", "Seaway", "KiB at the peak", 6},
	}}
	var met []bool
	for _, v := range r.judge() {
		met = append(met, v.Met)
	}
	if want := []bool{true, true, false, true}; !slices.Equal(met, want) {
		t.Errorf("met: %v, want %v, of %+v", met, want, r.judge())
	}
}

func TestBudgetThatWasNotMeasuredIsLeftOut(t *testing.T) {
	if got := (&report{Results: []result{cpu("Seaway", 6, 0)}}).judge(); len(got) > 0 {
		t.Errorf("without the floor: %+v", got)
	}
	if text := (&report{}).budgetTable(); text != "" {
		t.Errorf("a table of nothing: %q", text)
	}
}

func TestBudgetIsNotMetByARunThatLostEvents(t *testing.T) {
	for _, ours := range []result{cpu("Seaway", 1, 1), {Server: "Seaway", Workload: at20}} {
		r := &report{Results: []result{cpu("floor: write(2)", 5, 0), ours}}
		if got := r.judge(); len(got) != 1 || got[0].Met {
			t.Errorf("%+v", got)
		}
	}
}

// A budget whose group or figure is misspelt would never be judged.
func TestBudgetsNameWorkloadsAndProbes(t *testing.T) {
	for _, b := range budgets {
		isWorkload := slices.ContainsFunc(workloads, func(w workload) bool { return w.Name == b.group })
		isProbe := slices.ContainsFunc(probes, func(p probe) bool { return p.Name == b.group })
		if isWorkload == isProbe {
			t.Errorf("%s: a workload %v, a probe %v", b.group, isWorkload, isProbe)
		}
		if isWorkload && (result{CPU: 1, P99: 1, DueP99: 1, PerSecond: 1}).named(b.what) == 0 {
			t.Errorf("%s: a workload has no %s", b.group, b.what)
		}
	}
}

func TestBudgetTableSaysWhatIsNotMet(t *testing.T) {
	r := &report{Results: []result{cpu("floor: write(2)", 5, 0), cpu("Seaway", 6.5, 0)}}
	r.Budgets = r.judge()
	text := r.budgetTable()
	for _, want := range []string{at20 + ": CPU us", "6.5", "1.3", "NO", "at most 1.2 x floor"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
