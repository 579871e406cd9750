package browser

// chromium returns the arguments for a headless Chromium that opens url.
func chromium(profile, url, _ string) ([]string, error) {
	return []string{
		"--headless=new",
		"--no-sandbox", // it opens nothing but the test; root, as in CI containers, has no sandbox
		"--disable-gpu",
		"--disable-dev-shm-usage", // containers have 64 MiB there
		"--no-first-run",
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-sync",
		"--disable-quic",
		"--user-data-dir=" + profile,
		url,
	}, nil
}
