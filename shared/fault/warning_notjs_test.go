//go:build !js

package fault_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/shared/fault"
)

func TestWarningIsLoggedEveryTenSecondsAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&log, nil))
		var w fault.Warning
		for range 100 {
			w.Log(logger, "too bad", "n", 1)
		}
		if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, `level=WARN msg="too bad" n=1`) || strings.Contains(got, "left_out") {
			t.Errorf("logged %s", got)
		}
		time.Sleep(10*time.Second - time.Nanosecond)
		w.Log(logger, "too bad")
		time.Sleep(time.Nanosecond)
		w.Log(logger, "too bad")
		if got := log.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "left_out=100\n") {
			t.Errorf("logged %s", got)
		}
	})
}
