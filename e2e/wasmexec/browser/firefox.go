package browser

import (
	_ "embed"
	"os"
	"path/filepath"
	"slices"
)

//go:embed user.js
var preferences []byte

// firefox returns the arguments for a headless Firefox that opens url, and
// writes its preferences into the profile.
func firefox(profile, url, more string) ([]string, error) {
	err := os.WriteFile(filepath.Join(profile, "user.js"), append(slices.Clip(preferences), more...), 0o600)
	return []string{"--headless", "--no-remote", "--profile", profile, url}, err
}
