package embedded

import (
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// mountsVariable is set if the process has its own mounts.
const mountsVariable = "SEAWAY_TEST_MOUNTS"

// withOwnMounts runs the test again in a process with mounts of its own, where
// it may mount a small disk, and reports whether this is that process. A user
// other than root gets a user namespace as well.
func withOwnMounts(t *testing.T) bool {
	t.Helper()
	if os.Getenv(mountsVariable) != "" {
		return true
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), mountsVariable+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if uid, gid := os.Getuid(), os.Getgid(); uid != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: gid, Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("in a process with its own mounts (%v):\n%s", err, out)
	}
	return false
}

// mountDisk mounts an empty disk of 20 MB.
func mountDisk(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=20m"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestFullDiskIsReportedAndRecoveredFrom(t *testing.T) {
	if !withOwnMounts(t) {
		return
	}
	disk := mountDisk(t)
	records := &recorder{}
	log := openLog(t, Options{
		Dir: filepath.Join(disk, "data"), Retention: eventlog.Retention{MaxBytes: 1 << 30},
		Logger: slog.New(records), healthEvery: 20 * time.Millisecond,
	})
	defer log.Close()
	seen := follow(t, log)
	acked := fill(t, log, 50)

	ballast := filepath.Join(disk, "ballast")
	occupy(t, ballast)
	until(t, func() bool {
		id, err := log.Append(t.Context(), event.Draft{Topic: "a", Type: "test", Data: make([]byte, 1000)})
		if err == nil {
			acked = append(acked, id)
		}
		return errors.Is(err, eventlog.ErrFull)
	})
	if err := log.Health(); !errors.Is(err, eventlog.ErrFull) {
		t.Errorf("the health of a full log is %v", err)
	}
	if got := idsOf(readAll(t, log)); !slices.Equal(got, acked) {
		t.Errorf("a full log shows %d events, %d were acknowledged", len(got), len(acked))
	}

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	until(t, func() bool { return log.Health() == nil })
	acked = append(acked, fill(t, log, 50)...)
	if got := idsOf(readAll(t, log)); !slices.Equal(got, acked) {
		t.Errorf("the recovered log shows %d events, %d were acknowledged", len(got), len(acked))
	}
	until(t, func() bool { return len(seen()) >= len(acked) })
	if !slices.Equal(seen(), acked) {
		t.Errorf("the tail was given\n%v, want\n%v", seen(), acked)
	}
	if n := records.count(slog.LevelError, "make room"); n != 1 {
		t.Errorf("it was logged %d times that there is no room", n)
	}
}

func TestLogOpensOnAFullDisk(t *testing.T) {
	if !withOwnMounts(t) {
		return
	}
	disk := mountDisk(t)
	o := Options{Dir: filepath.Join(disk, "data"), Retention: eventlog.Retention{MaxBytes: 1 << 30}}
	log := openLog(t, o)
	acked := fill(t, log, 50)
	log.Close()
	occupy(t, filepath.Join(disk, "ballast"))

	log = openLog(t, o)
	defer log.Close()
	if got := idsOf(readAll(t, log)); !slices.Equal(got, acked) {
		t.Errorf("a full log shows %d events, %d were acknowledged", len(got), len(acked))
	}
	until(t, func() bool {
		_, err := log.Append(t.Context(), event.Draft{Topic: "a", Type: "test", Data: make([]byte, 1000)})
		return errors.Is(err, eventlog.ErrFull)
	})
}

func TestOpenReportsAReadOnlyDirectory(t *testing.T) {
	if !withOwnMounts(t) {
		return
	}
	disk := mountDisk(t)
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{disk, filepath.Join(disk, "data")} {
		if _, err := Open(t.Context(), Options{Dir: dir, Logger: logger(t)}); !errors.Is(err, ErrNotWritable) || strings.Contains(err.Error(), "\n") {
			t.Errorf("opening %s gives %v", dir, err)
		}
	}
}

// occupy takes all the room there is.
func occupy(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
}
