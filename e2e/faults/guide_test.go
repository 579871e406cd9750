package faults_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/e2e/faults/program"
)

// systemd knows every line of the guide's unit.
func TestUnitOfTheGuideIsValid(t *testing.T) {
	t.Parallel()
	_, block, _ := strings.Cut(read(t, "../../web/guide/deploying.md"), "\n```ini\n")
	block, _, ok := strings.Cut(block, "\n```\n")
	if !ok {
		t.Fatal("the guide has no unit")
	}
	unit := filepath.Join(t.TempDir(), "app.service")
	write(t, unit, strings.Replace(block, "/usr/local/bin/app", program.Binary(t), 1))
	out, err := exec.Command("systemd-analyze", "verify", "--man=no", unit).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v (e2e/faults/install.sh)\n%s", err, out)
	}
}
