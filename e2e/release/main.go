// Command release builds the program for every platform, with checksums and a list of
// what is in it.
//
//	go run ./release -out ../bin/release
//
// For each platform it writes an archive, seaway_<version>_<system>_<processor>.tar.gz,
// and beside it a bill of materials in SPDX 2.3; SHA256SUMS has the sums of all files.
// The version and the date are those of the newest heading of CHANGELOG.md, which is
// the one place where they are written; a commit with another version's tag is refused.
//
// Equal sources, in whatever directory, and the same Go give equal files: paths are
// trimmed, the commit is not stamped into the program, and every time in an archive is
// the date of the release. web/build must hold the page: make release builds it first.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// platforms are those of a release.
const platforms = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64"

func main() {
	out := flag.String("out", "../bin/release", "`directory` of the files, which is emptied first")
	root := flag.String("root", "..", "`directory` of the sources")
	list := flag.String("platforms", platforms, "`platforms` to build for")
	flag.Parse()
	if err := release(*root, *out, strings.Split(*list, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func release(root, out string, platforms []string) error {
	v, err := newestVersion(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		return err
	}
	if err := checkTag(root, v); err != nil {
		return err
	}
	out, err = filepath.Abs(out)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	page, err := pageModules(root)
	if err != nil {
		return err
	}
	for _, p := range platforms {
		system, processor, ok := strings.Cut(p, "/")
		if !ok {
			return fmt.Errorf("%q is no platform, as linux/amd64 is", p)
		}
		if err := build(root, out, v, target{system, processor}, page); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
	}
	return writeSums(out)
}

// build writes the files of one platform.
func build(root, out string, v version, t target, page []module) error {
	program, remove, err := t.compile(root, v)
	if err != nil {
		return err
	}
	defer remove()
	name := fmt.Sprintf("seaway_%s_%s_%s", v.name, t.system, t.processor)
	bill, err := billOf(program, name, v, page)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, name+".spdx.json"), bill, 0o644); err != nil {
		return err
	}
	files := []member{{"seaway", program, 0o755}}
	for _, name := range []string{"README.md", "CHANGELOG.md", "WIRE.md", "LICENSE"} {
		files = append(files, member{name, filepath.Join(root, name), 0o644})
	}
	return writeArchive(filepath.Join(out, name+".tar.gz"), name, v.date, files)
}
