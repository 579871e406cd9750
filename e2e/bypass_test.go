package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The listener that e2e/behaviour puts before go-app's worker is the one that
// the program has there.
func TestListenerTriedIsTheServedOne(t *testing.T) {
	t.Parallel()
	tried, err := os.ReadFile(filepath.Join("behaviour", "bypass.js"))
	if err != nil {
		t.Fatal(err)
	}
	if _, served := startServer(t).get("/app-worker.js"); !strings.HasPrefix(served, string(tried)) {
		t.Errorf("the service worker begins otherwise than behaviour/bypass.js:\n%.600s", served)
	}
}
