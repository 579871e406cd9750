package embedded

import (
	"cmp"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

// Options configure a [Log]. The zero value of each field stands for its
// default.
type Options struct {
	// Dir is the directory of the log, which must hold nothing else. Default
	// ./data.
	Dir string

	// Sync is how durable an acknowledged event is. Default [SyncAlways].
	Sync Sync

	// Retention bounds the log. MaxBytes defaults to a tenth of the disk, and
	// to 1 GiB on disks over 10 GiB. While values hold events, the log takes up to
	// [eventlog.Retention.Hard]. The values take what they need.
	Retention eventlog.Retention

	// UnsafeDropDamaged opens a damaged log (see [ErrDamaged]) without what cannot
	// be read: the events that are damaged, or all of a file that is missing, are
	// lost. The damaged files are kept in the directory "damaged" beside the
	// others, and the numbers of what was lost are logged. Use it once, when
	// there is no backup.
	UnsafeDropDamaged bool

	// Logger gets the NATS server's warnings and errors as such, and its other
	// messages at debug level. Default [slog.Default].
	Logger *slog.Logger

	healthEvery time.Duration // for tests
	disk        disk          // for tests
}

// A Sync is how durable an acknowledged event is.
type Sync int

const (
	// SyncAlways writes every event to the disk itself before it is
	// acknowledged or shown. A disk needs 0.1 to 10 ms for that, once for all
	// events that come meanwhile.
	SyncAlways Sync = iota
	// MinutesLostAtPowerCut lets the operating system decide when to write. An
	// acknowledged event survives a crash of the process. A power cut, or the
	// end of a virtual machine, loses up to the last two minutes: of 36,607
	// events 9,780 were gone when it was tried, and if the log was new, all.
	MinutesLostAtPowerCut
)

// healthEvery is how often the server's health is checked.
const healthEvery = 5 * time.Second

func (o Options) withDefaults() (Options, error) {
	dir, err := filepath.Abs(cmp.Or(o.Dir, "data"))
	if err != nil {
		return o, err
	}
	o.Dir = dir
	o.Logger = cmp.Or(o.Logger, slog.Default())
	o.healthEvery = cmp.Or(o.healthEvery, healthEvery)
	if o.disk.sync == nil {
		o.disk = systemDisk()
	}
	if o.Sync != SyncAlways && o.Sync != MinutesLostAtPowerCut {
		return o, fmt.Errorf("unknown Sync %d", o.Sync)
	}
	return o, nil
}

// boundBytes sets the default of MaxBytes, once the directory is there.
func (o *Options) boundBytes() {
	r := o.Retention.WithDefaults()
	if size, _, known := diskSpace(o.Dir); known && o.Retention.MaxBytes == 0 {
		r.MaxBytes = min(r.MaxBytes, size/10)
	}
	o.Retention = r
}
