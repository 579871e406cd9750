package layout_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v2"
)

// A workflow is what CI runs on an occasion.
type workflow struct {
	Name string
	Jobs map[string]struct {
		Steps []struct{ Uses, Run string }
	}
}

var (
	made   = regexp.MustCompile(`\bmake ((?:[a-z]+ ?)+)`)
	target = regexp.MustCompile(`(?m)^([a-z]+):`)
	badge  = regexp.MustCompile(`actions/workflows/([\w.]+)/badge\.svg`)
)

// CI makes what there is to make, all of it somewhere, and README's badges are of
// workflows that exist.
func TestWorkflowsMakeWhatTheMakefileHas(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	var targets []string
	for _, found := range target.FindAllStringSubmatch(string(makefile), -1) {
		targets = append(targets, found[1])
	}
	names, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var done, files []string
	for _, name := range names {
		files = append(files, filepath.Base(name))
		for _, one := range makes(t, name) {
			done = append(done, one)
			if !slices.Contains(targets, one) {
				t.Errorf("%s makes %s, which the Makefile has not", name, one)
			}
		}
	}
	for _, one := range []string{"test", "faults", "bench", "release"} {
		if !slices.Contains(done, one) {
			t.Errorf("no workflow makes %s", one)
		}
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range badge.FindAllStringSubmatch(string(readme), -1) {
		if !slices.Contains(files, found[1]) {
			t.Errorf("README has a badge of %s, which is not there", found[1])
		}
	}
}

// makes returns the targets that a workflow makes.
func makes(t *testing.T, name string) (targets []string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var w workflow
	if err := yaml.Unmarshal(text, &w); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if w.Name+".yml" != filepath.Base(name) || len(w.Jobs) == 0 {
		t.Errorf("%s is called %q and has %d jobs", name, w.Name, len(w.Jobs))
	}
	for _, job := range w.Jobs {
		for _, step := range job.Steps {
			if (step.Uses == "") == (step.Run == "") {
				t.Errorf("%s has a step that neither uses nor runs one thing", name)
			}
			for _, found := range made.FindAllStringSubmatch(step.Run, -1) {
				targets = append(targets, strings.Fields(found[1])...)
			}
		}
	}
	return targets
}
