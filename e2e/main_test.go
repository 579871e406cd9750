// Package e2e_test drives the built program, bin/seaway, as its users would:
// over HTTP, from a shell, and in Chromium.
//
// Tests that build programs first have names with Project in them, or begin with
// TestBuild; those that kill for a minute begin with TestStatesOutlive, one that fills
// a whole room with TestWholeRoom, a room and a board of hostile texts with TestWholeCorpus, one
// that measures with TestOthersInAFlood, and one that looks at all pages below a prefix with
// TestPageIsLiveBelowAPrefix. make faults runs them, those of twelve tabs, and make looks, which
// has the tests that look at all pages; make e2e runs all others.
package e2e_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// binary is the program under test.
var binary string

// browser is one Chromium for all tests; each tab has a profile of its own.
var browser context.Context

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	if order := os.Getenv(floodVariable); order != "" {
		return flooding(order)
	}
	binary = os.Getenv("SEAWAY_BIN")
	if binary == "" {
		binary = filepath.Join("..", "bin", "seaway")
	}
	if _, err := os.Stat(binary); err != nil {
		fmt.Fprintln(os.Stderr, "these tests drive the built program: make build:", err)
		return 1
	}
	ctx, stop, err := startBrowser()
	if err != nil {
		fmt.Fprintln(os.Stderr, "these tests need Chromium: make browser:", err)
		return 1
	}
	defer stop()
	browser = ctx
	return m.Run()
}

func startBrowser(more ...chromedp.ExecAllocatorOption) (ctx context.Context, stop func(), err error) {
	name := os.Getenv("BROWSER")
	if name == "" {
		name = "chromium"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, nil, err
	}
	opts := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.WSURLReadTimeout(waitLimit), chromedp.NoSandbox, chromedp.NoFirstRun, chromedp.DisableGPU,
		chromedp.Flag("headless", "new"), chromedp.WindowSize(1280, 800),
	}
	for _, flag := range []string{
		"disable-dev-shm-usage", "disable-background-networking", "disable-component-update",
		"disable-sync", "disable-quic", "hide-scrollbars",
		"ignore-certificate-errors", // for the tests' own certificates
		// A tab behind another would have its timers slowed down.
		"disable-background-timer-throttling", "disable-renderer-backgrounding", "disable-backgrounding-occluded-windows",
	} {
		opts = append(opts, chromedp.Flag(flag, true))
	}
	alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), append(opts, more...)...)
	ctx, endTab := chromedp.NewContext(alloc)
	if err := chromedp.Do(ctx); err != nil { // starts it
		endTab()
		endAlloc()
		return nil, nil, err
	}
	return ctx, func() { endTab(); endAlloc() }, nil
}
