package embedded

import (
	"cmp"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

// Options say how to open a log. The zero value of each field stands for its
// default.
type Options struct {
	// Dir is the directory of the log, which is its alone. Default ./data.
	Dir string

	// Sync is what an acknowledgement means. Default [SyncAlways].
	Sync Sync

	// Retention bounds the log. MaxBytes defaults to a tenth of the disk, and
	// to 1 GiB on disks over 10 GiB.
	Retention eventlog.Retention

	// UnsafeDropDamaged lets a log be opened that is an [ErrDamaged]. What cannot
	// be read of it is lost: the events that are damaged, or all of a file that
	// is missing. The damaged files are kept in the directory "damaged" beside
	// the others, and the numbers of what was lost are logged. Use it once, when
	// there is no backup.
	UnsafeDropDamaged bool

	// Logger gets the server's warnings and errors as such, and the rest of
	// what it says as debugging. Default [slog.Default].
	Logger *slog.Logger

	healthEvery time.Duration // for tests
}

// Sync is what an acknowledgement means.
type Sync int

const (
	// SyncAlways writes every event to the disk itself before it is
	// acknowledged. A disk needs 0.1 to 10 ms for that.
	SyncAlways Sync = iota
	// MinutesLostAtPowerCut leaves it to the operating system when to write.
	// An acknowledged event survives a crash of the process. A power cut, or
	// the end of a virtual machine, loses up to the last two minutes: of 36,607
	// events 9,780 were gone when it was tried, and if the log was new, all.
	MinutesLostAtPowerCut
)

// healthEvery is how often the server is asked whether it is well.
const healthEvery = 5 * time.Second

func (o Options) withDefaults() (Options, error) {
	dir, err := filepath.Abs(cmp.Or(o.Dir, "data"))
	if err != nil {
		return o, err
	}
	o.Dir = dir
	o.Logger = cmp.Or(o.Logger, slog.Default())
	o.healthEvery = cmp.Or(o.healthEvery, healthEvery)
	if o.Sync != SyncAlways && o.Sync != MinutesLostAtPowerCut {
		return o, fmt.Errorf("unknown Sync %d", o.Sync)
	}
	return o, nil
}

// boundBytes sets the default of MaxBytes, once the directory is there.
func (o *Options) boundBytes() {
	r := o.Retention.WithDefaults()
	if size, known := diskSize(o.Dir); known && o.Retention.MaxBytes == 0 {
		r.MaxBytes = min(r.MaxBytes, size/10)
	}
	o.Retention = r
}
