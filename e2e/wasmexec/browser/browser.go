// Package browser starts the browsers that tests run in: headless, each with a
// fresh profile that is gone when it has been killed.
//
// None of them leaves this machine. Requests of their own, for updates or a
// captive portal's page, would make a test depend on the network.
package browser

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Make is a browser as its makers know it. All programs of one make take the
// same arguments.
type Make struct {
	name     string
	programs []string // what it is installed as
	environ  []string // added to ours
	prepare  func(profile, url, preferences string) (args []string, err error)
}

// The makes that tests run in.
var (
	Chromium = Make{
		name:     "Chromium",
		programs: []string{"chromium", "chromium-browser", "google-chrome"},
		prepare:  chromium,
	}
	Firefox = Make{
		name:     "Firefox",
		programs: []string{"firefox-esr", "firefox"},
		environ:  []string{"MOZ_REMOTE_SETTINGS_DEVTOOLS=1"}, // without it services.settings.server is ignored
		prepare:  firefox,
	}
)

// String returns the make's name.
func (m Make) String() string { return m.name }

// Find returns the first program of the make that is on the PATH.
func (m Make) Find() (Program, error) {
	for _, name := range m.programs {
		if path, err := exec.LookPath(name); err == nil {
			return Program{Make: m, Path: path}, nil
		}
	}
	return Program{}, fmt.Errorf("no %s found, looked for %q: run make browser", m, m.programs)
}

// A Program is an installed browser.
type Program struct {
	Make Make
	Path string
	// Preferences are more of a Firefox, as lines of its user.js.
	Preferences string
}

// Named returns the program of that name or path. It is a Firefox if it is
// called one, and a Chromium otherwise: there are many names for those.
func Named(name string) (Program, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return Program{}, fmt.Errorf("no browser found: %w", err)
	}
	if strings.Contains(filepath.Base(path), "firefox") {
		return Program{Make: Firefox, Path: path}, nil
	}
	return Program{Make: Chromium, Path: path}, nil
}
