package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A version is that of a release.
type version struct {
	name string // as v0.1.0
	date time.Time
}

// heading is that of a release in the changelog.
var heading = regexp.MustCompile(`^## (v\d+\.\d+\.\d+) \((\d{4}-\d{2}-\d{2})\)$`)

// newestVersion returns the first version in the changelog.
func newestVersion(changelog string) (version, error) {
	text, err := os.ReadFile(changelog)
	if err != nil {
		return version{}, err
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		found := heading.FindStringSubmatch(lines.Text())
		if found == nil {
			continue
		}
		date, err := time.Parse(time.DateOnly, found[2])
		return version{found[1], date}, err
	}
	return version{}, fmt.Errorf("%s has no heading of a release, as ## v1.0.0 (2026-01-31)", changelog)
}

// checkTag returns an error if the commit is tagged as another version. Sources
// without git have no tag.
func checkTag(root string, v version) error {
	cmd := exec.Command("git", "tag", "--points-at", "HEAD", "--list", "v*")
	cmd.Dir = root
	out, err := cmd.Output()
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) || errors.Is(err, exec.ErrNotFound) {
		return nil
	}
	tags := strings.Fields(string(out))
	if err == nil && len(tags) > 0 && !slices.Contains(tags, v.name) {
		err = fmt.Errorf("the commit is tagged %s, and CHANGELOG.md begins with %s", strings.Join(tags, ", "), v.name)
	}
	return err
}
