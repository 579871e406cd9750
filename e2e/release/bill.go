package main

import (
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// A module is one that is linked into the program, or into the page that it holds.
type module struct{ Path, Version, Sum string }

// pageModules returns the modules that the page is linked with. The program's own build
// information does not have them.
func pageModules(root string) (all []module, err error) {
	const format = `{{with .Module}}{{if not .Main}}{"Path":"{{.Path}}","Version":"{{.Version}}","Sum":"{{.Sum}}"}{{end}}{{end}}`
	cmd := exec.Command("go", "list", "-deps", "-f", format, "./app")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=", "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	for _, line := range strings.Fields(string(out)) {
		var m module
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// linked returns the modules of a program and of its page, by name, and the version of
// Go that built it.
func linked(program string, page []module) (all []module, goVersion string, err error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return nil, "", err
	}
	for _, d := range info.Deps {
		for d.Replace != nil {
			d = d.Replace
		}
		all = append(all, module{d.Path, d.Version, d.Sum})
	}
	all = append(all, page...)
	slices.SortFunc(all, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return slices.CompactFunc(all, func(a, b module) bool { return a.Path == b.Path }), info.GoVersion, nil
}

// billOf returns the bill of materials of a program, in SPDX 2.3: itself, the modules
// and the standard library.
func billOf(program, name string, v version, page []module) ([]byte, error) {
	modules, goVersion, err := linked(program, page)
	if err != nil {
		return nil, err
	}
	sum, err := sumOf(program)
	if err != nil {
		return nil, err
	}
	self := newPackage("Package-seaway", "github.com/seawaykit/seaway", v.name, "")
	self.Checksums = []spdxChecksum{{"SHA256", sum}}
	self.LicenseDeclared = "MIT"
	d := spdxDocument{
		Version: "SPDX-2.3", License: "CC0-1.0", ID: "SPDXRef-DOCUMENT", Name: name,
		Namespace: "https://github.com/seawaykit/seaway/releases/download/" + v.name + "/" + name + ".spdx.json",
		Created:   spdxCreation{v.date.Format(time.RFC3339), []string{"Organization: the Seaway authors", "Tool: seaway-release"}},
		Packages:  []spdxPackage{self},
	}
	d.relate(d.ID, "DESCRIBES", self.ID)
	for i, m := range append(modules, module{"stdlib", strings.TrimPrefix(goVersion, "go"), ""}) {
		p := newPackage(fmt.Sprintf("Package-%d", i+1), m.Path, m.Version, m.Sum)
		d.Packages = append(d.Packages, p)
		d.relate(self.ID, "CONTAINS", p.ID)
	}
	text, err := json.MarshalIndent(d, "", "  ")
	return append(text, '\n'), err
}
