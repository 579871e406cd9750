package main

import (
	"strings"
	"testing"
)

func TestWorkerIsGoApps(t *testing.T) {
	text := stockWorker()
	if !strings.Contains(text, "fetchWithCache(event.request)") || strings.Contains(text, "{{") {
		t.Errorf("the worker is %s", text)
	}
}
